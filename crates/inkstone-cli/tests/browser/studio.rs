//! The page at `/`.

use serde_json::{Value, json};

use crate::driver::Browser;
use crate::page::{count, fill, make, open, open_aside, text};
use crate::scene;
use crate::support::command::{names, pictures};
use crate::support::{KEY, Studio};

const LOOKS: [((u32, u32), &str, &str); 4] = [
    ((1440, 900), "light", "en"),
    ((1440, 900), "dark", "en"),
    ((390, 844), "light", "zh"),
    ((390, 844), "dark", "en"),
];

#[test]
fn from_a_prompt_to_a_picture_and_its_command() {
    let Some((browser, out, _studio)) = scene::open("en") else {
        return;
    };
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
    browser.wait_for_text(".code-box pre", expected);
    make(&browser);
    browser.wait("[...document.querySelectorAll('.shot img')].filter((one) => one.naturalWidth === 1024).length === 2");
    assert_eq!(text(&browser, ".shot .said"), "a <b>red</b> fox");
    assert_eq!(
        browser.run("return document.querySelectorAll('.shot b').length", &[]),
        0
    );
    // Nothing is stored unless it was paid for.
    assert_eq!(names(out.path()), [""; 0]);
    browser.click(".shot .frame");
    browser.wait("document.querySelector('dialog').open");
    browser.press("\u{e014}");
    browser.press("\u{e00c}");
    browser.wait("!document.querySelector('dialog')");
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:?}");
}

#[test]
fn money_is_spent_only_once_the_cost_was_confirmed_and_the_key_stays_away() {
    let Some(((browser, out, studio), _gateway)) = scene::paying("en") else {
        return;
    };
    fill(&browser, "#field-size", "1024x1024");
    browser.click("input[name=target][value=true]");
    make(&browser);
    browser.wait("document.querySelector('dialog[open]')");
    let shown = text(&browser, "dialog .price");
    assert!(shown.contains("CNY"), "{shown}");
    assert!(pictures(out.path()).is_empty(), "nothing was sent");
    browser.run("document.querySelectorAll('dialog button')[1].click()", &[]);
    browser.wait("!document.querySelector('dialog')");
    make(&browser);
    browser.wait("document.querySelector('dialog[open]')");
    browser.click("dialog button.main");
    browser.wait("document.querySelector('.shot img')?.naturalWidth === 1024");
    // It is there once, though it was ordered from here and lies in the directory.
    open(&browser, &studio, "en");
    browser.wait("document.querySelector('.shot img')?.naturalWidth === 1024");
    assert_eq!(count(&browser, ".shot"), 1);
    assert_eq!(pictures(out.path()).len(), 1);
    let page = browser.run("return document.documentElement.outerHTML", &[]);
    let state = studio.send("GET", "/_studio/state", &studio.headers(), b"");
    let state = String::from_utf8(state.body).unwrap();
    assert!(!page.to_string().contains(KEY) && !state.contains(KEY));
    assert!(state.contains("\"gateway\":true"), "{state}");
}

#[test]
fn a_document_is_read_and_the_traffic_is_seen() {
    let Some((browser, _out, _studio)) = scene::open("en") else {
        return;
    };
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
    browser.click("#tab-try");
    make(&browser);
    browser.wait("document.querySelector('#panel-try [role=alert]')");
    assert!(text(&browser, "#panel-try [role=alert]").contains("Arrearage"));
    browser.click("#tab-traffic");
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
        browser.click("#tab-documents");
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
    let own = studio.headers();
    let get =
        |path: &str, more: &[(&str, &str)]| studio.send("GET", path, &[&own, more].concat(), b"");
    let page = get("/", &[]);
    assert_eq!(page.status, 200, "{page:?}");
    let policy = page.header("content-security-policy").unwrap();
    let expected = "default-src 'none'; script-src 'self'";
    assert!(policy.starts_with(expected), "{policy}");
    for foreign in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ] {
        for path in ["/_studio/state", "/_script", "/_journal"] {
            let refused = get(path, &[foreign]);
            assert_eq!(refused.status, 403, "{path} {foreign:?}: {refused:?}");
        }
    }
    let rebound = [("host", "evil.example"), own[1]];
    let rebound = studio.send("GET", "/_studio/state", &rebound, b"");
    assert_eq!(rebound.status, 421, "{rebound:?}");
    let form = [&own[..], &[("content-type", "text/plain")]].concat();
    assert_eq!(
        studio.send("POST", "/_studio/run", &form, b"{}").status,
        415
    );
    let body = json!({"api": "gateway", "model": "wan2.7-image-pro", "prompt": "x", "real": true, "confirm": Value::Null});
    let unpaid = studio.post("/_studio/run", &own, &body).json();
    assert!(unpaid["confirm"].is_string(), "{unpaid}");
}

#[test]
fn a_page_that_was_not_opened_by_the_printed_address_says_so() {
    let Some((browser, out, studio)) = scene::open("zh") else {
        return;
    };
    let shown = browser.run("return location.href", &[]);
    assert_eq!(shown, format!("{}/?lang=zh", studio.url));
    let cookies = browser.run("return document.cookie", &[]);
    assert_eq!(cookies, "", "scripts read the token");
    // As an other browser, to which nobody gave the address.
    browser.forget();
    browser.open(&studio.url);
    let said = browser.run("return document.body.textContent.trim()", &[]);
    let expected =
        "open the address that the terminal printed: without it, nobody may use this studio";
    assert_eq!(said, expected);
    // A file that leads there works too, as that with which a browser is started.
    let link = out.path().join("link.html");
    let lead = format!(
        "<meta http-equiv=refresh content=\"0;url={}\">",
        studio.page
    );
    std::fs::write(&link, lead).unwrap();
    browser.open(&format!("file://{}", link.display()));
    browser.wait("document.documentElement.dataset.ready === 'yes'");
    open(&browser, &studio, "zh");
    // An open page says it in its own language.
    browser.forget();
    fill(&browser, "#prompt", "one more");
    browser.wait_for_text(
        "#panel-try form [role=status]",
        "请打开终端里显示的地址：没有它，谁也不能使用这个 studio",
    );
}

#[test]
fn a_page_in_a_browser_without_cookies_says_so() {
    let Some(browser) = Browser::without_cookies() else {
        return;
    };
    let out = tempfile::tempdir().unwrap();
    let studio = Studio::start(out.path(), |_| {});
    for (language, said) in [
        (
            "en",
            "The browser does not keep the cookie of this page: allow it to, and load the page again.",
        ),
        (
            "zh",
            "浏览器没有保存本页面的 cookie：请允许 cookie，然后重新加载页面。",
        ),
    ] {
        // Loading it again needs the token.
        let page = format!("{}&lang={language}", studio.page);
        browser.open(&page);
        browser.wait_for_text("#main [role=alert]", said);
        assert_eq!(browser.run("return location.href", &[]), page);
    }
}

#[test]
fn pages_that_are_open_say_why_they_are_refused_and_go_on_where_another_one_is_opened() {
    for (language, said) in [
        (
            "en",
            "open the address that the terminal printed: without it, nobody may use this studio.",
        ),
        (
            "zh",
            "请打开终端里显示的地址：没有它，谁也不能使用这个 studio。",
        ),
    ] {
        let Some((browser, out, studio)) = scene::open(language) else {
            return;
        };
        browser.click("#tab-traffic");
        browser.wait("document.querySelector('#panel-traffic .counts strong')");
        let port = studio.port();
        drop(studio);
        let studio = Studio::start_at(&port, out.path(), |_| {});
        browser.wait_for_text("#panel-traffic .head .badge", said);
        let refused = "performance.getEntriesByType('resource').length";
        let before = browser.run(&format!("return {refused}"), &[]);
        std::thread::sleep(std::time::Duration::from_millis(2500));
        assert_eq!(
            browser.run(&format!("return {refused}"), &[]),
            before,
            "it goes on asking"
        );
        // What is to go wrong next is refused with the same words.
        browser.click("#panel-traffic .faults button");
        let wrong = said.trim_end_matches(['.', '。']);
        browser.wait_for_text("#panel-traffic .wrong", wrong);
        open_aside(&browser, &studio);
        let live = if language == "zh" { "实时" } else { "live" };
        browser.wait_for_text("#panel-traffic .head .badge", live);
    }
}
