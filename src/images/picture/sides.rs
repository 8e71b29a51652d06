//! How wide and how high a picture is, by its header.
//!
//! The crate `imagesize` (0.14) cannot tell what is needed here: of a BMP it takes the
//! height of rows from top to bottom for 4 billion and misreads OS/2's header, of a lossy
//! WebP it takes the bits of scale for width, and it takes a PNG without `IHDR` and a WebP
//! without its start code for whole.
//!
//! Only headers are read, so that a file of any size costs a few bytes. `None`
//! stands for a header that its format does not allow; a file that ends too
//! early is an error of kind `UnexpectedEof`.

use std::io::{self, Read, Seek, SeekFrom};

use super::format::ImageFormat;

/// Width and height.
type Sides = (u32, u32);

/// How many segments of a JPEG are looked at before it counts as damaged: real
/// ones have a few dozen, while each step may cost a read from the disk.
const MOST_SEGMENTS: usize = 4096;

/// Width and height of a picture in this format.
pub(super) fn read(
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
