//! `inkstone schema`, a file for each of its commands.

use std::path::Path;

use apifox_document::{Document, sources};

use crate::commands::schema::rust::refused;
use crate::error::CliError;
use crate::input;

pub mod diff;
pub mod draft;
pub mod import;
pub mod lint;
pub mod markdown;
pub mod operations;
mod places;
pub mod rust;

/// The document in a file or at standard input.
pub fn read(file: &Path) -> Result<Document, CliError> {
    let name = input::name(file);
    if input::is_stdin(file) {
        let read = sources::read_text(&name, &input::text(file)?);
        return read.map_err(|problems| refused(&name, &problems));
    }
    // Reports a file that can't be read as the other commands do. A pipe has its text once.
    match file.is_file() {
        true => input::text(file).map(drop)?,
        false => input::check_readable(file)?,
    }
    let read = sources::read_file(file);
    read.map_err(|problems| refused(&name, &problems))
}
