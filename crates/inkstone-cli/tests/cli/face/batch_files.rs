//! Batches from plain lines, tables, and lines that name pictures by their paths.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::command::{self, Run, bare, json_in, run, with_keys};
use crate::support::served::Served;
use crate::support::server::pixel;

fn batch(directory: &Path, file: &str, text: &str, more: &[&str]) -> Run {
    fs::write(directory.join(file), text).unwrap();
    again(directory, file, more)
}

fn again(directory: &Path, file: &str, more: &[&str]) -> Run {
    let mut command = bare();
    command.arg("batch").arg(directory.join(file)).arg("--out");
    command
        .arg(directory.join("out"))
        .arg("--sandbox")
        .args(more);
    run(&mut command)
}

fn pictures(directory: &Path) -> Vec<String> {
    command::pictures(&directory.join("out"))
}

fn sidecar(directory: &Path, picture: &str) -> Value {
    json_in(&directory.join("out"), &format!("{picture}.json"))
}

const SMALL: [&str; 2] = ["--model=qwen-image-2.0", "--size=512x512"];

#[test]
fn plain_lines_are_prompts_and_name_their_pictures() {
    let directory = tempfile::tempdir().unwrap();
    let text = "\n  a ginger cat  \r\n\n一只猫\na ginger cat\n";
    let run = batch(directory.path(), "prompts.txt", text, &SMALL);
    assert_eq!(run.code, 0, "{run:#?}");
    let expected = ["a-ginger-cat-2.png", "a-ginger-cat.png", "一只猫.png"];
    assert_eq!(pictures(directory.path()), expected);
    let request = sidecar(directory.path(), "一只猫.png")["request"].clone();
    assert_eq!(request["parameters"]["size"], "512*512");
    // A line that is put before the others changes none of them.
    let text = format!("a dog\n{text}");
    let run = batch(
        directory.path(),
        "prompts.txt",
        &text,
        &[&SMALL[..], &["--resume"]].concat(),
    );
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(run.json()["jobs"]["done"], 4);
    assert_eq!(pictures(directory.path()).len(), 4);
}

#[test]
fn a_table_has_a_job_a_row_and_pictures_beside_it() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("in")).unwrap();
    let cat = directory.path().join("in/my cat.png");
    fs::write(&cat, pixel()).unwrap();
    let text = "\u{feff}ID,Prompt,image,model,n,size\r\n\
        hat,\"add a hat,\nplease\",in/my cat.png,qwen-image-edit-2509,,\r\n\
        ,,,,,\r\n\
        ,two cats,,qwen-image-2.0,2,512x512\r\n";
    let run = batch(directory.path(), "edits.csv", text, &[]);
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(
        pictures(directory.path()),
        ["hat.png", "two-cats-2.png", "two-cats.png"]
    );
    let hat = sidecar(directory.path(), "hat.png");
    assert_eq!(hat["request"]["prompt"], "add a hat,\nplease");
    assert_eq!(hat["inputs"][0]["path"], "in/my cat.png");
    // Semicolons, as spreadsheets of some countries write them.
    let text = "prompt;size\na, b;512x512\n";
    let other = tempfile::tempdir().unwrap();
    let run = batch(other.path(), "x.csv", text, &["--model=qwen-image-2.0"]);
    assert_eq!(
        (run.code, pictures(other.path())),
        (0, vec!["a-b.png".to_owned()]),
        "{run:#?}"
    );
}

#[test]
fn everything_wrong_with_a_table_is_reported() {
    let directory = tempfile::tempdir().unwrap();
    let wrong = |text: &str| {
        let run = batch(directory.path(), "jobs.csv", text, &[]);
        let name = directory.path().join("jobs.csv").display().to_string();
        (run.code, run.stderr.replace(&name, "JOBS"))
    };
    let (code, stderr) = wrong("promt,size\na,2K\n");
    assert_eq!(code, 3);
    assert_eq!(
        stderr,
        "error: JOBS can't be read as a table; nothing was sent
  there is no column promt: did you mean prompt?
  the column prompt is missing
hint: the first row names the columns: id, prompt, model, size, n, seed, negative_prompt, prompt_extend, watermark, image, api, async, account
"
    );
    let (code, stderr) = wrong("prompt,n,api\na,two,moon\nb,9,\nc,1,gateway,more\n");
    assert_eq!(code, 3, "{stderr}");
    for part in [
        "line 2: n: two is not a whole number",
        "line 2: api: moon is none of gateway, dashscope, compatible-mode",
        "line 3, job \"b\": /n: maximum: expected at most 4, found 9",
        "line 4: has 4 fields, and the table 3 columns",
    ] {
        assert!(stderr.contains(part), "{part}: {stderr}");
    }
    // A missing picture is a matter of files, not of rules.
    let (code, stderr) = wrong("prompt,image,model\na,none.png,qwen-image-edit-2509\n");
    assert_eq!(code, 2, "{stderr}");
    assert!(
        stderr.contains("line 2, job \"a\": --image none.png: can't be read"),
        "{stderr}"
    );
}

#[test]
fn lines_of_json_name_pictures_by_their_paths_and_may_be_blank() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("cat.png"), pixel()).unwrap();
    let content = json!([{"image": "cat.png"}, {"text": "a hat"}]);
    let lines = [
        json!({"id": "a", "model": "qwen-image-edit-2509", "prompt": "a hat", "image": "cat.png"})
            .to_string(),
        String::new(),
        json!({"id": "b", "request": {"model": "qwen-image-2.0", "input": {
            "messages": [{"role": "user", "content": content}],
        }, "parameters": {"size": "512*512"}}})
        .to_string(),
    ];
    let run = batch(directory.path(), "jobs.jsonl", &lines.join("\n"), &[]);
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(pictures(directory.path()), ["a.png", "b.png"]);
    let pointer =
        |picture: &str| sidecar(directory.path(), picture)["inputs"][0]["pointer"].clone();
    assert_eq!(pointer("a.png"), "/image");
    assert_eq!(pointer("b.png"), "/input/messages/0/content/0/image");
    // A picture that is cut short is not sent.
    let cut = &pixel()[..50];
    fs::write(directory.path().join("cut.png"), cut).unwrap();
    let line =
        json!({"id": "c", "model": "qwen-image-edit-2509", "prompt": "x", "image": "cut.png"});
    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("cut.png"), cut).unwrap();
    let run = batch(other.path(), "jobs.jsonl", &line.to_string(), &[]);
    assert_eq!(run.code, 3);
    assert!(
        run.stderr
            .contains("/image: cut.png: is a PNG that is damaged, or cut short"),
        "{run:#?}"
    );
}

#[test]
fn a_batch_of_edits_is_interrupted_and_goes_on_to_its_contact_sheet() {
    let directory = tempfile::tempdir().unwrap();
    let mut text = "prompt,image,model\n".to_owned();
    for number in 0..6 {
        fs::write(directory.path().join(format!("{number}.png")), pixel()).unwrap();
        text += &format!("hat {number},{number}.png,qwen-image-edit-2509\n");
    }
    fs::write(directory.path().join("edits.csv"), &text).unwrap();
    // Its pictures are there after the program is not.
    let served = Served::with(&json!([]));
    let start = || {
        let mut command = with_keys();
        command
            .arg("batch")
            .arg(directory.path().join("edits.csv"))
            .arg("--out")
            .arg(directory.path().join("out"))
            .args(["--concurrency=1", "--base-url", &served.url]);
        command
    };
    let mut child = start().spawn().unwrap();
    let first = directory.path().join("out/hat-1.png");
    test_data::until("a picture is there", || first.exists());
    child.kill().unwrap();
    child.wait().unwrap();
    let run = run(start().args(["--resume", "--retry-unknown"]));
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(run.json()["jobs"]["done"], 6);
    let sheet = fs::read_to_string(directory.path().join("out/index.html")).unwrap();
    assert!(
        (0..6).all(|number| sheet.contains(&format!("hat-{number}.png"))),
        "{sheet}"
    );
}
