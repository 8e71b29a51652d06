//! The corpus of a fuzz target, from the archive that `corpus.sh` packs.
//!
//! Used by the tests that replay a corpus without a fuzzer.

use std::io::Read as _;

/// Runs `check` on every file of an archive `corpus/<target>.tar.gz`, and returns how
/// many there are.
pub fn replay(archive: &[u8], check: fn(&[u8])) -> usize {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(archive));
    let mut count = 0;
    for entry in archive.entries().expect("a tar archive") {
        let mut entry = entry.expect("an entry");
        // Shown where the check fails.
        eprintln!("{}", entry.path().expect("a path").display());
        let mut data = Vec::new();
        entry.read_to_end(&mut data).expect("a whole file");
        check(&data);
        count += 1;
    }
    count
}
