//! Puts the pictures of a job into the store: each under a name that its sidecar has taken
//! before, so that no two jobs have one name, and a job that is saved a second time has the
//! same.

use std::fmt::Display;
use std::path::Path;

use bytes::Bytes;
use inkstone::{Image, ImageFormat, Stage};
use inkstone_fleet::{PictureRow, Put, Store};
use tracing::Instrument as _;

use crate::batch::execution::backend::{SaveError, Saving};
use crate::batch::fleet::counters::Counters;
use crate::batch::fleet::patience::insist;

/// How many names are tried.
const MOST_NAMES: u64 = 1000;

/// Fetches a picture and puts it into the store.
pub async fn save(
    place: (&Store, &Counters),
    spool: &Path,
    saving: &mut Saving<'_>,
    number: usize,
    image: &Image,
) -> Result<PictureRow, SaveError> {
    let fetched = saving.fetch(spool, number, image, |file, format| Ok((file, format)));
    let (file, format) = fetched.await.map_err(|(error, _)| error)?;
    let span = tracing::info_span!(target: "inkstone::fleet", "picture", number);
    let put = put(place, saving, (number, image), (file.path(), format));
    put.instrument(span).await
}

async fn put(
    (store, counters): (&Store, &Counters),
    saving: &Saving<'_>,
    (number, image): (usize, &Image),
    (path, format): (&Path, ImageFormat),
) -> Result<PictureRow, SaveError> {
    let sidecar = saving.sidecar(image).map_err(|error| failed(&error))?;
    let sidecar = Bytes::from(sidecar);
    let retries = &counters.store_retries;
    for copy in 1..=MOST_NAMES {
        let file = saving.file_name(copy, format.ending());
        let name = format!("{file}.json");
        let taken = insist(retries, async || {
            store.create_bytes(&name, sidecar.clone()).await
        });
        if taken.await.map_err(|error| failed(&error))? == Put::Taken {
            continue;
        }
        let put = insist(retries, async || store.create(&file, path).await);
        if let Put::There { length, sha256 } = put.await.map_err(|error| failed(&error))? {
            return Ok(PictureRow {
                number,
                file,
                length,
                sha256,
            });
        }
    }
    Err(SaveError {
        stage: Stage::File,
        message: format!("{MOST_NAMES} names for the picture are taken"),
    })
}

fn failed(error: &dyn Display) -> SaveError {
    SaveError {
        // The next attempt may succeed, by this worker or another.
        stage: Stage::Download,
        message: error.to_string(),
    }
}
