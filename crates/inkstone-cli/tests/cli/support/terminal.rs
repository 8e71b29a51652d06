//! Runs the binary in a terminal: a pseudo-terminal of `script`.

use std::process::Command;

use crate::support::command::{Run, bare, done, in_environment_of};

/// Runs the command in a terminal of so many columns. What it says on standard error stands
/// among the output, as on a screen; commands to the terminal are taken out.
pub fn in_terminal(columns: u16, environment: &[(&str, &str)], args: &[&str]) -> Run {
    let run = in_raw_terminal(columns, environment, args);
    Run {
        stdout: without_commands(&run.stdout),
        ..run
    }
}

/// The same, with all that is sent to the terminal.
pub fn in_raw_terminal(columns: u16, environment: &[(&str, &str)], args: &[&str]) -> Run {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let mut line = format!("stty cols {columns} rows 24; exec");
    let program = bare().get_program().to_string_lossy().into_owned();
    for word in [program.as_str()].iter().chain(args) {
        line += &format!(" {}", quoted(word));
    }
    let mut command = in_environment_of(&bare(), Command::new("script"));
    command.args(["-qefc", &line, "/dev/null"]);
    // Whatever terminal the tests run in.
    for name in [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "KITTY_WINDOW_ID",
        "TERM_PROGRAM",
    ] {
        command.env_remove(name);
    }
    command
        .env("TERM", "xterm")
        .envs(environment.iter().copied());
    let run = done(command.output().unwrap());
    Run {
        stdout: run.stdout.replace("\r\n", "\n"),
        ..run
    }
}

/// How many columns a line takes, of which a Chinese character takes two.
pub fn columns(line: &str) -> usize {
    let is_wide = |c: char| matches!(u32::from(c), 0x2e80.. if c != '\u{fe0f}');
    line.chars().map(|c| 1 + usize::from(is_wide(c))).sum()
}

/// Asserts that no line takes more columns.
#[track_caller]
pub fn fits(screen: &str, most: usize, command: &[&str]) {
    for line in screen.lines() {
        let found = columns(line);
        assert!(found <= most, "{command:?}: {found} columns: {line}");
    }
}

/// What stays on the screen: not what was overwritten, nor colours.
fn without_commands(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        // A line that was cleared begins anew.
        let line = line.rsplit("\x1b[2K").next().unwrap_or_default();
        let line = line.rsplit('\r').next().unwrap_or_default();
        let mut parts = line.split("\x1b[");
        let mut clean = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(|c: char| c.is_ascii_alphabetic());
            clean += end.map_or("", |end| &part[end + 1..]);
        }
        clean
    });
    lines.collect::<Vec<_>>().join("\n")
}
