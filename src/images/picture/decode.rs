//! Checks that a picture is whole, to its last pixel, by decoding it.

use image::{ImageReader, Limits};

use super::format::ImageFormat;
use super::header::Reader;

/// The most bytes that decoders make of a pixel: four floats.
const WIDEST_PIXEL: u64 = 16;

/// Decodes the picture and throws the pixels away.
pub(crate) fn whole(
    format: ImageFormat,
    reader: &mut dyn Reader,
    max_pixels: u64,
) -> Result<(), image::ImageError> {
    reader.rewind()?;
    let mut reader = ImageReader::with_format(reader, decoder_format(format));
    let mut limits = Limits::no_limits();
    // The pixels, and as much for the decoder itself.
    limits.max_alloc = Some(max_pixels.saturating_mul(2 * WIDEST_PIXEL));
    reader.limits(limits);
    reader.decode().map(drop)
}

fn decoder_format(format: ImageFormat) -> image::ImageFormat {
    match format {
        ImageFormat::Png => image::ImageFormat::Png,
        ImageFormat::Jpeg => image::ImageFormat::Jpeg,
        ImageFormat::Webp => image::ImageFormat::WebP,
        ImageFormat::Gif => image::ImageFormat::Gif,
        ImageFormat::Bmp => image::ImageFormat::Bmp,
        ImageFormat::Tiff => image::ImageFormat::Tiff,
    }
}
