//! Local pictures by way of the temporary storage.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::command::{self, Run, json_in};
use crate::support::scene::Scene;
use crate::support::served::Served;
use crate::support::server::{PIXEL, pixel};

/// A picture of so many bytes, as far as its beginning tells.
fn picture(directory: &Path, bytes: usize) -> PathBuf {
    let mut file = pixel();
    // Some models want more than a pixel: its header says 512 by 512.
    file[16..24].copy_from_slice(&[0, 0, 2, 0, 0, 0, 2, 0]);
    file.resize(bytes.max(file.len()), 0);
    let path = directory.join("cat.png");
    fs::write(&path, file).unwrap();
    path
}

fn generate(served: &Served, out: &Path, more: &[&str]) -> Run {
    let image = picture(out, 0);
    let own = ["--api=dashscope", "--model=qwen-image-3.0", "--image"];
    let args = [&own[..], &[image.to_str().unwrap()], more].concat();
    command::generate(&served.url, &out.join("out"), &args)
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    let hash = sha2::Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The picture in the last request that was sent.
fn sent(served: &Served) -> String {
    let journal = served.journal();
    let mut bodies = journal.as_array().unwrap().iter().rev();
    let image = |entry: &Value| {
        let image = &entry["body"]["input"]["messages"][0]["content"][0]["image"];
        image.as_str().map(str::to_owned)
    };
    bodies.find_map(image).unwrap()
}

/// Method, path and key of all requests.
fn requests(served: &Served) -> Vec<(String, bool)> {
    let journal = served.journal();
    let entries = journal.as_array().unwrap().iter();
    let line = |entry: &Value| {
        let text = |name: &str| entry[name].as_str().unwrap().to_owned();
        (
            text("method") + " " + &text("path"),
            entry["authorized"] == true,
        )
    };
    entries
        .map(line)
        .filter(|(line, _)| !line.contains("/_images/"))
        .collect()
}

#[test]
fn a_picture_goes_to_the_storage_without_the_key_and_its_url_into_the_request() {
    let served = Served::with(&json!([]));
    let out = tempfile::tempdir().unwrap();
    let run = generate(&served, out.path(), &["--upload", "--size=1024*1024"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    assert!(sent(&served).starts_with("oss://"), "{}", sent(&served));
    let expected = [
        ("GET /api/v1/uploads".to_owned(), true),
        ("POST /".to_owned(), false),
        (
            "POST /api/v1/services/aigc/multimodal-generation/generation".to_owned(),
            true,
        ),
    ];
    assert_eq!(requests(&served), expected);
}

#[test]
fn only_what_is_too_long_for_a_request_is_uploaded_unasked() {
    let served = Served::with(&json!([]));
    let out = tempfile::tempdir().unwrap();
    let large = picture(out.path(), 8_000_000);
    let large =
        fs::rename(&large, out.path().join("large.png")).map(|()| out.path().join("large.png"));
    let large = large.unwrap();
    let more = ["--image", large.to_str().unwrap(), "--size=1024*1024"];
    let dry = generate(&served, out.path(), &[&more[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, 0, "{dry:#?}");
    assert!(
        dry.stderr
            .contains("uploaded before that is sent: 1 picture\n"),
        "{}",
        dry.stderr
    );
    let run = generate(&served, out.path(), &more);
    assert_eq!(run.code, 0, "{run:#?}");
    // Of what both sidecars say, nothing is gone in two days.
    let images = sidecar(out.path())["request"]["input"]["messages"][0]["content"].clone();
    let images = [&images[0]["image"], &images[1]["image"]].map(|image| image.as_str().unwrap());
    assert!(
        images.iter().all(|image| image.starts_with("data:")),
        "{images:?}"
    );
    assert!(sent(&served).starts_with("data:"));
    let uploads = requests(&served)
        .into_iter()
        .filter(|(line, _)| line == "POST /");
    assert_eq!(uploads.count(), 1);
}

/// The file beside the picture.
fn sidecar(out: &Path) -> Value {
    json_in(&out.join("out"), ".png.json")
}

#[test]
fn a_picture_that_was_uploaded_is_uploaded_again_from_its_file() {
    let served = Served::with(&json!([]));
    let out = tempfile::tempdir().unwrap();
    let run = generate(&served, out.path(), &["--upload", "--size=1024*1024"]);
    assert_eq!(run.code, 0, "{run:#?}");
    let cat = out.path().join("cat.png");
    let hash = sha256(&fs::read(&cat).unwrap());
    let known = sidecar(out.path());
    let expected = json!([{"path": cat, "sha256": hash,
        "pointer": "/input/messages/0/content/0/image"}]);
    assert_eq!(known["inputs"], expected);
    assert!(!known.to_string().contains("oss://"), "{known:#}");

    let beside = out.path().join("made.png.json");
    let again = |more: &[&str]| {
        let args = [&["--from", beside.to_str().unwrap()], more].concat();
        command::generate(&served.url, &out.path().join("again"), &args)
    };
    fs::write(&beside, known.to_string()).unwrap();
    let made = again(&["--upload"]);
    assert_eq!(made.code, 0, "{made:#?}");
    let uploads = || {
        let requests = requests(&served).into_iter();
        requests.filter(|(line, _)| line == "POST /").count()
    };
    assert_eq!(
        (uploads(), served.stats()["submitted"].as_u64()),
        (2, Some(2))
    );

    // Another picture, none, and one of which an earlier version knew only where it was uploaded.
    let path = cat.display();
    fs::write(&cat, pixel()).unwrap();
    let changed = format!("error: {path} is no longer the picture that the request had");
    let gone = again(&["--upload"]);
    assert_eq!(
        (gone.code, gone.stderr.starts_with(&changed)),
        (3, true),
        "{gone:#?}"
    );
    fs::remove_file(&cat).unwrap();
    let gone = again(&["--upload"]);
    let missing = format!("error: --image {path}: ");
    assert_eq!(
        (gone.code, gone.stderr.starts_with(&missing)),
        (2, true),
        "{gone:#?}"
    );
    let mut old = known;
    old["time"] = "2026-01-01T00:00:00Z".into();
    old["request"]["input"]["messages"][0]["content"][0]["image"] = "oss://a/b.png".into();
    fs::write(&beside, old.to_string()).unwrap();
    let gone = again(&[]);
    let said = "error: a picture of the request was uploaded, and is gone by now: oss://a/b.png\n";
    assert_eq!(
        (gone.code, gone.stderr.starts_with(said)),
        (3, true),
        "{gone:#?}"
    );
    assert_eq!(served.stats()["submitted"], 2);
}

#[test]
fn what_is_not_uploaded_is_not_sent() {
    let cases: [(&[&str], i32, &str); 4] = [
        (
            &["--model=wan2.7-image"],
            3,
            "--upload: dashscope/wan2.7-image takes no pictures from a temporary storage",
        ),
        (
            &["--api=gateway", "--model=qwen-image-edit-2509"],
            3,
            "--upload: gateway/qwen-image-edit-2509 takes no pictures",
        ),
        (
            &["--region=ap-southeast-1"],
            2,
            "pictures can be uploaded in cn-beijing alone, and this client sends to ap-southeast-1",
        ),
        (&["--region=mars"], 2, "there is no region \"mars\""),
    ];
    let served = Served::with(&json!([]));
    for (args, code, said) in cases {
        let out = tempfile::tempdir().unwrap();
        let image = picture(out.path(), 0);
        let image = image.to_str().unwrap();
        let mut all = vec!["--upload", "--size=1024*1024", "--image", image];
        if !args.iter().any(|arg| arg.starts_with("--model")) {
            all.extend(["--api=dashscope", "--model=qwen-image-3.0"]);
        } else if !args.iter().any(|arg| arg.starts_with("--api")) {
            all.push("--api=dashscope");
        }
        all.extend(args);
        all.retain(|arg| !(code == 3 && arg.starts_with("--size")));
        let run = command::generate(&served.url, out.path(), &all);
        assert_eq!(run.code, code, "{args:?} {run:#?}");
        assert!(run.stderr.contains(said), "{args:?} {run:#?}");
    }
    assert_eq!(served.stats()["submitted"], 0);
}

#[test]
fn an_url_of_the_storage_is_refused_where_it_can_not_be_fetched() {
    let served = Served::with(&json!([]));
    let out = tempfile::tempdir().unwrap();
    let args = [
        "--api=dashscope",
        "--model=qwen-image-3.0",
        "--size=1024*1024",
        "--image=oss://a/b.png",
        "--region=us-east-1",
    ];
    let run = command::generate(&served.url, out.path(), &args);
    assert_eq!(run.code, 3, "{run:#?}");
    let said = "a picture that the region us-east-1 can fetch: the temporary storage is of cn-beijing alone";
    assert!(run.stderr.contains(said), "{run:#?}");
    assert_eq!(served.stats()["requests"], 0);
}

#[test]
fn an_upload_that_fails_is_attempted_again_and_nothing_is_billed() {
    let refused = |times: Value| json!([{"on": "POST /", "error": "AccessDenied", "times": times}]);
    let out = tempfile::tempdir().unwrap();
    let served = Served::with(&refused(json!(2)));
    let run = generate(&served, out.path(), &["--upload", "--size=1024*1024"]);
    assert_eq!(run.code, 0, "{run:#?}");
    let policies = requests(&served)
        .into_iter()
        .filter(|(line, _)| line.contains("/uploads"));
    assert_eq!(policies.count(), 3, "each attempt has a policy of its own");
    let served = Served::with(&refused(json!("always")));
    let run = generate(&served, out.path(), &["--upload", "--size=1024*1024"]);
    assert_eq!(run.code, 8, "{run:#?}");
    assert!(
        run.stderr
            .contains("the picture could not be uploaded: HTTP 403"),
        "{run:#?}"
    );
    assert_eq!(served.stats()["submitted"], 0);
}

#[test]
fn a_batch_uploads_right_before_it_sends() {
    let served = Served::with(&json!([{"on": "POST /", "error": "AccessDenied", "times": 3}]));
    let job = |id: &str| {
        let image = format!("data:image/png;base64,{PIXEL}");
        let content = json!([{"image": image}, {"text": "a hat"}]);
        json!({"id": id, "request": {
            "model": "qwen-image-3.0",
            "input": {"messages": [{"role": "user", "content": content}]},
            "parameters": {"size": "1024*1024"},
        }})
        .to_string()
    };
    let scene = Scene::new(&[job("a"), job("b")]);
    // The storage takes nothing at first: that job was never sent.
    let run = scene.run_at(&served.url, &["--upload"]);
    assert_eq!(run.code, 8, "{run:#?}");
    let jobs = &run.json()["jobs"];
    assert_eq!(
        (&jobs["done"], &jobs["unsent"]),
        (&json!(1), &json!(1)),
        "{run:#?}"
    );
    let run = scene.run_at(&served.url, &["--upload", "--resume"]);
    assert_eq!(run.code, 0, "{run:#?}");
    assert_eq!(served.stats()["submitted"], 2);
}
