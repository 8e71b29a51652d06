//! Brings a picture to its place that is in a file already.

use std::fs::{File, OpenOptions};
use std::io::BufReader;
use std::path::Path;

use super::check::{CheckError, check, unreadable};
use super::failure;
use super::inline;
use super::settings::Downloads;
use super::sink::{Sink, Store};
use crate::error::Error;
use crate::images::encoding::Unescaped;
use crate::images::new_file::UnnamedFile;
use crate::images::picture::ImageFormat;
use crate::images::spool::{Form, Spooled};

/// As much as is copied before others get a turn.
const CHUNK: usize = 64 << 10;

/// Gives the file one more name, still none of its own, and says which format the picture has,
/// and whether it is cut short; `None` where it has to be copied or decoded.
pub(super) fn link(
    spooled: &Spooled,
    settings: &Downloads,
    directory: &Path,
) -> Result<Option<(UnnamedFile, ImageFormat, Option<Error>)>, Error> {
    if spooled.form() == Form::Text {
        return Ok(None);
    }
    if spooled.length() > settings.max_bytes {
        return Err(failure::too_long(settings.max_bytes));
    }
    let file = open(spooled)?;
    let (format, cut) = match check(&mut BufReader::new(&file), settings) {
        Ok(format) => (format, None),
        Err(CheckError::CutShort(Some(format), error)) => (format, Some(error)),
        Err(unfit) => return Err(unfit.into_error()),
    };
    let synced = OpenOptions::new().write(true).open(spooled.path());
    let synced = synced.and_then(|file| file.sync_all());
    synced.map_err(|error| failure::unwritable(directory, error))?;
    // It may be another file system, or one that knows one name a file.
    let linked = UnnamedFile::link(spooled.path(), directory).ok();
    Ok(linked.map(|file| (file, format, cut)))
}

/// The bytes of the picture, to `sink`.
pub(super) async fn read(spooled: &Spooled, sink: &mut Sink<impl Store>) -> Result<(), Error> {
    let file = open(spooled)?;
    match spooled.form() {
        Form::Text => {
            let text = Unescaped::json(BufReader::with_capacity(CHUNK, file));
            inline::decode_from(text, sink).await
        }
        Form::Decoded => inline::copy(file, sink, |error| unreadable(&error)).await,
    }
}

fn open(spooled: &Spooled) -> Result<File, Error> {
    spooled.open().map_err(|error| unreadable(&error))
}
