//! A batch with its journal in PostgreSQL and its pictures in a store, as jobs see it.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::io;
use std::time::{Duration, SystemTime};

use inkstone::Image;
use inkstone_fleet::{
    BatchRow, Claimed, Event as Noting, FoundTask, Held, Journal, LostRow, Noted as Where,
    PictureRow, Put, Store, Worker,
};
use serde_json::Value;
use tr::tr;

use crate::batch::execution::backend::{
    Backend, Became, Kept, Noted, SaveError, Saving, Tried, not_kept, unreadable_reply,
};
use crate::batch::execution::targets;
use crate::batch::fleet::counters::{Counters, add, count};
use crate::batch::fleet::intake;
use crate::batch::fleet::patience::insist;
use crate::batch::fleet::session::told;
use crate::batch::fleet::spool::Spool;
use crate::batch::fleet::{kept, pictures};
use crate::batch::jobs::job::Job;
use crate::batch::journal::lost_tasks::{LostTask, MARK, SLACK};
use crate::batch::journal::transitions::{Event, JobRecord};
use crate::batch::state::State;
use crate::console;
use crate::error::CliError;
use crate::output::arrived::Arrived;
use crate::pricing::money::Money;
use crate::pricing::worst::Worst;

/// A batch on many machines.
pub struct FleetBackend<'a> {
    pub journal: &'a Journal,
    pub batch: &'a BatchRow,
    pub store: &'a Store,
    pub worker: &'a Worker,
    pub spool: &'a Spool,
    pub counters: Counters,
    /// The jobs that this worker has.
    running: RefCell<HashMap<i64, Running>>,
}

/// A job that this worker has.
struct Running {
    fence: i64,
    /// Its whole request, where it is to be sent.
    body: Option<Value>,
    pictures: Vec<PictureRow>,
    /// Where its reply is in the store.
    reply_file: Option<String>,
}

impl<'a> FleetBackend<'a> {
    pub fn new(
        (journal, batch): (&'a Journal, &'a BatchRow),
        store: &'a Store,
        worker: &'a Worker,
        spool: &'a Spool,
    ) -> Self {
        Self {
            journal,
            batch,
            store,
            worker,
            spool,
            counters: Counters::default(),
            running: RefCell::default(),
        }
    }

    /// Takes over a claimed job. An error says why it can't be carried out: what the journal
    /// has of it is damaged.
    pub fn begin(&self, claimed: Claimed) -> Result<JobRecord, String> {
        let Claimed { job, body } = claimed;
        count(&self.counters.claims);
        let not_json = |error| format!("the request in the journal is not JSON: {error}");
        let whole = body.map(|body| serde_json::from_slice(&body)).transpose();
        let running = Running {
            fence: job.fence,
            body: whole.as_ref().ok().cloned().flatten(),
            pictures: Vec::new(),
            reply_file: None,
        };
        let is_whole = running.body.is_some();
        self.running.borrow_mut().insert(job.seq, running);
        whole.map_err(not_json)?;
        if job.state == State::Queued.name() && !is_whole {
            return Err("the journal has no request for it".to_owned());
        }
        Ok(JobRecord {
            seq: job.seq,
            id: job.id,
            stem: job.stem,
            place: None,
            hash: job.hash,
            api: job.api,
            document: job.document,
            model: job.model,
            request: serde_json::from_str(&job.request).map_err(not_json)?,
            worst: Worst {
                pictures: job.worst,
                price: job.price.map(Money),
                inputs: Money(job.inputs.unwrap_or_default()),
            },
            time: job.time,
            request_id: job.request_id,
            task_id: job.task_id,
            account: intake::named(&job.account),
        })
    }

    /// Notes that a job can't be carried out, which was not sent now.
    pub async fn is_damaged(&self, seq: i64, state: &str, why: &str) -> Result<(), CliError> {
        if state != State::Queued.name() {
            return self.held(seq, "unreadable", why).await;
        }
        let event = Noting {
            stage: Some("invalid".to_owned()),
            message: Some(format!("{why}; nothing was sent")),
            ..Noting::default()
        };
        let noted = self.tell(seq, State::Refused, &event, None).await;
        noted.map(drop)
    }

    /// Notes what a job made that the journal did not know of, with its pictures in the store.
    pub async fn made(
        &self,
        record: &JobRecord,
        event: &Noting,
        reply: Option<&[u8]>,
    ) -> Result<Noted, CliError> {
        if let Some(job) = self.running.borrow_mut().get_mut(&record.seq) {
            job.pictures.clone_from(&event.pictures);
        }
        self.tell(record.seq, State::Replied, event, reply).await
    }

    /// Whether the journal has no reply of a job.
    pub async fn lacks_reply(&self, record: &JobRecord) -> Result<bool, CliError> {
        let journal = self.journal;
        let reply = journal.insist(async || journal.reply(record.seq).await);
        Ok(matches!(reply.await?, (None, None)))
    }

    async fn held(&self, seq: i64, stage: &str, message: &str) -> Result<(), CliError> {
        let held = self.claim(seq);
        let noting = async || self.journal.held_up(held, stage, message).await;
        Ok(self.journal.insist(noting).await?)
    }

    /// A job has ended, as far as this worker goes.
    pub fn ended(&self, seq: i64) {
        self.running.borrow_mut().remove(&seq);
    }

    /// The jobs whose leases are to be renewed.
    pub fn all_held(&self) -> Vec<Held> {
        let running = self.running.borrow();
        running
            .iter()
            .map(|(&seq, running)| Held {
                seq,
                fence: running.fence,
            })
            .collect()
    }

    fn claim(&self, seq: i64) -> Held {
        let running = self.running.borrow();
        Held {
            seq,
            // One that it does not have has no claim.
            fence: running.get(&seq).map_or(-1, |job| job.fence),
        }
    }

    /// Remembers where the reply is, which goes when all pictures are there.
    fn reply_is_in(&self, seq: i64, file: Option<&str>) {
        if let Some(job) = self.running.borrow_mut().get_mut(&seq) {
            job.reply_file = file.map(str::to_owned);
        }
    }

    /// Tells the journal what became of a job, however long that takes.
    async fn tell(
        &self,
        seq: i64,
        state: State,
        event: &Noting,
        reply: Option<&[u8]>,
    ) -> Result<Noted, CliError> {
        let held = self.claim(seq);
        let noting = async || {
            self.journal
                .note(self.worker, held, state.name(), event, reply)
                .await
        };
        match self.journal.insist(noting).await? {
            Where::Here => Ok(Noted::Here),
            Where::Beside => {
                count(&self.counters.late);
                Ok(Noted::Beside)
            }
        }
    }

    /// Stores a reply: in the journal if it is a short text, or else under a name in the store.
    async fn stored(
        &self,
        record: &JobRecord,
        arrived: &dyn Arrived,
    ) -> Result<(Option<Vec<u8>>, Option<String>), CliError> {
        match arrived.in_row() {
            Some(text) => Ok((Some(text.into()), None)),
            None => Ok((None, self.stored_in_file(record, arrived).await?)),
        }
    }

    /// Stores a reply under a name in the store, where people find it.
    async fn stored_in_file(
        &self,
        record: &JobRecord,
        arrived: &dyn Arrived,
    ) -> Result<Option<String>, CliError> {
        if arrived.text().is_empty() {
            return Ok(None);
        }
        let saved = arrived.save(self.spool.own(), &record.stem);
        let path = saved.map_err(|error| not_kept(&error))?;
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let fence = self.claim(record.seq).fence;
        let name = format!("replies/{}-{}-{fence}.{ending}", record.stem, record.seq);
        let retries = &self.counters.store_retries;
        let put = insist(retries, async || self.store.create(&name, &path).await).await;
        // One that stays behind is in the worker's own directory, which goes with it.
        let _ = std::fs::remove_file(&path);
        match put {
            Ok(Put::There { length, .. }) => {
                add(&self.counters.store_bytes, length);
                Ok(Some(name))
            }
            Ok(Put::Taken) => Err(not_kept(&tr!("{name} is there already", name))),
            Err(error) => Err(not_kept(&told(&error))),
        }
    }
}

impl Backend for FleetBackend<'_> {
    async fn job(&self, record: &JobRecord) -> Result<Job, CliError> {
        let body = {
            let mut running = self.running.borrow_mut();
            running.get_mut(&record.seq).and_then(|job| job.body.take())
        };
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
            account: record.account.clone(),
            is_named_after_prompt: false,
        })
    }

    async fn submitting(&self, record: &JobRecord, time: &str) -> Result<Noted, CliError> {
        let held = self.claim(record.seq);
        let beginning = async || self.journal.begin(self.worker, held, time).await;
        if !self.journal.insist(beginning).await? {
            return Ok(Noted::Beside);
        }
        count(&self.counters.sends);
        Ok(Noted::Here)
    }

    async fn note(&self, record: &JobRecord, became: &Became<'_>) -> Result<Noted, CliError> {
        self.counters.replied(match became.event() {
            Event::Waiting { .. } => Some(200),
            Event::Replied(_) => became.kept().reply().and_then(Arrived::status),
            Event::Failed { failure, .. } => failure.status,
        });
        let (text, file) = match became.kept() {
            Kept::Nothing => (None, None),
            Kept::UntilSaved(reply) => self.stored(record, reply).await?,
            Kept::InFile(reply) => (None, self.stored_in_file(record, reply).await?),
        };
        self.reply_is_in(record.seq, file.as_deref());
        let (state, noting) = noting(record, became.event());
        let noting = Noting {
            reply_file: file,
            ..noting
        };
        self.tell(record.seq, state, &noting, text.as_deref()).await
    }

    fn rescue(&self, record: &JobRecord, event: Event, reply: &[u8]) -> io::Result<()> {
        let (state, noting) = noting(record, &event);
        let held = (self.batch.id.as_str(), self.claim(record.seq));
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
        self.held(record.seq, stage, message).await
    }

    async fn reply(&self, record: &JobRecord) -> Result<Vec<u8>, CliError> {
        let journal = self.journal;
        let (text, file) = journal
            .insist(async || journal.reply(record.seq).await)
            .await?;
        self.reply_is_in(record.seq, file.as_deref());
        let Some(file) = file else {
            return Ok(text.unwrap_or_default());
        };
        let retries = &self.counters.store_retries;
        let read = insist(retries, async || self.store.read(&file).await).await;
        let bytes = read.map_err(|error| unreadable_reply(record, told(&error)))?;
        Ok(bytes.map(Vec::from).unwrap_or_default())
    }

    async fn save(&self, saving: &mut Saving<'_>, number: usize, image: &Image) -> Tried<()> {
        let has = |job: &Running| job.pictures.iter().any(|picture| picture.number == number);
        let seq = saving.record.seq;
        if self.running.borrow().get(&seq).is_some_and(has) {
            return Ok(Ok(()));
        }
        let (place, spool) = ((self.store, &self.counters), self.spool.own());
        let saved = pictures::save(place, spool, saving, number, image).await;
        Ok(saved.map(|picture| {
            add(&self.counters.store_bytes, picture.length);
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
        self.tell(record.seq, State::Done, &event, None).await?;
        if let (Some(file), None) = (file, more) {
            // One that stays behind only takes up room.
            let _ = self.store.remove(&file).await;
        }
        Ok(())
    }

    async fn lost_tasks(&self) -> Result<Vec<LostTask>, CliError> {
        let asking = async || self.journal.lost(&self.worker.accounts).await;
        let lost = self.journal.insist(asking).await?;
        Ok(lost.into_iter().filter_map(lost_task).collect())
    }

    async fn known_tasks(&self, tasks: &[String]) -> Result<HashSet<String>, CliError> {
        let asking = async || self.journal.tasks_known(tasks).await;
        let known = self.journal.insist(asking).await?;
        Ok(known.into_iter().collect())
    }

    async fn task_found(
        &self,
        job: &LostTask,
        (id, submitted): (&str, SystemTime),
        considered: &[i64],
    ) -> Result<bool, CliError> {
        let task = FoundTask {
            id,
            submitted,
            slack: SLACK,
        };
        let noting = async || self.journal.found(job.seq, task, considered).await;
        Ok(self.journal.insist(noting).await?)
    }

    async fn task_not_found(&self, job: &LostTask, why: &str) -> Result<(), CliError> {
        let noting = async || self.journal.not_found(job.seq, MARK, why).await;
        Ok(self.journal.insist(noting).await?)
    }
}

/// A job that may have a task, if it is known when it was sent.
fn lost_task(row: LostRow) -> Option<LostTask> {
    let sent = Duration::try_from_secs_f64(row.sent?).ok()?;
    Some(LostTask {
        seq: row.seq,
        account: intake::named(&row.account),
        id: row.id,
        api: row.api,
        document: row.document,
        model: row.model,
        request: serde_json::from_str(&row.request).ok()?,
        most: row.worst,
        is_unknown: row.state == State::Unknown.name(),
        has_task: row.task_id.is_some(),
        is_resent: row.lost_attempts > 0,
        sent: SystemTime::UNIX_EPOCH.checked_add(sent)?,
    })
}

/// What became of a request, as the shared journal has it.
fn noting(record: &JobRecord, event: &Event) -> (State, Noting) {
    let task_id = record.task_id.clone();
    match event {
        Event::Waiting { task_id } => {
            let noting = Noting {
                task_id: Some(task_id.clone()),
                ..Noting::default()
            };
            (State::Waiting, noting)
        }
        Event::Replied(reply) => {
            let noting = Noting {
                made: Some(reply.made),
                request_id: reply.request_id.clone(),
                unmade: reply.unmade.clone(),
                task_id,
                ..Noting::default()
            };
            (State::Replied, noting)
        }
        Event::Failed { state, failure } => {
            let noting = Noting {
                stage: Some(failure.stage.clone().into_owned()),
                status: failure.status,
                code: failure.code.clone(),
                request_id: failure.request_id.clone(),
                message: Some(failure.message.clone()),
                task_id,
                ..Noting::default()
            };
            (*state, noting)
        }
    }
}
