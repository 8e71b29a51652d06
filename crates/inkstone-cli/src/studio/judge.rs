//! What a request would be: checked, priced, and written in other ways.

use inkstone::{Operation, Violation, Warning};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::error::CliError;
use crate::hex::hex;
use crate::language::{in_english, libraries};
use crate::output::input::for_each_text;
use crate::pricing::prices::Prices;
use crate::pricing::quote::Quote;
use crate::request::body::Body;
use crate::request::document;
use crate::request::verdict::{Verdict, violation_json, warning_json};
use crate::request::words::explain;
use crate::request::{body, choose_operation};
use crate::studio::form::Form;
use crate::studio::inputs::Inputs;
use crate::studio::snippets;

/// A request as it would be sent.
pub struct Judged {
    pub form: Form,
    pub operation: &'static Operation,
    pub body: Body,
    pub verdict: Verdict<'static>,
    pub quote: Quote,
}

/// Reads what was filled in.
pub fn judge(inputs: &Inputs<'_>, json: &Value) -> Result<Judged, String> {
    let form = Form::read(json, inputs)?;
    let args = form.parse()?;
    let told = |error: CliError| form.told(error);
    let (operation, model) =
        choose_operation::by_flags(&args.request, args.asynchronous).map_err(told)?;
    let body = body::build(operation, &model, &args.request).map_err(told)?;
    let prices = Prices::load(None).map_err(told)?;
    Ok(Judged {
        verdict: Verdict::check(operation, &body.json),
        quote: Quote::at(&prices, operation, &model, &body.json, Some(&args.address)),
        form,
        operation,
        body,
    })
}

/// The answer to a page that asks about a request.
pub fn check(inputs: &Inputs<'_>, json: &Value, url: &str) -> Result<Value, String> {
    judge(inputs, json).map(|judged| judged.json(url))
}

impl Judged {
    /// What a page repeats to say that its user has seen what this very request costs, in any
    /// language.
    pub fn confirmation(&self) -> String {
        let operation = self.operation;
        let seen = json!({
            "document": document::title(operation),
            "body": self.body.json,
            "cost": in_english(|| self.quote.sum()),
        });
        hex(&Sha256::digest(seen.to_string()))
    }

    pub fn json(&self, url: &str) -> Value {
        let operation = self.operation;
        let body = shortened(&self.body.json);
        let violations = self.verdict.violations.iter();
        json!({
            "document": document::title(operation),
            "body": body,
            "violations": violations.map(|one| self.violation(one)).collect::<Vec<_>>(),
            "warnings": self.verdict.warnings.iter().map(warning).collect::<Vec<_>>(),
            "cost": self.quote.json(),
            "cost_text": self.quote.sum(),
            "commands": {
                "cli": self.form.shown(),
                "curl": snippets::curl(operation, &body, url),
                "rust": snippets::rust(operation, &body),
            },
        })
    }

    fn violation(&self, violation: &Violation) -> Value {
        let mut json = violation_json(violation);
        json["expected"] = explain::expected(violation).into();
        let flag = self.body.flag(&violation.pointer);
        json["picture"] = flag.and_then(|flag| self.form.picture(flag)).into();
        json
    }
}

fn warning(warning: &Warning) -> Value {
    let mut json = warning_json(warning);
    json["message"] = libraries::rule(&warning.message).into();
    json
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
