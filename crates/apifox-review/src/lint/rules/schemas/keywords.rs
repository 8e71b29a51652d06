//! Rules about the keywords of schemas: their names, and the form of their values.

use apifox_runtime::Draft;
use serde_json::Value;

use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::finding::Findings;
use crate::lint::schemas::Schema;
use apifox_document::diagnostics::shortened;
use apifox_document::forms::dialect::repairs::{
    intended_value, is_annotation, is_older_draft_form,
};
use apifox_document::schema::keywords::{KEYWORDS, Treatment, keyword};
use apifox_document::schema::validate::check_form;

pub fn not_a_schema(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (pointer, value) in &context.invalid_schemas {
        let message = format!("{} is not a schema", shortened(value));
        // A list in place of a whole document is something else than a slip.
        let patch = match pointer.is_empty() && value.is_array() {
            true => Patch::empty(),
            false => Patch::replace(pointer, value, true),
        };
        let help = "write `true`, which accepts anything, or a schema";
        findings.add(pointer, message, help, patch);
    }
}

/// A bare schema uses the keywords of its own draft alone; those of Apifox's documents
/// are translated.
pub fn of_another_draft(context: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    if !context.is_bare_schema() {
        return;
    }
    let draft = draft(context, schema);
    for (name, value) in schema.members {
        if let Some(why) = draft_conflict(name, draft) {
            let pointer = schema.member_pointer(name);
            let patch = Patch::remove(&pointer, value);
            let help = "remove it, or express it with other keywords";
            findings.add(&pointer, format!("{name} {why}"), help, patch);
        }
    }
}

/// Why a keyword can't be used in a schema of a draft.
fn draft_conflict(name: &str, draft: Draft) -> Option<&'static str> {
    let known = keyword(name)?;
    match (known.treatment, known.only) {
        (Treatment::Refused(why), _) => Some(why),
        (_, Some(Draft::Seven)) if draft == Draft::Latest => {
            Some("is a keyword of draft 7, but this schema is draft 2020-12")
        }
        (_, Some(Draft::Latest)) if draft == Draft::Seven => {
            Some("is a keyword of draft 2020-12, but this schema is draft 7")
        }
        _ => None,
    }
}

/// The draft that a schema is written in.
fn draft(context: &Context<'_>, schema: &Schema<'_>) -> Draft {
    let root = match context.is_bare_schema() {
        true => context.value_at(&schema.place.root),
        false => None,
    };
    root.and_then(Draft::of_schema).unwrap_or_default()
}

pub fn unknown(context: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    for (name, value) in schema.members {
        let is_translated = !context.is_bare_schema() && is_annotation(name);
        if keyword(name).is_some() || is_translated {
            continue;
        }
        let pointer = schema.member_pointer(name);
        let message = format!("{name} is not a JSON Schema keyword");
        match similar(name).filter(|similar| !schema.members.contains_key(*similar)) {
            Some(meant) => {
                let help = format!("write {meant}");
                let patch = Patch::rename(schema.pointer(), schema.value, name, meant);
                findings.add(&pointer, message, &help, patch);
            }
            None => {
                let help = "remove it, or name it x-… if it is an extension";
                findings.add(&pointer, message, help, Patch::remove(&pointer, value));
            }
        }
    }
}

/// The only keyword that is one typing error away.
fn similar(name: &str) -> Option<&'static str> {
    let is_supported = |treatment| !matches!(treatment, Treatment::Refused(_));
    let supported = KEYWORDS
        .iter()
        .filter(|known| is_supported(known.treatment));
    let mut similar = supported
        .map(|known| known.name)
        .filter(|known| is_typo(name, known));
    similar.next().filter(|_| similar.next().is_none())
}

/// Whether two names differ in case alone, or by one character that is missing, added,
/// replaced, or swapped with the next.
fn is_typo(a: &str, b: &str) -> bool {
    let lengths = (a.chars().count(), b.chars().count());
    // A distance costs the product of the lengths, and names may be long.
    let is_near = lengths.0.min(lengths.1) >= 3 && lengths.0.abs_diff(lengths.1) <= 1;
    a.eq_ignore_ascii_case(b) || is_near && strsim::osa_distance(a, b) == 1
}

pub fn malformed(context: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let draft = draft(context, schema);
    for (name, value) in schema.members {
        let has_own_rule = matches!(name.as_str(), "type" | "pattern");
        let Some(known) = keyword(name).filter(|_| !has_own_rule) else {
            continue;
        };
        let is_translated = !context.is_bare_schema() && is_older_draft_form(name, value);
        if is_translated || matches!(known.treatment, Treatment::Refused(_)) {
            continue;
        }
        if let Err(expected) = check_form(known.form, value, draft) {
            let message = format!("{name}: {} is not {expected}", shortened(value));
            let pointer = schema.member_pointer(name);
            let (help, patch) = match intended_value(known.form, value) {
                Some(meant) => (
                    format!("write {}", shortened(&meant)),
                    Patch::replace(&pointer, value, meant),
                ),
                None => (
                    format!("remove it, or write {expected}"),
                    Patch::remove(&pointer, value),
                ),
            };
            findings.add(&pointer, message, &help, patch);
        }
    }
}

pub fn pending_properties(_: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    const PENDING: &str = "x-tmp-pending-properties";
    if schema.get(PENDING) == Some(&Value::Bool(true)) {
        let message = "the editor left this unfinished property behind";
        // The whole document can't be removed.
        let patch = match schema.pointer() {
            "" => Patch::remove(&schema.member_pointer(PENDING), &Value::Bool(true)),
            pointer => Patch::remove(pointer, schema.value),
        };
        findings.add(schema.pointer(), message, "remove the property", patch);
    }
}
