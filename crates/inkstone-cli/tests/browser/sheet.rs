//! The contact sheet of a batch, opened from the disk.

use std::fs;

use serde_json::json;

use crate::driver::Browser;
use crate::support::{Studio, bare};

/// A batch with three jobs that are done, one of which has two pictures, and one that is
/// refused; its directory.
fn batch() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let jobs = directory.path().join("jobs.jsonl");
    let job = |id: &str, model: &str, prompt: &str, n: u32| {
        json!({"id": id, "request": {"model": model, "prompt": prompt, "size": "1024x1024", "n": n}}).to_string()
    };
    let lines = [
        job("refused", "wan2.7-image-pro", "what nobody may see", 1),
        job(
            "ginger",
            "wan2.7-image-pro",
            "a ginger cat on a windowsill",
            2,
        ),
        job(
            "harbor",
            "wan2.7-image-pro",
            "a harbor in the morning, watercolour",
            1,
        ),
        json!({"id": "tea", "request": {
            "model": "qwen-image-max", "prompt": "一壶茶和两只杯子", "size": "1024x1024", "n": 1,
            "watermark": false, "prompt_extend": false,
        }})
        .to_string(),
    ];
    fs::write(&jobs, lines.join("\n")).unwrap();
    let script = directory.path().join("script.json");
    fs::write(
        &script,
        json!({"error": "DataInspectionFailed", "status": 400}).to_string(),
    )
    .unwrap();
    let served = Studio::start(directory.path(), |command| {
        command.arg("--script").arg(&script);
    });
    let mut command = bare();
    command
        .env("INKSTONE_API_KEY", "any")
        .arg("batch")
        .arg(&jobs);
    command.args(["--base-url", &served.url, "--concurrency", "1", "--out"]);
    let output = command.arg(directory.path().join("out")).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    directory
}

/// What is copied is what was sent, also what nobody sees; and a button says again what it does.
#[test]
fn texts_are_copied_as_they_are() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let jobs = directory.path().join("jobs.jsonl");
    let job =
        |id: &str, prompt: &str| json!({"id": id, "model": "wan2.7-image-pro", "prompt": prompt});
    let hidden = "a \u{202e}cat\u{202c}";
    fs::write(&jobs, format!("{}\n{}", job("a", hidden), job("b", "-"))).unwrap();
    let mut command = bare();
    command.args(["batch", "--sandbox", "--out"]);
    let command = command.arg(directory.path().join("out")).arg(&jobs);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let index = directory.path().join("out/index.html");
    browser.open(&format!("file://{}", index.display()));
    browser.wait("document.querySelector('.filters output')");
    browser.run(
        "navigator.clipboard.writeText = async (text) => { window.copied = text; }",
        &[],
    );
    let start = "inkstone generate --sandbox --api gateway --model wan2.7-image-pro";
    for (button, expected) in [
        ("#job-1 .copy-prompt", hidden.to_owned()),
        ("#job-1 .copy-command", format!("{start} '{hidden}'")),
        ("#job-2 .copy-command", format!("printf %s - | {start} -")),
    ] {
        browser.click(button);
        browser.click(button);
        browser.wait(&format!("window.copied === {}", json!(expected)));
        let label = format!("document.querySelector({}).textContent", json!(button));
        browser.wait(&format!("{label} === 'Copied'"));
        browser.wait(&format!("{label}.startsWith('Copy ')"));
    }
    browser.click("#job-2 .pictures a");
    let link = "return document.querySelector('dialog a').href";
    let link = browser.run(link, &[]);
    let expected = format!("file://{}/out/b.png", directory.path().display());
    assert_eq!(link, expected.as_str());
}

#[test]
fn jobs_are_searched_filtered_enlarged_and_copied() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let directory = batch();
    let url = format!(
        "file://{}",
        directory.path().join("out/index.html").display()
    );
    browser.open(&url);
    browser.wait_for_text(".filters output", "4 of 4");
    let shown = "[...document.querySelectorAll('article:not([hidden]) h2')].map((one) => one.textContent).join()";
    browser.press("/");
    browser.press("CAT wind");
    browser.wait(&format!("{shown} === 'ginger'"));
    let set = "const field = document.querySelectorAll('.filters input, .filters select')[arguments[0]]; \
               field.value = arguments[1]; field.dispatchEvent(new Event('input', {bubbles: true}))";
    let choose = |at: u32, value: &str| browser.run(set, &[json!(at), json!(value)]);
    choose(0, "");
    choose(1, "refused");
    browser.wait(&format!("{shown} === 'refused'"));
    let remedy = browser.run(
        "return document.querySelector('article.refused .remedy').textContent",
        &[],
    );
    assert!(
        remedy.as_str().unwrap().contains("refused again"),
        "{remedy}"
    );
    choose(1, "");
    choose(2, "qwen-image-max");
    browser.wait(&format!("{shown} === 'tea'"));
    choose(2, "");
    browser.click("#job-2 .pictures a");
    browser.wait("document.querySelector('dialog').open && document.querySelector('dialog img').naturalWidth === 1024");
    for expected in ["ginger, picture 2 (2 of 4)", "harbor, picture 1 (3 of 4)"] {
        browser.press("\u{e014}");
        let caption = browser.run("return document.querySelector('dialog p').textContent", &[]);
        assert!(caption.as_str().unwrap().starts_with(expected), "{caption}");
    }
    browser.press("\u{e00c}");
    browser.wait("!document.querySelector('dialog').open");
    browser.run(
        "navigator.clipboard.writeText = async (text) => { window.copied = text; }",
        &[],
    );
    browser.click("#job-2 .copy-command");
    let command = "inkstone generate --api gateway --model wan2.7-image-pro --size 1024x1024 --n 2 'a ginger cat on a windowsill'";
    browser.wait(&format!("window.copied === {}", json!(command)));
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:?}");
    for_everyone(&browser, &url);
}

/// At every width and in both schemes.
fn for_everyone(browser: &Browser, url: &str) {
    for (size, scheme) in [
        ((1440, 900), "light"),
        ((1440, 900), "dark"),
        ((390, 844), "light"),
        ((390, 844), "dark"),
    ] {
        browser.look(size, scheme);
        browser.open(url);
        browser.wait_for_text(".filters output", "4 of 4");
        let found = browser.axe();
        assert!(found.is_empty(), "{size:?} {scheme}: {found:#?}");
        browser.wait("[...document.querySelectorAll('article img')].every((one) => one.complete)");
        browser.shoot(&format!("sheet-{}-{scheme}", size.0));
    }
}
