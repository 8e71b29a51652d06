//! Rules about the keywords of schemas, one by one.

use apifox_runtime::Draft;
use serde_json::Value;

use crate::lint::context::Linted;
use crate::lint::finding::Found;
use crate::lint::patch::Patch;
use crate::lint::schemas::Schema;
use apifox_document::diagnostics::shortened;
use apifox_document::forms::dialect::repairs::{is_annotation, is_older, meant, meant_type};
use apifox_document::schema::JsonType;
use apifox_document::schema::keywords::{Form, KEYWORDS, Treatment, keyword};
use apifox_document::schema::validate::formed;

pub(super) fn not_a_schema(linted: &Linted<'_>, found: &mut Found<'_>) {
    for (pointer, value) in &linted.no_schemas {
        let message = format!("{} is no schema", shortened(value));
        let patch = Patch::replace(pointer, value, true);
        found.add(
            pointer,
            message,
            "say `true`, which accepts anything, or write a schema",
            patch,
        );
    }
}

/// Why a keyword that is known has no place in a schema that stands alone; in a
/// document of Apifox's it is translated.
fn out_of_place(name: &str, draft: Draft) -> Option<&'static str> {
    let known = keyword(name)?;
    match (known.treatment, known.only) {
        (Treatment::Refused(why), _) => Some(why),
        (_, Some(Draft::Seven)) if draft == Draft::Latest => {
            Some("is a keyword of draft 7, and this is draft 2020-12")
        }
        (_, Some(Draft::Latest)) if draft == Draft::Seven => {
            Some("is a keyword of draft 2020-12, and this is draft 7")
        }
        _ => None,
    }
}

pub(super) fn of_another_draft(linted: &Linted<'_>, found: &mut Found<'_>) {
    for schema in linted.schemas.iter().filter(|_| linted.is_bare) {
        let draft = draft(linted, schema);
        for (name, value) in schema.members {
            if let Some(why) = out_of_place(name, draft) {
                let pointer = schema.below(name);
                let patch = Patch::remove(&pointer, value);
                let help = "leave it out, or express it by other keywords";
                found.add(&pointer, format!("{name} {why}"), help, patch);
            }
        }
    }
}

pub(super) fn unknown(linted: &Linted<'_>, found: &mut Found<'_>) {
    for schema in &linted.schemas {
        for (name, value) in schema.members {
            let is_fine = !linted.is_bare && is_annotation(name);
            if keyword(name).is_some() || is_fine {
                continue;
            }
            let pointer = schema.below(name);
            let message = format!("{name} is no keyword of JSON Schema");
            match likely(name).filter(|it| !schema.members.contains_key(*it)) {
                Some(meant) => {
                    let help = format!("write {meant}");
                    let patch = Patch::rename(&schema.pointer, schema.value, name, meant);
                    found.add(&pointer, message, &help, patch);
                }
                None => {
                    let help = "leave it out; the name of an extension starts with x-";
                    found.add(&pointer, message, help, Patch::remove(&pointer, value));
                }
            }
        }
    }
}

/// The keyword that is one slip of the pen away.
fn likely(name: &str) -> Option<&'static str> {
    let known = KEYWORDS
        .iter()
        .filter(|it| !matches!(it.treatment, Treatment::Refused(_)));
    let mut near = known.map(|it| it.name).filter(|it| is_slip(name, it));
    near.next().filter(|_| near.next().is_none())
}

/// Whether one character more, less, other or swapped, or the case of some, makes
/// one of the other.
fn is_slip(a: &str, b: &str) -> bool {
    if a.eq_ignore_ascii_case(b) {
        return true;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 1 || a.len().min(b.len()) < 3 {
        return false;
    }
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let rest = |it: &[char], from: usize| it.get(from..).map(<[char]>::to_vec);
    let is_swapped = a.len() >= 2 && b.len() >= 2 && a[0] == b[1] && a[1] == b[0];
    rest(a, 1).is_some_and(|it| it == b)
        || rest(b, 1).is_some_and(|it| it == a)
        || rest(a, 1).is_some() && rest(a, 1) == rest(b, 1)
        || is_swapped && a[2..] == b[2..]
}

/// The draft that a schema's keywords are those of.
fn draft(linted: &Linted<'_>, schema: &Schema<'_>) -> Draft {
    let root = linted.at(&schema.root).filter(|_| linted.is_bare);
    root.and_then(Draft::of_schema).unwrap_or_default()
}

pub(super) fn malformed(linted: &Linted<'_>, found: &mut Found<'_>) {
    for schema in &linted.schemas {
        let draft = draft(linted, schema);
        for (name, value) in schema.members {
            let has_own_rule = matches!(name.as_str(), "type" | "pattern");
            let Some(known) = keyword(name).filter(|_| !has_own_rule) else {
                continue;
            };
            let is_fine = !linted.is_bare && is_older(name, value);
            if is_fine || matches!(known.treatment, Treatment::Refused(_)) {
                continue;
            }
            let Err(expected) = formed(known.form, value, draft) else {
                continue;
            };
            let pointer = schema.below(name);
            let message = format!("{name}: {} is not {expected}", shortened(value));
            let (help, patch) = match meant(known.form, value) {
                Some(meant) => (
                    format!("write {}", shortened(&meant)),
                    Patch::replace(&pointer, value, meant),
                ),
                None => (
                    format!("leave it out, or write {expected}"),
                    Patch::remove(&pointer, value),
                ),
            };
            found.add(&pointer, message, &help, patch);
        }
    }
}

pub(super) fn unknown_type(linted: &Linted<'_>, found: &mut Found<'_>) {
    for schema in &linted.schemas {
        let Some(types) = schema.get("type").filter(|it| JsonType::list(it).is_none()) else {
            continue;
        };
        let pointer = schema.below("type");
        let message = format!("type: {} is no type of JSON", shortened(types));
        let (help, patch) = match types_meant(types) {
            Some(meant) => (
                format!("write {}", shortened(&meant)),
                Patch::replace(&pointer, types, meant),
            ),
            None => (
                "leave it out, or name a type of JSON".to_owned(),
                Patch::remove(&pointer, types),
            ),
        };
        found.add(&pointer, message, &help, patch);
    }
}

/// The types that were meant by other names.
fn types_meant(types: &Value) -> Option<Value> {
    let meant = |name: &Value| meant_type(name.as_str()?).map(Value::from);
    match types {
        Value::Array(names) => {
            let mut all: Vec<Value> = names.iter().map(meant).collect::<Option<_>>()?;
            let listed = all.clone();
            let mut at = 0;
            all.retain(|it| {
                at += 1;
                !listed[..at - 1].contains(it)
            });
            (!all.is_empty()).then(|| all.into())
        }
        name => meant(name),
    }
}

/// A pattern as a literal of JavaScript: what is between the slashes, and the flags.
fn literal(pattern: &str) -> Option<(String, &str)> {
    let (source, flags) = pattern.strip_prefix('/')?.rsplit_once('/')?;
    let are_flags = flags.chars().all(|it| "dgimsuvy".contains(it));
    (!source.is_empty() && are_flags).then(|| (source.replace("\\/", "/"), flags))
}

pub(super) fn pattern_literal(linted: &Linted<'_>, found: &mut Found<'_>) {
    for (pointer, value, pattern) in patterns(linted) {
        let Some((source, flags)) = literal(pattern) else {
            continue;
        };
        let message = format!(
            "pattern: {pattern} is a literal of JavaScript, and the slashes are part of the pattern"
        );
        let is_kept = !flags.contains(['i', 'm', 's']) && is_pattern(&source);
        let (help, patch) = match is_kept {
            true => (
                format!("write {source}"),
                Patch::replace(&pointer, value, source),
            ),
            false => (
                "leave it out; its flags have no form in JSON Schema".to_owned(),
                Patch::remove(&pointer, value),
            ),
        };
        found.add(&pointer, message, &help, patch);
    }
}

pub(super) fn invalid_pattern(linted: &Linted<'_>, found: &mut Found<'_>) {
    for (pointer, value, pattern) in patterns(linted) {
        if literal(pattern).is_none() && !is_pattern(pattern) {
            let message = format!(
                "pattern: {} is no regular expression of ECMA-262",
                shortened(value)
            );
            let patch = Patch::remove(&pointer, value);
            found.add(&pointer, message, "leave it out, or correct it", patch);
        }
    }
    for schema in &linted.schemas {
        if let Some(value) = schema.get("pattern").filter(|it| !it.is_string()) {
            let pointer = schema.below("pattern");
            let message = format!("pattern: {} is no text", shortened(value));
            let patch = Patch::remove(&pointer, value);
            found.add(&pointer, message, "leave it out, or correct it", patch);
        }
    }
}

fn is_pattern(source: &str) -> bool {
    formed(Form::Pattern, &source.into(), Draft::Latest).is_ok()
}

fn patterns<'d>(linted: &Linted<'d>) -> Vec<(String, &'d Value, &'d str)> {
    let pattern = |schema: &Schema<'d>| {
        let value = schema.get("pattern")?;
        Some((schema.below("pattern"), value, value.as_str()?))
    };
    linted.schemas.iter().filter_map(pattern).collect()
}

pub(super) fn pending_properties(linted: &Linted<'_>, found: &mut Found<'_>) {
    for schema in &linted.schemas {
        if schema.get("x-tmp-pending-properties") == Some(&Value::Bool(true)) {
            let message = "the editor left this behind, and nobody finished it";
            let patch = Patch::remove(&schema.pointer, schema.value);
            found.add(&schema.pointer, message, "leave the property out", patch);
        }
    }
}
