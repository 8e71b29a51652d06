//! The pictures that the store has already, by their sidecars: a job that made them is not sent
//! again, even where the database was restored from a backup that is older than they are.

use std::collections::HashMap;

use inkstone_fleet::{Event, PictureRow, StoreError};
use serde_json::Value;
use tokio::sync::OnceCell;
use tr::tr;

use crate::batch::execution::backend::{Backend as _, Noted};
use crate::batch::execution::context::BatchContext;
use crate::batch::fleet::backend::FleetBackend;
use crate::batch::fleet::counters::count;
use crate::batch::fleet::patience::insist;
use crate::batch::fleet::session::told;
use crate::batch::journal::made_before::{MadeBefore, Picture, picture, sort};
use crate::batch::journal::transitions::JobRecord;
use crate::batch::state::State;
use crate::console;
use crate::error::CliError;
use crate::output::input::is_kept_of;
use crate::request::picture_count::asked;

/// What the store had before this worker sent anything; listed once a job is to be sent.
pub type StoredBefore = OnceCell<Pictures>;

/// The names of pictures, by the stems of the jobs that may have made them.
#[derive(Default)]
pub struct Pictures(HashMap<String, Vec<String>>);

impl Pictures {
    /// Lists the store. One that may not be listed is as one that has nothing, and that is said.
    async fn list(backend: &FleetBackend<'_>) -> Result<Self, CliError> {
        let retries = &backend.counters.store_retries;
        let listing = async || backend.store.names(picture).await;
        let mut pictures = match insist(retries, listing).await {
            Ok(pictures) => pictures,
            Err(error @ StoreError::Refused(_)) => {
                console::warning(&tr!(
                    "{why}: jobs that a restored journal takes for unsent are sent again",
                    why = told(&error)
                ));
                return Ok(Self::default());
            }
            Err(error) => return Err(unreadable(&error)),
        };
        sort(&mut pictures);
        let mut by_stem: HashMap<String, Vec<String>> = HashMap::new();
        for name in pictures {
            for stem in stems(&name) {
                by_stem
                    .entry(stem.to_owned())
                    .or_default()
                    .push(name.clone());
            }
        }
        Ok(Self(by_stem))
    }

    /// What the store has of a job, and its pictures that are there; `None` where that is nothing.
    async fn of(
        &self,
        backend: &FleetBackend<'_>,
        record: &JobRecord,
    ) -> Result<Option<(MadeBefore, Vec<PictureRow>)>, CliError> {
        let Some(names) = self.0.get(&record.stem) else {
            return Ok(None);
        };
        let retries = &backend.counters.store_retries;
        let (mut made, mut found) = (None, Vec::new());
        for name in names {
            let sidecar = format!("{name}.json");
            let read = insist(retries, async || backend.store.read(&sidecar).await).await;
            let text = read
                .map_err(|error| unreadable(&error))?
                .unwrap_or_default();
            let sidecar: Value = serde_json::from_slice(&text).unwrap_or_default();
            if !is_of(&sidecar, record, backend.batch.sandbox) {
                continue;
            }
            let picture = insist(retries, async || backend.store.find(name).await).await;
            let picture = picture.map_err(|error| unreadable(&error))?;
            let picture = picture.filter(|(length, _)| *length > 0);
            let job = made.get_or_insert_with(|| MadeBefore::by(&sidecar));
            job.add(name.clone(), &sidecar, picture.is_some());
            found.extend(picture);
        }
        Ok(made.map(|made| {
            let rows = rows(&made, found);
            (made, rows)
        }))
    }
}

/// Gives a job the pictures that the store has of it, where the journal does not know what it made:
/// it was restored from a backup. Returns its state, which is as it was where there are none.
pub async fn adopt(
    (context, stored): (&BatchContext<'_, FleetBackend<'_>>, &StoredBefore),
    state: State,
    record: &mut JobRecord,
) -> Result<State, CliError> {
    let backend = context.backend;
    let may_be_made = match state {
        State::Queued => true,
        State::Replied => backend.lacks_reply(record).await?,
        _ => false,
    };
    if !may_be_made {
        return Ok(state);
    }
    let stored = tokio::select! {
        stored = stored.get_or_try_init(|| Pictures::list(backend)) => stored?,
        // The job is anybody's once this worker has left.
        () = context.stop.given() => return Ok(State::Done),
    };
    let Some((made, pictures)) = stored.of(backend, record).await? else {
        return Ok(state);
    };
    record.time = Some(made.time.clone());
    record.request_id.clone_from(&made.request_id);
    let unmade = made.unmade(asked(&record.request), "store");
    let event = Event {
        time: record.time.clone(),
        made: Some(made.count()),
        request_id: made.request_id.clone(),
        unmade: unmade.clone(),
        pictures,
        ..Event::default()
    };
    let reply = made.reply().map(String::into_bytes);
    if backend.made(record, &event, reply.as_deref()).await? == Noted::Beside {
        // Whoever has the job now finds the same.
        return Ok(State::Done);
    }
    count(&backend.counters.adopted);
    if made.has_to_fetch() {
        // So that they get their names again. One that stays behind only takes its name.
        for picture in made.to_fetch() {
            let _ = backend
                .store
                .remove(&format!("{}.json", picture.file))
                .await;
        }
        return Ok(State::Replied);
    }
    backend.done(record, unmade.as_deref()).await?;
    Ok(State::Done)
}

/// Says how many jobs a worker did not send for that.
pub fn tell(backend: &FleetBackend<'_>) {
    let count = backend.counters.adopted.get();
    if count > 0 {
        console::warning(&tr!(
            "{n} job not sent: the store has its pictures already, of which the journal does not \
             know"
                | "{n} jobs not sent: the store has their pictures already, of which the journal \
                   does not know"
                    % count
        ));
    }
}

/// The stems of the jobs that may have given a picture its name.
fn stems(name: &str) -> impl Iterator<Item = &str> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let copy = stem.rsplit_once('-').filter(|(_, copy)| {
        let is_digit = |byte: u8| byte.is_ascii_digit();
        !copy.is_empty() && copy.bytes().all(is_digit)
    });
    [Some(stem), copy.map(|(stem, _)| stem)]
        .into_iter()
        .flatten()
}

/// Whether a sidecar is of a picture of this job. Batches may share a store, and ids.
fn is_of(sidecar: &Value, record: &JobRecord, is_rehearsal: bool) -> bool {
    sidecar["id"] == record.id.as_str()
        && sidecar["api"] == record.api.as_str()
        && is_kept_of(&sidecar["request"], &record.request)
        && (sidecar["sandbox"] == true) == is_rehearsal
}

/// The pictures that are there, with length and hash. What is to be fetched is before them.
fn rows(made: &MadeBefore, found: Vec<(u64, String)>) -> Vec<PictureRow> {
    let before = made.pictures().count() - made.there.len();
    let there = made.there.iter().zip(found).enumerate();
    let row = |(at, (picture, (length, sha256))): (usize, (&Picture, (u64, String)))| PictureRow {
        number: before + at,
        file: picture.file.clone(),
        length,
        sha256,
    };
    there.map(row).collect()
}

/// The error where it can't be known which jobs are paid for.
fn unreadable(error: &StoreError) -> CliError {
    CliError::unsaved(tr!(
        "what the store has already can't be read: {error}; nothing was sent",
        error = told(error)
    ))
}
