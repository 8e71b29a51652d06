//! The lines of a file with their places. Only one line at a time is in memory.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use tr::tr;

/// The longest line, in bytes: enough for nine pictures of 20 MB as base64.
pub const LONGEST: u64 = 256 << 20;

/// Where a line is in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its number, from 1.
    pub number: i64,
    /// Its first byte.
    pub offset: u64,
    /// How many bytes it has, without its end.
    pub length: u64,
}

/// A line, and its bytes unless it is too long.
pub struct Line {
    pub place: Place,
    pub bytes: Option<Vec<u8>>,
}

/// What is wrong with a line that is too long.
pub fn too_long() -> String {
    let most = LONGEST >> 20;
    tr!(
        "is longer than {most} MiB, and the file was not read beyond it",
        most
    )
}

/// The lines of a file, up to the first that is too long.
pub struct Lines {
    reader: BufReader<File>,
    number: i64,
    offset: u64,
    has_ended: bool,
}

impl Lines {
    pub fn open(file: &Path) -> io::Result<Self> {
        Ok(Self {
            reader: BufReader::new(File::open(file)?),
            number: 0,
            offset: 0,
            has_ended: false,
        })
    }

    /// The next line, without its end; `None` after the last one, and after one that is too
    /// long: a device such as `/dev/zero` never ends.
    pub fn next(&mut self) -> io::Result<Option<Line>> {
        if self.has_ended {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        let read = self.read(LONGEST + 1, &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        let is_whole = bytes.ends_with(b"\n") || read <= LONGEST;
        self.has_ended = !is_whole;
        trim_end(&mut bytes);
        let start = match self.number {
            1 if bytes.starts_with(b"\xef\xbb\xbf") => 3,
            _ => 0,
        };
        bytes.drain(..start);
        let place = Place {
            number: self.number,
            offset: self.offset + start as u64,
            length: bytes.len() as u64,
        };
        self.offset += read;
        Ok(Some(Line {
            place,
            bytes: is_whole.then_some(bytes),
        }))
    }

    fn read(&mut self, most: u64, bytes: &mut Vec<u8>) -> io::Result<u64> {
        let read = self.reader.by_ref().take(most).read_until(b'\n', bytes)?;
        Ok(read as u64)
    }
}

fn trim_end(bytes: &mut Vec<u8>) {
    for end in [b'\n', b'\r'] {
        if bytes.last() == Some(&end) {
            bytes.pop();
        }
    }
}

/// The bytes at a place that [`Lines`] found.
pub fn read_at(file: &Path, place: Place) -> io::Result<Vec<u8>> {
    /// Room for most lines, which are read at once then.
    const USUAL: usize = 16 << 10;
    let mut file = File::open(file)?;
    file.seek(SeekFrom::Start(place.offset))?;
    let room = usize::try_from(place.length).map_or(USUAL, |length| length.min(USUAL));
    let mut bytes = Vec::with_capacity(room);
    file.take(place.length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Lines, read_at};

    #[test]
    fn every_line_is_found_again_where_it_was() {
        let cases: [(&[u8], &[&[u8]]); 6] = [
            (b"", &[]),
            (b"a", &[b"a"]),
            (b"a\n", &[b"a"]),
            (b"a\r\nbc\n\nd", &[b"a", b"bc", b"", b"d"]),
            (b"\xef\xbb\xbfa\nb", &[b"a", b"b"]),
            (b"\n\n", &[b"", b""]),
        ];
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("lines");
        for (text, expected) in cases {
            std::fs::write(&file, text).unwrap();
            let mut lines = Lines::open(&file).unwrap();
            let mut found = Vec::new();
            while let Some(line) = lines.next().unwrap() {
                assert_eq!(line.place.number, found.len() as i64 + 1);
                assert_eq!(
                    read_at(&file, line.place).unwrap(),
                    line.bytes.clone().unwrap()
                );
                found.push(line.bytes.unwrap());
            }
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
