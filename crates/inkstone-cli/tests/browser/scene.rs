//! The page of a studio, open in a browser; or `None` where there is no browser: the test is to
//! be skipped.

use std::process::Command;

use tempfile::TempDir;

use crate::driver::Browser;
use crate::page;
use crate::support::{Studio, paying as pay};

/// The browser, the directory for pictures, and the studio.
type Scene = (Browser, TempDir, Studio);

/// The page in this language.
pub fn open(language: &str) -> Option<Scene> {
    with(language, &[])
}

/// The same of a studio that is started with more.
pub fn with(language: &str, more: &[&str]) -> Option<Scene> {
    of(language, |command| {
        command.args(more);
    })
}

/// The same of a studio that pays, and who is paid.
pub fn paying(language: &str) -> Option<(Scene, Studio)> {
    let vendor = Studio::vendor();
    Some((of(language, pay(&vendor))?, vendor))
}

fn of(language: &str, set: impl FnOnce(&mut Command)) -> Option<Scene> {
    let (browser, out) = (Browser::start()?, tempfile::tempdir().unwrap());
    let studio = Studio::start(out.path(), set);
    page::open(&browser, &studio, language);
    Some((browser, out, studio))
}
