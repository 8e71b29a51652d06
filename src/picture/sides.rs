//! How wide and how high is a picture, by its header?
//!
//! Only headers are read, so that a file of any size costs a few bytes. `None`
//! stands for a header that its format does not allow; a file that ends too
//! early is an error of kind `UnexpectedEof`.

use std::io::{self, Read, Seek, SeekFrom};

use super::ImageFormat;

/// Width and height.
type Sides = (u32, u32);

/// How many segments of a JPEG are looked at before it counts as damaged: real
/// ones have a few dozen, while each step may cost a read from the disk.
const MOST_SEGMENTS: usize = 4096;

pub(super) fn of(
    format: ImageFormat,
    reader: &mut (impl Read + Seek),
) -> io::Result<Option<Sides>> {
    match format {
        ImageFormat::Png => png(reader),
        ImageFormat::Jpeg => jpeg(reader),
        ImageFormat::Webp => webp(reader),
        ImageFormat::Gif => gif(reader),
        ImageFormat::Bmp => bmp(reader),
        ImageFormat::Tiff => tiff(reader),
    }
}

/// The `N` bytes from `at`.
fn bytes<const N: usize>(reader: &mut (impl Read + Seek), at: u64) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.seek(SeekFrom::Start(at))?;
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The chunk `IHDR` comes first.
fn png(reader: &mut (impl Read + Seek)) -> io::Result<Option<Sides>> {
    if &bytes(reader, 12)? != b"IHDR" {
        return Ok(None);
    }
    let width = u32::from_be_bytes(bytes(reader, 16)?);
    let height = u32::from_be_bytes(bytes(reader, 20)?);
    Ok(Some((width, height)))
}

/// The sides stand in the start of the frame, behind any number of segments.
fn jpeg(reader: &mut (impl Read + Seek)) -> io::Result<Option<Sides>> {
    let mut at = 2;
    for _ in 0..MOST_SEGMENTS {
        let [0xff, kind] = bytes(reader, at)? else {
            return Ok(None);
        };
        match kind {
            // Any marker may be preceded by any number of these.
            0xff => at += 1,
            // Markers that stand alone.
            0x01 | 0xd0..=0xd7 => at += 2,
            // Tables, which are numbered among the frames.
            0xc4 | 0xc8 | 0xcc => at = next(reader, at)?,
            0xc0..=0xcf => {
                let height = u16::from_be_bytes(bytes(reader, at + 5)?);
                let width = u16::from_be_bytes(bytes(reader, at + 7)?);
                return Ok(Some((width.into(), height.into())));
            }
            // A start, an end or data before any frame.
            0x00 | 0xd8..=0xda => return Ok(None),
            _ => at = next(reader, at)?,
        }
    }
    Ok(None)
}

/// Where the segment after the one at `at` starts. A length counts itself; a
/// smaller one leads into the segment, where no marker is.
fn next(reader: &mut (impl Read + Seek), at: u64) -> io::Result<u64> {
    let length = u16::from_be_bytes(bytes(reader, at + 2)?);
    Ok(at + 2 + u64::from(length))
}

fn webp(reader: &mut (impl Read + Seek)) -> io::Result<Option<Sides>> {
    match &bytes(reader, 12)? {
        b"VP8 " => lossy(reader),
        b"VP8L" => lossless(reader),
        b"VP8X" => {
            let [a, b, c, d, e, f] = bytes(reader, 24)?;
            let side = |low, middle, high| u32::from_le_bytes([low, middle, high, 0]) + 1;
            Ok(Some((side(a, b, c), side(d, e, f))))
        }
        _ => Ok(None),
    }
}

/// 14 bits a side, below two bits of scale.
fn lossy(reader: &mut (impl Read + Seek)) -> io::Result<Option<Sides>> {
    if bytes(reader, 23)? != [0x9d, 0x01, 0x2a] {
        return Ok(None);
    }
    let width = u16::from_le_bytes(bytes(reader, 26)?) & 0x3fff;
    let height = u16::from_le_bytes(bytes(reader, 28)?) & 0x3fff;
    Ok(Some((width.into(), height.into())))
}

/// 14 bits a side, each one less than the side is long.
fn lossless(reader: &mut (impl Read + Seek)) -> io::Result<Option<Sides>> {
    if bytes(reader, 20)? != [0x2f] {
        return Ok(None);
    }
    let packed = u32::from_le_bytes(bytes(reader, 21)?);
    Ok(Some(((packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1)))
}

fn gif(reader: &mut (impl Read + Seek)) -> io::Result<Option<Sides>> {
    let width = u16::from_le_bytes(bytes(reader, 6)?);
    let height = u16::from_le_bytes(bytes(reader, 8)?);
    Ok(Some((width.into(), height.into())))
}

fn bmp(reader: &mut (impl Read + Seek)) -> io::Result<Option<Sides>> {
    match u32::from_le_bytes(bytes(reader, 14)?) {
        // OS/2's first header.
        12 => {
            let width = u16::from_le_bytes(bytes(reader, 18)?);
            let height = u16::from_le_bytes(bytes(reader, 20)?);
            Ok(Some((width.into(), height.into())))
        }
        16..=124 => {
            let width = i32::from_le_bytes(bytes(reader, 18)?);
            // A negative height stands for rows from top to bottom.
            let height = i32::from_le_bytes(bytes(reader, 22)?).unsigned_abs();
            Ok(u32::try_from(width).ok().map(|width| (width, height)))
        }
        _ => Ok(None),
    }
}

/// The first directory of tags holds the sides, each as a short or a long.
fn tiff(reader: &mut (impl Read + Seek)) -> io::Result<Option<Sides>> {
    const WIDTH: u16 = 0x100;
    const HEIGHT: u16 = 0x101;
    let little = bytes(reader, 0)? == *b"II";
    let short = |it: [u8; 2]| match little {
        true => u16::from_le_bytes(it),
        false => u16::from_be_bytes(it),
    };
    let long = |it: [u8; 4]| match little {
        true => u32::from_le_bytes(it),
        false => u32::from_be_bytes(it),
    };
    let directory = u64::from(long(bytes(reader, 4)?));
    let count = short(bytes(reader, directory)?);
    let (mut width, mut height) = (None, None);
    // Tags are sorted, and few are smaller than these two.
    for index in 0..u64::from(count.min(64)) {
        let at = directory + 2 + 12 * index;
        let value = match short(bytes(reader, at + 2)?) {
            3 => Some(short(bytes(reader, at + 8)?).into()),
            4 => Some(long(bytes(reader, at + 8)?)),
            _ => None,
        };
        match short(bytes(reader, at)?) {
            WIDTH => width = value,
            HEIGHT => height = value,
            _ => {}
        }
    }
    Ok(width.zip(height))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::{Flaw, Header, ImageFormat};

    fn read(bytes: &[u8]) -> Result<(ImageFormat, u32, u32), Flaw> {
        let header = Header::read(&mut Cursor::new(bytes))?;
        Ok((header.format, header.width, header.height))
    }

    /// The bytes of hexadecimal digits, with zeros after them.
    fn hex(digits: &str) -> Vec<u8> {
        let digits: String = digits.split_whitespace().collect();
        let mut bytes: Vec<u8> = (0..digits.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal"))
            .collect();
        bytes.extend([0; 16]);
        bytes
    }

    #[test]
    fn headers_say_format_and_sides() {
        use ImageFormat::{Bmp, Gif, Jpeg, Png, Tiff, Webp};
        let riff = "52494646 00000000 57454250";
        let cases = [
            (
                "89504e470d0a1a0a 0000000d 49484452 00000140 000000f0".to_owned(),
                Png,
                320,
                240,
            ),
            (
                "ffd8 ffe0 0004 0000 ffc4 0003 00 ff ffc0 0011 08 00f0 0140".into(),
                Jpeg,
                320,
                240,
            ),
            (
                "ffd8 ffff fffe 0002 ff01 ffc2 0011 08 0001 ffff".into(),
                Jpeg,
                65535,
                1,
            ),
            ("474946383961 4001 f000".into(), Gif, 320, 240),
            (
                "424d 00000000 00000000 00000000 28000000 40010000 f0000000".into(),
                Bmp,
                320,
                240,
            ),
            (
                "424d 00000000 00000000 00000000 28000000 40010000 10ffffff".into(),
                Bmp,
                320,
                240,
            ),
            (
                "424d 00000000 00000000 00000000 0c000000 4001 f000".into(),
                Bmp,
                320,
                240,
            ),
            (
                format!("{riff} 56503820 00000000 000000 9d012a 4041 f000"),
                Webp,
                320,
                240,
            ),
            (
                format!("{riff} 5650384c 00000000 2f 3fc13b00"),
                Webp,
                320,
                240,
            ),
            (
                format!("{riff} 56503858 00000000 00000000 3f0100 ef0000"),
                Webp,
                320,
                240,
            ),
            (
                "49492a00 08000000 0200 0001 0300 01000000 40010000 0101 0400 01000000 f0000000"
                    .into(),
                Tiff,
                320,
                240,
            ),
            (
                "4d4d002a 00000008 0002 0100 0003 00000001 01400000 0101 0004 00000001 000000f0"
                    .into(),
                Tiff,
                320,
                240,
            ),
        ];
        for (digits, format, width, height) in cases {
            let found = read(&hex(&digits)).expect(&digits);
            assert_eq!(found, (format, width, height), "{digits}");
        }
    }

    #[test]
    fn damaged_headers_are_told() {
        let cases = [
            // Another chunk than IHDR.
            "89504e470d0a1a0a 0000000d 49444154 00000140 000000f0",
            // No width.
            "89504e470d0a1a0a 0000000d 49484452 00000000 000000f0",
            "474946383961 0000 f000",
            // Data before a frame, and no marker where one has to be.
            "ffd8 ffda 0002",
            "ffd8 ffe0 0000 0000",
            // A negative width.
            "424d 00000000 00000000 00000000 28000000 ffffffff f0000000",
            "424d 68656c6c6f20776f726c642c2068656c6c6f20776f726c64",
            "52494646 00000000 57454250 41414141",
            "52494646 00000000 57454250 56503820 00000000 000000 000000 4041 f000",
            "49492a00 08000000 0000",
        ];
        for digits in cases {
            let found = read(&hex(digits));
            assert!(
                matches!(found, Err(Flaw::Damaged(_))),
                "{digits}: {found:?}"
            );
        }
        // A directory behind the end.
        let found = read(&hex("49492a00 ffffffff 0200"));
        assert!(matches!(found, Err(Flaw::Cut(_))), "{found:?}");
        for bytes in [&b""[..], b"<html>", b"RIFF0000WAVE", b"GIF80a"] {
            assert!(matches!(read(bytes), Err(Flaw::NoPicture)), "{bytes:?}");
        }
    }
}
