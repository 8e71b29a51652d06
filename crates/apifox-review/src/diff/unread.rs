//! What the texts of two documents say that could not be read, and so is not compared.

use std::collections::HashSet;

use super::change::{Change, Relation, Role};
use apifox_document::api::Api;
use apifox_document::diagnostics::Diagnostic;
use apifox_document::pointer::JsonPointerExt as _;
use apifox_document::{Document, Form};

/// A part of a text that is not in the document that was read from it.
pub(super) struct Unread {
    /// Where it stands: a pointer into the document, or a line of a file.
    place: String,
    /// Its pointer in the document; empty where it has none.
    pointer: String,
    /// What tells it from other parts: its pointer, where that does, and its text.
    identity: (String, String),
    /// What is wrong with it.
    why: String,
}

/// What a document lacks of its text: what is not whole or not well-formed, what stands behind
/// its end, what a translation from an older version skipped, and operations that were omitted.
pub(super) fn unread(document: &Document, api: &Api) -> Vec<Unread> {
    let texts = document.texts.unread();
    let texts = texts.into_iter().map(|(file, part)| Unread {
        place: match part.pointer.is_empty() {
            true => format!("{file}:{}", part.line),
            false => part.pointer.to_owned(),
        },
        pointer: part.pointer.to_owned(),
        identity: (part.pointer.to_owned(), part.text.to_owned()),
        why: part.why.to_owned(),
    });
    let skipped = match document.is_translated() {
        true => &document.faults[..],
        false => &[],
    };
    let skipped = skipped.iter().map(|fault| {
        let keyword = fault.keyword.iter();
        let skipped = keyword.fold(fault.pointer.clone(), |place, name| place.child(name));
        let written = document.texts.value_text(&fault.file, &skipped);
        let text = format!("{}\n{}", fault.message, written.unwrap_or_default());
        Unread {
            place: fault.pointer.clone(),
            pointer: fault.pointer.clone(),
            identity: (fault.pointer.clone(), text),
            why: fault.message.clone(),
        }
    });
    // What was omitted and is in the document is compared as it is written, if it is in both.
    let omitted = api
        .skipped
        .iter()
        .filter(|omitted| omitted.omission.is_some());
    let omitted = omitted.map(|omitted| Unread {
        place: omitted.pointer.clone(),
        pointer: omitted.pointer.clone(),
        identity: match document.form() {
            Form::Project => (String::new(), written_around(document, omitted)),
            _ => (omitted.pointer.clone(), String::new()),
        },
        why: omitted.message.clone(),
    });
    texts.chain(skipped).chain(omitted).collect()
}

/// What is wrong and the object where it is: in a project a pointer counts the operations before,
/// and so says nothing of which one it is.
fn written_around(document: &Document, omitted: &Diagnostic) -> String {
    let (around, _) = omitted.pointer.rsplit_once('/').unwrap_or_default();
    let written = document.texts.value_text(&omitted.file, around);
    format!("{}\n{}", omitted.message, written.unwrap_or_default())
}

/// What was not read of one document, and was not the same in the other.
pub(super) fn unread_changes(old: &[Unread], new: &[Unread]) -> Vec<Change> {
    let only = |these: &[Unread], others: &[Unread], when: &str| {
        let known: HashSet<_> = others.iter().map(|part| &part.identity).collect();
        let own = these.iter();
        let own = own.filter(|part| !known.contains(&part.identity));
        let change = |part: &Unread| {
            let Unread { place, why, .. } = part;
            let message = format!("{place}: {why}, and is not compared (in the {when} document)");
            let change = Change::new(Role::Both, Relation::NotCompared, message);
            let pointer = Some(part.pointer.clone());
            (pointer.filter(|pointer| !pointer.is_empty()), change)
        };
        own.map(change).collect::<Vec<_>>()
    };
    let gone = only(old, new, "old").into_iter();
    let gone = gone.map(|(old, change)| Change { old, ..change });
    let added = only(new, old, "new").into_iter();
    let added = added.map(|(new, change)| Change { new, ..change });
    gone.chain(added).collect()
}
