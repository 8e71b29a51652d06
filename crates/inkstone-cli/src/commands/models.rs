//! `inkstone models`: the models, and what each accepts.

use inkstone::{OPERATIONS, Operation, answers_with_task};
use serde_json::{Value, json};
use tr::tr;

use crate::args::api::Api;
use crate::args::models::ModelsArgs;
use crate::args::values::model::distinct;
use crate::commands::describe_rules;
use crate::commands::field_rules;
use crate::console;
use crate::error::CliError;
use crate::language::libraries;
use crate::pricing::prices::Prices;
use crate::request::choose_operation;
use crate::request::document::{self, request_schema};
use crate::request::given_document;
use crate::request::shape::Shape;
use crate::request::verdict::Verdict;
use crate::request::words::taken::takes_pictures;
use crate::wrap::{padded, wrap_and_break};

/// How wide the first column of a table is, at most.
const WIDEST_NAME: usize = 34;

/// The fewest columns in which prices are shown as well.
const WITH_PRICES: usize = 75;

pub fn run(args: &ModelsArgs) -> Result<(), CliError> {
    let given = args.name.as_deref().map(choose_operation::split_name);
    let api = args.api.or(given.and_then(|(api, _)| api));
    let name = given.map(|(_, name)| name);
    let all = match &args.document {
        Some(document) => vec![given_document::load(document, args.operation.as_deref())?],
        None => OPERATIONS.to_vec(),
    };
    let is_asked_for = |operation: &&'static Operation| {
        // Of a document that is given, what names no model takes any; else operations without
        // models, such as queries of tasks, are left out.
        if operation.models.is_empty() {
            return args.document.is_some();
        }
        name.is_none_or(|name| operation.models.contains(&name) || operation.name == name)
            && api.is_none_or(|api| api.name() == operation.api)
            && (!args.edits || takes_pictures(operation))
            && (!args.tasks || answers_with_task(operation))
    };
    let found: Vec<&'static Operation> = all.into_iter().filter(is_asked_for).collect();
    if let (Some(name), true) = (name, found.is_empty()) {
        return Err(none_found(args, api, name));
    }
    let prices = Prices::load(None)?;
    if args.json {
        let json = |operation: &&Operation| as_json(operation, &prices);
        return console::json(&found.iter().map(json).collect::<Vec<_>>());
    }
    let name = match name {
        Some(name) => name,
        None if args.document.is_none() => return list(&found, &prices),
        None => "",
    };
    let tables: Vec<String> = found.iter().map(|operation| table(operation)).collect();
    console::line(&tables.join("\n"))?;
    let is_model = found
        .iter()
        .any(|operation| operation.models.contains(&name));
    let models = match (is_model, found.first()) {
        (false, Some(operation)) => operation.models,
        _ => &[name][..],
    };
    for model in models {
        let own = found
            .iter()
            .filter(|operation| operation.models.contains(model));
        for said in own.flat_map(|operation| announcements(operation, model)) {
            console::warning(&format!("{model}: {}", libraries::rule(&said)));
        }
        let lines = match name {
            "" => Vec::new(),
            _ => prices.lines(model),
        };
        lines.iter().try_for_each(|line| console::prose(line))?;
    }
    Ok(())
}

/// The error where no operation has the name: or none of those that a flag leaves.
fn none_found(args: &ModelsArgs, api: Option<Api>, name: &str) -> CliError {
    let flags = [("--edits", args.edits), ("--tasks", args.tasks)];
    let flags: Vec<&str> = flags
        .iter()
        .filter_map(|(flag, is_given)| is_given.then_some(*flag))
        .collect();
    if flags.is_empty() || choose_operation::candidates(api, name).is_empty() {
        return choose_operation::unknown_model(api, name);
    }
    let (flags, name) = (flags.join(" "), format!("{name:?}"));
    CliError::usage(tr!("{name} is none of the models of {flags}", name, flags))
        .hint(tr!("`inkstone models {flags}` lists them", flags))
}

/// The models, one a line.
fn list(found: &[&Operation], prices: &Prices) -> Result<(), CliError> {
    let is_wide = console::width() >= WITH_PRICES;
    let models = found.iter().flat_map(|operation| operation.models);
    let models = distinct(models.copied().collect());
    let longest = models.iter().map(|model| model.len()).max();
    let column = longest.unwrap_or_default();
    let heading = row(
        (&tr!("MODEL"), column),
        [&tr!("N"), &tr!("EDIT"), &tr!("PRICE"), &tr!("API")],
        is_wide,
    );
    console::line(&heading)?;
    for model in models {
        let own = found
            .iter()
            .filter(|operation| operation.models.contains(&model));
        let own: Vec<&Operation> = own.copied().collect();
        let mut apis: Vec<&str> = own.iter().map(|operation| operation.api).collect();
        apis.dedup();
        let edits = match own.iter().any(|operation| takes_pictures(operation)) {
            true => tr!("yes"),
            false => "-".to_owned(),
        };
        let most = own.iter().map(|operation| most_pictures(operation)).max();
        let most = most.unwrap_or(1).to_string();
        let price = price(prices, model);
        let line = |apis: &str| row((model, column), [&most, &edits, &price, apis], is_wide);
        let all = line(&apis.join(" "));
        let line = match apis.as_slice() {
            [first, others @ ..] if !others.is_empty() && (!is_wide || !console::fits(&all)) => {
                line(&format!("{first} +{}", others.len()))
            }
            _ => all,
        };
        console::line(&line)?;
    }
    if !is_wide {
        console::hint(&tr!(
            "{columns} columns are needed to show prices: `inkstone models NAME` tells those of a model",
            columns = WITH_PRICES
        ));
    }
    Ok(())
}

fn row((model, column): (&str, usize), fields: [&str; 4], is_wide: bool) -> String {
    let [most, edits, price, apis] = fields;
    let price = match is_wide {
        true => padded(price, 15) + " ",
        false => String::new(),
    };
    let (model, most, edits) = (padded(model, column), padded(most, 2), padded(edits, 4));
    format!("{model} {most} {edits} {price}{apis}")
}

/// The most pictures of a request, where its document says.
fn most_pictures(operation: &Operation) -> u64 {
    let schema = request_schema(operation);
    let number = Shape::of_schema(&schema)
        .parameter(&schema, "n")
        .map(|property| {
            let keywords = document::resolve(&schema, property);
            let most = keywords.get("maximum").or_else(|| keywords.get("const"));
            most.and_then(Value::as_u64).unwrap_or(1)
        });
    number.unwrap_or(1)
}

/// What a picture costs, as in `0.20–0.50 CNY`.
fn price(prices: &Prices, model: &str) -> String {
    let Some(price) = prices.find(model, None) else {
        return "?".to_owned();
    };
    let each = price.per_picture(None);
    let currency = &price.currency;
    match each.start() == each.end() {
        true => format!("{} {currency}", each.end()),
        false => format!("{}–{} {currency}", each.start(), each.end()),
    }
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
    let messages = warnings.into_iter().map(|warning| warning.message);
    messages.collect()
}

fn table(operation: &Operation) -> String {
    let schema = request_schema(operation);
    let fields = field_rules::fields(&schema);
    let mut rows: Vec<(String, String)> = fields
        .iter()
        .map(|field| (field.path.clone(), describe_rules::field(field)))
        .collect();
    let others = match field_rules::is_open(&schema) {
        true => tr!("accepted"),
        false => tr!("refused"),
    };
    rows.push((tr!("(others)"), others));
    let longest = rows.iter().map(|(name, _)| name.chars().count()).max();
    let column = longest.unwrap_or_default().min(WIDEST_NAME);
    let mut table = format!("{}/{}\n", operation.api, operation.name);
    for (name, rules) in rows {
        table += &field_row(&name, &rules, column);
    }
    table
}

/// A row of a table, on several lines if it is long.
fn field_row(name: &str, rules: &str, column: usize) -> String {
    let mut row = String::new();
    let mut name = name;
    let width = console::width().saturating_sub(column + 4).max(16);
    for line in wrap_and_break(rules, width) {
        if name.chars().count() > column {
            row += &format!("  {name}\n");
            name = "";
        }
        row += &format!("  {}  {line}\n", padded(name, column));
        name = "";
    }
    row
}
