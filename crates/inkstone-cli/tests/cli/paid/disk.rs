//! A disk that is full from some write on, or a program that is killed there: after the next
//! run nothing is lost, and nothing was paid for twice.

#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::command::{Run, run, wrapped};
use crate::support::failing_disk::{Fault, fail};
use crate::support::scene::Scene;
use crate::support::studio::{self, Studio};

/// A batch of jobs whose pictures come in every way.
struct Batch {
    scene: Scene,
    studio: Studio,
    ids: Vec<String>,
}

impl Batch {
    fn new(jobs: usize) -> Self {
        let jobs: Vec<_> = (0..jobs).map(studio::job).collect();
        let lines: Vec<_> = jobs.iter().map(|job| job.1.clone()).collect();
        Self {
            scene: Scene::new(&lines),
            studio: Studio::open(),
            ids: jobs.into_iter().map(|job| job.0).collect(),
        }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.scene.command(&["--base-url", &self.studio.url]);
        command.args(args);
        if self.scene.out().join("journal.sqlite3").exists() {
            command.arg("--resume");
        }
        command
    }

    /// Runs it with a fault; `None` if it was killed.
    fn run_with(&self, fault: Fault, at: u64) -> Option<Run> {
        let mut command = self.command(&["--concurrency=4"]);
        fail(&mut command, &self.scene.out(), fault, at);
        let output = command.output().unwrap();
        output.status.code().map(|code| Run {
            code,
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        })
    }

    /// Goes on without faults.
    fn finish(&self) -> Run {
        let finished = run(&mut self.command(&["--concurrency=4"]));
        // What was begun by a killed process before it had jobs is begun anew.
        if never_began(&finished) {
            let mut command = self.scene.command(&["--base-url", &self.studio.url]);
            return run(&mut command);
        }
        finished
    }

    /// Asserts that no job was carried out twice, and that every picture is there save those
    /// of jobs that are reported as unknown; returns how many those are.
    fn check(&self, about: &str, finished: &Run) -> usize {
        let made = self.studio.made();
        let twice: BTreeMap<_, _> = made.iter().filter(|(_, times)| **times > 1).collect();
        assert!(
            twice.is_empty(),
            "{about}: sent twice: {twice:?}\n{finished:#?}"
        );
        let summary: Value = finished.json();
        let not_done: BTreeMap<&str, &str> = summary["not_done"]
            .as_array()
            .unwrap()
            .iter()
            .map(|job| (job["id"].as_str().unwrap(), job["state"].as_str().unwrap()))
            .collect();
        for id in &self.ids {
            let picture = self.scene.out().join(format!("{id}.png"));
            match not_done.get(id.as_str()) {
                Some(state) => assert_eq!(*state, "unknown", "{about}: {id}"),
                None => {
                    let bytes = fs::read(&picture).unwrap_or_default();
                    assert!(
                        bytes.starts_with(b"\x89PNG"),
                        "{about}: {id} is lost\n{finished:#?}"
                    );
                    let sidecar = picture.with_extension("png.json");
                    let sidecar = fs::read(sidecar).unwrap_or_default();
                    let sidecar: Value = serde_json::from_slice(&sidecar).unwrap_or_default();
                    assert_eq!(sidecar["id"], id.as_str(), "{about}");
                }
            }
        }
        not_done.len()
    }
}

/// Whether there was nothing to go on with.
fn never_began(run: &Run) -> bool {
    run.stderr
        .contains("holds no batch that --resume could continue")
}

/// The summary that a run printed, if it came to that.
fn summary(run: &Run) -> Option<Value> {
    let printed: Value = serde_json::from_str(&run.stdout).ok()?;
    printed["jobs"].is_object().then_some(printed)
}

/// Plays a fault at one write. Whether it came to that write.
fn play(fault: Fault, at: u64) -> bool {
    let batch = Batch::new(6);
    let first = batch.run_with(fault, at);
    if let Some(run) = &first
        && run.code == 0
    {
        return false;
    }
    let about = format!("{fault:?} at write {at}: {first:#?}");
    let told = first.as_ref().map(|run| (run.code, summary(run)));
    if let Some((code, Some(summary))) = told {
        assert_eq!(summary["exit_code"], code, "{about}");
    }
    let finished = batch.finish();
    let unknown = batch.check(&about, &finished);
    if fault == Fault::Full {
        // Nobody was killed: what became of each request was known.
        assert_eq!((unknown, finished.code), (0, 0), "{about}\n{finished:#?}");
    }
    true
}

/// Plays a fault at every `step`th write.
fn play_all(fault: Fault, step: usize) {
    let mut writes = (1..).step_by(step);
    let last = writes.find(|at| !play(fault, *at)).unwrap();
    assert!(last > 30, "it writes more often than {last} times");
}

/// At which writes a fault is played each time that tests are run: it takes a second or two,
/// and there are hundreds. `every_write_in_turn_can_fail` is for a night.
const EVERY: usize = 17;

#[test]
fn a_disk_that_is_full_loses_nothing() {
    play_all(Fault::Full, EVERY);
}

#[test]
fn a_kill_at_a_write_sends_nothing_twice() {
    play_all(Fault::Kill, EVERY);
}

#[test]
#[ignore = "takes minutes: every write in turn"]
fn every_write_in_turn_can_fail() {
    play_all(Fault::Full, 1);
    play_all(Fault::Kill, 1);
}

/// How many kills, full disks, and jobs in a batch: 200, 50 and 500 unless
/// `INKSTONE_FAULTS` says otherwise, as in `20 5 100`.
fn amounts() -> (usize, usize, usize) {
    let given = std::env::var("INKSTONE_FAULTS").unwrap_or_default();
    let numbers: Vec<usize> = given
        .split(' ')
        .filter_map(|text| text.parse().ok())
        .collect();
    match numbers.as_slice() {
        [kills, full, jobs] => (*kills, *full, *jobs),
        _ => (200, 50, 500),
    }
}

#[test]
#[ignore = "takes minutes: 250 faults in batches of 500 jobs"]
fn two_hundred_kills_and_fifty_full_disks_lose_nothing() {
    let mut random = fastrand::Rng::with_seed(0x5eed_0123_4567_89ab);
    let (most_kills, most_full, jobs) = amounts();
    let (mut kills, mut full, mut batches, mut submitted, mut unknown) = (0, 0, 0, 0, 0);
    while kills < most_kills || full < most_full {
        let batch = Batch::new(jobs);
        batches += 1;
        while kills < most_kills || full < most_full {
            let is_full = kills >= most_kills || random.u64(..5) == 0;
            let fault = match full < most_full && is_full {
                true => Fault::Full,
                false => Fault::Kill,
            };
            let ended = batch.run_with(fault, random.u64(1..=600));
            match (fault, ended) {
                (_, Some(run)) if run.code == 0 || run.code == 7 && fault == Fault::Kill => break,
                // The kill before this one came before the journal had jobs.
                (_, Some(run)) if never_began(&run) => {
                    assert!(batch.studio.made().is_empty(), "{run:#?}");
                    break;
                }
                (Fault::Kill, None) => kills += 1,
                (Fault::Full, Some(_)) => full += 1,
                (fault, ended) => panic!("{fault:?}: {ended:#?}"),
            }
        }
        let finished = batch.finish();
        unknown += batch.check("after all faults", &finished);
        submitted += batch.studio.made().len();
    }
    // Figures for those who run it by hand.
    eprintln!(
        "{kills} kills, {full} full disks, {batches} batches, {submitted} submitted: 0 sent \
         twice, 0 lost, {unknown} unknown"
    );
}

/// A real full disk, where one can be mounted.
#[test]
fn a_small_disk_fills_up_and_nothing_is_lost() {
    let batch = Batch::new(400);
    let out = batch.scene.out();
    fs::create_dir(&out).unwrap();
    let copy = out.with_extension("copy");
    let (first, second) = (out.with_extension("first"), out.with_extension("second"));
    let command = batch.scene.command(&["--base-url", &batch.studio.url]);
    let show = |path: &Path| format!("'{}'", path.display());
    let script = format!(
        "mount -t tmpfs -o size=1536k tmpfs {out} || exit 99
        \"$0\" \"$@\" > {first} 2>&1; echo $? >> {first}
        mount -o remount,size=256m {out} || exit 99
        \"$0\" \"$@\" --resume > {second} 2> /dev/null; code=$?
        cp -r {out} {copy}; exit $code",
        out = show(&out),
        first = show(&first),
        second = show(&second),
        copy = show(&copy),
    );
    let mut unshare = Command::new("unshare");
    unshare.args(["--map-root-user", "--mount", "sh", "-c", &script]);
    let mut command = wrapped(unshare, &command);
    let Ok(output) = command.output() else {
        return test_data::skip("there is no `unshare` here");
    };
    let code = output.status.code().unwrap();
    if code == 99 || !first.exists() {
        return test_data::skip("nothing can be mounted here");
    }
    let said = fs::read_to_string(&first).unwrap();
    // A picture found no room, or the journal did.
    let is_full = said.trim_end().ends_with('9')
        || said.trim_end().ends_with('7') && said.contains("database or disk is full");
    assert!(is_full, "it was not full: {said}");
    assert_eq!(code, 0, "{said}");
    let made = batch.studio.made();
    assert!(
        made.len() == 400 && made.values().all(|times| *times == 1),
        "{made:?}"
    );
    for id in &batch.ids {
        assert!(copy.join(format!("{id}.png")).exists(), "{id} is lost");
    }
}
