//! A journal with jobs, and workers.

use std::time::Duration;

use apifox_client::Limit;
use inkstone_fleet::{
    Claim, Claimed, Error, Event, Held, Journal, NewBatch, NewJob, Noted, Settings, TakenIn, Worker,
};
use serde_json::json;
use test_data::postgres::Database;

/// A database and the journal in it.
pub struct Bench {
    pub database: Database,
    pub journal: Journal,
}

pub fn batch() -> NewBatch {
    NewBatch {
        out: "s3://bucket/prefix".to_owned(),
        uploads: false,
        sandbox: false,
        max_images: None,
        max_cost: None,
        is_resumed: false,
    }
}

/// A job that may make two pictures at 0.20 each.
pub fn job(id: &str, limit: Option<Limit>) -> NewJob {
    NewJob {
        row: json!({
            "id": id, "stem": id, "line": 1, "offset": 0, "length": 1, "hash": "h",
            "api": "gateway", "document": "d", "model": "m", "request": "{}",
            "worst": 2, "price": 200_000, "inputs": 0, "currency": "CNY",
        }),
        account: "default".to_owned(),
        limit,
        body: id.as_bytes().to_vec(),
    }
}

pub fn worker(name: &str, lease: Duration) -> Worker {
    Worker {
        name: name.to_owned(),
        lease,
        accounts: vec!["default".to_owned()],
    }
}

impl Bench {
    /// A journal with jobs of these ids; none where PostgreSQL is not installed.
    pub async fn new(batch: &NewBatch, ids: &[&str], limit: Option<Limit>) -> Option<Self> {
        let database = Database::new()?;
        let settings = Settings {
            url: database.url(),
            password: None,
            connections: 4,
        };
        let journal = Journal::new(&settings).unwrap();
        journal.migrate().await.unwrap();
        journal
            .migrate()
            .await
            .expect("a second time changes nothing");
        journal.check().await.unwrap();
        let bench = Self { database, journal };
        let jobs = ids.iter().map(|id| job(id, limit)).collect();
        assert_eq!(bench.take_in(batch, jobs).await, TakenIn::All);
        Some(bench)
    }

    pub async fn take_in(&self, batch: &NewBatch, jobs: Vec<NewJob>) -> TakenIn {
        let mut jobs = Some(jobs);
        let next = || Ok::<_, Error>(jobs.take().unwrap_or_default());
        self.journal.take_in(batch, next).await.unwrap()
    }

    /// Claims a job, which there has to be.
    pub async fn claim(&self, worker: &Worker) -> (Claimed, Held) {
        match self.journal.claim(worker).await.unwrap() {
            Claim::Job(claimed) => {
                let held = Held {
                    seq: claimed.job.seq,
                    fence: claimed.job.fence,
                };
                (*claimed, held)
            }
            other => panic!("no job: {other:?}"),
        }
    }

    /// Notes what became of a job.
    pub async fn note(
        &self,
        worker: &Worker,
        held: Held,
        state: &str,
        event: &Event,
        reply: Option<&[u8]>,
    ) -> Result<Noted, Error> {
        self.journal.note(worker, held, state, event, reply).await
    }

    /// Has all unknown jobs sent again.
    pub async fn retry_unknown(&self) {
        let unknown = self.journal.unknown().await.unwrap();
        let unknown: Vec<Held> = unknown.iter().map(|job| job.held).collect();
        self.journal.retry_unknown(&unknown).await.unwrap();
    }

    pub fn sql(&self, sql: &str) -> String {
        self.database.sql(sql)
    }

    /// The state of each job.
    pub fn states(&self) -> String {
        self.sql("SELECT string_agg(id || ' ' || state, ', ' ORDER BY seq) FROM jobs")
    }
}

/// A reply with so many pictures.
pub fn reply(made: usize) -> Event {
    Event {
        made: Some(made),
        request_id: Some("r".to_owned()),
        ..Event::default()
    }
}
