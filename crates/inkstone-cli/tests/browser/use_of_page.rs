//! How the page is used: by its keys, its addresses, its words.

use serde_json::json;

use crate::driver::Browser;
use crate::page::{choose, count, drop_picture, fill, make, open, open_aside, text};
use crate::scene;
use crate::support::Studio;

/// A picture that is large enough for every model.
fn picture() -> String {
    use base64::Engine as _;
    let bytes = include_bytes!("../../../../docs/studio/sheet-390-dark.png");
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn tab(browser: &Browser) -> String {
    text(browser, "[role=tab][aria-selected=true]")
}

#[test]
fn the_way_back_leads_to_the_tab_before() {
    let Some((browser, _out, studio)) = scene::open("en") else {
        return;
    };
    for name in ["documents", "traffic"] {
        browser.click(&format!("#tab-{name}"));
    }
    browser.click(".skip");
    assert_eq!(tab(&browser), "Traffic");
    for name in ["Documents", "Try"] {
        browser.run("history.back()", &[]);
        browser.wait_for_text("[aria-selected=true]", name);
    }
    for place in ["constructor", "main", "__proto__"] {
        browser.open(&format!("{}/?lang=en#{place}", studio.url));
        browser.wait("document.documentElement.dataset.ready === 'yes'");
        assert_eq!(tab(&browser), "Try", "{place}");
        assert_eq!(
            count(&browser, "[role=tabpanel]:not([hidden])"),
            1,
            "{place}"
        );
    }
}

#[test]
fn pictures_are_added_by_a_key_by_dropping_them_and_with_the_request() {
    let Some((browser, _out, _studio)) = scene::open("en") else {
        return;
    };
    choose(&browser, "DashScope", "qwen-image-2.0");
    browser.run("document.getElementById('image-url').focus()", &[]);
    browser.press("https://example.com/a.png\u{e007}");
    let listed = "[...document.querySelectorAll('#panel-try form .list .mono')].map((one) => one.textContent).join()";
    browser.wait(&format!("{listed} === 'https://example.com/a.png'"));
    assert_eq!(count(&browser, ".waiting"), 0);
    // A picture is brought once, however much is typed.
    browser.run(
        "window.sent = []; const own = window.fetch; \
         window.fetch = (path, options) => { window.sent.push([path, options?.body?.length]); return own(path, options); }",
        &[],
    );
    let prevented = drop_picture(&browser, "#prompt", "猫.png", &picture());
    assert_eq!(prevented, json!([false, false]));
    browser.wait(&format!("{listed} === 'https://example.com/a.png,猫.png'"));
    fill(&browser, "#image-url", "https://example.com/b.png");
    browser.wait("document.querySelector('.code-box pre').textContent.includes('--image 猫.png --image https://example.com/b.png') || document.querySelector('.code-box pre').textContent.includes(\"--image '猫.png' --image https://example.com/b.png\")");
    make(&browser);
    browser.wait("document.querySelector('.shot img')?.naturalWidth > 0");
    browser.wait(&format!(
        "{listed} === 'https://example.com/a.png,猫.png,https://example.com/b.png'"
    ));
    let sent = "return fetch('/_journal').then((reply) => reply.json()).then((all) => all.find((one) => one.submitted).body.input.messages[0].content.map((one) => (one.image ?? 'text').slice(0, 25)))";
    let expected = json!([
        "https://example.com/a.png",
        "data:image/png;base64,iVB",
        "https://example.com/b.png",
        "text"
    ]);
    assert_eq!(browser.run(sent, &[]), expected);
    let many = "return window.sent.filter(([, length]) => length > 20000).map(([path]) => path)";
    assert_eq!(browser.run(many, &[]), json!(["/_studio/input"]));
    // A file that is no picture is named as its user knows it.
    drop_picture(&browser, "#panel-try", "notes.png", "aGVsbG8=");
    browser.wait("document.querySelector('#panel-try form [role=status]').textContent.startsWith('notes.png: ')");
}

#[test]
fn a_request_keeps_the_pictures_that_it_had() {
    let Some((browser, _out, _studio)) = scene::open("en") else {
        return;
    };
    choose(&browser, "DashScope", "qwen-image-2.0");
    let listed = "[...document.querySelectorAll('#panel-try form .list .mono')].map((one) => one.textContent).join()";
    drop_picture(&browser, "#prompt", "a.png", &picture());
    browser.wait(&format!("{listed} === 'a.png'"));
    make(&browser);
    browser.wait("document.querySelector('.shot img')?.naturalWidth > 0");
    drop_picture(&browser, "#prompt", "b.png", &picture());
    browser.wait(&format!("{listed} === 'a.png,b.png'"));
    browser.run(
        "[...document.querySelectorAll('.shot .button')].pop().click()",
        &[],
    );
    browser.wait(&format!("{listed} === 'a.png'"));
}

#[test]
fn the_page_speaks_one_language_whatever_the_terminal_speaks() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let out = tempfile::tempdir().unwrap();
    let studio = Studio::start(out.path(), |command| {
        command.args(["--lang", "zh"]);
    });
    for (language, wrong, cost, error) in [
        (
            "en",
            "type: an integer",
            "free in the sandbox; for real: 0.50 CNY",
            "check the key, its region and the account's credit",
        ),
        (
            "zh",
            "type：整数",
            "沙箱免费；真实调用：0.50 CNY",
            "请检查密钥、它的区域和账户余额",
        ),
    ] {
        open(&browser, &studio, language);
        choose(&browser, "DashScope", "wan2.7-image-pro");
        fill(&browser, "#field-parameters-size", "1K");
        fill(&browser, "#field-parameters-n", "２");
        browser.wait_for_text("#field-parameters-n-wrong", wrong);
        fill(&browser, "#field-parameters-n", "1");
        browser.wait_for_text(".action .note", cost);
        studio.script(&json!({"error": "Arrearage"}));
        make(&browser);
        browser.wait("document.querySelector('#panel-try [role=alert] .button')");
        let said = text(&browser, "#panel-try .callout");
        assert!(said.contains(error), "{said}");
    }
    assert_eq!(
        text(&browser, "#field-parameters-thinking_mode option"),
        "默认：是"
    );
}

#[test]
fn what_is_wrong_where_nobody_sees_it_is_shown() {
    let Some((browser, _out, _studio)) = scene::open("en") else {
        return;
    };
    choose(&browser, "DashScope", "wan2.7-image-pro");
    fill(&browser, "#field-parameters-color_palette", "red");
    browser.wait("document.querySelector('details.more').open");
    let seen =
        "return document.querySelector('#field-parameters-color_palette-wrong').checkVisibility()";
    assert_eq!(browser.run(seen, &[]), true);
    // The same is not said again to who listens.
    browser.run(
        "window.said = 0; new MutationObserver(() => { window.said += 1; }) \
         .observe(document.querySelector('.form [role=status]'), {childList: true})",
        &[],
    );
    for prompt in ["a", "b", "c"] {
        fill(&browser, "#prompt", prompt);
        browser.wait(&format!(
            "document.querySelector('.code-box pre').textContent.endsWith({})",
            json!(format!(" {prompt}"))
        ));
    }
    assert_eq!(browser.run("return window.said", &[]), 0);
}

#[test]
fn narrow_cards_cut_nothing_off_and_what_came_is_in_sight() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let out = tempfile::tempdir().unwrap();
    let studio = Studio::start(out.path(), |_| {});
    browser.look((320, 640), "light");
    open(&browser, &studio, "zh");
    make(&browser);
    browser.wait("document.querySelector('.shot img')?.naturalWidth > 0");
    let cut = "const card = document.querySelector('.shot').getBoundingClientRect(); \
               return [...document.querySelectorAll('.shot .button, .shot .badge')] \
               .filter((one) => one.getBoundingClientRect().right > card.right).length";
    assert_eq!(browser.run(cut, &[]), 0);
    studio.script(&json!({"error": "Arrearage"}));
    browser.run("scrollTo(0, 0)", &[]);
    make(&browser);
    browser.wait("document.querySelector('#panel-try [role=alert] .button')");
    let seen = "const place = document.querySelector('#panel-try .callout.stack').getBoundingClientRect(); \
                return place.top >= 0 && place.top < innerHeight";
    assert_eq!(browser.run(seen, &[]), true);
}

#[test]
fn the_traffic_of_a_studio_that_was_started_anew_is_seen() {
    let Some((browser, out, studio)) = scene::open("en") else {
        return;
    };
    for _ in 0..3 {
        studio.get("/v1/before");
    }
    browser.click("#tab-traffic");
    browser.wait("document.querySelectorAll('#panel-traffic tbody tr').length === 3");
    let port = studio.port();
    drop(studio);
    browser.wait("document.querySelector('#panel-traffic .badge.bad')");
    let studio = Studio::start_at(&port, out.path(), |_| {});
    for _ in 0..4 {
        studio.get("/v1/after");
    }
    open_aside(&browser, &studio);
    browser.wait("[...document.querySelectorAll('#panel-traffic tbody tr')].filter((one) => one.textContent.includes('/v1/after')).length === 4");
    assert_eq!(count(&browser, "#panel-traffic tbody tr"), 4);
    assert_eq!(count(&browser, "#panel-traffic .head .badge.good"), 1);
}

#[test]
fn no_bar_covers_what_has_the_focus() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let out = tempfile::tempdir().unwrap();
    let studio = Studio::start(out.path(), |_| {});
    for size in [(1440, 900), (720, 450), (320, 256)] {
        browser.look(size, "light");
        open(&browser, &studio, "zh");
        choose(&browser, "DashScope", "wan2.7-image-pro");
        let covered = "document.querySelector('details.more').open = true; \
                       const all = [...document.querySelectorAll('#panel-try form :is(input, select, textarea, summary, button)')]; \
                       const isCovered = (one) => { one.focus(); const place = one.getBoundingClientRect(); \
                           const top = document.elementFromPoint(place.left + place.width / 2, place.top + 8); \
                           return Boolean(top?.closest('.bar, .action')) && !one.closest('.action'); }; \
                       return [...all, ...all.reverse()].filter(isCovered).map((one) => one.id || one.name)";
        assert_eq!(browser.run(covered, &[]), json!([]), "{size:?}");
    }
}
