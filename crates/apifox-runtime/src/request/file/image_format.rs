//! Which kind of picture a file is.

/// A format of pictures: how its first bytes look, its media type, and how names of
/// such files end.
struct Format {
    start: &'static [u8],
    media_type: &'static str,
    ending: &'static str,
}

const fn format(start: &'static [u8], media_type: &'static str, ending: &'static str) -> Format {
    Format {
        start,
        media_type,
        ending,
    }
}

const FORMATS: [Format; 7] = [
    format(b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    format(b"\xff\xd8\xff", "image/jpeg", "jpg"),
    format(b"GIF8", "image/gif", "gif"),
    // The length of the file follows `RIFF`; other files than pictures start so too.
    format(b"RIFF", "image/webp", "webp"),
    format(b"BM", "image/bmp", "bmp"),
    format(b"II*\0", "image/tiff", "tiff"),
    format(b"MM\0*", "image/tiff", "tiff"),
];

/// The media type of a picture that starts with these bytes.
pub(super) fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let format = FORMATS.iter().find(|it| bytes.starts_with(it.start))?;
    let is_other_riff = format.start == b"RIFF" && bytes.get(8..12) != Some(b"WEBP");
    (!is_other_riff).then_some(format.media_type)
}

/// How the name of a picture of this media type ends.
pub(super) fn ending(media_type: &str) -> Option<&'static str> {
    let format = FORMATS
        .iter()
        .find(|it| it.media_type.eq_ignore_ascii_case(media_type))?;
    Some(format.ending)
}
