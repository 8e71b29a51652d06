//! Pictures that go into a request: from a path, bytes, a URL or a data URI.

mod check;
mod input_error;
mod input_image;
mod limits;

pub use check::{check_images, check_images_by};
pub use input_error::InputError;
pub use input_image::InputImage;
pub use limits::ImageLimits;
