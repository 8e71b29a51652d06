//! How a batch ends: the worst exit code, and what the next run can do.

use tr::tr;

use crate::batch::journal::Journal;
use crate::batch::state::State;
use crate::batch::stop_reason::StopReason;
use crate::error::{CliError, Code, worst};

/// The worst exit code of all jobs; `None` if all are done.
///
/// With `is_kept`, what became of jobs that were being sent is in the reserve.
fn code(
    journal: &Journal,
    stop: Option<&StopReason>,
    is_kept: bool,
) -> Result<Option<Code>, CliError> {
    let endings = journal.endings()?;
    let codes: Vec<_> = endings
        .iter()
        .map(
            |(state, stage)| match *state == State::Submitting && is_kept {
                true => Code::Unsaved,
                false => job_code(*state, stage.as_deref(), stop),
            },
        )
        .collect();
    Ok(worst(&codes))
}

/// The exit code of a job in this state, which failed at this stage.
pub fn job_code(state: State, stage: Option<&str>, stop: Option<&StopReason>) -> Code {
    match (state, stage, stop) {
        (State::Replied | State::Done, ..) => Code::Unsaved,
        (State::Refused, ..) | (State::Unsent, Some("refused"), _) => Code::Refused,
        (State::Unsent, Some("account"), _) => Code::Account,
        (State::Unsent, Some("throttled"), _) => Code::Throttled,
        (State::Unsent, Some("configuration"), _) => Code::Usage,
        (State::Unsent, ..) => Code::NotSent,
        (State::Queued, _, Some(stop)) => stop.code(),
        // Its task goes on, and is known.
        (State::Waiting, _, Some(StopReason::Interrupted)) | (State::Queued, ..) => {
            Code::Interrupted
        }
        (State::Waiting | State::Submitting | State::Unknown, ..) => Code::OutcomeUnknown,
    }
}

/// Fails if not all jobs are done.
pub fn conclude(
    journal: &Journal,
    stop: Option<&StopReason>,
    is_kept: bool,
) -> Result<(), CliError> {
    let Some(code) = code(journal, stop, is_kept)? else {
        return Ok(());
    };
    let (found, total) = (journal.states()?, journal.jobs()?);
    let done = found.get(&State::Done).copied().unwrap_or_default();
    let in_part = journal.done_in_part()?;
    let mut message = match total - done {
        0 => tr!(
            "{in_part} of {total} jobs made fewer pictures than asked for",
            in_part,
            total
        ),
        missing => tr!("{missing} of {total} jobs are not done", missing, total),
    };
    if let Some(stop) = stop {
        message += &tr!("; stopped because {why}", why = stop.text());
    }
    let others = found.iter().filter(|(state, _)| **state != State::Done);
    let details = others.map(|(state, count)| {
        tr!(
            "{count} {state}: {advice}",
            count,
            state = state.shown(),
            advice = advice(*state, is_kept)
        )
    });
    let mut details: Vec<_> = details.collect();
    match in_part {
        0 => {}
        _ => details.push(tr!(
            "{in_part} done with fewer pictures than asked for: summary.json says why; request \
             what is missing in a new job",
            in_part
        )),
    }
    Err(CliError::new(code, message).details(details).hint(tr!(
        "the contact sheet says which jobs, and summary.json of those that were sent"
    )))
}

/// What a state means for the next run.
fn advice(state: State, is_kept: bool) -> String {
    match state {
        State::Submitting if is_kept => tr!("what came is kept in .reserve; --resume takes it in"),
        State::Queued => tr!("never sent; --resume sends them"),
        State::Waiting => tr!("tasks still running; --resume waits for them, within a day"),
        State::Unsent => tr!("not accepted by the API, so not billed; --resume sends them again"),
        State::Replied => {
            tr!("billed, but pictures are missing; --resume fetches them, within a day")
        }
        State::Refused => tr!("not billed; correct the request and give it a new id"),
        State::Submitting | State::Unknown | State::Done => tr!(
            "may have been billed; check in the API's console, then use --resume --retry-unknown"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::job_code;
    use crate::batch::state::State;
    use crate::batch::stop_reason::StopReason;
    use crate::error::Code;

    #[test]
    fn every_state_has_its_code() {
        let cases = [
            (
                State::Unknown,
                Some("unreadable"),
                None,
                Code::OutcomeUnknown,
            ),
            (State::Submitting, None, None, Code::OutcomeUnknown),
            (State::Replied, Some("download"), None, Code::Unsaved),
            (State::Done, None, None, Code::Unsaved),
            (
                State::Waiting,
                Some("unfinished"),
                None,
                Code::OutcomeUnknown,
            ),
            (
                State::Waiting,
                Some("unfinished"),
                Some(StopReason::Interrupted),
                Code::Interrupted,
            ),
            (State::Refused, Some("refused"), None, Code::Refused),
            (State::Unsent, Some("refused"), None, Code::Refused),
            (State::Unsent, Some("account"), None, Code::Account),
            (State::Unsent, Some("throttled"), None, Code::Throttled),
            (State::Unsent, Some("not_sent"), None, Code::NotSent),
            (State::Queued, None, Some(StopReason::Budget), Code::Budget),
            (State::Queued, None, Some(StopReason::Disk), Code::Unsaved),
            (
                State::Queued,
                None,
                Some(StopReason::Account),
                Code::Account,
            ),
            (
                State::Queued,
                None,
                Some(StopReason::Journal(String::new())),
                Code::Unsaved,
            ),
            (
                State::Queued,
                None,
                Some(StopReason::Failures(Code::NotSent)),
                Code::NotSent,
            ),
            (State::Queued, None, None, Code::Interrupted),
            (
                State::Queued,
                None,
                Some(StopReason::Interrupted),
                Code::Interrupted,
            ),
        ];
        for (state, stage, stop, code) in cases {
            let found = job_code(state, stage, stop.as_ref());
            assert_eq!(found, code, "{state:?} {stage:?} {stop:?}");
        }
    }
}
