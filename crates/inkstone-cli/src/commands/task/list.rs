//! `inkstone task list`: the account's tasks, with their age.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

use inkstone::{ListedTask, TaskFilter, TaskStatus};
use serde_json::Value;
use tr::tr;

use crate::args::api::Api;
use crate::args::task::ListArgs;
use crate::commands::task::task_api::{TaskApi, call};
use crate::console;
use crate::error::CliError;
use crate::task::submitted;

/// How many tasks are asked for at a time, where nothing else is said.
const PAGE_SIZE: u32 = 50;

/// How many pages are read at most.
const MOST_PAGES: u32 = 200;

pub fn run(args: &ListArgs) -> Result<(), CliError> {
    let target = TaskApi::find(args.api.map(Api::name), &args.place)?;
    let ask = |page: u32| {
        let filter = TaskFilter {
            page_no: Some(page),
            page_size: args.page_size.or(Some(PAGE_SIZE)),
            start_time: args.from.clone(),
            end_time: args.until.clone(),
            model_name: args.model.clone(),
            // As the API writes it: in capitals.
            status: args
                .status
                .as_deref()
                .map(|status| TaskStatus::new(&status.to_uppercase())),
        };
        call(&target, async |client| client.list(&filter).await)
    };
    if args.json {
        let found = ask(args.page.unwrap_or(1))?;
        return console::json(found.reply().json());
    }
    let pages = match args.page {
        Some(page) => page..=page,
        None => 1..=MOST_PAGES,
    };
    let mut listed = HashSet::new();
    for page in pages {
        let found = ask(page)?;
        let ages = ages(found.reply().json());
        let tasks = found.tasks();
        let count = listed.len();
        for task in &tasks {
            if listed.insert(task.id.clone()) {
                console::prose(&line(task, ages.get(&task.id).copied()))?;
            }
        }
        // An API that knows no pages answers with the same tasks again.
        let is_short = tasks.len() < args.page_size.unwrap_or(PAGE_SIZE) as usize;
        if listed.len() == count || is_short {
            break;
        }
        if page == MOST_PAGES {
            console::warning(&tr!(
                "there may be more tasks: see --page, --from and --until"
            ));
        }
    }
    if listed.is_empty() {
        console::hint(&tr!("the API lists no such task of the last 24 hours"));
    }
    Ok(())
}

/// As in `0385dc79-…  RUNNING      3m  wan2.7-image`.
fn line(task: &ListedTask, age: Option<Duration>) -> String {
    let status = task.status.as_ref().map(ToString::to_string);
    let status = status.unwrap_or_else(|| "?".to_owned());
    let age = age.map_or_else(|| "-".to_owned(), shown);
    let model = task.model.as_deref().unwrap_or_default();
    let line = format!("{}  {status:<9}  {age:>4}  {model}", task.id);
    console::printable(line.trim_end())
}

/// An age in its largest unit, as in `3m`.
fn shown(age: Duration) -> String {
    match age.as_secs() {
        seconds @ ..60 => format!("{seconds}s"),
        seconds @ ..3600 => format!("{}m", seconds / 60),
        seconds @ ..86_400 => format!("{}h", seconds / 3600),
        seconds => format!("{}d", seconds / 86_400),
    }
}

/// How long ago the tasks of an answer were submitted, as far as it says.
fn ages(answer: &Value) -> HashMap<String, Duration> {
    let now = SystemTime::now();
    let times = submitted::in_list(answer).into_iter();
    let age = |(id, moment)| Some((id, now.duration_since(moment).ok()?));
    times.filter_map(age).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::shown;

    #[test]
    fn an_age_has_one_unit() {
        let cases = [
            (0, "0s"),
            (59, "59s"),
            (60, "1m"),
            (7300, "2h"),
            (200_000, "2d"),
        ];
        for (seconds, text) in cases {
            assert_eq!(shown(Duration::from_secs(seconds)), text);
        }
    }
}
