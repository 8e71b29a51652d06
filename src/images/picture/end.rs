//! Checks that a picture goes on to where its format ends.
//!
//! A server may announce half a picture as a whole one, and no header tells. Each
//! format says in its own way where it ends: by a last chunk or marker, or by
//! lengths. Nothing is decoded, and of most files a few bytes are read; of a JPEG,
//! whose data has no length, all of them.
//!
//! What is malformed before its end is not told apart from what ends too early: both
//! have no end where one has to be. Anything may follow the end.

use std::io::{self, BufRead, ErrorKind, Seek, SeekFrom};

use super::format::ImageFormat;

/// The most tags of a TIFF that are looked at: a directory has a few dozen.
const MOST_TAGS: u16 = 1024;

/// The most strips of a TIFF that are looked at: more are of no picture that is
/// allowed, and each costs a read.
const MOST_STRIPS: u32 = 1 << 16;

/// Whether all of the picture is there.
pub(super) fn is_there(
    format: ImageFormat,
    reader: &mut (impl BufRead + Seek),
) -> io::Result<bool> {
    let length = reader.seek(SeekFrom::End(0))?;
    let found = match format {
        ImageFormat::Png => png(reader),
        ImageFormat::Jpeg => jpeg(reader),
        ImageFormat::Webp => Ok(u64::from(little(reader, 4)?).saturating_add(8) <= length),
        ImageFormat::Gif => gif(reader),
        // Some programs write 0 here, which says nothing.
        ImageFormat::Bmp => Ok(u64::from(little(reader, 2)?) <= length),
        ImageFormat::Tiff => tiff(reader, length),
    };
    match found {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        found => found,
    }
}

/// The next `N` bytes.
fn next<const N: usize>(reader: &mut impl BufRead) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn little(reader: &mut (impl BufRead + Seek), at: u64) -> io::Result<u32> {
    reader.seek(SeekFrom::Start(at))?;
    next(reader).map(u32::from_le_bytes)
}

/// Chunks: length, type, so many bytes, checksum; `IEND` is the last.
fn png(reader: &mut (impl BufRead + Seek)) -> io::Result<bool> {
    reader.seek(SeekFrom::Start(8))?;
    loop {
        let length = u32::from_be_bytes(next(reader)?);
        let kind: [u8; 4] = next(reader)?;
        reader.seek_relative(length.into())?;
        let _: [u8; 4] = next(reader)?;
        if kind == *b"IEND" {
            return Ok(true);
        }
    }
}

/// Segments, which have a length, and between them data, which has none.
fn jpeg(reader: &mut (impl BufRead + Seek)) -> io::Result<bool> {
    reader.seek(SeekFrom::Start(2))?;
    let mut kind = 0;
    loop {
        // In data every 0xff is followed by a zero unless it begins a marker; between
        // segments there is none.
        if kind != 0xff {
            reader.skip_until(0xff)?;
        }
        [kind] = next(reader)?;
        match kind {
            0xd9 => return Ok(true),
            // Data, fill bytes, and markers that stand alone.
            0x00 | 0x01 | 0xd0..=0xd8 | 0xff => {}
            _ => {
                let length = u16::from_be_bytes(next(reader)?);
                let rest = length.checked_sub(2).ok_or(ErrorKind::UnexpectedEof)?;
                reader.seek_relative(rest.into())?;
            }
        }
    }
}

/// Blocks, of which the trailer is the last.
fn gif(reader: &mut (impl BufRead + Seek)) -> io::Result<bool> {
    const EXTENSION: u8 = 0x21;
    const PICTURE: u8 = 0x2c;
    const TRAILER: u8 = 0x3b;
    reader.seek(SeekFrom::Start(10))?;
    let [flags, _, _] = next(reader)?;
    reader.seek_relative(colours(flags))?;
    loop {
        match next(reader)? {
            [TRAILER] => return Ok(true),
            [EXTENSION] => {
                let [_label] = next(reader)?;
            }
            [PICTURE] => {
                let [.., flags] = next::<9>(reader)?;
                reader.seek_relative(colours(flags))?;
                let [_code_size] = next(reader)?;
            }
            _ => return Ok(false),
        }
        skip_blocks(reader)?;
    }
}

/// How many bytes the table of colours has that these flags announce.
fn colours(flags: u8) -> i64 {
    match flags & 0x80 {
        0 => 0,
        _ => 3 << ((flags & 7) + 1),
    }
}

/// Skips blocks, each after its length, up to an empty one.
fn skip_blocks(reader: &mut (impl BufRead + Seek)) -> io::Result<()> {
    loop {
        match next(reader)? {
            [0] => return Ok(()),
            [length] => reader.seek_relative(length.into())?,
        }
    }
}

/// Strips or tiles lie anywhere: their places are in one array, their lengths in
/// another. Those of the first picture count.
fn tiff(reader: &mut (impl BufRead + Seek), length: u64) -> io::Result<bool> {
    let mut tiff = Tiff::open(reader)?;
    let (mut places, mut lengths) = (None, None);
    for tag in tiff.tags()? {
        match tag.name {
            0x111 | 0x144 => places = Some(tag),
            0x117 | 0x145 => lengths = Some(tag),
            _ => {}
        }
    }
    let (Some(places), Some(lengths)) = (places, lengths) else {
        return Ok(false);
    };
    for index in 0..places.count.min(lengths.count).min(MOST_STRIPS) {
        let end = u64::from(tiff.item(&places, index)?) + u64::from(tiff.item(&lengths, index)?);
        if end > length {
            return Ok(false);
        }
    }
    Ok(true)
}

struct Tiff<'a, R> {
    reader: &'a mut R,
    is_little: bool,
}

/// A tag with an array of whole numbers.
struct Tag {
    name: u16,
    is_short: bool,
    count: u32,
    /// Where its first item is.
    at: u64,
}

impl<'a, R: BufRead + Seek> Tiff<'a, R> {
    fn open(reader: &'a mut R) -> io::Result<Self> {
        reader.rewind()?;
        let is_little = next(reader)? == *b"II";
        Ok(Self { reader, is_little })
    }

    fn short(&mut self, at: u64) -> io::Result<u16> {
        self.reader.seek(SeekFrom::Start(at))?;
        let bytes = next(self.reader)?;
        Ok(match self.is_little {
            true => u16::from_le_bytes(bytes),
            false => u16::from_be_bytes(bytes),
        })
    }

    fn long(&mut self, at: u64) -> io::Result<u32> {
        self.reader.seek(SeekFrom::Start(at))?;
        let bytes = next(self.reader)?;
        Ok(match self.is_little {
            true => u32::from_le_bytes(bytes),
            false => u32::from_be_bytes(bytes),
        })
    }

    fn tags(&mut self) -> io::Result<Vec<Tag>> {
        let directory = u64::from(self.long(4)?);
        let count = self.short(directory)?.min(MOST_TAGS);
        let places = (0..u64::from(count)).map(|index| directory + 2 + 12 * index);
        places.map(|at| self.tag(at)).collect()
    }

    fn tag(&mut self, at: u64) -> io::Result<Tag> {
        let is_short = self.short(at + 2)? == 3;
        let count = self.long(at + 4)?;
        let width: u64 = if is_short { 2 } else { 4 };
        // What fits in four bytes stands in place of where it would be.
        let is_here = u64::from(count) * width <= 4;
        Ok(Tag {
            name: self.short(at)?,
            is_short,
            count,
            at: match is_here {
                true => at + 8,
                false => self.long(at + 8)?.into(),
            },
        })
    }

    fn item(&mut self, tag: &Tag, index: u32) -> io::Result<u32> {
        match tag.is_short {
            true => self.short(tag.at + 2 * u64::from(index)).map(u32::from),
            false => self.long(tag.at + 4 * u64::from(index)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::is_there;
    use crate::images::picture::format::ImageFormat::{self, Bmp, Gif, Jpeg, Png, Tiff, Webp};

    fn bytes(digits: &str) -> Vec<u8> {
        let digits: String = digits.split_whitespace().collect();
        (0..digits.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal"))
            .collect()
    }

    fn is_whole(format: ImageFormat, bytes: &[u8]) -> bool {
        is_there(format, &mut Cursor::new(bytes)).expect("no failure to read")
    }

    /// Pictures to their last byte, as small as each format allows.
    const WHOLE: [(ImageFormat, &str); 12] = [
        (
            Png,
            "89504e470d0a1a0a 0000000d49484452 00000001000000010802000000 907753de \
             0000000c49444154 789c63f8cfc0000003010100 c9fe92ef \
             0000000049454e44ae426082",
        ),
        // A thumbnail with an end of its own, data with a zero after 0xff and a marker
        // that stands alone, another scan.
        (
            Jpeg,
            "ffd8 ffe1 0006 ffd8ffd9 ffc0 0003 08 ffda 0003 01 12ff00 ffd0 34 \
             ffc4 0003 00 ffff da 0003 01 56 ffd9",
        ),
        (Jpeg, "ffd8 ffda 0002 ff00 ffd9"),
        (Jpeg, "ffd8 ffd9"),
        (Webp, "52494646 0c000000 57454250 5650384c 00000000"),
        (Gif, "474946383961 0100 0100 00 00 00 3b"),
        // Tables of two colours; an extension of two blocks; a picture.
        (
            Gif,
            "474946383961 0100 0100 80 00 00 000000ffffff 21f9 02 3b3b 01 3b 00 \
             2c 00000000 0100 0100 80 000000ffffff 02 02 3b01 00 3b",
        ),
        (Gif, "474946383761 0100 0100 00 00 00 21 fe 00 3b"),
        (Bmp, "424d 12000000 00000000 00000000 0c000000"),
        // One strip, its place and length within the tags.
        (
            Tiff,
            "49492a00 08000000 0200 1101 0400 01000000 26000000 \
             1701 0300 01000000 02000000 00000000 aabb",
        ),
        // The same the other way round, with two strips behind the directory.
        (
            Tiff,
            "4d4d002a 00000008 0002 0111 0004 00000002 00000022 \
             0117 0003 00000002 00010002 0000002a 0000002b aabbcc",
        ),
        // Tiles.
        (
            Tiff,
            "49492a00 08000000 0200 4401 0400 01000000 22000000 \
             4501 0400 01000000 01000000 aa",
        ),
    ];

    #[test]
    fn what_is_whole_is_so_whatever_follows() {
        for (format, digits) in WHOLE {
            let mut picture = bytes(digits);
            assert!(is_whole(format, &picture), "{digits}");
            picture.extend(b"and noise");
            assert!(is_whole(format, &picture), "{digits}");
        }
    }

    /// Where its head is whole; a head that isn't is told elsewhere.
    #[test]
    fn what_lacks_its_last_byte_or_more_is_cut() {
        for (format, digits) in WHOLE {
            let picture = bytes(digits);
            for length in 12..picture.len() {
                assert!(!is_whole(format, &picture[..length]), "{length}: {digits}");
            }
        }
    }

    #[test]
    fn what_never_ends_is_no_whole_picture() {
        let cases = [
            // A segment that is shorter than its length is long.
            (Jpeg, "ffd8 ffe0 0001 ffd9"),
            // A block of no kind.
            (Gif, "474946383961 0100 0100 00 00 00 00 3b"),
            // No places.
            (Tiff, "49492a00 08000000 0000"),
        ];
        for (format, digits) in cases {
            assert!(!is_whole(format, &bytes(digits)), "{digits}");
        }
        let zero = "424d 00000000 00000000 00000000 0c000000";
        assert!(is_whole(Bmp, &bytes(zero)));
    }
}
