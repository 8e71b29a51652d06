//! The page at `/`.

use std::fs;

use serde_json::{Value, json};

use crate::driver::Browser;
use crate::page::{count, fill, make, open, text};
use crate::support::{KEY, Studio};

const LOOKS: [((u32, u32), &str, &str); 4] = [
    ((1440, 900), "light", "en"),
    ((1440, 900), "dark", "en"),
    ((390, 844), "light", "zh"),
    ((390, 844), "dark", "en"),
];

#[test]
fn from_a_prompt_to_a_picture_and_its_command() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let out = tempfile::tempdir().unwrap();
    let studio = Studio::start(out.path(), |_| {});
    open(&browser, &studio, "en");
    fill(&browser, "#field-n", "9");
    browser.wait("document.querySelector('#field-n').getAttribute('aria-invalid') === 'true'");
    assert_eq!(text(&browser, "#field-n-wrong"), "maximum: at most 4");
    assert_eq!(
        browser.run("return document.querySelector('button.main').disabled", &[]),
        true
    );
    fill(&browser, "#field-n", "2");
    fill(&browser, "#field-size", "1024x1024");
    fill(&browser, "#prompt", "a <b>red</b> fox");
    let expected = "inkstone generate --api gateway --model wan2.7-image-pro --size 1024x1024 --n 2 'a <b>red</b> fox'";
    browser.wait(&format!(
        "document.querySelector('.code-box pre').textContent === {}",
        json!(expected)
    ));
    make(&browser);
    browser.wait("[...document.querySelectorAll('.shot img')].filter((one) => one.naturalWidth === 1024).length === 2");
    assert_eq!(text(&browser, ".shot .said"), "a <b>red</b> fox");
    assert_eq!(
        browser.run("return document.querySelectorAll('.shot b').length", &[]),
        0
    );
    // Nothing is stored unless it was paid for.
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0);
    browser.run("document.querySelector('.shot .frame').click()", &[]);
    browser.wait("document.querySelector('dialog').open");
    browser.press("\u{e014}");
    browser.press("\u{e00c}");
    browser.wait("!document.querySelector('dialog')");
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:?}");
}

#[test]
fn money_is_spent_only_once_the_cost_was_confirmed_and_the_key_stays_away() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let out = tempfile::tempdir().unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let gateway = Studio::start(scratch.path(), |_| {});
    let studio = Studio::start(out.path(), |command| {
        command
            .env("INKSTONE_API_KEY", KEY)
            .env("INKSTONE_BASE_URL", &gateway.url);
    });
    open(&browser, &studio, "en");
    fill(&browser, "#field-size", "1024x1024");
    browser.run(
        "document.querySelector('input[name=target][value=true]').click()",
        &[],
    );
    make(&browser);
    browser.wait("document.querySelector('dialog[open]')");
    let shown = text(&browser, "dialog .price");
    assert!(shown.contains("CNY"), "{shown}");
    assert_eq!(
        fs::read_dir(out.path()).unwrap().count(),
        0,
        "nothing was sent"
    );
    browser.run("document.querySelectorAll('dialog button')[1].click()", &[]);
    browser.wait("!document.querySelector('dialog')");
    make(&browser);
    browser.wait("document.querySelector('dialog[open]')");
    browser.run("document.querySelector('dialog button.main').click()", &[]);
    browser.wait("document.querySelector('.shot img')?.naturalWidth === 1024");
    // It is there once, though it was ordered from here and lies in the directory.
    open(&browser, &studio, "en");
    browser.wait("document.querySelector('.shot img')?.naturalWidth === 1024");
    assert_eq!(count(&browser, ".shot"), 1);
    let saved = fs::read_dir(out.path())
        .unwrap()
        .map(|one| one.unwrap().file_name().into_string().unwrap());
    assert_eq!(saved.filter(|name| name.ends_with(".png")).count(), 1);
    let page = browser.run("return document.documentElement.outerHTML", &[]);
    let state =
        studio.raw("GET /_studio/state HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(!page.to_string().contains(KEY) && !state.contains(KEY));
    assert!(state.contains("\"gateway\":true"), "{state}");
}

#[test]
fn a_document_is_read_and_the_traffic_is_seen() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let out = tempfile::tempdir().unwrap();
    let studio = Studio::start(out.path(), |_| {});
    open(&browser, &studio, "en");
    browser.run("document.getElementById('tab-try').focus()", &[]);
    browser.press("\u{e014}");
    assert_eq!(
        browser.run("return document.activeElement.id", &[]),
        "tab-documents"
    );
    let examples = "[...document.querySelectorAll('#panel-documents .drop button')].pop()";
    browser.run(&format!("{examples}.click()"), &[]);
    browser.wait("document.querySelector('#panel-documents pre.code .kw')");
    let found = text(&browser, "#panel-documents");
    for expected in [
        "/pets",
        "example-fails-schema",
        "default-fails-schema",
        "pub struct Pet",
    ] {
        assert!(found.contains(expected), "{expected}: {found}");
    }
    browser.press("\u{e014}");
    browser.run(
        "[...document.querySelectorAll('.faults button')][7].click()",
        &[],
    );
    browser.wait("document.querySelector('#panel-traffic .list code')");
    browser.run("document.getElementById('tab-try').click()", &[]);
    make(&browser);
    browser.wait("document.querySelector('#panel-try [role=alert]')");
    assert!(text(&browser, "#panel-try [role=alert]").contains("Arrearage"));
    browser.run("document.getElementById('tab-traffic').click()", &[]);
    browser.wait("document.querySelector('#panel-traffic tbody tr')");
    let row = text(&browser, "#panel-traffic tbody tr");
    assert!(
        row.contains("/v1/images/generations") && row.contains("400"),
        "{row}"
    );
}

#[test]
fn every_page_is_for_everyone_at_every_width_and_in_both_schemes() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let out = tempfile::tempdir().unwrap();
    for (size, scheme, language) in LOOKS {
        let studio = Studio::start(out.path(), |_| {});
        browser.look(size, scheme);
        open(&browser, &studio, language);
        fill(&browser, "#field-size", "768x768");
        fill(&browser, "#field-n", "2");
        browser
            .wait("document.querySelector('.code-box pre').textContent.includes('768x768 --n 2')");
        make(&browser);
        browser.wait("[...document.querySelectorAll('.shot img')].filter((one) => one.complete).length === 2");
        check(&browser, "try", size.0, scheme);
        browser.run("document.getElementById('tab-documents').click()", &[]);
        browser.run(
            "[...document.querySelectorAll('#panel-documents .drop button')].pop().click()",
            &[],
        );
        browser.wait("document.querySelector('#panel-documents pre.code .kw')");
        check(&browser, "documents", size.0, scheme);
        browser.run(
            "document.getElementById('tab-traffic').click(); scrollTo(0, 0)",
            &[],
        );
        browser.run(
            "[...document.querySelectorAll('.faults button')][0].click()",
            &[],
        );
        browser.wait("document.querySelector('#panel-traffic tbody tr') && document.querySelector('#panel-traffic .list code')");
        check(&browser, "traffic", size.0, scheme);
        browser.run(
            "return fetch('/_script', {method: 'DELETE'}).then(() => true)",
            &[],
        );
    }
}

fn check(browser: &Browser, page: &str, width: u32, scheme: &str) {
    let found = browser.axe();
    assert!(found.is_empty(), "{page} {width} {scheme}: {found:#?}");
    let wide = browser.run("return document.documentElement.scrollWidth", &[]);
    assert!(
        wide.as_u64().unwrap() <= u64::from(width),
        "{page} {width}: {wide}"
    );
    browser.shoot(&format!("studio-{page}-{width}-{scheme}"));
}

#[test]
fn only_the_page_itself_may_ask() {
    let out = tempfile::tempdir().unwrap();
    let studio = Studio::start(out.path(), |_| {});
    let host = studio.url.strip_prefix("http://").unwrap();
    let get = |path: &str, extra: &str| {
        studio.raw(&format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{extra}\r\n"
        ))
    };
    let page = get("/", "");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(
        page.contains("content-security-policy: default-src 'none'; script-src 'self'"),
        "{page}"
    );
    for foreign in [
        "Origin: https://evil.example\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
    ] {
        for path in ["/_studio/state", "/_script", "/_journal"] {
            let refused = get(path, foreign);
            assert!(
                refused.starts_with("HTTP/1.1 403"),
                "{path} {foreign}: {refused}"
            );
        }
    }
    let rebound = studio
        .raw("GET /_studio/state HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert!(rebound.starts_with("HTTP/1.1 421"), "{rebound}");
    let form = "POST /_studio/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n\
                Connection: close\r\nContent-Length: 2\r\n\r\n{}";
    assert!(studio.raw(form).starts_with("HTTP/1.1 415"));
    let body = json!({"api": "gateway", "model": "wan2.7-image-pro", "prompt": "x", "real": true, "confirm": Value::Null});
    let body = body.to_string();
    let unpaid = studio.raw(&format!(
        "POST /_studio/run HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert!(unpaid.contains("\"confirm\":"), "{unpaid}");
}
