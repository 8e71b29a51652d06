//! A model of a batch: its states, the steps between them, and what no step may break. Random
//! traces of steps are played with the real program.

#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::Duration;

use proptest::prelude::*;

use crate::support::failing_disk::{Fault, fail};
use crate::support::scene::Scene;
use crate::support::studio::{self, Mood, Studio};

/// How many jobs a batch has: two of each kind.
const JOBS: usize = 6;

/// What happens while the batch runs once.
#[derive(Clone, Debug)]
enum Step {
    /// Nothing but what the API does.
    Run,
    /// The disk is full, or the program is killed, at a write.
    Disk(bool, u64),
    /// A signal comes after so many milliseconds.
    Signal(&'static str, u64),
    /// Jobs with unknown outcome are sent again, as asked.
    RetryUnknown,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Run),
        4 => (any::<bool>(), 1..250_u64).prop_map(|(kill, at)| Step::Disk(kill, at)),
        2 => (prop_oneof![Just("-INT"), Just("-TERM"), Just("-HUP")], 20..400_u64)
            .prop_map(|(name, after)| Step::Signal(name, after)),
        1 => Just(Step::RetryUnknown),
    ]
}

fn mood() -> impl Strategy<Value = Mood> {
    prop_oneof![
        6 => Just(Mood::Well),
        1 => Just(Mood::Silent),
        1 => Just(Mood::Cut),
        1 => Just(Mood::Throttled),
        1 => Just(Mood::Refused),
    ]
}

/// Whether a job may get from one state to another in such a run, all steps between included.
fn may_become(before: &str, after: &str, step: &Step) -> bool {
    match before {
        // It can be sent, or be left.
        "queued" | "unsent" => true,
        // It was sent: it never goes back to what would be sent again. A run that is cut short
        // may not come to note what became of it.
        "submitting" => match after {
            "queued" => false,
            "submitting" => matches!(step, Step::Disk(..) | Step::Signal(..)),
            _ => true,
        },
        "waiting" => matches!(
            after,
            "waiting" | "replied" | "done" | "refused" | "unsent" | "unknown"
        ),
        "replied" => matches!(after, "replied" | "done"),
        // Its task may be found in the API's list, and is waited for then.
        "unknown" => matches!(step, Step::RetryUnknown) || may_become("waiting", after, step),
        "done" | "refused" => after == before,
        other => panic!("no state is called {other}"),
    }
}

/// The batch, as it can be seen from outside.
struct World {
    scene: Scene,
    studio: Studio,
    ids: Vec<String>,
    states: BTreeMap<String, String>,
    /// How often each job may have been carried out: once, and once more for each time that
    /// was asked for.
    allowed: BTreeMap<String, usize>,
}

impl World {
    fn new() -> Self {
        let jobs: Vec<_> = (0..JOBS).map(studio::job).collect();
        let ids: Vec<_> = jobs.iter().map(|job| job.0.clone()).collect();
        Self {
            scene: Scene::new(&jobs.into_iter().map(|job| job.1).collect::<Vec<_>>()),
            studio: Studio::open(),
            states: ids
                .iter()
                .map(|id| (id.clone(), "queued".to_owned()))
                .collect(),
            allowed: ids.iter().map(|id| (id.clone(), 1)).collect(),
            ids,
        }
    }

    fn command(&self) -> Command {
        let mut command = self.scene.command(&["--base-url", &self.studio.url]);
        command.args(["--concurrency=2", "--grace=5s"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        if self.has_begun() {
            command.arg("--resume");
        }
        command
    }

    /// Whether there is a journal with jobs.
    fn has_begun(&self) -> bool {
        !self.journal().is_empty()
    }

    /// The states in the journal.
    fn journal(&self) -> BTreeMap<String, String> {
        let path = self.scene.out().join("journal.sqlite3");
        let read = || {
            if !path.exists() {
                return Ok(BTreeMap::new());
            }
            let sql = rusqlite::Connection::open(&path)?;
            let mut statement = sql.prepare("SELECT id, state FROM jobs")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<_>>()
        };
        // One that was killed before it had tables has no jobs.
        read().unwrap_or_default()
    }

    fn play(&mut self, step: &Step) {
        let mut command = self.command();
        if matches!(step, Step::RetryUnknown) && self.has_begun() {
            command.arg("--retry-unknown");
            for (id, state) in &self.states {
                if matches!(state.as_str(), "unknown" | "submitting") {
                    *self.allowed.get_mut(id).unwrap() += 1;
                }
            }
        }
        match step {
            Step::Run | Step::RetryUnknown => drop(command.status().unwrap()),
            Step::Disk(kill, at) => {
                let fault = if *kill { Fault::Kill } else { Fault::Full };
                fail(&mut command, &self.scene.out(), fault, *at);
                command.status().unwrap();
            }
            Step::Signal(name, after) => {
                let mut child = command.spawn().unwrap();
                std::thread::sleep(Duration::from_millis(*after));
                let id = child.id().to_string();
                // It may have ended.
                let _ = Command::new("kill")
                    .args([*name, id.as_str()])
                    .stderr(Stdio::null())
                    .status();
                child.wait().unwrap();
            }
        }
        self.check(step);
    }

    /// Holds what can be seen against the model.
    fn check(&mut self, step: &Step) {
        let after = self.journal();
        for id in &self.ids {
            let queued = "queued".to_owned();
            let (before, now) = (&self.states[id], after.get(id).unwrap_or(&queued));
            assert!(
                may_become(before, now, step),
                "{id}: {before} became {now} in {step:?}"
            );
            let made = self.studio.made().get(id).copied().unwrap_or_default();
            assert!(
                made <= self.allowed[id],
                "{id} was carried out {made} times; {step:?}"
            );
            if now == "done" {
                let picture = self.scene.out().join(format!("{id}.png"));
                assert!(
                    picture.exists(),
                    "{id} is done without its picture; {step:?}"
                );
            }
        }
        self.states.extend(after);
    }

    /// What is left when nothing goes wrong any more.
    fn settle(&mut self) {
        self.studio.moods(&[]);
        for _ in 0..2 {
            self.play(&Step::Run);
        }
        for (id, state) in &self.states {
            assert!(
                matches!(state.as_str(), "done" | "refused" | "unknown"),
                "{id} is still {state}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 12,
        max_shrink_iters: 20,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_trace_of_steps_sends_twice_or_loses(
        steps in prop::collection::vec((step(), prop::collection::vec(mood(), 0..8)), 1..5),
    ) {
        let mut world = World::new();
        for (step, moods) in &steps {
            world.studio.moods(moods);
            world.play(step);
        }
        world.settle();
    }
}
