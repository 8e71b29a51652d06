//! The summary of a batch, as JSON.

use std::fs::File;
use std::io::{self, BufWriter, Read as _, Write};
use std::path::Path;

use serde_json::{Map, Value, json};

use tr::tr;

use crate::batch::incoming;
use crate::batch::journal::Journal;
use crate::batch::journal::totals::Spending;
use crate::batch::state::State;
use crate::batch::stop_reason::StopReason;
use crate::console;
use crate::error::{CliError, Code};
use crate::pricing::prices::Prices;

/// The file in the directory of a batch.
const FILE: &str = "summary.json";

/// Writes the summary to its file, and to standard output if programs are to read it there. A
/// rehearsal has no prices. `stop` is why it stopped, and `code` what it fails with.
pub fn write(
    journal: &Journal,
    out: &Path,
    prices: Option<&Prices>,
    stop: Option<&StopReason>,
    code: Option<Code>,
    is_printed: bool,
) -> Result<(), CliError> {
    let whole = head(journal, prices, stop, code)?;
    let path = out.join(FILE);
    match write_file(journal, &whole, out, &path) {
        Ok(()) if !is_printed => Ok(()),
        Ok(()) => print(&path).map_err(|error| {
            let error = unprinted(&path, error);
            // It says how the batch ends, for who reads the file. Where it can't now, it stays.
            let told = head(journal, prices, stop, code.or(Some(error.code)));
            let _ = told.map(|whole| write_file(journal, &whole, out, &path));
            error
        }),
        Err(WriteError::Other(error)) => Err(error),
        Err(WriteError::File(error)) => {
            let path = path.display();
            let error = CliError::unsaved(tr!("{path} can't be written: {error}", path, error));
            // Whoever reads standard output gets it all the same.
            let head = head(journal, prices, stop, code.or(Some(error.code)))?;
            let mut text = Vec::new();
            if body(journal, &head, &mut text).is_ok() {
                console::raw(&text)?;
            }
            Err(error)
        }
    }
}

/// What was done is done, whoever can be told.
fn unprinted(path: &Path, error: WriteError) -> CliError {
    let why = match error {
        WriteError::Other(error) => error.message,
        WriteError::File(error) => error.to_string(),
    };
    let path = path.display();
    CliError::unsaved(tr!(
        "the summary is in {path}, but can't be printed: {why}",
        path,
        why
    ))
}

fn write_file(journal: &Journal, head: &Value, out: &Path, path: &Path) -> Result<(), WriteError> {
    let mut file = incoming::new_file(out)?;
    let mut writer = BufWriter::new(file.as_file_mut());
    body(journal, head, &mut writer)?;
    drop(writer);
    file.as_file().sync_all()?;
    file.persist(path)
        .map_err(|error| WriteError::File(error.error))?;
    Ok(())
}

/// Everything but the list of jobs.
fn head(
    journal: &Journal,
    prices: Option<&Prices>,
    stop: Option<&StopReason>,
    code: Option<Code>,
) -> Result<Value, CliError> {
    let found = journal.states()?;
    let count = |state: State| found.get(&state).copied().unwrap_or_default();
    let mut jobs = Map::new();
    jobs.insert("total".to_owned(), journal.jobs()?.into());
    for state in State::ALL {
        jobs.insert(state.name().to_owned(), count(state).into());
    }
    let cost = |spending: &Spending| prices.map(|prices| cost_json(spending, prices));
    let (spent, reserved) = (journal.spent()?, journal.reserved()?);
    Ok(json!({
        "jobs": jobs,
        "images": {"saved": journal.saved_pictures()?, "spent": spent.images},
        "cost": cost(&spent),
        // What of this may not have been spent after all.
        "reserved": {"images": reserved.images, "cost": cost(&reserved)},
        "stopped": stop,
        "exit_code": code.map_or(0, |code| code as u8),
    }))
}

/// What was spent, and the prices that this is based on.
pub fn cost_json(spent: &Spending, prices: &Prices) -> Value {
    let sums = spent.cost.iter();
    let sums = sums.map(|(currency, sum)| (currency.clone(), sum.number().into()));
    json!({
        "known": spent.unpriced == 0,
        "by_currency": Value::Object(sums.collect()),
        "unpriced_images": spent.unpriced,
        "prices": {"date": prices.date, "source": prices.source},
    })
}

/// Why the summary was not written.
enum WriteError {
    /// The file can't be written.
    File(io::Error),
    /// Something else failed, such as the journal.
    Other(CliError),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

/// Writes `head` and the jobs that are not done, one a line. Not collected first: there may
/// be many.
fn body(journal: &Journal, head: &Value, writer: &mut impl Write) -> Result<(), WriteError> {
    writeln!(writer, "{{")?;
    for (name, value) in head.as_object().into_iter().flatten() {
        writeln!(writer, "  {}: {value},", json!(name))?;
    }
    write!(writer, "  \"not_done\": [")?;
    let (mut after, mut separator) = (0, "\n");
    while let Some(entry) = journal.listed_entry(after).map_err(WriteError::Other)? {
        after = entry.seq;
        let text = console::json_text(&json!(entry).to_string());
        write!(writer, "{separator}    {text}")?;
        separator = ",\n";
    }
    writeln!(writer, "\n  ]\n}}")?;
    writer.flush()?;
    Ok(())
}

/// Copies the file to standard output.
fn print(path: &Path) -> Result<(), WriteError> {
    let mut file = File::open(path)?;
    let mut bytes = vec![0; 64 << 10];
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(()),
            read => console::raw(&bytes[..read]).map_err(WriteError::Other)?,
        }
    }
}
