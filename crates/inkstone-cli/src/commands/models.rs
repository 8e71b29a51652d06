//! `inkstone models`: what each model accepts.

use inkstone::{OPERATIONS, Operation};
use serde_json::{Value, json};

use crate::args::ModelsArgs;
use crate::commands::describe_rules;
use crate::commands::field_rules;
use crate::commands::wrap::wrap_and_break;
use crate::console;
use crate::error::CliError;
use crate::pricing::prices::Prices;
use crate::request::choose_operation;
use crate::request::document::request_schema;
use crate::request::given_document;
use crate::request::verdict::Verdict;

/// How wide the table is, at most.
const WIDTH: usize = 80;

/// How wide its first column is, at most.
const WIDEST_NAME: usize = 34;

pub fn run(args: &ModelsArgs) -> Result<(), CliError> {
    let name = args.name.as_deref();
    // Operations without models, such as queries of tasks, are left out.
    let is_asked_for = |operation: &&&Operation| match name {
        Some(name) => operation.models.contains(&name),
        None => !operation.models.is_empty(),
    };
    let given = match &args.document {
        Some(document) => vec![given_document::load(document, args.operation.as_deref())?],
        None => Vec::new(),
    };
    // What names no model takes any.
    let takes_any =
        |operation: &&&Operation| operation.models.is_empty() || is_asked_for(operation);
    let found: Vec<_> = match args.document {
        Some(_) => given.iter().filter(takes_any).collect(),
        None => OPERATIONS.iter().filter(is_asked_for).collect(),
    };
    if let (Some(name), true) = (name, found.is_empty()) {
        return Err(choose_operation::unknown_model(None, name));
    }
    let prices = Prices::load(None)?;
    if args.json {
        let json = |operation: &&&Operation| as_json(operation, &prices);
        return console::json(&found.iter().map(json).collect());
    }
    let tables: Vec<String> = found.iter().map(|operation| table(operation)).collect();
    console::line(&tables.join("\n"))?;
    let models = found.iter().flat_map(|operation| {
        let models = operation.models.iter().copied();
        models.map(move |model| (**operation, model))
    });
    let is_shown = |model: &str| name.is_none_or(|name| name == model);
    for (operation, model) in models.filter(|(_, model)| is_shown(model)) {
        for said in announcements(operation, model) {
            console::warning(&format!("{model}: {said}"));
        }
    }
    let lines = name.map_or_else(Vec::new, |name| prices.lines(name));
    lines.iter().try_for_each(|line| console::line(line))
}

fn as_json(operation: &Operation, prices: &Prices) -> Value {
    let schema = request_schema(operation);
    let field_json = |field: field_rules::Field| {
        let mut json = json!({"field": field.path, "required": field.required});
        if let Value::Object(members) = &mut json {
            members.extend(field.rules);
        }
        json
    };
    let fields = field_rules::fields(&schema).into_iter().map(field_json);
    json!({
        "api": operation.api,
        "document": operation.name,
        "models": operation.models,
        "announcements": operation.models.iter().flat_map(|model| {
            let all = announcements(operation, model).into_iter();
            all.map(move |message| json!({"model": model, "message": message}))
        }).collect::<Vec<_>>(),
        "prices": operation.models.iter().map(|model| prices.json(model)).collect::<Vec<_>>(),
        "method": operation.method,
        "path": operation.path,
        "fields": fields.collect::<Vec<_>>(),
        "other_fields": field_rules::is_open(&schema),
    })
}

/// What the document warns of whoever asks for a model, such as that it is to retire.
fn announcements(operation: &Operation, model: &str) -> Vec<String> {
    let verdict = Verdict::check(operation, &json!({"model": model}));
    let mut warnings = verdict.warnings;
    warnings.retain(|warning| warning.pointer == "/model");
    warnings
        .into_iter()
        .map(|warning| warning.message)
        .collect()
}

fn table(operation: &Operation) -> String {
    let schema = request_schema(operation);
    let fields = field_rules::fields(&schema);
    let mut rows: Vec<(String, String)> = fields
        .iter()
        .map(|field| (field.path.clone(), describe_rules::field(field)))
        .collect();
    let others = match field_rules::is_open(&schema) {
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

/// A row of the table, on several lines if it is long.
fn row(name: &str, rules: &str, column: usize) -> String {
    let mut row = String::new();
    let mut name = name;
    for line in wrap_and_break(rules, WIDTH - column - 4) {
        if name.chars().count() > column {
            row += &format!("  {name}\n");
            name = "";
        }
        row += &format!("  {name:<column$}  {line}\n");
        name = "";
    }
    row
}
