//! Traces of the model, played with the journal: after each step both have to agree.

use std::collections::HashMap;
use std::time::Duration;

use inkstone_fleet::{
    Claim, Error, Event, Held, Journal, NewBatch, NewJob, Settings, TakenIn, Worker,
};
use serde_json::json;
use stateright::Model as _;
use test_data::postgres::Database;

use crate::job::{Answer, Job, OneJob, Row, Step, WORKERS, Work};

/// How many traces are played, and how long they are at most.
const TRACES: u64 = 40;
const STEPS: usize = 24;

/// A journal that goes through a trace.
struct Player {
    database: Database,
    journal: Journal,
    workers: [Worker; WORKERS],
    claims: [Option<Held>; WORKERS],
    names: usize,
}

#[tokio::test]
async fn the_journal_does_what_the_model_does() {
    let Some(database) = Database::new() else {
        return;
    };
    let settings = Settings {
        url: database.url(),
        password: None,
        connections: 2,
    };
    let journal = Journal::new(&settings).unwrap();
    journal.migrate().await.unwrap();
    let mut player = Player {
        database,
        journal,
        workers: [worker(0), worker(1)],
        claims: [None; WORKERS],
        names: WORKERS,
    };
    let mut played: HashMap<String, usize> = HashMap::new();
    for seed in 0..TRACES {
        player.restart().await;
        let mut job = OneJob.init_states().remove(0);
        let mut trace = Vec::new();
        let mut random = seed;
        for _ in 0..STEPS {
            let mut steps = Vec::new();
            OneJob.actions(&job, &mut steps);
            if steps.is_empty() {
                break;
            }
            // Knuth's generator: any will do, if it is the same each time.
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let step = steps[usize::try_from(random >> 33).unwrap() % steps.len()];
            trace.push(step);
            let after = job.after(step);
            player.play(&job, step).await;
            assert_eq!(
                player.seen().await,
                expected(&after),
                "seed {seed}: {trace:?}"
            );
            *played.entry(kind(step)).or_default() += 1;
            job = after;
        }
    }
    for kind in [
        "Claim", "Begin", "Send", "Answer", "Note", "Save", "Crash", "Lapse", "Sweep", "Resume",
    ] {
        assert!(
            played.contains_key(kind),
            "{kind} was never played: {played:?}"
        );
    }
}

fn kind(step: Step) -> String {
    let text = format!("{step:?}");
    text.split('(').next().unwrap().to_owned()
}

fn worker(number: usize) -> Worker {
    Worker {
        name: format!("w{number}"),
        lease: Duration::from_secs(600),
        accounts: vec!["default".to_owned()],
    }
}

/// State, fencing number, whether somebody has it, and what is beside the row.
fn expected(job: &Job) -> String {
    let state = match job.row {
        Row::Queued => "queued",
        Row::Submitting => "submitting",
        Row::Replied => "replied",
        Row::Done => "done",
        Row::Unsent => "unsent",
        Row::Unknown => "unknown",
    };
    let beside = job.late.iter().filter(|late| !late.1).count();
    format!("{state} {} {} {beside}", job.fence, job.holder.is_some())
}

impl Player {
    /// One job, that nobody has claimed.
    async fn restart(&mut self) {
        let _ = self
            .database
            .sql("TRUNCATE batch, late, pictures, bodies, jobs, limits RESTART IDENTITY");
        let row = json!({
            "id": "a", "stem": "a", "line": 1, "offset": 0, "length": 1, "hash": "h",
            "api": "gateway", "document": "d", "model": "m", "request": "{}", "worst": 1,
        });
        self.take_in(false, Some(row)).await;
        self.claims = [None; WORKERS];
    }

    async fn take_in(&self, is_resumed: bool, row: Option<serde_json::Value>) {
        let batch = NewBatch {
            out: "out".to_owned(),
            uploads: false,
            sandbox: false,
            max_images: None,
            max_cost: None,
            is_resumed,
        };
        let job = |row| NewJob {
            row,
            account: "default".to_owned(),
            limit: None,
            body: b"{}".to_vec(),
        };
        let mut jobs: Vec<_> = row.into_iter().map(job).collect();
        let taken = self
            .journal
            .take_in(&batch, || Ok::<_, Error>(std::mem::take(&mut jobs)));
        assert_eq!(taken.await.unwrap(), TakenIn::All);
    }

    async fn play(&mut self, job: &Job, step: Step) {
        match step {
            Step::Claim(worker) => {
                let Claim::Job(claimed) = self.journal.claim(&self.workers[worker]).await.unwrap()
                else {
                    panic!("nothing to claim: {job:?}")
                };
                self.claims[worker] = Some(Held {
                    seq: claimed.job.seq,
                    fence: claimed.job.fence,
                });
            }
            Step::Begin(worker) => {
                let held = self.claims[worker].unwrap();
                let begun = self.journal.begin(&self.workers[worker], held, "t");
                let is_begun = matches!(job.after(step).workers[worker], Work::Begun(_));
                assert_eq!(begun.await.unwrap(), is_begun, "{job:?}");
            }
            Step::Note(worker) => {
                let Work::Came(_, answer) = job.workers[worker] else {
                    panic!("{job:?}")
                };
                let (state, made) = match answer {
                    Answer::Made => ("replied", Some(1)),
                    Answer::NotTaken => ("unsent", None),
                };
                self.note(worker, state, made).await;
            }
            Step::Save(worker) => self.note(worker, "done", None).await,
            Step::Crash(worker) => {
                // Whoever comes instead has another name.
                self.workers[worker] = self::worker(self.names);
                self.names += 1;
            }
            Step::Lapse => {
                let _ = self
                    .database
                    .sql("UPDATE jobs SET lease = clock_timestamp() - interval '1 second'");
            }
            Step::Sweep => {
                assert_eq!(self.journal.sweep(None).await.unwrap(), 1);
            }
            Step::Resume(retry_unknown) => {
                self.take_in(true, None).await;
                if retry_unknown {
                    let unknown = self.journal.unknown().await.unwrap();
                    let unknown: Vec<Held> = unknown.iter().map(|job| job.held).collect();
                    self.journal.retry_unknown(&unknown).await.unwrap();
                }
            }
            Step::Send(_) | Step::Answer(..) => {}
        }
    }

    /// Twice, as where the answer to the first time was lost.
    async fn note(&self, worker: usize, state: &str, made: Option<usize>) {
        let event = Event {
            made,
            ..Event::default()
        };
        let held = self.claims[worker].unwrap();
        for _ in 0..2 {
            let noted = self
                .journal
                .note(&self.workers[worker], held, state, &event, None);
            noted.await.unwrap();
        }
    }

    /// What the journal says of the job, as [`expected`] has it.
    async fn seen(&self) -> String {
        let row = self.journal.page(0).await.unwrap().remove(0).row;
        let beside = self.journal.overview().await.unwrap().late;
        format!(
            "{} {} {} {beside}",
            row["state"].as_str().unwrap(),
            row["fence"],
            !row["worker"].is_null()
        )
    }
}
