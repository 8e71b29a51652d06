//! A journal that is not the right one, or not whole; a directory that has pictures already,
//! or goes away.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::support::command::{Run, done, names, run as support_run, spawn, with_keys};
use crate::support::scene::{Scene, asked, job, pictures, replies};
use crate::support::server::reply;
use crate::support::studio::{self, Studio};

#[test]
fn resume_needs_a_batch_that_was_begun() {
    let scene = Scene::with_ids(&["a"]);
    let (url, count) = replies(vec![]);
    let run = scene.run_at(&url, &["--resume"]);
    assert_eq!(run.code, 2, "{run:#?}");
    let said = format!(
        "error: {} holds no batch that --resume could continue; nothing was sent\n",
        scene.out().display()
    );
    assert!(run.stderr.starts_with(&said), "{run:#?}");
    // Not even the directory is made: its name may be a typing error.
    assert!(!scene.out().exists());

    fs::create_dir(scene.out()).unwrap();
    fs::write(scene.out().join("journal.sqlite3"), "").unwrap();
    let run = scene.run_at(&url, &["--resume"]);
    assert_eq!((run.code, asked(&count)), (2, 0), "{run:#?}");
}

#[test]
fn a_journal_that_was_deleted_is_missed() {
    let scene = Scene::with_ids(&["a", "b"]);
    let (url, count) = replies(vec![]);
    assert_eq!(scene.run_at(&url, &[]).code, 0);
    for name in names(&scene.out()) {
        if name.starts_with("journal") {
            fs::remove_file(scene.out().join(name)).unwrap();
        }
    }
    for args in [&["--resume"][..], &[]] {
        let run = scene.run_at(&url, args);
        assert_eq!((run.code, asked(&count)), (2, 2), "{run:#?}");
        assert!(run.stderr.contains("journal.sqlite3 is gone"), "{run:#?}");
    }
    // Whoever removes both still pays nothing twice.
    fs::remove_file(scene.out().join("batch.id")).unwrap();
    scene.write(&[job("a"), job("b"), job("c")]);
    let run = scene.run_at(&url, &[]);
    assert_eq!((run.code, asked(&count)), (0, 3), "{run:#?}");
    let said = "warning: 2 jobs not sent: the directory has their pictures already, \
                of which its journal does not know\n";
    assert_eq!(run.stderr, said);
    assert_eq!(run.json()["jobs"]["done"], 3);
    assert_eq!(scene.pictures(), ["a.png", "b.png", "c.png"]);
}

/// What is told to do about a file is not refused once it is done.
#[test]
fn a_file_beside_the_journal_that_is_lost_is_told_by_its_name() {
    let scene = Scene::with_ids(&["a"]);
    let (url, count) = replies(vec![]);
    assert_eq!(scene.run_at(&url, &[]).code, 0);
    let file = scene.out().join("batch.id");
    let kept = fs::read(&file).unwrap();
    let out = scene.out().display().to_string();
    let refused = |expected: String| {
        let run = scene.run_at(&url, &["--resume"]);
        assert_eq!((run.code, asked(&count)), (2, 1), "{run:#?}");
        assert_eq!(run.stderr, expected);
    };
    fs::write(&file, "x").unwrap();
    refused(format!(
        "error: {out}/batch.id is damaged\n\
         hint: it says whether the journal beside it is whole: restore it from a backup, or give \
         another directory, in which every job is sent again; nothing was sent\n"
    ));
    fs::remove_file(&file).unwrap();
    refused(format!(
        "error: {out}/journal.sqlite3 has no batch.id beside it: what was sent can't be told; \
         nothing was sent now\n\
         hint: restore batch.id from a backup, where it was removed; or give another directory, \
         in which every job is sent again\n"
    ));
    fs::write(&file, kept).unwrap();
    assert_eq!(scene.run_at(&url, &["--resume"]).code, 0);
}

fn copy_journal(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for name in names(from) {
        if name.starts_with("journal") || name == "batch.id" {
            fs::copy(from.join(&name), to.join(&name)).unwrap();
        }
    }
}

/// The journal of a moment when some jobs were queued, and one was unknown.
#[test]
fn a_journal_from_a_backup_sends_nothing_that_has_its_pictures() {
    let two = job("two").replace("\"512x512\"", "\"512x512\",\"n\":2");
    let lines = [job("a"), job("b"), job("c"), two, job("d")];
    let scene = Scene::new(&lines);
    let (url, count) = replies(vec![
        pictures(1),
        reply(500, "text/plain", "no"),
        pictures(1),
        pictures(1),
        pictures(2),
    ]);
    let run = scene.run_at(&url, &["--max-images=2"]);
    assert_eq!(asked(&count), 2, "{run:#?}");
    let backup = scene.out().with_extension("backup");
    copy_journal(&scene.out(), &backup);
    let run = scene.run_at(&url, &["--resume", "--retry-unknown"]);
    assert_eq!((run.code, asked(&count)), (0, 6), "{run:#?}");
    let made = scene.pictures();
    assert_eq!(made.len(), 6);

    copy_journal(&backup, &scene.out());
    let run = scene.run_at(&url, &["--resume", "--retry-unknown"]);
    assert_eq!((run.code, asked(&count)), (0, 6), "{run:#?}");
    let said = "warning: 4 jobs not sent: the directory has their pictures already, of which its \
                journal does not know\n";
    assert_eq!(run.stderr, said);
    assert_eq!(scene.pictures(), made);
    assert_eq!(run.json()["jobs"]["done"], 5);
    assert_eq!(run.json()["images"]["saved"], 6);
    // From now on the journal knows.
    let run = scene.run_at(&url, &["--resume"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    assert_eq!((asked(&count), scene.pictures()), (6, made));
}

#[test]
fn a_picture_of_another_request_is_no_reason_to_leave_a_job_out() {
    let scene = Scene::with_ids(&["a"]);
    let (url, count) = replies(vec![]);
    assert_eq!(scene.run_at(&url, &[]).code, 0);
    for name in names(&scene.out()) {
        if !name.starts_with("a.png") {
            fs::remove_file(scene.out().join(name)).unwrap();
        }
    }
    scene.write(&[job("a").replace("512x512", "1024x1024")]);
    let run = scene.run_at(&url, &[]);
    assert_eq!((run.code, asked(&count)), (3, 1), "{run:#?}");
    assert!(
        run.stderr
            .contains("the directory has a.png, a picture of another request"),
        "{run:#?}"
    );
}

/// Kills a batch after some of its jobs, so that its log is not in its journal yet; what it
/// sent before is carried out.
fn killed(scene: &Scene, studio: &Studio) {
    studio.pause(Duration::from_millis(30));
    let mut command = scene.command(&["--base-url", &studio.url, "--concurrency=2"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    test_data::until("some are sent", || studio.made().len() >= 5);
    child.kill().unwrap();
    child.wait().unwrap();
    studio.wait_until_quiet();
}

#[cfg(unix)]
#[test]
fn a_log_that_is_garbage_or_gone_is_noticed() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 4] = [
        ("garbage", |log| {
            fs::write(log, "garbage ".repeat(5000)).unwrap()
        }),
        ("gone", |log| fs::remove_file(log).unwrap()),
        ("empty", |log| fs::write(log, "").unwrap()),
        ("damaged within", |log| {
            let mut bytes = fs::read(log).unwrap();
            let at = 32 + 24 + 100;
            bytes[at] ^= 0xff;
            fs::write(log, bytes).unwrap();
        }),
    ];
    for (what, damage) in damages {
        let lines: Vec<_> = (0..30).map(|number| studio::job(number).1).collect();
        let scene = Scene::new(&lines);
        let studio = Studio::open();
        killed(&scene, &studio);
        let made = studio.made();
        damage(&scene.out().join("journal.sqlite3-wal"));
        for args in [&["--resume"][..], &[]] {
            let run = scene.run_at(&studio.url, args);
            assert_eq!(run.code, 2, "{what}: {run:#?}");
            assert!(run.stderr.contains("nothing was sent"), "{what}: {run:#?}");
            assert_eq!(studio.made(), made, "{what}");
        }
    }
}

/// A batch that runs, of which some jobs were sent.
#[cfg(unix)]
fn running(scene: &Scene, studio: &Studio) -> Child {
    studio.pause(Duration::from_millis(100));
    let mut command = scene.command(&["--base-url", &studio.url, "--concurrency=2"]);
    let child = spawn(&mut command);
    test_data::until("some are sent", || studio.made().len() >= 4);
    child
}

#[cfg(unix)]
fn thirty_jobs() -> Scene {
    Scene::new(
        &(0..30)
            .map(|number| studio::job(number).1)
            .collect::<Vec<_>>(),
    )
}

#[cfg(unix)]
#[track_caller]
fn stopped_and_written_again(run: &Run, what: &str, studio: &Studio) {
    assert_eq!(run.code, 9, "{run:#?}");
    assert!(run.stderr.contains(what), "{run:#?}");
    let written = "the journal is written again: ";
    assert!(run.stderr.contains(written), "{run:#?}");
    assert!(studio.made().len() < 30, "it did not stop");
}

/// Goes on with the batch; what was sent before is not sent again.
#[cfg(unix)]
#[track_caller]
fn resume(scene: &Scene, studio: &Studio) {
    let before = studio.made();
    let run = scene.run_at(&studio.url, &["--resume"]);
    let after = studio.made();
    assert!(
        after.values().all(|times| *times == 1),
        "{after:?} {run:#?}"
    );
    assert!(after.len() > before.len(), "{run:#?}");
}

#[cfg(unix)]
#[test]
fn a_directory_that_is_removed_stops_the_batch_and_loses_no_knowledge() {
    let (scene, studio) = (thirty_jobs(), Studio::open());
    let child = running(&scene, &studio);
    fs::rename(scene.out(), scene.out().with_extension("moved")).unwrap();
    fs::remove_dir_all(scene.out().with_extension("moved")).unwrap();
    let run = done(child.wait_with_output().unwrap());
    let what = "out was removed while the batch ran, and what was saved in it";
    stopped_and_written_again(&run, what, &studio);
    resume(&scene, &studio);
}

/// Where the directory was moved, two journals of one batch would both go on.
#[cfg(unix)]
#[test]
fn a_journal_that_was_moved_away_says_where_the_batch_goes_on() {
    let (scene, studio) = (thirty_jobs(), Studio::open());
    let child = running(&scene, &studio);
    let moved = scene.out().with_extension("moved");
    fs::rename(scene.out(), &moved).unwrap();
    let run = done(child.wait_with_output().unwrap());
    stopped_and_written_again(&run, "out was removed while the batch ran", &studio);
    let made = studio.made();
    let mut command = with_keys();
    command
        .arg("batch")
        .arg(scene.jobs())
        .arg("--out")
        .arg(&moved);
    command.args(["--base-url", &studio.url, "--resume"]);
    let refused = support_run(&mut command);
    let said = format!(
        "error: {}/journal.sqlite3 is not the journal of this batch any more: it goes on in \
         {out}; nothing was sent\nhint: continue there: --resume --out {out}\n",
        moved.display(),
        out = scene.out().display()
    );
    refused.ended(2, "", &said);
    assert_eq!(studio.made(), made);
    resume(&scene, &studio);
}

/// The journal in it says that the batch goes on elsewhere: where it is again.
#[cfg(unix)]
#[test]
fn a_directory_that_was_moved_away_and_is_back_is_gone_on_with() {
    let (scene, studio) = (thirty_jobs(), Studio::open());
    let child = running(&scene, &studio);
    let moved = scene.out().with_extension("moved");
    fs::rename(scene.out(), &moved).unwrap();
    let run = done(child.wait_with_output().unwrap());
    stopped_and_written_again(&run, "out was removed while the batch ran", &studio);
    fs::remove_dir_all(scene.out()).unwrap();
    fs::rename(&moved, scene.out()).unwrap();
    resume(&scene, &studio);
}

#[cfg(unix)]
#[test]
fn a_journal_that_is_removed_stops_the_batch_and_loses_no_knowledge() {
    let (scene, studio) = (thirty_jobs(), Studio::open());
    let child = running(&scene, &studio);
    fs::remove_file(scene.out().join("journal.sqlite3")).unwrap();
    let run = done(child.wait_with_output().unwrap());
    let what = "out/journal.sqlite3 was removed while the batch ran\n";
    stopped_and_written_again(&run, what, &studio);
    resume(&scene, &studio);
    assert_eq!(scene.pictures().len(), 30);
}
