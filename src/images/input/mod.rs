//! Pictures that go into a request: from a path, bytes, a URL or a data URI.

mod check;
mod input_image;
mod limits;
mod refusal;

pub(crate) use check::KEYWORD as IMAGE_LIMITS;
pub use check::check_images;
pub use input_image::InputImage;
pub use limits::{Breach, ImageLimits};
pub use refusal::InputError;
