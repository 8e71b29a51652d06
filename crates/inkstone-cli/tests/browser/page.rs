//! What a person does on the page of the studio.

use serde_json::{Value, json};

use crate::driver::Browser;
use crate::support::Studio;

/// Writes into a field as a person does.
pub fn fill(browser: &Browser, selector: &str, text: &str) {
    let script = "const field = document.querySelector(arguments[0]); field.value = arguments[1]; \
                  field.dispatchEvent(new Event('input', {bubbles: true}))";
    browser.run(script, &[json!(selector), json!(text)]);
}

pub fn open(browser: &Browser, studio: &Studio, language: &str) {
    browser.open(&format!("{}&lang={language}", studio.page));
    browser.wait("document.documentElement.dataset.ready === 'yes'");
    browser.wait("document.querySelector('#panel-try .code-box')");
}

/// Opens it in another tab, and looks at this one again.
pub fn open_aside(browser: &Browser, studio: &Studio) {
    let script = "window.open(arguments[0], '_blank', 'noopener')";
    browser.run(script, &[json!(studio.page)]);
    browser.look_at();
}

pub fn text(browser: &Browser, selector: &str) -> String {
    let script = "return document.querySelector(arguments[0])?.textContent ?? ''";
    browser
        .run(script, &[json!(selector)])
        .as_str()
        .unwrap()
        .to_owned()
}

pub fn make(browser: &Browser) {
    browser.wait("!document.querySelector('#panel-try button.main').disabled");
    browser.run(
        "document.querySelector('#panel-try form').requestSubmit()",
        &[],
    );
}

/// Chooses a model, by the title of its API.
pub fn choose(browser: &Browser, title: &str, model: &str) {
    let script = "const group = [...document.querySelectorAll('#model optgroup')].find((one) => one.label === arguments[0]); \
                  const select = document.getElementById('model'); \
                  select.value = [...group.children].find((one) => one.textContent === arguments[1]).value; \
                  select.dispatchEvent(new Event('change', {bubbles: true}))";
    browser.run(script, &[json!(title), json!(model)]);
}

/// The addresses and the data of a request for real are shown, and its cost is confirmed.
pub fn pay(browser: &Browser) {
    browser.click("input[name=target][value=true]");
    make(browser);
    browser.wait("document.querySelector('dialog[open]')");
    browser.click("dialog button.main");
}

/// How many elements there are.
pub fn count(browser: &Browser, selector: &str) -> u64 {
    let script = "return document.querySelectorAll(arguments[0]).length";
    browser.run(script, &[json!(selector)]).as_u64().unwrap()
}

/// Drops a file somewhere that says it is a picture.
pub fn drop_picture(browser: &Browser, selector: &str, name: &str, base64: &str) -> Value {
    let script = "const bytes = Uint8Array.from(atob(arguments[2]), (one) => one.charCodeAt(0)); \
                  const data = new DataTransfer(); data.items.add(new File([bytes], arguments[1], {type: 'image/png'})); \
                  const event = (name) => new DragEvent(name, {bubbles: true, cancelable: true, dataTransfer: data}); \
                  const place = document.querySelector(arguments[0]); \
                  return [place.dispatchEvent(event('dragover')), place.dispatchEvent(event('drop'))]";
    browser.run(script, &[json!(selector), json!(name), json!(base64)])
}
