//! Brings a picture to its place that is in a file already.

use std::fs::{File, OpenOptions};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::check::{CheckError, check, unreadable};
use super::failure;
use super::inline;
use super::settings::Downloads;
use super::sink::{Sink, Store};
use crate::error::Error;
use crate::images::new_file;
use crate::images::spool::{Form, Spooled, Unescaped};

/// As much as is copied before others get a turn.
const CHUNK: usize = 64 << 10;

/// The name of a picture that is not all there, instead of `stem`.
pub(super) fn cut_short(stem: &str) -> String {
    format!("{stem}-cut-short")
}

/// Gives the file one more name, of the picture's format; `None` where it has to be
/// copied or decoded.
pub(super) fn link(
    spooled: &Spooled,
    settings: &Downloads,
    directory: &Path,
    stem: &str,
) -> Result<Option<PathBuf>, Error> {
    if spooled.form() == Form::Text {
        return Ok(None);
    }
    if spooled.length() > settings.max_bytes {
        return Err(failure::too_long(settings.max_bytes));
    }
    let file = open(spooled)?;
    let (stem, format, cut) = match check(&mut BufReader::new(&file), settings) {
        Ok(format) => (stem.to_owned(), format, None),
        Err(CheckError::CutShort(Some(format), error)) => (cut_short(stem), format, Some(error)),
        Err(unfit) => return Err(unfit.into_error()),
    };
    let synced = OpenOptions::new().write(true).open(spooled.path());
    let synced = synced.and_then(|file| file.sync_all());
    synced.map_err(|error| failure::unwritable(directory, error))?;
    // It may be another file system, or one that knows one name a file.
    let linked = new_file::link(spooled.path(), directory, &stem, format.ending()).ok();
    match (linked, cut) {
        (Some(path), Some(error)) => Err(error.kept_at(&path)),
        (linked, _) => Ok(linked),
    }
}

/// The bytes of the picture, to `sink`.
pub(super) async fn read(spooled: &Spooled, sink: &mut Sink<impl Store>) -> Result<(), Error> {
    let file = open(spooled)?;
    match spooled.form() {
        Form::Text => {
            let text = Unescaped::new(BufReader::with_capacity(CHUNK, file));
            inline::decode_from(text, sink).await
        }
        Form::Decoded => inline::copy(file, sink, |error| unreadable(&error)).await,
    }
}

fn open(spooled: &Spooled) -> Result<File, Error> {
    spooled.open().map_err(|error| unreadable(&error))
}
