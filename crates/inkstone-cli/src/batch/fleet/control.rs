//! How far a batch is, and whether it goes on.

use std::io::{IsTerminal as _, stdout};

use inkstone_fleet::{Control, Overview};
use serde_json::{Map, Value, json};
use tr::tr;

use crate::args::batch::fleet::{JournalArgs, StatusArgs};
use crate::batch::fleet::session;
use crate::batch::state::State;
use crate::console;
use crate::error::CliError;

/// Has the workers go on or not.
pub async fn set(args: &JournalArgs, control: Control) -> Result<(), CliError> {
    let session = session::open(args.journal.as_deref(), 1)?;
    session::check(&session).await?;
    session.control(control).await?;
    console::line(&match control {
        Control::Paused => {
            tr!("paused: nothing more is sent until `inkstone batch resume`; what is running ends")
        }
        Control::Running => tr!("the workers go on"),
        Control::Cancelled => {
            tr!("cancelled: nothing more is sent; pictures that were paid for are still fetched")
        }
    })
}

/// Prints how far a batch is.
pub async fn status(args: &StatusArgs) -> Result<(), CliError> {
    let session = session::open(args.journal.journal.as_deref(), 1)?;
    session::check(&session).await?;
    let batch = session.batch().await?;
    let overview = session.overview().await?;
    if args.json || !stdout().is_terminal() {
        return console::json(&json(&batch.control, &batch.out, &overview));
    }
    console::line(&format!("{} → {}", words(&overview), batch.out))?;
    if overview.late > 0 {
        console::line(&tr!(
            "{late} replies came late, beside others that were paid for as well: see \
             docs/fleet.md",
            late = overview.late
        ))?;
    }
    for (worker, jobs) in &overview.workers {
        console::line(&format!("  {worker}: {jobs}"))?;
    }
    Ok(())
}

/// As in `2 queued, 1 of them claimed, 50 done`.
fn words(overview: &Overview) -> String {
    let mut parts = Vec::new();
    for state in State::ALL {
        let count = overview.states.get(state.name()).copied();
        let Some(count) = count.filter(|count| *count > 0) else {
            continue;
        };
        parts.push(format!("{count} {}", state.shown()));
        if state == State::Queued && overview.claimed > 0 {
            let claimed = overview.claimed;
            parts.push(tr!("{claimed} of them claimed", claimed));
        }
    }
    parts.join(&tr!(", "))
}

fn json(control: &str, out: &str, overview: &Overview) -> Value {
    let mut jobs = Map::new();
    jobs.insert(
        "total".to_owned(),
        overview.states.values().sum::<i64>().into(),
    );
    for state in State::ALL {
        let count = overview.states.get(state.name()).copied();
        jobs.insert(state.name().to_owned(), count.unwrap_or_default().into());
    }
    jobs.insert("claimed".to_owned(), overview.claimed.into());
    json!({
        "batch": control,
        "out": out,
        "jobs": jobs,
        "workers": overview.workers,
        "late": overview.late,
    })
}
