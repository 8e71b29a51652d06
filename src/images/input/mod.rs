//! Pictures that go into a request: from a path, bytes, a URL or a data URI.

mod check;
mod input_image;
mod limits;
mod refusal;

pub use check::check_images;
pub use input_image::InputImage;
pub use limits::{Breach, ImageLimits};
pub use refusal::InputError;
