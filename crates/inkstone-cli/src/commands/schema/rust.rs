//! `inkstone schema rust`, `inkstone schema keywords` and `inkstone schema members`.

use apifox_build::{FORMATS, Standalone};
use apifox_document::members::listing;
use apifox_document::schema::keywords::{KEYWORDS, Keyword};
use apifox_document::{Diagnostics, Severity};
use tr::tr;

use crate::args::schema::{MembersArgs, RustArgs};
use crate::console;
use crate::error::CliError;
use crate::input;

pub fn run(args: &RustArgs) -> Result<(), CliError> {
    let standalone = Standalone::new(&args.root).only_operations(&args.operations);
    let standalone = match &args.formats[..] {
        [all] if all == "all" => standalone.formats(FORMATS),
        names => standalone.formats(names),
    };
    let code = if input::is_stdin(&args.file) {
        let text = input::text(&args.file)?;
        standalone.text(&input::name(&args.file), &text)
    } else {
        input::check_readable(&args.file)?;
        standalone.file(&args.file)
    };
    let code = code.map_err(|problems| refused(&input::name(&args.file), &problems))?;
    console::problems(&code.warnings, Severity::Warning);
    console::raw(code.text.as_bytes())
}

/// Prints what is wrong with a document; the error says how much that is.
pub fn refused(file: &str, problems: &Diagnostics) -> CliError {
    console::problems(&problems.0, Severity::Error);
    let count = problems.0.len();
    CliError::invalid(tr!(
        "{file} has {n} problem" | "{file} has {n} problems" % count,
        file
    ))
    .told(problems)
}

pub fn keywords() -> Result<(), CliError> {
    let longest = KEYWORDS.iter().map(|keyword| keyword.name.len()).max();
    let column = longest.unwrap_or_default();
    let row = |keyword: &Keyword| {
        let Keyword {
            name, treatment, ..
        } = keyword;
        format!("{name:<column$}  {treatment}\n")
    };
    console::prose(KEYWORDS.iter().map(row).collect::<String>().trim_end())
}

pub fn members(args: &MembersArgs) -> Result<(), CliError> {
    match args.json {
        true => console::json(&listing::json()),
        false => console::prose(listing::text().trim_end()),
    }
}
