//! `inkstone schema lint`: contradictions in a document.

use std::fmt::Write as _;
use std::io;

use apifox_document::{Diagnostics, Document, Severity, sources};
use apifox_review::{Finding, lint};
use serde_json::{Value, json};

use crate::args::schema::LintArgs;
use crate::commands::schema_rust::invalid_document;
use crate::console::{self, counted};
use crate::error::{CliError, Code};
use crate::input;

pub fn run(args: &LintArgs) -> Result<(), CliError> {
    let file = input::name(&args.file);
    let unreadable = |problems: Diagnostics| {
        console::problems(&problems.0, Severity::Error);
        invalid_document(&file, problems.0.len())
    };
    let document = read(args)?.map_err(unreadable)?;
    if args.patch {
        let operations = lint::suggestion(&document).map_err(unreadable)?;
        return console::json(&operations.into());
    }
    let findings = lint::lint(&document).map_err(unreadable)?;
    match args.json {
        true => console::json(&report(&file, &findings))?,
        false => console::raw(text(&file, &findings).as_bytes())?,
    }
    match count(&findings, Severity::Error) {
        0 => Ok(()),
        errors => Err(CliError::new(
            Code::Invalid,
            format!("{file} has {}", counted(errors, "error")),
        )
        .hint("`inkstone schema lint --patch` suggests a correction")),
    }
}

fn read(args: &LintArgs) -> Result<Result<Document, Diagnostics>, CliError> {
    if input::is_stdin(&args.file) {
        let text = input::text(&args.file)?;
        return Ok(sources::read_text(&input::name(&args.file), &text));
    }
    // Reports a file that can't be read as the other commands do.
    input::text(&args.file)?;
    Ok(sources::read_file(&args.file))
}

fn report(file: &str, findings: &[Finding]) -> Value {
    json!({
        "file": file,
        "findings": findings.iter().map(Finding::json).collect::<Vec<_>>(),
        "summary": {
            "errors": count(findings, Severity::Error),
            "warnings": count(findings, Severity::Warning),
            "infos": count(findings, Severity::Info),
        },
    })
}

fn text(file: &str, findings: &[Finding]) -> String {
    let colors = console::color_choice(&io::stdout());
    let mut text = String::new();
    for finding in findings {
        text.push_str(&finding.text(colors));
        text.push_str("\n\n");
    }
    let counted_as = |severity, noun| counted(count(findings, severity), noun);
    // Writing to a `String` can't fail.
    let _ = writeln!(
        text,
        "{file}: {}, {}, {}",
        counted_as(Severity::Error, "error"),
        counted_as(Severity::Warning, "warning"),
        counted_as(Severity::Info, "info"),
    );
    text
}

fn count(findings: &[Finding], severity: Severity) -> usize {
    findings
        .iter()
        .filter(|finding| finding.severity == severity)
        .count()
}
