//! The help of the commands, and what clap says, in the chosen language.

use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory as _};
use tr::tr;

use crate::args::{Cli, examples};
use crate::console;
use crate::error::CliError;
use crate::language::epilogue::{self, KEPT_SPACE};
use crate::language::{is_translated, libraries};
use crate::request::words::suggest;
use crate::wrap::wrap_lines;

/// What clap says in the help, where it stands among other words. Its errors are phrases.
pub const CLAP_WORDS: [&str; 18] = [
    "Print this message or the help of the given subcommand(s)",
    "Print help for the subcommand(s)",
    "Print help (see a summary with '-h')",
    "Print help (see more with '--help')",
    "Print help",
    "Print version",
    "Usage: ",
    "Options:",
    "Request:",
    "API:",
    "Global options:",
    "Arguments:",
    "Commands:",
    "Possible values:",
    "[default: ",
    "[possible values: ",
    "[subcommands: ",
    "[OPTIONS]",
];

/// How wide the pages of the manual are.
const PAGE: usize = 78;

/// The commands with their help in the language that was chosen, for pages of the manual.
pub fn command() -> Command {
    epilogue::fitted(whole(), PAGE, ' ')
}

/// The same as they are shown: [`fitted`] prints what clap makes of it.
pub fn command_to_show() -> Command {
    epilogue::fitted(whole(), console::help_width(), KEPT_SPACE)
}

fn whole() -> Command {
    in_language(with_examples(Cli::command()))
}

/// The same for who asks for no help: without the examples, for whose models documents are read.
pub fn command_without_examples() -> Command {
    in_language(Cli::command())
}

/// Whether this is no error but help that was asked for.
pub fn is_help(error: &clap::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    )
}

/// What clap says of wrong arguments, for those who read JSON.
pub fn failure(error: &clap::Error) -> CliError {
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let paragraphs = text.split("\n\n").map(str::trim);
    let is_usage = |text: &&str| text.starts_with("Usage: ") || text.starts_with("For more");
    let mut paragraphs = paragraphs.take_while(|text| !is_usage(text));
    let failure = CliError::usage(paragraphs.next().unwrap_or_default());
    let (tips, details): (Vec<&str>, Vec<&str>) =
        paragraphs.partition(|text| text.starts_with("tip: "));
    let tips: Vec<&str> = tips
        .iter()
        .map(|tip| tip.trim_start_matches("tip: "))
        .collect();
    let failure = failure.details(details.into_iter().map(str::to_owned).collect());
    match tips.is_empty() {
        true => failure,
        false => failure.hint(tips.join("; ")),
    }
}

/// What to do about wrong arguments, where clap does not see what was meant: the words of a prompt
/// that is not quoted are arguments of their own, and a misspelt command of `batch` is its file.
pub fn advice(error: &clap::Error, given: &[OsString]) -> Option<String> {
    if error.kind() == ErrorKind::MissingRequiredArgument {
        let meant = batch_command(given)?;
        let last = format!("`inkstone batch {meant}`");
        return Some(tr!("did you mean {last}?", last));
    }
    let Some(ContextValue::String(found)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let is_word = error.kind() == ErrorKind::UnknownArgument && !found.starts_with('-');
    let is_generate = given.iter().any(|argument| argument == "generate");
    (is_word && is_generate)
        .then(|| tr!("put the prompt in quotes, as in inkstone generate \"a ginger cat\""))
}

/// The command of `batch` that was probably meant by the name of a file that does not exist.
fn batch_command(given: &[OsString]) -> Option<String> {
    let mut words = given.iter().skip_while(|word| *word != "batch").skip(1);
    let file = words.next()?;
    if Path::new(file).exists() {
        return None;
    }
    let cli = Cli::command();
    let batch = cli.find_subcommand("batch")?;
    let commands = batch.get_subcommands().map(Command::get_name);
    let nearest = suggest::nearest(file.to_str()?, commands, 1);
    nearest.first().map(|command| (*command).to_owned())
}

/// The commands with the examples that name models.
pub fn with_examples(command: Command) -> Command {
    command.mut_subcommands(|command| {
        let examples = match command.get_name() {
            "generate" => examples::generate,
            "batch" => examples::batch,
            "models" => examples::models,
            "task" => examples::task,
            _ => return command,
        };
        command.after_help(examples())
    })
}

fn in_language(command: Command) -> Command {
    match is_translated() {
        true => in_chinese(command),
        false => command.term_width(console::help_width()),
    }
}

/// Texts in one line each, for clap can't know where Chinese may be broken, nor how long its own
/// words are in it: [`fitted`] breaks the lines when all is put together.
fn in_chinese(mut command: Command) -> Command {
    command = command.next_line_help(true).term_width(0).max_term_width(0);
    if let Some(text) = command.get_about().map(ToString::to_string) {
        command = command.about(translated(&text));
    }
    if let Some(text) = command.get_long_about().map(ToString::to_string) {
        command = command.long_about(translated(&text));
    }
    if let Some(text) = command.get_after_help().map(ToString::to_string) {
        command = command.after_help(translated(&text));
    }
    let command = command.mut_args(|mut arg| {
        if let Some(text) = arg.get_help().map(ToString::to_string) {
            arg = arg.help(translated(&text));
        }
        if let Some(text) = arg.get_long_help().map(ToString::to_string) {
            arg = arg.long_help(translated(&text));
        }
        arg
    });
    command.mut_subcommands(in_chinese)
}

fn translated(text: &str) -> String {
    tr!(text)
}

/// What clap prints, in which its own words are in the chosen language as well.
fn of_clap(text: &str) -> String {
    let of_values = value_help(&Cli::command());
    let lines = text.split('\n').map(|line| {
        let words = line.trim_start_matches(' ');
        let indent = &line[..line.len() - words.len()];
        if let Some(phrase) = libraries::clap(words) {
            return format!("{indent}{phrase}");
        }
        let mut line = line.to_owned();
        for words in CLAP_WORDS {
            line = line.replace(words, &tr!(words));
        }
        for (words, translated) in &of_values {
            line = line.replace(words, translated);
        }
        line
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What clap prints, in the chosen language and in lines that fit the terminal.
pub fn fitted(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let text = match is_translated() {
        true => of_clap(&text),
        false => text,
    };
    let lines = text.split('\n').map(|line| match error.use_stderr() {
        _ if line.contains(KEPT_SPACE) => line.replace(KEPT_SPACE, " "),
        true => console::for_terminal(line),
        false => wrap_lines(line, console::help_width()),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The help of the values that flags take, which can't be replaced before.
pub fn value_help(command: &Command) -> Vec<(String, String)> {
    let values = command
        .get_arguments()
        .flat_map(clap::Arg::get_possible_values);
    let help = values.filter_map(|value| value.get_help().map(ToString::to_string));
    let own = help.map(|text| {
        let words = text.as_str();
        let translated = tr!(words);
        (text, translated)
    });
    let below = command.get_subcommands().flat_map(value_help);
    own.chain(below).collect()
}
