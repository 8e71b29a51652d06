//! Packages of PyPI and npm that tests run, where they are installed: `.ci/run` does so, in
//! `target/packages`.

use std::path::{Path, PathBuf};

/// Where packages are installed.
fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/packages")
}

/// The Python that has the package `openai`.
pub fn python() -> Option<PathBuf> {
    let python = directory().join("python/bin/python");
    if python.exists() {
        return Some(python);
    }
    skip("openai", "pip");
    None
}

/// The directory in which Node finds a package.
pub fn node(package: &str) -> Option<PathBuf> {
    let node = directory().join("node");
    if node.join("node_modules").join(package).exists() {
        return Some(node);
    }
    skip(package, "npm");
    None
}

fn skip(package: &str, installer: &str) {
    test_data::skip(format!(
        "{package} is not installed by {installer} in target/packages: see .ci/run"
    ));
}
