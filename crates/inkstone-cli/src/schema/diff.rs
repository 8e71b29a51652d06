//! `inkstone schema diff`: what changed between two documents.

use std::io::{self, IsTerminal as _};

use apifox_review::{Change, Diff, Effect, Role};

use crate::args;
use crate::exit::{Code, Failure};
use crate::output;

/// How wide a line may be.
const WIDTH: usize = 80;

pub fn run(args: &args::Diff) -> Result<(), Failure> {
    let role = match args.role {
        args::Role::Request => Role::Request,
        args::Role::Reply => Role::Reply,
        args::Role::Both => Role::Both,
    };
    let found = apifox_review::diff_files(&args.old, &args.new, role);
    let found = found.map_err(|problems| Failure::new(Code::Invalid, problems.to_string()))?;
    for warning in &found.warnings {
        output::warning(&warning.to_string());
    }
    match args.json {
        true => output::json(&found.to_json())?,
        false => {
            let is_coloured = io::stdout().is_terminal()
                && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty());
            output::raw(text(&found, is_coloured).as_bytes())?;
        }
    }
    let breaking = found.count(Effect::Breaking);
    match args.fail_on {
        Some(args::FailOn::Breaking) if breaking > 0 => {
            let noun = if breaking == 1 {
                "change breaks"
            } else {
                "changes break"
            };
            Err(Failure::new(
                Code::Breaking,
                format!("{breaking} {noun} callers"),
            ))
        }
        _ => Ok(()),
    }
}

/// The changes under the operations that they belong to, how many there are, and
/// the verdict.
fn text(found: &Diff, is_coloured: bool) -> String {
    let mut text = String::new();
    let mut last = None;
    for change in &found.changes {
        let heading = heading(change);
        if last.as_ref() != Some(&heading) {
            text += &format!("{}\n", output::printable(&heading));
            last = Some(heading);
        }
        text += &row(change, is_coloured);
    }
    let counts: Vec<String> = [Effect::Breaking, Effect::Additive, Effect::Neutral]
        .into_iter()
        .map(|it| format!("{} {it}", found.count(it)))
        .collect();
    format!("{text}{}\n{}\n", counts.join(", "), found.verdict())
}

fn heading(change: &Change) -> String {
    let operation = change.operation.as_deref().unwrap_or("schema");
    match &change.file {
        Some(file) => format!("{file}: {operation}"),
        None => operation.to_owned(),
    }
}

/// `  ! breaking  body /n: maximum 6 → 4: accepts less`, on as many lines as it
/// takes.
fn row(change: &Change, is_coloured: bool) -> String {
    let effect = change.effect();
    let (symbol, colour) = match effect {
        Effect::Breaking => ('!', "31"),
        Effect::Additive => ('+', "32"),
        Effect::Neutral => ('=', "2"),
    };
    let label = format!("{symbol} {:<8}", effect.name());
    let coloured = match is_coloured {
        true => format!("\x1b[{colour}m{label}\x1b[0m"),
        false => label.clone(),
    };
    let indent = 2 + label.chars().count() + 2;
    let lines = wrapped(&output::printable(&words(change)), WIDTH - indent);
    let gap = format!("\n{}", " ".repeat(indent));
    format!("  {coloured}  {}\n", lines.join(&gap))
}

/// Where it is, what it is, and for whom, if not for all alike.
fn words(change: &Change) -> String {
    let place = [change.part.as_str(), change.path.as_str()];
    let place: Vec<&str> = place.into_iter().filter(|it| !it.is_empty()).collect();
    let place = match place.is_empty() {
        true => String::new(),
        false => format!("{}: ", place.join(" ")),
    };
    let is_split = change.operation.is_none() && change.request != change.reply;
    let whom = match is_split {
        true => format!(" (requests: {}, replies: {})", change.request, change.reply),
        false => String::new(),
    };
    format!("{place}{}{whom}", change.message)
}

/// The words of a text in lines of no more than this many characters, unless one
/// word is longer.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last().map_or(0, |it| it.chars().count());
        if last > 0 && last + 1 + word.chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
