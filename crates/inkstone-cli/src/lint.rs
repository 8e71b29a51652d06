//! `inkstone schema lint`: what contradicts itself in a document?

use std::fmt::Write as _;
use std::io;

use apifox_build::source::{self, Document};
use apifox_build::{Finding, Level, Problems, lint};
use serde_json::{Value, json};

use crate::args::Lint;
use crate::exit::{Code, Failure};
use crate::input;
use crate::output;
use crate::schema::refused;

pub fn run(args: &Lint) -> Result<(), Failure> {
    let file = input::name(&args.file);
    let unreadable = |problems: Problems| {
        output::problems(&problems.0, Level::Error);
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
    match count(&findings, Level::Error) {
        0 => Ok(()),
        errors => Err(Failure::new(
            Code::Invalid,
            format!("{file} has {}", counted(errors, "error")),
        )
        .hint("`inkstone schema lint --patch` suggests a correction")),
    }
}

fn read(args: &Lint) -> Result<Result<Document, Problems>, Failure> {
    if input::is_stdin(&args.file) {
        let text = input::text(&args.file)?;
        return Ok(source::read_text(&input::name(&args.file), &text));
    }
    // A file that can't be read is told like those of other commands.
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
        of(Level::Error, "error"),
        of(Level::Warning, "warning"),
        of(Level::Info, "info"),
    );
    text
}

fn count(findings: &[Finding], level: Level) -> usize {
    findings.iter().filter(|it| it.severity == level).count()
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
