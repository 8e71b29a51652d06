//! `inkstone schema draft`: a first document from a page of prose.

use std::path::Path;

use apifox_document::schema::draft_marks::unconfirmed;
use apifox_document::sources;
use apifox_review::draft::draft;

use tr::tr;

use crate::args::schema::DraftArgs;
use crate::console;
use crate::error::CliError;
use crate::input;
use crate::language::libraries;

pub fn run(args: &DraftArgs) -> Result<(), CliError> {
    let name = input::name(&args.page);
    let text = input::text(&args.page)?;
    let title = Path::new(&name).file_stem().unwrap_or_default();
    let document = draft(&title.to_string_lossy(), &text).map_err(|error| {
        let hint = match is_document(&name, &text) {
            true => {
                tr!("the page is a document already: put it in place with `inkstone schema import`")
            }
            false => tr!("add a curl command of the operation to the page"),
        };
        let why = libraries::error(&error.to_string());
        CliError::invalid(format!("{name} {why}")).hint(hint)
    })?;
    console::raw(format!("{document:#}\n").as_bytes())?;
    let guesses = unconfirmed(&name, &document).len();
    console::hint(&tr!(
        "{n} place with guesses: confirm or correct each, and delete its x-draft"
            | "{n} places with guesses: confirm or correct each, and delete its x-draft" % guesses
    ));
    Ok(())
}

/// Whether operations can be read from a page as it is.
fn is_document(name: &str, text: &str) -> bool {
    let operations = sources::read_text(name, text).and_then(|document| document.operations());
    operations.is_ok_and(|count| count > 0)
}
