//! Whether the write-ahead log of a journal is one. SQLite takes a log that it can't read
//! for an empty one.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

/// The header of a log, in bytes: <https://sqlite.org/fileformat2.html#walformat>.
const HEADER: usize = 32;

/// The part of the header that its checksum is over.
const SUMMED: usize = 24;

/// The magic number of a log whose checksums are little-endian; the other one is this + 1.
const MAGIC: u32 = 0x377f_0682;

/// Whether SQLite can read the log at `path`. One that is missing, or was never written, is
/// no loss.
pub fn is_readable(path: &Path) -> io::Result<bool> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    let mut header = Vec::new();
    file.take(HEADER as u64).read_to_end(&mut header)?;
    Ok(header.iter().all(|byte| *byte == 0) || is_header(&header))
}

fn is_header(header: &[u8]) -> bool {
    let words: Vec<[u8; 4]> = header
        .chunks_exact(4)
        .map(|word| [word[0], word[1], word[2], word[3]])
        .collect();
    if words.len() * 4 != HEADER {
        return false;
    }
    let magic = u32::from_be_bytes(words[0]);
    if magic & !1 != MAGIC {
        return false;
    }
    let number = |word: [u8; 4]| match magic & 1 {
        0 => u32::from_le_bytes(word),
        _ => u32::from_be_bytes(word),
    };
    let (mut first, mut second) = (0_u32, 0_u32);
    for pair in words[..SUMMED / 4].chunks_exact(2) {
        first = first.wrapping_add(number(pair[0])).wrapping_add(second);
        second = second.wrapping_add(number(pair[1])).wrapping_add(first);
    }
    let sums = [words[SUMMED / 4], words[SUMMED / 4 + 1]].map(u32::from_be_bytes);
    sums == [first, second]
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{HEADER, is_readable};

    #[test]
    fn a_log_of_sqlite_is_readable_and_a_damaged_one_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let sql = Connection::open(directory.path().join("j")).unwrap();
        sql.pragma_update(None, "journal_mode", "WAL").unwrap();
        sql.execute_batch("CREATE TABLE t (a)").unwrap();
        let path = directory.path().join("j-wal");
        assert!(is_readable(&path).unwrap());
        let log = std::fs::read(&path).unwrap();
        let copy = directory.path().join("copy");
        for at in 0..HEADER {
            let mut damaged = log.clone();
            damaged[at] ^= 0x10;
            std::fs::write(&copy, &damaged).unwrap();
            assert!(!is_readable(&copy).unwrap(), "byte {at}");
        }
        for (text, expected) in [(&b""[..], true), (b"garbage", false), (&[0; 64], true)] {
            std::fs::write(&copy, text).unwrap();
            assert_eq!(is_readable(&copy).unwrap(), expected, "{text:?}");
        }
        assert!(is_readable(&directory.path().join("none")).unwrap());
    }
}
