//! The ratios of our times to the peers', turn by turn, as a table in Markdown.
//!
//! `--rounds N` says how many turns each gets. Words are parts of what is wanted,
//! such as `encode`: only such rows are measured.

#![allow(clippy::expect_used, clippy::print_stdout)]

use std::process::Command;

use inkstone_bench::operations::{self, OPERATIONS};
use inkstone_bench::{Contest, contests};

/// Turns for each, unless more are asked for: enough for a median.
const ROUNDS: usize = 15;
/// Has this program make so many operations and say what that took.
const GROW: &str = "--grow";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(count) = option(&arguments, GROW) {
        return println!("{}", grow(count));
    }
    let rounds = option(&arguments, "--rounds").unwrap_or(ROUNDS);
    let wanted = words(&arguments);
    println!("| What | Against | Wanted | Measured | Half of the turns |\n|---|---|---|---|---|");
    for contest in contests(|what| is_wanted(what, &wanted)) {
        row(&contest, rounds);
    }
    if is_wanted(GROWTH, &wanted) {
        growth(rounds.min(5));
    }
}

fn row(contest: &Contest, rounds: usize) {
    let outcome = contest.run(rounds);
    let Contest { what, against, .. } = contest;
    let (low, high) = outcome.quartiles;
    println!(
        "| {what} | {against} | ≤ {} × | {:.2} × | {low:.2}–{high:.2} |",
        contest.wanted, outcome.ratio
    );
}

const GROWTH: &str = "generate 10 × the operations";

/// Ten times the operations, in processes of their own for the sake of their memory.
fn growth(rounds: usize) {
    let mut times = Vec::new();
    let mut memories = Vec::new();
    for _ in 0..rounds {
        let (few, many) = (measured(OPERATIONS), measured(10 * OPERATIONS));
        times.push(many.seconds / few.seconds);
        memories.push(many.memory.zip(few.memory).map(|(many, few)| many / few));
    }
    let memories: Option<Vec<f64>> = memories.into_iter().collect();
    println!(
        "| {GROWTH} | 1,000 of them: time | ≤ 11 × | {:.2} × | |",
        median(times)
    );
    match memories {
        Some(memories) => {
            let memory = median(memories);
            println!("| {GROWTH} | 1,000 of them: memory | ≤ 11 × | {memory:.2} × | |");
        }
        None => {
            println!("| {GROWTH} | 1,000 of them: memory | ≤ 11 × | SKIPPED: no /proc here | |")
        }
    }
}

/// What it takes to make so many operations.
struct Cost {
    seconds: f64,
    /// The most memory that was in use, in KiB.
    memory: Option<f64>,
}

/// Runs this program anew to make `count` operations.
fn measured(count: usize) -> Cost {
    let program = std::env::current_exe().expect("this program has a path");
    let run = Command::new(program)
        .args([GROW, &count.to_string()])
        .output();
    let output = run.expect("this program can be run").stdout;
    let text = String::from_utf8(output).expect("numbers");
    let mut numbers = text.split_whitespace().map(|number| number.parse().ok());
    Cost {
        seconds: numbers.next().flatten().expect("the seconds"),
        memory: numbers.next().flatten(),
    }
}

/// Makes `count` operations, and says the seconds and the KiB that took.
fn grow(count: usize) -> String {
    let document = operations::document(count);
    let before = peak();
    let start = std::time::Instant::now();
    let code = operations::ours(&document);
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(code.matches("impl rt::Endpoint for").count(), count);
    let used = peak().zip(before).map(|(after, before)| after - before);
    let used = used.map_or("unknown".to_owned(), |kib| kib.to_string());
    format!("{seconds} {used}")
}

/// The most memory that this process has used so far, in KiB, where Linux says so.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn option(arguments: &[String], name: &str) -> Option<usize> {
    let at = arguments.iter().position(|argument| argument == name)?;
    let value = arguments.get(at + 1)?.parse();
    Some(value.expect("a whole number"))
}

/// The arguments that are neither options nor cargo's.
fn words(arguments: &[String]) -> Vec<String> {
    let is_word = |text: &&String| !text.starts_with("--") && text.parse::<usize>().is_err();
    arguments.iter().filter(is_word).cloned().collect()
}

fn is_wanted(what: &str, words: &[String]) -> bool {
    words.is_empty() || words.iter().any(|word| what.contains(word.as_str()))
}
