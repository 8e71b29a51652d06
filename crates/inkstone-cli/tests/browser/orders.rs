//! What is ordered from the page, whatever becomes of the page and the studio.

use std::thread::sleep;
use std::time::Duration;

use serde_json::json;

use crate::page::{count, fill, make, open, open_aside, pay, text};
use crate::scene;
use crate::support::command::names;
use crate::support::{Studio, paying};

const ARRIVED: &str =
    "[...document.querySelectorAll('.shot img')].filter((one) => one.naturalWidth > 0).length";

#[test]
fn each_order_has_its_place_until_its_picture_comes() {
    let Some((browser, _out, studio)) = scene::with("en", &["--tiny"]) else {
        return;
    };
    for prompt in ["one", "two", "three", "four", "five"] {
        studio.script(&json!({"delay": 10_000}));
        fill(&browser, "#prompt", prompt);
        make(&browser);
        browser.wait_for_text(".waiting .said", prompt);
    }
    assert_eq!(count(&browser, ".waiting"), 5);
    // What is typed meanwhile is judged, and may be sent.
    fill(&browser, "#prompt", "six");
    browser.wait("document.querySelector('.code-box pre').textContent.endsWith(' six')");
    browser.click("#language");
    browser.wait_for_text("button.main", "生成图片");
    assert_eq!(count(&browser, ".waiting"), 5);
    open(&browser, &studio, "en");
    browser.wait("document.querySelectorAll('.waiting').length === 5");
    browser.wait(&format!("{ARRIVED} === 5"));
    assert_eq!(count(&browser, ".waiting"), 0);
    // Of the picture that is shown, the neighbours are known when another comes.
    browser.run("document.querySelectorAll('.shot .frame')[1].click()", &[]);
    let shown = text(&browser, "dialog p");
    browser.run(
        "document.querySelector('#panel-try form').requestSubmit()",
        &[],
    );
    browser.wait(&format!("{ARRIVED} === 6"));
    browser.press("\u{e012}");
    browser.press("\u{e014}");
    assert_eq!(text(&browser, "dialog p"), shown);
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:?}");
}

#[test]
fn what_nobody_knows_may_have_been_billed_and_is_not_ordered_again() {
    let Some(((browser, out, studio), vendor)) = scene::paying("en") else {
        return;
    };
    fill(&browser, "#prompt", "a lost cat");
    vendor.script(&json!({"delay": 8000}));
    pay(&browser);
    browser.wait("document.querySelector('.waiting')");
    let leave = "const event = new Event('beforeunload', {cancelable: true}); \
                 return !dispatchEvent(event)";
    assert_eq!(browser.run(leave, &[]), true);
    sleep(Duration::from_millis(1000));
    let (port, url) = (studio.port(), studio.url.clone());
    drop(studio);
    fill(&browser, "#prompt", "another cat");
    browser.wait("document.querySelector('#panel-try button.main').disabled");
    let billed = format!(
        "It may have been billed: before you send it again, look in {}",
        out.path().display()
    );
    let silent = format!("The studio does not answer. {billed}");
    browser.wait_for_text(".waiting .frame", &silent);
    let has_record = || {
        let names = names(out.path());
        names.iter().any(|name| name.ends_with(".png.json"))
    };
    assert!(!has_record());
    let studio = Studio::start_at(&port, out.path(), paying(&vendor));
    assert_eq!(studio.url, url);
    let refused =
        "open the address that the terminal printed: without it, nobody may use this studio.";
    browser.wait_for_text(".waiting .frame", &format!("{refused} {billed}"));
    // Opened anew, as in another tab, it is known to this page as well.
    open_aside(&browser, &studio);
    browser.wait("document.querySelector('#panel-try .callout strong')");
    assert_eq!(browser.run(leave, &[]), false);
    browser.wait("!document.querySelector('#panel-try button.main').disabled");
    // The request went on by itself, and its picture is shown when it comes.
    browser.wait(&format!("{ARRIVED} === 1"));
    assert!(has_record());
    for _ in 0..2 {
        let said = text(&browser, "#panel-try [role=alert]");
        let unknown = "The studio does not know what became of this request.";
        assert_eq!(said, format!("a lost cat{unknown}\n{billed}Close"));
        open(&browser, &studio, "en");
        browser.wait(&format!("{ARRIVED} === 1"));
        assert_eq!(text(&browser, ".shot .said"), "a lost cat");
    }
    browser.click("#panel-try [role=alert] button");
    open(&browser, &studio, "en");
    browser.wait(&format!("{ARRIVED} === 1"));
    assert_eq!(count(&browser, "#panel-try .callout"), 0);
}

#[test]
fn a_paid_picture_that_was_not_saved_is_told_with_all_that_leads_to_it() {
    let Some(((browser, out, studio), vendor)) = scene::paying("zh") else {
        return;
    };
    vendor.script(&json!({"on": "image", "expired": true, "times": "always"}));
    pay(&browser);
    browser.wait("document.querySelector('#panel-try [role=alert] a')");
    let said = text(&browser, "#panel-try [role=alert]");
    let link = "return document.querySelector('#panel-try [role=alert] a').href";
    let link = browser.run(link, &[]);
    assert!(link.as_str().unwrap().starts_with(&vendor.url), "{link}");
    let kept = format!("应答保存在：{}/", out.path().display());
    // Also to the page of another studio.
    let port = studio.port();
    drop(studio);
    let studio = Studio::start_at(&port, out.path(), paying(&vendor));
    open(&browser, &studio, "zh");
    browser.wait("document.querySelector('#panel-try [role=alert] a')");
    assert_eq!(text(&browser, "#panel-try [role=alert]"), said);
    for expected in ["图片没能保存", "有效期为 24 小时：<", &kept] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn what_failed_for_free_is_told_once_and_what_may_have_been_billed_with_what_to_do() {
    let Some(((browser, out, studio), vendor)) = scene::paying("en") else {
        return;
    };
    studio.script(&json!({"status": 500, "message": "no"}));
    make(&browser);
    browser.wait("document.querySelector('#panel-try [role=alert] .button')");
    let said = text(&browser, "#panel-try [role=alert]");
    assert!(!said.contains("It may have been billed"), "{said}");
    open(&browser, &studio, "en");
    assert_eq!(count(&browser, "#panel-try .callout.stack"), 0);
    vendor.script(&json!({"html": true}));
    pay(&browser);
    browser.wait("document.querySelector('#panel-try [role=alert] .button')");
    open(&browser, &studio, "en");
    let said = text(&browser, "#panel-try [role=alert]");
    for once in [
        "look into the API's console before sending it again: each request may be billed",
        &out.path().display().to_string(),
    ] {
        assert_eq!(said.matches(once).count(), 1, "{once}: {said}");
    }
}

#[test]
fn what_was_paid_for_in_vain_is_told_by_every_page_until_it_is_closed_in_one() {
    let Some(((browser, _out, studio), vendor)) = scene::paying("en") else {
        return;
    };
    vendor.script(&json!({"html": true}));
    pay(&browser);
    browser.wait("document.querySelector('#panel-try [role=alert] .button')");
    let said = text(&browser, "#panel-try [role=alert]");
    // A page that has no memory of its own, as one in another browser.
    browser.run("sessionStorage.clear()", &[]);
    open(&browser, &studio, "en");
    assert_eq!(text(&browser, "#panel-try [role=alert]"), said);
    browser.click("#panel-try [role=alert] button");
    let closed = "return fetch('/_studio/made').then((reply) => reply.json()).then((made) => made.orders[0].closed)";
    test_data::until("it is closed", || browser.run(closed, &[]) == true);
    browser.run("sessionStorage.clear()", &[]);
    open(&browser, &studio, "en");
    assert_eq!(count(&browser, "#panel-try .callout.stack"), 0);
}

#[test]
fn what_is_confirmed_is_what_was_shown() {
    let Some(((browser, _out, _studio), _vendor)) = scene::paying("en") else {
        return;
    };
    fill(&browser, "#prompt", "one");
    browser.click("input[name=target][value=true]");
    make(&browser);
    browser.wait("document.querySelector('dialog[open]')");
    // The form behind the question changes, as by a script or another finger.
    fill(&browser, "#prompt", "other");
    browser.run(
        "document.querySelector('input[name=target][value=false]').click(); \
         document.querySelector('dialog button.main').click()",
        &[],
    );
    browser.wait(&format!("{ARRIVED} === 1"));
    assert_eq!(text(&browser, ".shot .said"), "one");
    assert_eq!(count(&browser, ".shot .badge.good"), 1);
    assert_eq!(count(&browser, "dialog"), 0);
}
