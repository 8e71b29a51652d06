//! `inkstone models`: every model, and what it accepts.

use inkstone::{OPERATIONS, Operation};
use serde_json::{Value, json};

use crate::args::Models;
use crate::describe;
use crate::document::request_schema;
use crate::exit::Failure;
use crate::limits;
use crate::output;

/// How wide the table is, at most.
const WIDTH: usize = 80;

/// How wide its first column is, at most.
const WIDEST_NAME: usize = 34;

pub fn run(args: &Models) -> Result<(), Failure> {
    // The others ask about what a model does.
    let of_models = OPERATIONS.iter().filter(|it| !it.models.is_empty());
    if args.json {
        return output::json(&of_models.map(|it| as_json(it)).collect());
    }
    let tables: Vec<String> = of_models.map(|it| table(it)).collect();
    output::line(&tables.join("\n"))
}

fn as_json(operation: &Operation) -> Value {
    let schema = request_schema(operation);
    let field = |it: limits::Field| {
        let mut field = json!({"field": it.path, "required": it.required});
        if let Value::Object(members) = &mut field {
            members.extend(it.rules);
        }
        field
    };
    json!({
        "api": operation.api,
        "document": operation.name,
        "models": operation.models,
        "method": operation.method,
        "path": operation.path,
        "fields": limits::fields(&schema).into_iter().map(field).collect::<Vec<_>>(),
        "other_fields": limits::is_open(&schema),
    })
}

fn table(operation: &Operation) -> String {
    let schema = request_schema(operation);
    let fields = limits::fields(&schema);
    let mut rows: Vec<(String, String)> = fields
        .iter()
        .map(|it| (it.path.clone(), describe::field(it)))
        .collect();
    let others = match limits::is_open(&schema) {
        true => "accepted",
        false => "refused",
    };
    rows.push(("(others)".to_owned(), others.to_owned()));
    let longest = rows.iter().map(|(name, _)| name.chars().count()).max();
    let column = longest.unwrap_or_default().min(WIDEST_NAME);
    let mut table = format!("{}/{}\n", operation.api, operation.name);
    for (name, rules) in rows {
        table += &row(&name, &rules, column);
    }
    table
}

/// A row of the table, on as many lines as it takes.
fn row(name: &str, rules: &str, column: usize) -> String {
    let mut row = String::new();
    let mut name = name;
    for line in wrap(rules, WIDTH - column - 4) {
        if name.chars().count() > column {
            row += &format!("  {name}\n");
            name = "";
        }
        row += &format!("  {name:<column$}  {line}\n");
        name = "";
    }
    row
}

/// `text` in lines of at most `width` characters.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let mut rest: Vec<char> = word.chars().collect();
        if used > 0 && used + 1 + rest.len() > width {
            lines.push(String::new());
            used = 0;
        }
        // Only a word that is longer than a line is broken.
        while rest.len() > width {
            let tail = rest.split_off(width);
            push(&mut lines, &rest);
            lines.push(String::new());
            rest = tail;
        }
        if used > 0 {
            push(&mut lines, &[' ']);
            used += 1;
        }
        push(&mut lines, &rest);
        used += rest.len();
    }
    lines
}

fn push(lines: &mut [String], characters: &[char]) {
    if let Some(line) = lines.last_mut() {
        line.extend(characters);
    }
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn only_words_longer_than_a_line_are_broken() {
        let cases: [(&str, &[&str]); 4] = [
            ("", &[""]),
            ("a bc def", &["a bc", "def"]),
            ("a abcdefgh b", &["a", "abcde", "fgh b"]),
            ("abcde 1 23", &["abcde", "1 23"]),
        ];
        for (text, lines) in cases {
            assert_eq!(wrap(text, 5), lines, "{text}");
        }
    }
}
