//! Pictures that were paid for and whose files are gone: they are fetched again where that is
//! possible, never sent again, and never told to be there.

use std::fs;

use serde_json::{Value, json};

use crate::support::command::names;
use crate::support::scene::{Scene, asked, replies};
use crate::support::served::Served;

/// A line whose job is a task, which answers with URLs.
fn task(id: &str) -> String {
    json!({"id": id, "async": true, "request": {
        "model": "wan2.7-image",
        "input": {"messages": [{"role": "user", "content": [{"text": id}]}]},
        "parameters": {"n": 2},
    }})
    .to_string()
}

/// Removes the journal with all that belongs to it.
fn forget(scene: &Scene) {
    for name in names(&scene.out()) {
        if name.starts_with("journal") || name == "batch.id" {
            fs::remove_file(scene.out().join(name)).unwrap();
        }
    }
}

/// Takes the URL out of the sidecar of a picture, as one has none that came in the reply itself.
fn without_url(scene: &Scene, picture: &str) {
    let path = scene.out().join(format!("{picture}.json"));
    let mut sidecar: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    sidecar["source"].as_object_mut().unwrap().remove("url");
    fs::write(path, sidecar.to_string()).unwrap();
}

/// The names of the pictures, and whether they have any bytes.
fn lengths(scene: &Scene) -> Vec<(String, bool)> {
    let length = |name: &String| fs::metadata(scene.out().join(name)).unwrap().len();
    let pictures = scene.pictures().into_iter();
    pictures
        .map(|name| (name.clone(), length(&name) > 0))
        .collect()
}

#[test]
fn a_sidecar_alone_is_not_a_picture() {
    let scene = Scene::with_ids(&["a", "b", "c"]);
    let (url, count) = replies(vec![]);
    assert_eq!(scene.run_at(&url, &[]).code, 0);
    fs::remove_file(scene.out().join("a.png")).unwrap();
    fs::write(scene.out().join("b.png"), "").unwrap();
    forget(&scene);
    let run = scene.run_at(&url, &[]);
    assert_eq!((run.code, asked(&count)), (9, 3), "{run:#?}");
    assert_eq!(
        run.stderr,
        "warning: 1 job not sent: the directory has its pictures already, of which its journal \
         does not know
warning: 2 jobs not sent: their pictures were paid for, and are gone from the directory, which \
         has only the JSON beside them; request others in new jobs
error: 2 of 3 jobs made fewer pictures than asked for
  2 done with fewer pictures than asked for: summary.json says why; request what is missing in a new job
hint: the contact sheet says which jobs, and summary.json of those that were sent
"
    );
    let why = "a.png: paid for, and gone from the directory";
    assert_eq!(run.json()["images"]["saved"], 1);
    assert_eq!(run.json()["not_done"][0]["unmade"], why);
    assert_eq!(run.json()["images"]["spent"], 3);
    // What is said to be done is done, even where it says that it has no picture.
    let run = scene.run_at(&url, &["--resume"]);
    assert_eq!((run.code, asked(&count)), (9, 3), "{run:#?}");
    assert_eq!(run.json()["not_done"][0]["unmade"], why);
}

#[test]
fn what_a_sidecar_says_is_fetched_again() {
    let served = Served::with(&json!([{"task": ["SUCCEEDED"], "times": "always"}]));
    let scene = Scene::new(&["a", "b"].map(task));
    assert_eq!(scene.run_at(&served.url, &[]).code, 0);
    let all = ["a-2.png", "a.png", "b-2.png", "b.png"].map(|name| (name.to_owned(), true));
    assert_eq!(lengths(&scene), all);
    fs::remove_file(scene.out().join("a-2.png")).unwrap();
    fs::write(scene.out().join("b.png"), "").unwrap();
    without_url(&scene, "b-2.png");
    forget(&scene);
    let run = scene.run_at(&served.url, &[]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:#?}");
    assert_eq!(lengths(&scene), all);
    assert_eq!(served.stats()["submitted"], 2);
    assert_eq!(run.json()["images"]["spent"], 4);
    // Each has one sidecar, as before.
    let files = names(&scene.out());
    let sidecars = files.iter().filter(|name| name.ends_with(".png.json"));
    assert_eq!(sidecars.count(), 4, "{files:?}");
}
