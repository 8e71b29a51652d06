//! The formats of pictures that the APIs take and send.

use std::fmt;

/// As many bytes as tell every format.
pub(super) const HEAD: u64 = 12;

/// A format of pictures.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImageFormat {
    /// PNG, as the APIs answer with.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
    /// GIF.
    Gif,
    /// BMP, of Windows and OS/2.
    Bmp,
    /// TIFF.
    Tiff,
}

impl ImageFormat {
    /// Every format that is known.
    pub const ALL: [Self; 6] = [
        Self::Png,
        Self::Jpeg,
        Self::Webp,
        Self::Gif,
        Self::Bmp,
        Self::Tiff,
    ];

    /// The format that starts with these bytes; 12 are enough.
    #[must_use]
    pub fn from_start(head: &[u8]) -> Option<Self> {
        let format = match head {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Self::Png,
            [0xff, 0xd8, 0xff, ..] => Self::Jpeg,
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Self::Webp,
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Self::Gif,
            [b'B', b'M', ..] => Self::Bmp,
            [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Self::Tiff,
            _ => return None,
        };
        Some(format)
    }

    /// The format that documents call `name`, in lower case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The name in documents: `png`, `jpeg`, `webp`, `gif`, `bmp`, `tiff`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// The name in documents, the media type, and the name as people write it.
    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Png => ("png", "image/png", "PNG"),
            Self::Jpeg => ("jpeg", "image/jpeg", "JPEG"),
            Self::Webp => ("webp", "image/webp", "WebP"),
            Self::Gif => ("gif", "image/gif", "GIF"),
            Self::Bmp => ("bmp", "image/bmp", "BMP"),
            Self::Tiff => ("tiff", "image/tiff", "TIFF"),
        }
    }

    /// The ending of a file's name.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            other => other.name(),
        }
    }

    /// The media type, such as `image/png`.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        self.names().1
    }
}

impl fmt::Display for ImageFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.names().2)
    }
}
