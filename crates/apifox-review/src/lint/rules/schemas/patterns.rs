//! Rules about `pattern`.

use apifox_runtime::{Draft, Pattern};
use serde_json::Value;

use crate::lint::context::Context;
use crate::lint::corrections::patch::Patch;
use crate::lint::finding::Findings;
use crate::lint::schemas::Schema;
use apifox_document::diagnostics::shortened;
use apifox_document::schema::keywords::Form;
use apifox_document::schema::pattern_literal::PatternLiteral;
use apifox_document::schema::validate::check_form;

pub fn pattern_literal(context: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let Some(value @ Value::String(pattern)) = schema.get("pattern") else {
        return;
    };
    let Some(literal) = PatternLiteral::read(pattern) else {
        return;
    };
    let pointer = schema.member_pointer("pattern");
    let reading = match &literal {
        _ if context.is_bare_schema() => "but the slashes are part of the pattern",
        PatternLiteral::Source(_) => "which is read without its slashes",
        PatternLiteral::Flags(_) => "whose flags can't be kept: any string is accepted",
        PatternLiteral::Invalid(_) => "which is not a regular expression: it is skipped",
    };
    let message = format!("pattern: {pattern} is a JavaScript literal, {reading}");
    let (help, patch) = match literal {
        PatternLiteral::Source(source) => (
            format!("write {source}"),
            Patch::replace(&pointer, value, source),
        ),
        PatternLiteral::Flags(_) => (
            "remove it; JSON Schema can't express its flags".to_owned(),
            Patch::remove(&pointer, value),
        ),
        PatternLiteral::Invalid(_) => (
            "remove it, or correct it".to_owned(),
            Patch::remove(&pointer, value),
        ),
    };
    findings.add(&pointer, message, &help, patch);
}

pub fn invalid_pattern(_: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let Some(value) = schema.get("pattern") else {
        return;
    };
    let expected = match value.as_str() {
        None => "a string",
        Some(pattern) if PatternLiteral::read(pattern).is_some() || is_pattern(pattern) => return,
        Some(pattern) if costs_too_much(pattern) => {
            return too_costly_pattern(schema, value, findings);
        }
        Some(_) => "a valid ECMA-262 regular expression",
    };
    let pointer = schema.member_pointer("pattern");
    let message = format!("pattern: {} is not {expected}", shortened(value));
    let patch = Patch::remove(&pointer, value);
    findings.add(&pointer, message, "remove it, or correct it", patch);
}

/// Whether a regular expression is refused for its size alone.
fn costs_too_much(pattern: &str) -> bool {
    Pattern::costs_too_much(pattern) || Pattern::has_too_many(pattern)
}

/// Names a pattern that says something, so that removing it is no correction.
fn too_costly_pattern(schema: &Schema<'_>, value: &Value, findings: &mut Findings<'_>) {
    let Err(expected) = check_form(Form::Pattern, value, Draft::Latest) else {
        return;
    };
    let message = format!("pattern: {} is not {expected}", shortened(value));
    let help = "write it with less: the length of a whole text is minLength and maxLength";
    let pointer = schema.member_pointer("pattern");
    findings.add(&pointer, message, help, Patch::empty());
}

/// Names patterns that may take exponentially long to match.
pub fn slow_pattern(_: &Context<'_>, schema: &Schema<'_>, findings: &mut Findings<'_>) {
    let Some(Value::String(pattern)) = schema.get("pattern") else {
        return;
    };
    if !Pattern::may_take_long(pattern) {
        return;
    }
    let pointer = schema.member_pointer("pattern");
    let message = format!(
        "pattern: {pattern} refers to a group: a text that takes too many steps to match is refused"
    );
    let help = "write it without references to groups, if it can be";
    findings.add(&pointer, message, help, Patch::empty());
}

fn is_pattern(source: &str) -> bool {
    check_form(Form::Pattern, &source.into(), Draft::Latest).is_ok()
}
