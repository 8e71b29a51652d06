//! Image formats, by a file's first bytes.

/// An image format: its first bytes, its media type, and the extension of file names.
struct Format {
    start: &'static [u8],
    media_type: &'static str,
    extension: &'static str,
}

const fn format(start: &'static [u8], media_type: &'static str, extension: &'static str) -> Format {
    Format {
        start,
        media_type,
        extension,
    }
}

const FORMATS: [Format; 7] = [
    format(b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    format(b"\xff\xd8\xff", "image/jpeg", "jpg"),
    format(b"GIF8", "image/gif", "gif"),
    // Other files than pictures start with `RIFF` too; the format is named behind the length.
    format(b"RIFF", "image/webp", "webp"),
    format(b"BM", "image/bmp", "bmp"),
    format(b"II*\0", "image/tiff", "tiff"),
    format(b"MM\0*", "image/tiff", "tiff"),
];

/// The media type of an image that starts with these bytes.
pub(super) fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let format = FORMATS
        .iter()
        .find(|format| bytes.starts_with(format.start))?;
    let is_other_riff = format.start == b"RIFF" && bytes.get(8..12) != Some(b"WEBP");
    (!is_other_riff).then_some(format.media_type)
}

/// The file extension of an image of this media type.
pub(super) fn extension(media_type: &str) -> Option<&'static str> {
    let format = FORMATS
        .iter()
        .find(|format| format.media_type.eq_ignore_ascii_case(media_type))?;
    Some(format.extension)
}
