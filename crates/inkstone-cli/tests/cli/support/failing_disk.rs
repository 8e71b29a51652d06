//! A disk that fails at a write of the test's choice: see `failing_disk.c`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What happens at the write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The disk is full from then on.
    Full,
    /// The program is killed.
    Kill,
}

/// The library to preload, made once; whoever compiled SQLite has a C compiler.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/support/failing_disk.c");
        let library = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("failing_disk-{}.so", std::process::id()));
        let mut compiler = Command::new("cc");
        compiler
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(&library);
        let done = compiler.arg(&source).arg("-ldl").status().unwrap();
        assert!(done.success(), "{} can't be compiled", source.display());
        library
    })
}

/// Has the disk below `directory` fail at a write of this command, counted from 1.
pub fn fail(command: &mut Command, directory: &Path, fault: Fault, at: u64) {
    command
        .env("LD_PRELOAD", library())
        .env("FAILING_DISK_DIR", directory)
        .env("FAILING_DISK_AT", at.to_string());
    if fault == Fault::Kill {
        command.env("FAILING_DISK_KILL", "1");
    }
}
