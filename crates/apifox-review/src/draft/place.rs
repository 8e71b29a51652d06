//! Puts what the prose says into the schemas that samples show.

use apifox_runtime::{Checker, Draft};
use serde_json::{Value, json};

use super::infer::mark;
use super::limits::{limits, states_a_limit};
use super::prose::{Named, Statement};

/// A schema that samples show, and the samples.
pub(super) struct Body {
    pub schema: Value,
    pub samples: Vec<Value>,
    pub is_reply: bool,
}

/// Puts statements into the schemas of bodies. Returned are the lines that state a limit
/// of a field whose name the page does not show, and those that state it under a condition.
pub(super) fn place(statements: &[Statement], bodies: &mut [Body]) -> Vec<String> {
    let mut left: Vec<String> = Vec::new();
    for statement in statements {
        let is_placed = match &statement.field {
            Some(field) if !is_conditional(&statement.sentence) => placed(field, statement, bodies),
            _ => false,
        };
        let is_new = !left.contains(&statement.line);
        if !is_placed && is_new && states_a_limit(&statement.sentence) {
            left.push(statement.line.clone());
        }
    }
    left
}

/// Words of a sentence that holds only sometimes.
const CONDITIONS: [&str; 10] = [
    "当", "如果", "若", "仅", "系列", "when ", "if ", "only ", "unless ", "except ",
];

fn is_conditional(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    CONDITIONS.iter().any(|word| lower.contains(word))
}

/// Whether a statement is about a field of a body, and is put there.
fn placed(field: &Named, statement: &Statement, bodies: &mut [Body]) -> bool {
    let mut is_placed = false;
    for body in bodies.iter_mut() {
        if body.is_reply == statement.is_reply {
            let samples: Vec<&Value> = body.samples.iter().collect();
            is_placed |= into(&mut body.schema, &samples, field, statement);
        }
    }
    let first = bodies
        .iter_mut()
        .find(|body| body.is_reply == statement.is_reply);
    match (is_placed, first, field.kind) {
        (false, Some(body), Some(kind)) => add_field(body, field, kind, statement),
        (is_placed, ..) => is_placed,
    }
}

/// Puts a statement into the fields of this name in a schema, at any depth.
fn into(schema: &mut Value, samples: &[&Value], field: &Named, statement: &Statement) -> bool {
    let mut is_placed = false;
    let name = field.name.rsplit('.').next().unwrap_or(&field.name);
    let names: Vec<String> = match schema["properties"].as_object() {
        Some(properties) => properties.keys().cloned().collect(),
        None => Vec::new(),
    };
    for key in names {
        let values: Vec<&Value> = samples
            .iter()
            .filter_map(|sample| sample.get(&key))
            .collect();
        if key == name {
            let property = &mut schema["properties"][&key];
            let is_required = state(property, &values, field, statement);
            require(schema, &key, is_required, samples, &statement.sentence);
            is_placed = true;
        }
        is_placed |= into(&mut schema["properties"][&key], &values, field, statement);
    }
    if schema["items"].is_object() {
        let items = samples.iter().filter_map(|sample| sample.as_array());
        let items: Vec<&Value> = items.flatten().collect();
        is_placed |= into(&mut schema["items"], &items, field, statement);
    }
    is_placed
}

/// Puts what a sentence states into the schema of its field; returned is whether it says that
/// the field is required.
fn state(
    property: &mut Value,
    values: &[&Value],
    field: &Named,
    statement: &Statement,
) -> Option<bool> {
    let sentence = &statement.sentence;
    let kind = property["type"].as_str().unwrap_or_default().to_owned();
    let limits = limits(sentence, &kind);
    for (keyword, value) in limits.keywords {
        if property.get(&keyword).is_some_and(|known| *known != value) {
            mark(property, &keyword, format!("not: {sentence}"));
        } else if keyword != "default" && !accepts(&keyword, &value, values) {
            mark(property, "not", format!("a sample contradicts: {sentence}"));
        } else {
            property[&keyword] = value;
            mark(property, &keyword, sentence.as_str());
        }
    }
    describe(property, sentence);
    if let Some(word) = field.by_word {
        mark(property, "description", format!("by the word {word}"));
    }
    limits.is_required
}

fn accepts(keyword: &str, value: &Value, values: &[&Value]) -> bool {
    let schema = json!({ keyword: value });
    let checker = Checker::new(&schema, "", Draft::Latest);
    checker.is_ok_and(|checker| values.iter().all(|value| checker.accepts(value)))
}

fn describe(property: &mut Value, sentence: &str) {
    const MARKERS: [&str; 8] = [
        "required", "optional", "必填", "必需", "可选", "选填", "string", "integer",
    ];
    if MARKERS.contains(&sentence) {
        return;
    }
    property["description"] = match property["description"].as_str() {
        Some(known) if known.contains(sentence) => return,
        Some(known) => format!("{known}\n{sentence}").into(),
        None => sentence.into(),
    };
}

/// Lists a field in `required`, or removes it from there. A sample without it counts for more.
fn require(
    schema: &mut Value,
    name: &str,
    is_required: Option<bool>,
    samples: &[&Value],
    sentence: &str,
) {
    let Some(is_required) = is_required else {
        return;
    };
    let lacks = |sample: &&Value| sample.is_object() && sample.get(name).is_none();
    if is_required && samples.iter().any(lacks) {
        mark(
            schema,
            "not",
            format!("a sample is without {name}: {sentence}"),
        );
        return;
    }
    let mut names = schema["required"].as_array().cloned().unwrap_or_default();
    names.retain(|other| other != name);
    if is_required {
        names.push(name.into());
    }
    match names.is_empty() {
        true => {
            if let Value::Object(members) = schema {
                members.shift_remove("required");
            }
        }
        false => schema["required"] = names.into(),
    }
    mark(schema, "required", format!("{name}: {sentence}"));
}

/// Adds a field that only the prose names, in the objects that its name says.
fn add_field(body: &mut Body, field: &Named, kind: &str, statement: &Statement) -> bool {
    let mut samples: Vec<&Value> = body.samples.iter().collect();
    let mut around = &mut body.schema;
    let mut names = field.name.split('.').peekable();
    while let Some(name) = names.next() {
        if around["type"] != "object" {
            return false;
        }
        let is_last = names.peek().is_none();
        let there = &around["properties"][name];
        if is_last {
            let mut added = json!({"type": kind});
            mark(&mut added, "type", "only the prose names the field");
            let is_required = state(&mut added, &[], field, statement);
            around["properties"][name] = added;
            require(around, name, is_required, &samples, &statement.sentence);
            return true;
        }
        if !there.is_object() {
            return false;
        }
        samples = samples
            .iter()
            .filter_map(|sample| sample.get(name))
            .collect();
        around = &mut around["properties"][name];
    }
    false
}
