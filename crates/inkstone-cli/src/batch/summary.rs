//! How it ended: as JSON, and as an exit code.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::batch::journal::Journal;
use crate::batch::journal::tally::{Entry, Spent};
use crate::batch::pool::Stop;
use crate::batch::prices::Prices;
use crate::batch::saving;
use crate::batch::state::State;
use crate::exit::{Code, Failure};
use crate::output;

/// The file in the directory of a batch.
pub const FILE: &str = "summary.json";

/// The codes of jobs that are not done, the worst one first.
const WORST_FIRST: [Code; 10] = [
    Code::OutcomeUnknown,
    Code::Unsaved,
    Code::Account,
    Code::Refused,
    Code::Throttled,
    Code::NotSent,
    Code::Usage,
    Code::Invalid,
    Code::Interrupted,
    Code::Budget,
];

/// The code that stands for the worst that happened; `None` if all is done.
pub fn code(journal: &Journal, stop: Option<Stop>) -> Result<Option<Code>, Failure> {
    let endings = journal.endings()?;
    let codes: Vec<_> = endings
        .iter()
        .map(|(state, stage)| of(state, stage.as_deref(), stop))
        .collect();
    Ok(WORST_FIRST.into_iter().find(|it| codes.contains(it)))
}

/// The code of a job in this state, which failed at this stage.
fn of(state: &str, stage: Option<&str>, stop: Option<Stop>) -> Code {
    match (state, stage, stop) {
        ("replied" | "done", ..) => Code::Unsaved,
        ("refused", ..) | ("unsent", Some("refused"), _) => Code::Refused,
        ("unsent", Some("account"), _) => Code::Account,
        ("unsent", Some("throttled"), _) => Code::Throttled,
        ("unsent", Some("configuration"), _) => Code::Usage,
        ("unsent", ..) => Code::NotSent,
        ("queued", _, Some(Stop::Budget)) => Code::Budget,
        ("queued", ..) => Code::Interrupted,
        _ => Code::OutcomeUnknown,
    }
}

/// Writes the summary to its file and to standard output.
pub fn write(
    journal: &Journal,
    out: &Path,
    prices: &Prices,
    stop: Option<Stop>,
) -> Result<(), Failure> {
    let head = head(journal, prices, stop)?;
    let unwritable = |error: &io::Error| {
        Failure::new(
            Code::Unsaved,
            format!("{} can't be written: {error}", out.join(FILE).display()),
        )
    };
    let mut file = saving::incoming(out).map_err(|error| unwritable(&error))?;
    let mut writer = BufWriter::new(file.as_file_mut());
    body(journal, head, &mut writer)?.map_err(|error| unwritable(&error))?;
    drop(writer);
    file.persist(out.join(FILE))
        .map_err(|error| unwritable(&error.error))?;
    print(&out.join(FILE)).map_err(|error| unwritable(&error))?
}

/// Everything but the list of jobs.
fn head(
    journal: &Journal,
    prices: &Prices,
    stop: Option<Stop>,
) -> Result<Map<String, Value>, Failure> {
    let found = journal.states()?;
    let count = |state: State| found.get(state.name()).copied().unwrap_or_default();
    let mut jobs = Map::new();
    jobs.insert("total".to_owned(), journal.jobs()?.into());
    for state in State::ALL {
        jobs.insert(state.name().to_owned(), count(state).into());
    }
    let spent = journal.spent()?;
    let mut head = Map::new();
    head.insert("jobs".to_owned(), jobs.into());
    head.insert(
        "images".to_owned(),
        json!({"saved": journal.saved_pictures()?, "spent": spent.images}),
    );
    head.insert("cost".to_owned(), cost_json(&spent, prices));
    head.insert("stopped".to_owned(), stop.map(Stop::name).into());
    let code = code(journal, stop)?.map_or(0, |it| it as u8);
    head.insert("exit_code".to_owned(), code.into());
    Ok(head)
}

/// What was spent, and by which prices that is reckoned.
pub fn cost_json(spent: &Spent, prices: &Prices) -> Value {
    let sums = spent.cost.iter();
    let sums = sums.map(|(currency, sum)| (currency.clone(), sum.number().into()));
    json!({
        "known": spent.unpriced == 0,
        "by_currency": Value::Object(sums.collect()),
        "unpriced_images": spent.unpriced,
        "prices": {"date": prices.date, "source": prices.source},
    })
}

/// Writes `head` and the jobs that are not done, one a line: there may be many.
fn body(
    journal: &Journal,
    head: Map<String, Value>,
    writer: &mut impl Write,
) -> Result<io::Result<()>, Failure> {
    let mut put = || -> io::Result<Result<(), Failure>> {
        writeln!(writer, "{{")?;
        for (name, value) in &head {
            writeln!(writer, "  {}: {value},", json!(name))?;
        }
        write!(writer, "  \"not_done\": [")?;
        let (mut after, mut separator) = (0, "\n");
        loop {
            let entry = match journal.entry(after) {
                Ok(Some(entry)) => entry,
                Ok(None) => break,
                Err(failure) => return Ok(Err(failure)),
            };
            after = entry.seq;
            if is_reported(&entry) {
                write!(writer, "{separator}    {}", entry_json(&entry))?;
                separator = ",\n";
            }
        }
        writeln!(writer, "\n  ]\n}}")?;
        writer.flush()?;
        Ok(Ok(()))
    };
    match put() {
        Ok(Ok(())) => Ok(Ok(())),
        Ok(Err(failure)) => Err(failure),
        Err(error) => Ok(Err(error)),
    }
}

/// Whether a job has something to tell: not if all of it is done, nor if it never began.
fn is_reported(entry: &Entry) -> bool {
    let is_done = entry.state == State::Done.name() && entry.unmade.is_none();
    !is_done && entry.state != State::Queued.name()
}

fn entry_json(entry: &Entry) -> Value {
    json!({
        "id": entry.id,
        "api": entry.api,
        "model": entry.model,
        "state": entry.state,
        "stage": entry.stage,
        "status": entry.status,
        "code": entry.code,
        "request_id": entry.request_id,
        "message": entry.message,
        "reply": entry.reply_file,
        "task_id": entry.task_id,
        "unmade": entry.unmade,
    })
}

/// Copies the file to standard output.
fn print(path: &Path) -> io::Result<Result<(), Failure>> {
    let mut file = File::open(path)?;
    let mut bytes = vec![0; 64 << 10];
    loop {
        match io::Read::read(&mut file, &mut bytes)? {
            0 => return Ok(Ok(())),
            read => {
                if let Err(failure) = output::raw(&bytes[..read]) {
                    return Ok(Err(failure));
                }
            }
        }
    }
}

/// The failure that a batch is of which not everything is done.
pub fn conclude(journal: &Journal, stop: Option<Stop>) -> Result<(), Failure> {
    let Some(code) = code(journal, stop)? else {
        return Ok(());
    };
    let (found, total) = (journal.states()?, journal.jobs()?);
    let done = found.get(State::Done.name()).copied().unwrap_or_default();
    let in_part = journal.done_in_part()?;
    let mut message = match total - done {
        0 => format!("{in_part} of {total} jobs are done in part"),
        missing => format!("{missing} of {total} jobs are not done"),
    };
    if let Some(stop) = stop {
        message += &format!("; stopped because {}", stop.text());
    }
    let others = found
        .iter()
        .filter(|(state, _)| *state != State::Done.name());
    let details = others.map(|(state, count)| format!("{count} {state}: {}", advice(state)));
    let mut details: Vec<_> = details.collect();
    match in_part {
        0 => {}
        _ => details.push(format!(
            "{in_part} done in part: what was not made is not billed; ask for it under a new id"
        )),
    }
    Err(Failure::new(code, message)
        .details(details)
        .hint(format!("{FILE} and the contact sheet say which")))
}

/// What a state means for the next run.
fn advice(state: &str) -> &'static str {
    match state {
        "queued" => "never sent; --resume sends them",
        "waiting" => "submitted as tasks, which go on; --resume waits for them, within a day",
        "unsent" => "not taken by the API, so not billed; --resume sends them again",
        "replied" => "paid for, with pictures missing; --resume fetches them, within a day",
        "refused" => "not billed; change the request and give it a new id",
        _ => "may have been billed; look into the API's console, then --resume --retry-unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::batch::pool::Stop;
    use crate::exit::Code;

    #[test]
    fn every_state_has_its_code() {
        let cases = [
            ("unknown", Some("unreadable"), None, Code::OutcomeUnknown),
            ("submitting", None, None, Code::OutcomeUnknown),
            ("replied", Some("download"), None, Code::Unsaved),
            ("done", None, None, Code::Unsaved),
            ("waiting", Some("unfinished"), None, Code::OutcomeUnknown),
            ("refused", Some("refused"), None, Code::Refused),
            ("unsent", Some("refused"), None, Code::Refused),
            ("unsent", Some("account"), None, Code::Account),
            ("unsent", Some("throttled"), None, Code::Throttled),
            ("unsent", Some("not_sent"), None, Code::NotSent),
            ("queued", None, Some(Stop::Budget), Code::Budget),
            ("queued", None, Some(Stop::Interrupted), Code::Interrupted),
        ];
        for (state, stage, stop, code) in cases {
            assert_eq!(of(state, stage, stop), code, "{state} {stage:?}");
        }
    }
}
