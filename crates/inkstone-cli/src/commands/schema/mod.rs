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
    // Reports a file that can't be read as the other commands do.
    let text = input::text(file)?;
    let read = match input::is_stdin(file) {
        true => sources::read_text(&name, &text),
        false => sources::read_file(file),
    };
    read.map_err(|problems| refused(&name, &problems))
}
