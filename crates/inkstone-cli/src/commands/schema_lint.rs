//! `inkstone schema lint`: contradictions in a document.

use std::fmt::Write as _;
use std::io;

use apifox_build::source::{self, Document};
use apifox_build::{Finding, Level, Problems, lint};
use serde_json::{Value, json};

use crate::args::schema::LintArgs;
use crate::commands::schema_rust::invalid_document;
use crate::console::{self, counted};
use crate::error::{CliError, Code};
use crate::input;

pub fn run(args: &LintArgs) -> Result<(), CliError> {
    let file = input::name(&args.file);
    let unreadable = |problems: Problems| {
        console::problems(&problems.0, Level::Error);
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
    match count(&findings, Level::Error) {
        0 => Ok(()),
        errors => Err(CliError::new(
            Code::Invalid,
            format!("{file} has {}", counted(errors, "error")),
        )
        .hint("`inkstone schema lint --patch` suggests a correction")),
    }
}

fn read(args: &LintArgs) -> Result<Result<Document, Problems>, CliError> {
    if input::is_stdin(&args.file) {
        let text = input::text(&args.file)?;
        return Ok(source::read_text(&input::name(&args.file), &text));
    }
    // Reports a file that can't be read as the other commands do.
    input::text(&args.file)?;
    Ok(source::read_file(&args.file))
}

fn report(file: &str, findings: &[Finding]) -> Value {
    json!({
        "file": file,
        "findings": findings.iter().map(Finding::json).collect::<Vec<_>>(),
        "summary": {
            "errors": count(findings, Level::Error),
            "warnings": count(findings, Level::Warning),
            "infos": count(findings, Level::Info),
        },
    })
}

fn text(file: &str, findings: &[Finding]) -> String {
    let look = console::look(&io::stdout());
    let mut text = String::new();
    for finding in findings {
        text.push_str(&finding.text(look));
        text.push_str("\n\n");
    }
    let counted_as = |level, noun| counted(count(findings, level), noun);
    // Writing to a `String` can't fail.
    let _ = writeln!(
        text,
        "{file}: {}, {}, {}",
        counted_as(Level::Error, "error"),
        counted_as(Level::Warning, "warning"),
        counted_as(Level::Info, "info"),
    );
    text
}

fn count(findings: &[Finding], level: Level) -> usize {
    findings
        .iter()
        .filter(|finding| finding.severity == level)
        .count()
}
