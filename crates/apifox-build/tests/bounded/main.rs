//! What costs too much: each row of the tables is run with inputs of size n and 4n, in a
//! thread with as much stack as a worker of tokio has. From n to 4n, time and memory may
//! grow fivefold at most.
//!
//! A stack that overflows ends the process, so each run has a process of its own: this
//! program, called with the name of a row and a size.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs
)]

mod checking;
mod generating;
mod measure;
mod schemas;

use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::thread;

use measure::Cost;

/// An input, made for a size, and what is done with it.
pub struct Row {
    name: &'static str,
    /// The smaller of the two sizes.
    size: usize,
    run: fn(usize),
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rows = || generating::ROWS.iter().chain(checking::ROWS);
    if let [flag, name, size] = &arguments[..]
        && flag == "--row"
    {
        let row = rows().find(|row| row.name == name).expect("a row");
        measure::run(row.run, size.parse().expect("a size"));
        return ExitCode::SUCCESS;
    }
    let is_wanted = |row: &&Row| {
        let mut filters = arguments.iter().filter(|word| !word.starts_with('-'));
        filters.clone().count() == 0 || filters.any(|filter| row.name.contains(&**filter))
    };
    if arguments.iter().any(|word| word == "--list") {
        rows().for_each(|row| println!("{}: test", row.name));
        return ExitCode::SUCCESS;
    }
    let failed = failed(rows().filter(is_wanted));
    match failed.is_empty() {
        true => ExitCode::SUCCESS,
        false => {
            println!("failed: {}", failed.join(", "));
            ExitCode::FAILURE
        }
    }
}

/// The names of the rows that cost too much. As many are run at once as there are processors:
/// what a row takes is its own time on one.
fn failed(rows: impl Iterator<Item = &'static Row> + Send) -> Vec<&'static str> {
    let rows = Mutex::new(rows);
    let next = || rows.lock().expect("a lock").next();
    let run = || -> Vec<&str> {
        let tried = std::iter::from_fn(next);
        tried
            .filter(|row| !holds(row))
            .map(|row| row.name)
            .collect()
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let running: Vec<_> = (0..processors).map(|_| scope.spawn(run)).collect();
        let ended = running
            .into_iter()
            .map(|running| running.join().expect("no panic"));
        ended.flatten().collect()
    })
}

/// Whether what a row costs grows little enough; a busy machine may need a second look.
fn holds(row: &Row) -> bool {
    (0..3).any(|_| grows_little(row))
}

/// Runs a row with both sizes and prints what they cost.
fn grows_little(row: &Row) -> bool {
    let costs = (cost(row, row.size), cost(row, 4 * row.size));
    let (Ok(small), Ok(large)) = &costs else {
        let why = costs.0.err().or(costs.1.err()).unwrap_or_default();
        println!("{}: {why}", row.name);
        return false;
    };
    let holds = large.is_at_most_fivefold(small);
    let verdict = if holds { "" } else { " TOO MUCH" };
    println!(
        "{}: {} {small}, {} {large}{verdict}",
        row.name,
        row.size,
        4 * row.size
    );
    holds
}

fn cost(row: &Row, size: usize) -> Result<Cost, String> {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program)
        .args(["--row", row.name, &size.to_string()])
        .output()
        .expect("a process");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    match output.status.success() {
        true => Cost::parse(&printed),
        false => {
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            let end: Vec<&str> = errors.lines().rev().take(4).collect();
            Err(format!("{size}: {}: {}", output.status, end.join(" | ")))
        }
    }
}
