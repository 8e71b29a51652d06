//! How fast, and in how much memory, is a reply with large base64 pictures saved?
//!
//! ```sh
//! cargo run --profile bench -p inkstone-bench-base64 -- [ROUNDS]
//! ```
//!
//! Each contestant is a process of its own, which gets the reply of a server that is
//! another one, and saves its pictures; they take turns. After each turn the files are
//! held against what was sent. Linux says how much memory a process took at most.

mod common;
mod floor;
mod ours;
mod picture;
mod server;
mod theirs;

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::{Result, print};
use crate::server::COUNT;

/// Who saves pictures; the first is what the others are measured by.
const CONTESTANTS: [&str; 5] = [
    "floor",
    "floor-synced",
    "inkstone",
    "inkstone-memory",
    "async-openai",
];

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["server"] => server::run(),
        [contestant, url, directory] => contend(contestant, url, Path::new(directory)),
        [rounds] => compare(rounds.parse()?),
        _ => compare(9),
    }
}

/// Saves the pictures of the reply, and says how much memory that took.
fn contend(contestant: &str, url: &str, directory: &Path) -> Result<()> {
    match contestant {
        "floor" => floor::save(url, directory, false)?,
        "floor-synced" => floor::save(url, directory, true)?,
        "inkstone" => ours::save(url, directory, Some(directory))?,
        "inkstone-memory" => ours::save(url, directory, None)?,
        "async-openai" => theirs::save(url, directory)?,
        other => return Err(format!("{other} is not a contestant").into()),
    }
    print(&peak()?.to_string());
    Ok(())
}

/// The most memory that this process had, in KiB.
fn peak() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|kib| kib.trim().strip_suffix(" kB"));
    Ok(number.ok_or("no VmHWM")?.trim().parse()?)
}

struct Turn {
    took: Duration,
    peak: u64,
}

fn compare(rounds: usize) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let (_server, url) = start_server()?;
    let mut turns: Vec<Vec<Turn>> = CONTESTANTS.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (contestant, turns) in CONTESTANTS.iter().zip(&mut turns) {
            turns.push(take_turn(contestant, &url, directory.path())?);
        }
    }
    report(&turns);
    Ok(())
}

/// A process that is ended when this is dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start_server() -> Result<(Server, String)> {
    let mut command = Command::new(std::env::current_exe()?);
    let mut server = Server(command.arg("server").stdout(Stdio::piped()).spawn()?);
    let output = server.0.stdout.take().ok_or("no output")?;
    let mut url = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut url)?;
    Ok((server, url.trim().to_owned()))
}

fn take_turn(contestant: &str, url: &str, directory: &Path) -> Result<Turn> {
    let out = directory.join("out");
    fs::create_dir(&out)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args([contestant, url]).arg(&out);
    let start = Instant::now();
    let output = command.stderr(Stdio::inherit()).output()?;
    let took = start.elapsed();
    if !output.status.success() {
        return Err(format!("{contestant} failed").into());
    }
    check(contestant, &out)?;
    fs::remove_dir_all(&out)?;
    Ok(Turn {
        took,
        peak: String::from_utf8(output.stdout)?.trim().parse()?,
    })
}

/// Holds the files against what was sent.
fn check(contestant: &str, directory: &Path) -> Result<()> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        found.push(fs::read(entry?.path())?);
    }
    let is_here = |number| found.contains(&picture::bytes(number));
    match found.len() == COUNT && (0..COUNT).all(is_here) {
        true => Ok(()),
        false => Err(format!("{contestant} saved {} files, not the pictures", found.len()).into()),
    }
}

fn report(turns: &[Vec<Turn>]) {
    let base = turns.first().map_or(1.0, |turns| median(turns));
    print("| | time | of the floor | peak memory |\n|---|---|---|---|");
    for (contestant, turns) in CONTESTANTS.iter().zip(turns) {
        let time = median(turns);
        let peak = turns.iter().map(|turn| turn.peak).max().unwrap_or_default();
        print(&format!(
            "| {contestant} | {:.0} ms | {:.2} × | {:.1} MiB |",
            time * 1000.0,
            time / base,
            peak as f64 / 1024.0
        ));
    }
}

fn median(turns: &[Turn]) -> f64 {
    let mut times: Vec<_> = turns.iter().map(|turn| turn.took.as_secs_f64()).collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
