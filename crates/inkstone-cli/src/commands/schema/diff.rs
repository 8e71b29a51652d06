//! `inkstone schema diff`: what changed between two documents.

use std::io;

use apifox_document::{Diagnostics, Severity};
use apifox_review::{Change, Diff, DistinctChange, Effect, Role};

use tr::tr;
use unicode_width::UnicodeWidthStr as _;

use crate::args::schema::{self, DiffArgs, DiffFormat, FailOn};
use crate::commands::schema::markdown;
use crate::commands::schema::places::{elsewhere, place};
use crate::console;
use crate::error::{CliError, Code};
use crate::input;
use crate::language::{libraries, review};
use crate::wrap::{padded, wrap};

pub fn run(args: &DiffArgs) -> Result<(), CliError> {
    let role = match args.role {
        schema::Role::Request => Role::Request,
        schema::Role::Reply => Role::Reply,
        schema::Role::Both => Role::Both,
    };
    input::check_readable(&args.old)?;
    input::check_readable(&args.new)?;
    let found = apifox_review::diff_files(&args.old, &args.new, role);
    let found = found.map_err(|Diagnostics(problems)| {
        let problems = problems.iter().map(review::diagnostic).collect();
        CliError::invalid(Diagnostics(problems).to_string())
    })?;
    console::problems(&found.warnings, Severity::Warning);
    match args.format {
        _ if args.json => console::json(&found)?,
        DiffFormat::Json => console::json(&found)?,
        DiffFormat::Markdown => console::raw(markdown::text(&found).as_bytes())?,
        DiffFormat::Text => {
            let is_coloured = console::colours(&io::stdout());
            console::raw(text(&found, is_coloured).as_bytes())?;
        }
    }
    match (args.fail_on, found.count(Effect::Breaking)) {
        (None, _) | (_, 0) => Ok(()),
        (Some(FailOn::Breaking), count) => Err(CliError::new(
            Code::Breaking,
            match count {
                1 => tr!("1 change breaks callers"),
                _ => tr!("{count} changes break callers", count),
            },
        )),
    }
}

/// The changes, grouped by operation; their counts; and the verdict.
fn text(found: &Diff, is_coloured: bool) -> String {
    let mut text = String::new();
    let mut last = None;
    for told in found.distinct() {
        let heading = heading(told.change);
        if last.as_ref() != Some(&heading) {
            text += &format!("{}\n", console::printable(&heading));
            last = Some(heading);
        }
        text += &row(&told, is_coloured);
    }
    let [breaking, additive, neutral] =
        [Effect::Breaking, Effect::Additive, Effect::Neutral].map(|effect| found.count(effect));
    let counts = tr!(
        "{breaking} breaking, {additive} additive, {neutral} neutral",
        breaking,
        additive,
        neutral
    );
    format!("{text}{counts}\n{}\n", found.verdict())
}

/// What a change does to callers, for people.
fn shown(effect: Effect) -> String {
    match effect {
        Effect::Breaking => tr!("breaking"),
        Effect::Additive => tr!("additive"),
        Effect::Neutral => tr!("neutral"),
    }
}

/// How many columns the longest of these words takes.
fn widest() -> usize {
    let all = [Effect::Breaking, Effect::Additive, Effect::Neutral];
    all.map(|effect| shown(effect).width())
        .into_iter()
        .max()
        .unwrap_or_default()
}

fn heading(change: &Change) -> String {
    let operation = change.operation.as_deref().unwrap_or("schema");
    match &change.file {
        Some(file) => format!("{file}: {operation}"),
        None => operation.to_owned(),
    }
}

/// A change, as in `  ! breaking  body /n: maximum 6 → 4: accepts less`, on several lines
/// if it is long.
fn row(told: &DistinctChange<'_>, is_coloured: bool) -> String {
    let effect = told.change.effect();
    let (symbol, colour) = match effect {
        Effect::Breaking => ('!', "31"),
        Effect::Additive => ('+', "32"),
        Effect::Neutral => ('=', "2"),
    };
    let label = format!("{symbol} {}", padded(&shown(effect), widest()));
    let coloured = match is_coloured {
        true => format!("\x1b[{colour}m{label}\x1b[0m"),
        false => label.clone(),
    };
    let indent = 2 + label.width() + 2;
    let lines = wrap(
        &console::printable(&words(told)),
        console::width().saturating_sub(indent).max(16),
    );
    let gap = format!("\n{}", " ".repeat(indent));
    format!("  {coloured}  {}\n", lines.join(&gap))
}

/// Where the change is, what it is, its effects where requests and replies differ, and where
/// else it is met.
fn words(told: &DistinctChange<'_>) -> String {
    let change = told.change;
    let place = match place(change) {
        place if place.is_empty() => place,
        place => format!("{place}: "),
    };
    let is_split = change.operation.is_none() && change.request != change.reply;
    let whom = match is_split {
        true => tr!(
            " (requests: {request}, replies: {reply})",
            request = shown(change.request),
            reply = shown(change.reply)
        ),
        false => String::new(),
    };
    let elsewhere = elsewhere(told).map(|words| format!(" ({words})"));
    let elsewhere = elsewhere.unwrap_or_default();
    let message = libraries::review(&change.message);
    format!("{place}{message}{whom}{elsewhere}")
}
