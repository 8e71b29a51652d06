//! `inkstone schema lint`: what contradicts itself in a document?

use std::fmt::Write as _;
use std::io;

use apifox_document::{Diagnostics, Document, Severity, sources};
use apifox_review::{Finding, lint};
use serde_json::{Value, json};

use crate::args::Lint;
use crate::exit::{Code, Failure};
use crate::input;
use crate::output;
use crate::schema::refused;

pub fn run(args: &Lint) -> Result<(), Failure> {
    let file = input::name(&args.file);
    let unreadable = |problems: Diagnostics| {
        output::problems(&problems.0, Severity::Error);
        refused(&file, problems.0.len())
    };
    let document = read(args)?.map_err(unreadable)?;
    if args.patch {
        let operations = lint::suggestion(&document).map_err(unreadable)?;
        return output::json(&operations.into());
    }
    let findings = lint::lint(&document).map_err(unreadable)?;
    match args.json {
        true => output::json(&report(&file, &findings))?,
        false => output::raw(text(&file, &findings).as_bytes())?,
    }
    match count(&findings, Severity::Error) {
        0 => Ok(()),
        errors => Err(Failure::new(
            Code::Invalid,
            format!("{file} has {}", counted(errors, "error")),
        )
        .hint("`inkstone schema lint --patch` suggests a correction")),
    }
}

fn read(args: &Lint) -> Result<Result<Document, Diagnostics>, Failure> {
    if input::is_stdin(&args.file) {
        let text = input::text(&args.file)?;
        return Ok(sources::read_text(&input::name(&args.file), &text));
    }
    // A file that can't be read is told like those of other commands.
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
    let look = output::look(&io::stdout());
    let mut text = String::new();
    for finding in findings {
        text.push_str(&finding.text(look));
        text.push_str("\n\n");
    }
    let of = |level, noun| counted(count(findings, level), noun);
    // A `String` takes whatever is written to it.
    let _ = writeln!(
        text,
        "{file}: {}, {}, {}",
        of(Severity::Error, "error"),
        of(Severity::Warning, "warning"),
        of(Severity::Info, "info"),
    );
    text
}

fn count(findings: &[Finding], level: Severity) -> usize {
    findings.iter().filter(|it| it.severity == level).count()
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
