//! `1920x1080`, `1920*1080`, `1920×1080` or `2k`: whichever form the document accepts.

use inkstone::Operation;
use serde_json::Value;

use crate::request::document;

/// Writes the size at `pointer` in the form that the document accepts.
pub fn adapt(operation: &Operation, body: &mut Value, pointer: &str) {
    let Some(given) = body.pointer(pointer).and_then(Value::as_str) else {
        return;
    };
    let mut readable = None;
    for form in forms(given) {
        let mut adapted = body.clone();
        if let Some(size) = adapted.pointer_mut(pointer) {
            *size = form.into();
        }
        let broken = document::broken_keywords(operation, &adapted, pointer);
        if broken.is_empty() {
            *body = adapted;
            return;
        }
        // "Too large" is more helpful than "malformed", so a size that parses comes next.
        if readable.is_none() && !broken.contains(&"pattern") {
            readable = Some(adapted);
        }
    }
    if let Some(adapted) = readable {
        *body = adapted;
    }
}

/// The ways to write a size, the given one first: its signs, or the letters of a tier.
fn forms(given: &str) -> Vec<String> {
    const SIGNS: [char; 6] = ['x', 'X', '*', '×', '✕', '＊'];
    let mut forms = vec![given.to_owned()];
    let clean: String = given.chars().filter(|c| !c.is_whitespace()).collect();
    let sides = clean.split_once(SIGNS);
    let is_side = |side: &str| !side.is_empty() && side.bytes().all(|byte| byte.is_ascii_digit());
    match sides {
        Some((width, height)) if is_side(width) && is_side(height) => {
            forms.extend(["x", "*"].map(|sign| format!("{width}{sign}{height}")));
        }
        _ => forms.extend([clean.to_uppercase(), clean.to_lowercase()]),
    }
    forms
}
