//! Data that tests need and that is not part of the repository: where it lies, and what
//! a test does without it; and what tests of several crates need beside that.
//!
//! It lies in the directory that `INKSTONE_TEST_DATA` names, or else in `../shared`
//! beside the repository.

pub mod files;
pub mod pictures;
pub mod ports;
pub mod postgres;
pub mod suite;
pub mod time;

use std::fmt::Display;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The file or directory `name` of the data, unless it is missing and the test is to be
/// skipped.
///
/// # Panics
///
/// In CI, if it is missing: see [`skip`].
#[must_use]
pub fn find(name: &str) -> Option<PathBuf> {
    let given = std::env::var_os("INKSTONE_TEST_DATA").map(PathBuf::from);
    let root = given.unwrap_or_else(|| repository().join("../shared"));
    existing(root.join(name), "INKSTONE_TEST_DATA")
}

/// A temporary directory below `directory` for the programs that the tests of this process start,
/// in place of the system's. Who is killed cleans nothing up: what others left whose tests have
/// ended is removed.
///
/// # Panics
///
/// If it can't be made.
#[must_use]
pub fn temporary(directory: &str) -> &'static Path {
    const PREFIX: &str = "started-by-";
    static OWN: OnceLock<PathBuf> = OnceLock::new();
    OWN.get_or_init(|| {
        let processes = Path::new("/proc");
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let id = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
            let has_ended =
                |id: &str| processes.join("self").exists() && !processes.join(id).exists();
            if id.is_some_and(has_ended) {
                // Another process may be at it.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let own = Path::new(directory).join(format!("{PREFIX}{}", std::process::id()));
        let made = fs::create_dir_all(&own);
        assert!(made.is_ok(), "{}: {made:?}", own.display());
        own
    })
}

/// The root of the repository, above whichever crate this is compiled for.
fn repository() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = own.ancestors();
    let root = folders.find(|folder| folder.join("Cargo.lock").is_file());
    root.unwrap_or(own)
}

/// `path` if there is such a file or directory; `variable` could name another.
fn existing(path: PathBuf, variable: &str) -> Option<PathBuf> {
    if path.exists() {
        return Some(path);
    }
    skip(format!(
        "{} does not exist; the environment variable {variable} can name another place \
         (see CONTRIBUTING.md)",
        path.display()
    ));
    None
}

/// Waits until something is so, looking every few milliseconds.
///
/// # Panics
///
/// If it is not after a minute.
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(60), "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Says that a test, or a part of it, is skipped.
///
/// # Panics
///
/// In CI (where the environment variable `CI` is set to anything but `false`): there, a
/// test that checks nothing must not pass.
#[track_caller]
pub fn skip(why: impl Display) {
    let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
    assert!(!in_ci, "in CI no test may be skipped: {why}");
    // Not by `eprintln!`, whose output the test runner hides where a test passes.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}
