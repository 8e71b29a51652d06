//! `inkstone schema`: the vendors' documents.

mod diff;
mod import;

use apifox_document::Severity;
use apifox_document::schema::keywords::KEYWORDS;

use crate::args::Rust;
use crate::exit::{Code, Failure};
use crate::input;
use crate::output;

pub use diff::run as diff;
pub use import::run as import;

pub fn rust(args: &Rust) -> Result<(), Failure> {
    let code = if input::is_stdin(&args.file) {
        let text = input::text(&args.file)?;
        apifox_build::rust_text(&input::name(&args.file), &text, &args.root)
    } else {
        apifox_build::rust_file(&args.file, &args.root)
    };
    let code = code.map_err(|problems| {
        output::problems(&problems.0, Severity::Error);
        refused(&input::name(&args.file), problems.0.len())
    })?;
    output::problems(&code.warnings, Severity::Warning);
    output::raw(code.text.as_bytes())
}

/// The document is refused for problems that were told already.
pub fn refused(file: &str, count: usize) -> Failure {
    let noun = if count == 1 { "problem" } else { "problems" };
    Failure::new(Code::Invalid, format!("{file} has {count} {noun}"))
}

pub fn keywords() -> Result<(), Failure> {
    let longest = KEYWORDS.iter().map(|it| it.name.len()).max();
    let column = longest.unwrap_or_default();
    let row = |it: &apifox_document::schema::keywords::Keyword| {
        format!("{:<column$}  {}\n", it.name, it.treatment)
    };
    output::raw(KEYWORDS.iter().map(row).collect::<String>().as_bytes())
}
