//! How values of flags are read.

pub mod duration;
pub mod model;
pub mod moment;
pub mod public_url;
pub mod watermark;
