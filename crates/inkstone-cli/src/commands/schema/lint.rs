//! `inkstone schema lint`: contradictions in a document.

use std::mem;

use apifox_document::{Diagnostics, Severity};
use apifox_review::lint::{SETTINGS_FILE, Settings};
use apifox_review::{Finding, lint};
use serde_json::{Value, json};

use tr::tr;

use crate::args::schema::{LintArgs, LintFormat};
use crate::commands::schema;
use crate::commands::schema::rust::refused;
use crate::console;
use crate::error::CliError;
use crate::input;
use crate::language::review;

pub fn run(args: &LintArgs) -> Result<(), CliError> {
    let file = input::name(&args.file);
    let unreadable = |problems: Diagnostics| refused(&file, &problems);
    let document = schema::read(&args.file)?;
    if args.patch {
        let operations = lint::suggestion(&document).map_err(unreadable)?;
        return console::json(&operations);
    }
    let settings = settings(args)?;
    let findings = lint::lint(&document).map_err(unreadable)?;
    let (findings, unused) = settings.apply(&document.file, findings);
    // The process ends soon: to take a large document apart would only take time.
    mem::forget(document);
    console::problems(&unused, Severity::Warning);
    match args.format {
        _ if args.json => console::json(&report(&file, &findings))?,
        LintFormat::Json => console::json(&report(&file, &findings))?,
        LintFormat::Sarif => console::json(&lint::formats::sarif(&findings, "inkstone"))?,
        LintFormat::Github => console::raw(lint::formats::github(&findings).as_bytes())?,
        LintFormat::Text => console::raw(text(&file, &findings).as_bytes())?,
    }
    match count(&findings, Severity::Error) {
        0 => Ok(()),
        errors => {
            let error = CliError::invalid(tr!(
                "{file} has {n} error" | "{file} has {n} errors" % errors,
                file
            ));
            Err(match findings.iter().any(is_corrected) {
                true => error.hint(tr!("`inkstone schema lint --patch` suggests a correction")),
                false => error,
            })
        }
    }
}

/// Whether `--patch` corrects what was found.
fn is_corrected(finding: &Finding) -> bool {
    finding.severity != Severity::Info && !finding.patch.is_empty()
}

/// The settings in the file that is named, or else in the one beside the document.
fn settings(args: &LintArgs) -> Result<Settings, CliError> {
    let beside = args.file.with_file_name(SETTINGS_FILE);
    let path = match &args.settings {
        Some(path) => path,
        None if !input::is_stdin(&args.file) && beside.is_file() => &beside,
        None => return Ok(Settings::default()),
    };
    let name = input::name(path);
    Settings::read(&name, &input::text(path)?).map_err(|problems| refused(&name, &problems))
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
    let style = console::style_of_results();
    let mut text = String::new();
    for finding in Finding::grouped(&review::findings(findings)) {
        text.push_str(&finding.text(&style));
        text.push_str("\n\n");
    }
    let counted = |severity| count(findings, severity);
    let counts = [
        tr!("{n} error" | "{n} errors" % counted(Severity::Error)),
        tr!("{n} warning" | "{n} warnings" % counted(Severity::Warning)),
        tr!("{n} info" | "{n} infos" % counted(Severity::Info)),
    ];
    text + &format!("{file}: {}\n", counts.join(&tr!(", ")))
}

fn count(findings: &[Finding], severity: Severity) -> usize {
    findings
        .iter()
        .filter(|finding| finding.severity == severity)
        .count()
}
