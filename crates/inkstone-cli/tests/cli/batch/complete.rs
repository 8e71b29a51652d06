//! `inkstone batch` with jobs that succeed.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::command::{bare, names, run};
use crate::support::scene::{Scene, asked, job, pictures, replies};
use crate::support::server::reply;

fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn pictures_are_named_after_their_jobs() {
    let scene = Scene::new(&[
        job("cat"),
        json!({"id": "a/b", "api": "dashscope", "request": {
            "model": "qwen-image-2.0",
            "input": {"messages": [{"role": "user", "content": [{"text": "<i>owls</i>"}]}]},
            "parameters": {"size": "512*512", "n": 2, "seed": 7},
        }})
        .to_string(),
        json!({"id": "Cat", "model": "qwen-image-2.0-2026-03-03", "prompt": "x", "size": "512x512"})
            .to_string(),
    ]);
    let run = run(bare()
        .arg("batch")
        .arg(scene.jobs())
        .arg("--out")
        .arg(scene.out())
        .args(["--sandbox", "--concurrency=1"]));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    let pictures = scene.pictures();
    assert_eq!(pictures.len(), 4);
    // Where a disk takes Cat for cat, and where it doesn't.
    assert!(pictures.contains(&"cat.png".to_owned()));
    assert!(pictures.contains(&"Cat-2.png".to_owned()), "{pictures:?}");
    let second = pictures
        .iter()
        .find(|name| name.starts_with("a-b-"))
        .unwrap();
    assert!(second.ends_with("-2.png"), "{second}");
    for picture in &pictures {
        let bytes = fs::read(scene.out().join(picture)).unwrap();
        assert_eq!(bytes[16..24], [0, 0, 2, 0, 0, 0, 2, 0], "512 by 512 pixels");
    }
    let sidecar = read_json(&scene.out().join(format!("{second}.json")));
    assert_eq!(
        (
            &sidecar["id"],
            &sidecar["api"],
            &sidecar["request"]["parameters"]["seed"]
        ),
        (&json!("a/b"), &json!("dashscope"), &json!(7))
    );
    assert!(sidecar["source"]["url"].is_string() && sidecar["request_id"].is_string());

    let summary = run.json();
    assert_eq!(summary, read_json(&scene.out().join("summary.json")));
    assert_eq!(
        (&summary["jobs"]["done"], &summary["exit_code"]),
        (&json!(3), &json!(0))
    );
    assert_eq!(summary["images"], json!({"saved": 4, "spent": 4}));
    // A sandbox costs nothing.
    assert_eq!(summary["cost"], Value::Null);
    assert_eq!(summary["reserved"], json!({"images": 0, "cost": null}));
    let mut others = names(&scene.out());
    others.retain(|name| !name.contains(".png"));
    assert_eq!(
        others.join(" "),
        "batch.id index.html journal.sqlite3 summary.json"
    );

    let sheet = fs::read_to_string(scene.out().join("index.html")).unwrap();
    assert!(!sheet.contains("CNY"), "{sheet}");
    assert!(sheet.contains(&format!("src=\"{second}\"")), "{sheet}");
    is_safe(&sheet);
}

/// What came from elsewhere is text, and nothing is fetched or run but the sheet's own.
fn is_safe(sheet: &str) {
    assert!(sheet.contains("&lt;i&gt;owls&lt;/i&gt;"), "{sheet}");
    // Its own script, by its hash, is the only one that the policy lets run.
    let (_, script) = sheet.split_once("<script>").unwrap();
    let (script, rest) = script.split_once("</script>").unwrap();
    assert!(!rest.contains("<script"), "{rest}");
    let hash = STANDARD.encode(Sha256::digest(script));
    let policy = format!(
        "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'; \
                          script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
    );
    assert!(sheet.contains(&policy), "{policy}");
    assert!(!sheet.contains("http://") && !sheet.contains("https://"));
}

#[test]
fn finished_jobs_are_not_repeated() {
    let scene = Scene::with_ids(&["a", "b"]);
    let (url, count) = replies(vec![]);
    assert_eq!(scene.run_at(&url, &[]).code, 0);
    let run = scene.run_at(&url, &[]);
    let out = scene.out();
    run.ended(
        2,
        "",
        &format!(
            "error: {} already holds a batch
hint: continue it with --resume, which sends nothing twice; or start another batch in another directory
",
            out.display()
        ),
    );
    assert_eq!(scene.run_at(&url, &["--resume"]).code, 0);
    assert_eq!(asked(&count), 2);
    // A new line adds a job; a removed line removes none.
    scene.write(&[job("b"), job("c")]);
    let run = scene.run_at(&url, &["--resume"]);
    assert_eq!((run.code, asked(&count)), (0, 3), "{run:#?}");
    assert_eq!(run.json()["jobs"]["done"], 3);
    assert_eq!(scene.pictures(), ["a.png", "b.png", "c.png"]);
}

#[test]
fn nothing_is_overwritten() {
    let scene = Scene::with_ids(&["a", "b"]);
    fs::create_dir(scene.out()).unwrap();
    fs::write(scene.out().join("a.png"), "mine").unwrap();
    fs::write(scene.out().join("b.png.json"), "mine").unwrap();
    let (url, _) = replies(vec![]);
    assert_eq!(scene.run_at(&url, &[]).code, 0);
    assert_eq!(scene.pictures(), ["a-2.png", "a.png", "b-2.png"]);
    for file in ["a.png", "b.png.json"] {
        assert_eq!(fs::read(scene.out().join(file)).unwrap(), b"mine");
    }
}

#[test]
fn a_long_batch_has_several_pages() {
    let ids: Vec<_> = (0..201).map(|number| format!("job-{number}")).collect();
    let scene = Scene::with_ids(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    let (url, _) = replies(vec![reply(
        400,
        "application/json",
        r#"{"error":{"message":"<no>","code":"invalid_request"}}"#,
    )]);
    let run = scene.run_at(&url, &[]);
    assert_eq!(run.code, 4, "{run:#?}");
    let mut pages = names(&scene.out());
    pages.retain(|page| page.ends_with(".html"));
    assert_eq!(pages, ["index-2.html", "index.html"]);
    let first = fs::read_to_string(scene.out().join("index.html")).unwrap();
    for part in [
        "201 jobs: 200 done, 1 refused · 200 pictures · 40.00 CNY",
        "<a href=\"index.html#job-1\">job-0</a> refused",
        "<a href=\"index-2.html\">2</a>",
        "the API refused the request: &lt;no&gt;",
    ] {
        assert!(first.contains(part), "{part}\n{first}");
    }
    let last = fs::read_to_string(scene.out().join("index-2.html")).unwrap();
    assert_eq!(last.matches("<article").count(), 1);
}

#[test]
fn a_dry_run_counts_and_makes_nothing() {
    let scene = Scene::new(&[
        job("a"),
        json!({"id": "b", "model": "wan2.7-image-pro", "prompt": "x"}).to_string(),
    ]);
    let run = run(bare()
        .arg("batch")
        .arg(scene.jobs())
        .arg("--out")
        .arg(scene.out())
        .arg("--dry-run"));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let plan = run.json();
    assert_eq!(
        (&plan["jobs"], &plan["images_at_most"]),
        (&json!(2), &json!(5))
    );
    assert_eq!(plan["cost_at_most"]["by_currency"], json!({"CNY": 2.2}));
    assert!(!scene.out().exists());
}

/// Changes the journal to what a program killed at a certain moment would have left.
fn rewind(scene: &Scene, sql: &str) {
    let journal = rusqlite::Connection::open(scene.out().join("journal.sqlite3")).unwrap();
    journal.execute_batch(sql).unwrap();
}

#[test]
fn a_picture_is_saved_once_whenever_the_program_ends() {
    let scene = Scene::with_ids(&["a"]);
    let (url, count) = replies(vec![pictures(1)]);
    assert_eq!(scene.run_at(&url, &[]).code, 0);
    let moments = [
        ("before it had a name", "DELETE FROM pictures", true),
        (
            "before its name was given",
            "UPDATE pictures SET saved = 0",
            true,
        ),
        (
            "before that was noted",
            "UPDATE pictures SET saved = 0",
            false,
        ),
        ("before the job was done", "", false),
    ];
    for (moment, sql, is_unnamed) in moments {
        rewind(&scene, &format!("UPDATE jobs SET state = 'replied'; {sql}"));
        if is_unnamed {
            fs::remove_file(scene.out().join("a.png")).unwrap();
            fs::remove_file(scene.out().join("a.png.json")).unwrap();
        }
        let run = scene.run_at(&url, &["--resume"]);
        assert_eq!((run.code, asked(&count)), (0, 1), "{moment} {run:#?}");
        assert_eq!(scene.pictures(), ["a.png"], "{moment}");
        assert!(scene.out().join("a.png.json").exists(), "{moment}");
    }
}

#[test]
fn a_journal_of_another_version_is_left_alone() {
    let scene = Scene::with_ids(&["a"]);
    let (url, _) = replies(vec![]);
    assert_eq!(scene.run_at(&url, &[]).code, 0);
    rewind(&scene, "PRAGMA user_version = 7");
    let run = scene.run_at(&url, &["--resume"]);
    assert_eq!(run.code, 2);
    let expected = "error: the journal has version 7, but this program needs version 6\n";
    assert!(run.stderr.starts_with(expected), "{run:#?}");

    let scene = Scene::with_ids(&["a"]);
    fs::create_dir(scene.out()).unwrap();
    fs::write(scene.out().join("journal.sqlite3"), "not a database at all").unwrap();
    let run = scene.run(&["--sandbox"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("is not a journal"), "{run:#?}");
}

/// Discs would count as pictures, and as paid for; or pictures that were wanted as discs.
#[test]
fn a_rehearsal_is_not_continued_for_real_nor_the_reverse() {
    let scene = Scene::with_ids(&["a", "b"]);
    let (url, count) = replies(vec![]);
    assert_eq!(scene.run(&["--sandbox"]).code, 0);
    let run = scene.run_at(&url, &["--resume"]);
    assert_eq!((run.code, asked(&count)), (2, 0), "{run:#?}");
    let out = scene.out().display().to_string();
    let said = format!(
        "error: {out} is a rehearsal with --sandbox: no API made its pictures; nothing was sent\n"
    );
    assert!(run.stderr.starts_with(&said), "{run:#?}");
    scene.write(&[job("a"), job("b"), job("c")]);
    let run = scene.run(&["--sandbox", "--resume"]);
    assert_eq!((run.code, scene.pictures().len()), (0, 3), "{run:#?}");
    // Not even where its journal is gone, by the pictures.
    for name in names(&scene.out()) {
        if name.starts_with("journal") || name == "batch.id" {
            fs::remove_file(scene.out().join(name)).unwrap();
        }
    }
    let run = scene.run_at(&url, &[]);
    assert_eq!((run.code, asked(&count)), (3, 0), "{run:#?}");
    assert!(
        run.stderr.contains("one of the two is a rehearsal"),
        "{run:#?}"
    );

    let scene = Scene::with_ids(&["a"]);
    assert_eq!(scene.run_at(&url, &[]).code, 0);
    scene.write(&[job("a"), job("b")]);
    let run = scene.run(&["--sandbox", "--resume"]);
    assert_eq!((run.code, scene.pictures().len()), (2, 1), "{run:#?}");
    let out = scene.out().display().to_string();
    let said =
        format!("error: {out} is no rehearsal: its pictures are those of APIs; nothing was sent\n");
    assert!(run.stderr.starts_with(&said), "{run:#?}");
    let run = scene.run_at(&url, &["--resume"]);
    assert_eq!((run.code, asked(&count)), (0, 2), "{run:#?}");
}
