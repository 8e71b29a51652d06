//! A batch with its journal in PostgreSQL and its pictures in a store, as jobs see it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;

use inkstone::Image;
use inkstone_fleet::{
    Claimed, Event as Noting, Held, Journal, Noted as Where, PictureRow, Put, Store, Worker,
};
use tr::tr;

use crate::batch::budget::Worst;
use crate::batch::execution::backend::{
    Backend, Noted, RepliedRecord, SaveError, Saving, Tried, not_kept,
};
use crate::batch::execution::targets;
use crate::batch::fleet::intake;
use crate::batch::fleet::patience::insist;
use crate::batch::fleet::session::unusable;
use crate::batch::fleet::spool::Spool;
use crate::batch::fleet::{kept, pictures};
use crate::batch::jobs::job::Job;
use crate::batch::journal::transitions::{FailureRecord, JobRecord};
use crate::batch::reserve::note::Event;
use crate::batch::state::State;
use crate::console;
use crate::error::{CliError, Code};
use crate::output::arrived::Arrived;
use crate::pricing::money::Money;

/// The longest reply in the journal, in bytes; longer ones are in the store.
const LONGEST_IN_JOURNAL: usize = 64 << 10;

/// A batch on many machines.
pub struct FleetBackend<'a> {
    pub journal: &'a Journal,
    pub store: &'a Store,
    pub worker: &'a Worker,
    pub spool: &'a Spool,
    /// The jobs that this worker has.
    running: RefCell<HashMap<i64, Running>>,
}

/// A job that this worker has.
struct Running {
    fence: i64,
    body: Option<Vec<u8>>,
    pictures: Vec<PictureRow>,
    /// Where its reply is in the store.
    reply_file: Option<String>,
}

impl<'a> FleetBackend<'a> {
    pub fn new(
        journal: &'a Journal,
        store: &'a Store,
        worker: &'a Worker,
        spool: &'a Spool,
    ) -> Self {
        Self {
            journal,
            store,
            worker,
            spool,
            running: RefCell::default(),
        }
    }

    /// Takes over a claimed job.
    pub fn begin(&self, claimed: Claimed) -> JobRecord {
        let Claimed { job, body } = claimed;
        let running = Running {
            fence: job.fence,
            body,
            pictures: Vec::new(),
            reply_file: None,
        };
        self.running.borrow_mut().insert(job.seq, running);
        JobRecord {
            seq: job.seq,
            id: job.id,
            stem: job.stem,
            place: None,
            hash: job.hash,
            api: job.api,
            document: job.document,
            model: job.model,
            // It was written as JSON.
            request: serde_json::from_str(&job.request).unwrap_or_default(),
            worst: Worst {
                pictures: job.worst,
                price: job.price.map(Money),
                inputs: Money(job.inputs.unwrap_or_default()),
            },
            time: job.time,
            request_id: job.request_id,
            task_id: job.task_id,
            account: intake::named(&job.account),
        }
    }

    /// A job has ended, as far as this worker goes.
    pub fn ended(&self, seq: i64) {
        self.running.borrow_mut().remove(&seq);
    }

    /// The jobs whose leases are to be renewed.
    pub fn held(&self) -> Vec<Held> {
        let running = self.running.borrow();
        running
            .iter()
            .map(|(&seq, running)| Held {
                seq,
                fence: running.fence,
            })
            .collect()
    }

    fn claim(&self, record: &JobRecord) -> Held {
        let running = self.running.borrow();
        Held {
            seq: record.seq,
            // One that it does not have has no claim.
            fence: running.get(&record.seq).map_or(-1, |job| job.fence),
        }
    }

    /// Remembers where the reply is, which goes when all pictures are there.
    fn reply_is_in(&self, seq: i64, file: Option<&str>) {
        if let Some(job) = self.running.borrow_mut().get_mut(&seq) {
            job.reply_file = file.map(str::to_owned);
        }
    }

    /// Tells the journal what became of a job, however long that takes.
    async fn note(
        &self,
        record: &JobRecord,
        state: State,
        event: &Noting,
        reply: Option<&[u8]>,
    ) -> Result<Noted, CliError> {
        let held = self.claim(record);
        let noting = async || {
            self.journal
                .note(self.worker, held, state.name(), event, reply)
                .await
        };
        match self.journal.insist(noting).await {
            Ok(Where::Here) => Ok(Noted::Here),
            Ok(Where::Beside) => Ok(Noted::Beside),
            Err(error) => Err(unusable(&error)),
        }
    }

    /// Stores a reply: in the journal if it is short text, or else under a name in the store.
    async fn stored(
        &self,
        record: &JobRecord,
        arrived: &impl Arrived,
    ) -> Result<(Option<Vec<u8>>, Option<String>), CliError> {
        let text = arrived.text();
        if text.len() <= LONGEST_IN_JOURNAL && !arrived.is_spooled() {
            return Ok((Some(text.to_vec()), None));
        }
        Ok((None, self.stored_in_file(record, arrived).await?))
    }

    /// Stores a reply under a name in the store, where people find it.
    async fn stored_in_file(
        &self,
        record: &JobRecord,
        arrived: &impl Arrived,
    ) -> Result<Option<String>, CliError> {
        if arrived.text().is_empty() {
            return Ok(None);
        }
        let saved = arrived.save(self.spool.own(), &record.stem);
        let path = saved.map_err(|error| not_kept(&error))?;
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let fence = self.claim(record).fence;
        let name = format!("replies/{}-{}-{fence}.{ending}", record.stem, record.seq);
        let put = insist(async || self.store.create(&name, &path).await).await;
        // One that stays behind is in the worker's own directory, which goes with it.
        let _ = std::fs::remove_file(&path);
        match put {
            Ok(Put::There { .. }) => Ok(Some(name)),
            Ok(Put::Taken) => Err(not_kept(&tr!("{name} is there already", name))),
            Err(error) => Err(not_kept(&error)),
        }
    }
}

impl Backend for FleetBackend<'_> {
    async fn job(&self, record: &JobRecord) -> Result<Job, CliError> {
        let body = {
            let mut running = self.running.borrow_mut();
            running.get_mut(&record.seq).and_then(|job| job.body.take())
        };
        let body = body.and_then(|body| serde_json::from_slice(&body).ok());
        let body = body.ok_or_else(|| {
            let id = format!("{:?}", record.id);
            CliError::usage(tr!("the journal has no request for job {id}", id))
        })?;
        Ok(Job {
            id: record.id.clone(),
            operation: targets::operation(&record.api, &record.document)?,
            model: record.model.clone(),
            body,
            inputs: Vec::new(),
            is_named_after_prompt: false,
        })
    }

    async fn submitting(&self, record: &JobRecord, time: &str) -> Result<Noted, CliError> {
        let held = self.claim(record);
        let beginning = async || self.journal.begin(self.worker, held, time).await;
        match self.journal.insist(beginning).await {
            Ok(true) => Ok(Noted::Here),
            Ok(false) => Ok(Noted::Beside),
            Err(error) => Err(unusable(&error)),
        }
    }

    async fn waiting(&self, record: &JobRecord, task_id: &str) -> Result<Noted, CliError> {
        let event = Noting {
            task_id: Some(task_id.to_owned()),
            ..Noting::default()
        };
        self.note(record, State::Waiting, &event, None).await
    }

    async fn replied(
        &self,
        record: &JobRecord,
        reply: &RepliedRecord<'_>,
        arrived: &impl Arrived,
    ) -> Result<Noted, CliError> {
        let (text, file) = self.stored(record, arrived).await?;
        self.reply_is_in(record.seq, file.as_deref());
        let event = Noting {
            reply_file: file,
            ..replied(record, reply.made, reply.request_id, reply.unmade)
        };
        self.note(record, State::Replied, &event, text.as_deref())
            .await
    }

    async fn failed(
        &self,
        record: &JobRecord,
        state: State,
        failure: &FailureRecord,
        arrived: &impl Arrived,
    ) -> Result<Noted, CliError> {
        let event = Noting {
            reply_file: match state {
                State::Unknown => self.stored_in_file(record, arrived).await?,
                _ => None,
            },
            ..failed(record, failure)
        };
        self.note(record, state, &event, None).await
    }

    fn rescue(&self, record: &JobRecord, event: Event<'_>, reply: &[u8]) -> io::Result<()> {
        let (state, noting) = match event {
            Event::Waiting { task_id } => {
                let noting = Noting {
                    task_id: Some(task_id.to_owned()),
                    ..Noting::default()
                };
                (State::Waiting, noting)
            }
            Event::Replied {
                made,
                request_id,
                unmade,
            } => (State::Replied, replied(record, made, request_id, unmade)),
            Event::Failed { state, failure } => (state, failed(record, failure)),
        };
        let held = self.claim(record);
        let path = kept::keep(&self.spool.for_kept(), held, state.name(), &noting, reply)?;
        console::warning(&tr!(
            "the journal could not be told what became of job {id}; it is kept in {path}: have \
             a worker take it in with --spool",
            id = format!("{:?}", record.id),
            path = path.display()
        ));
        Ok(())
    }

    async fn held_up(
        &self,
        record: &JobRecord,
        stage: &str,
        message: &str,
    ) -> Result<(), CliError> {
        let held = self.claim(record);
        let noting = async || self.journal.held_up(held, stage, message).await;
        let noted = self.journal.insist(noting).await;
        noted.map_err(|error| unusable(&error))
    }

    async fn reply(&self, record: &JobRecord) -> Result<Vec<u8>, CliError> {
        let asking = async || self.journal.reply(record.seq).await;
        let stored = self.journal.insist(asking).await;
        let (text, file) = stored.map_err(|error| unusable(&error))?;
        self.reply_is_in(record.seq, file.as_deref());
        let Some(file) = file else {
            return Ok(text.unwrap_or_default());
        };
        let read = insist(async || self.store.read(&file).await).await;
        let bytes = read.map_err(|error| {
            CliError::new(
                Code::Unsaved,
                format!("the reply to {:?} can't be read again: {error}", record.id),
            )
        })?;
        Ok(bytes.map(Vec::from).unwrap_or_default())
    }

    async fn save(&self, saving: &mut Saving<'_>, number: usize, image: &Image) -> Tried<()> {
        let has = |job: &Running| job.pictures.iter().any(|picture| picture.number == number);
        let seq = saving.record.seq;
        if self.running.borrow().get(&seq).is_some_and(has) {
            return Ok(Ok(()));
        }
        let saved = pictures::save(self.store, self.spool.own(), saving, number, image).await;
        Ok(saved.map(|picture| {
            if let Some(job) = self.running.borrow_mut().get_mut(&seq) {
                job.pictures.push(picture);
            }
        }))
    }

    /// A store has what it confirmed.
    async fn sync(&self) -> Result<(), SaveError> {
        Ok(())
    }

    async fn done(&self, record: &JobRecord, more: Option<&str>) -> Result<(), CliError> {
        let (file, pictures) = {
            let running = self.running.borrow();
            let job = running.get(&record.seq);
            job.map(|job| (job.reply_file.clone(), job.pictures.clone()))
                .unwrap_or_default()
        };
        let event = Noting {
            unmade: more.map(str::to_owned),
            // What holds more pictures than were saved stays.
            reply_file: more.and(file.clone()),
            pictures,
            ..Noting::default()
        };
        self.note(record, State::Done, &event, None).await?;
        if let (Some(file), None) = (file, more) {
            // One that stays behind only takes up room.
            let _ = self.store.remove(&file).await;
        }
        Ok(())
    }
}

fn replied(
    record: &JobRecord,
    made: usize,
    request_id: Option<&str>,
    unmade: Option<&str>,
) -> Noting {
    Noting {
        made: Some(made),
        request_id: request_id.map(str::to_owned),
        unmade: unmade.map(str::to_owned),
        task_id: record.task_id.clone(),
        ..Noting::default()
    }
}

fn failed(record: &JobRecord, failure: &FailureRecord) -> Noting {
    Noting {
        stage: Some(failure.stage.clone().into_owned()),
        status: failure.status,
        code: failure.code.clone(),
        request_id: failure.request_id.clone(),
        message: Some(failure.message.clone()),
        task_id: record.task_id.clone(),
        ..Noting::default()
    }
}
