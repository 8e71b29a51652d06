//! What a request would be: checked, priced, and written in other ways.

use std::path::Path;

use inkstone::Operation;
use serde_json::{Value, json};

use crate::error::CliError;
use crate::output::input::for_each_text;
use crate::pricing::prices::Prices;
use crate::pricing::quote::Quote;
use crate::request::verdict::{Verdict, violation_json, warning_json};
use crate::request::words::command_line;
use crate::request::{body, choose_operation};
use crate::studio::form::Form;
use crate::studio::snippets;

/// A request as it would be sent.
pub struct Judged {
    pub form: Form,
    pub operation: &'static Operation,
    pub body: Value,
    pub verdict: Verdict<'static>,
    pub quote: Quote,
}

/// Reads what was filled in.
pub fn judge(scratch: &Path, json: &Value) -> Result<Judged, String> {
    let form = Form::read(json, scratch)?;
    let args = form.parse()?;
    let said = |error: CliError| error.message;
    let (operation, model) =
        choose_operation::by_flags(&args.request, args.asynchronous).map_err(said)?;
    let body = body::build(operation, &model, &args.request)
        .map_err(said)?
        .json;
    let prices = Prices::load(None).map_err(said)?;
    Ok(Judged {
        verdict: Verdict::check(operation, &body),
        quote: Quote::at(&prices, operation, &model, &body, Some(&args.address)),
        form,
        operation,
        body,
    })
}

/// The answer to a page that asks about a request.
pub fn check(scratch: &Path, json: &Value, url: &str) -> Result<Value, String> {
    judge(scratch, json).map(|judged| judged.json(url))
}

impl Judged {
    /// What it costs, in words, as a user confirms it.
    pub fn cost(&self) -> String {
        let lines = self.quote.lines();
        let first = lines.first().map_or("", String::as_str);
        first.strip_prefix("cost: ").unwrap_or(first).to_owned()
    }

    pub fn json(&self, url: &str) -> Value {
        let operation = self.operation;
        let body = shortened(&self.body);
        json!({
            "document": format!("{}/{}", operation.api, operation.name),
            "body": body,
            "violations": self.verdict.violations.iter().map(violation_json).collect::<Vec<_>>(),
            "warnings": self.verdict.warnings.iter().map(warning_json).collect::<Vec<_>>(),
            "cost": self.quote.json(),
            "cost_text": self.cost(),
            "commands": {
                "cli": command_line::written(&self.form.shown),
                "curl": snippets::curl(operation, &body, url),
                "rust": snippets::rust(operation, &body),
            },
        })
    }
}

/// A body whose pictures are shortened: they would fill the page.
fn shortened(body: &Value) -> Value {
    const LONGEST: usize = 200;
    let mut body = body.clone();
    for_each_text(&mut body, &mut |text| {
        if text.starts_with("data:") && text.len() > LONGEST {
            let kind = text.split(',').next().unwrap_or_default();
            *text = format!("{kind},…");
        }
    });
    body
}
