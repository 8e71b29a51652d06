//! A picture: its size, its seed, and the file name that says both.

use inkstone_painting::EncodingError;

/// The longest side that is drawn.
pub const LONGEST_SIDE: u32 = 16_384;
/// The largest area that is drawn.
pub const LARGEST_AREA: u64 = 4096 * 4096;
/// Both sides of a tiny picture.
const TINY_SIDE: u32 = 16;

/// A picture; it can be drawn at any time from this alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub seed: u64,
}

impl Picture {
    /// The picture of a request, or `None` where its size can't be drawn.
    pub fn new((width, height): (u32, u32), parts: &[&[u8]]) -> Option<Self> {
        let seed = inkstone_painting::hash(parts);
        Self {
            width,
            height,
            seed,
        }
        .drawable()
    }

    fn drawable(self) -> Option<Self> {
        let sides = 1..=LONGEST_SIDE;
        let fits = sides.contains(&self.width)
            && sides.contains(&self.height)
            && u64::from(self.width) * u64::from(self.height) <= LARGEST_AREA;
        fits.then_some(self)
    }

    /// Makes it tiny, so that drawing takes no time.
    pub fn shrink(&mut self) {
        self.width = TINY_SIDE;
        self.height = TINY_SIDE;
    }

    /// Its file.
    pub fn png(self) -> Result<Vec<u8>, EncodingError> {
        inkstone_painting::png(self.width, self.height, self.seed)
    }

    pub fn file_name(self) -> String {
        format!("{}x{}-{:016x}.png", self.width, self.height, self.seed)
    }

    /// The picture of a file name, if [`Self::file_name`] writes it so.
    pub fn parse(file_name: &str) -> Option<Self> {
        let (size, seed) = file_name.strip_suffix(".png")?.split_once('-')?;
        let (width, height) = size.split_once('x')?;
        let picture = Self {
            width: width.parse().ok()?,
            height: height.parse().ok()?,
            seed: u64::from_str_radix(seed, 16).ok()?,
        };
        let is_canonical = picture.file_name() == file_name;
        picture.drawable().filter(|_| is_canonical)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_pictures_that_can_be_drawn_are_read() {
        let good = ["1x1-00000000000000ff.png", "4096x4096-0123456789abcdef.png"];
        for name in good {
            let found = Picture::parse(name).map(Picture::file_name);
            assert_eq!(found.as_deref(), Some(name));
        }
        let bad = [
            "",
            ".png",
            "1x1-ff.png",
            "01x1-00000000000000ff.png",
            "+1x1-00000000000000ff.png",
            "1x1-00000000000000FF.png",
            "1x1-+0000000000000ff.png",
            "0x1-00000000000000ff.png",
            "16385x1-00000000000000ff.png",
            "4097x4096-00000000000000ff.png",
            "4294967295x4294967295-00000000000000ff.png",
            "99999999999999999999x1-00000000000000ff.png",
            "1x1-00000000000000ff.png/../x",
        ];
        for name in bad {
            assert_eq!(Picture::parse(name), None, "{name}");
        }
    }
}
