//! The help of the commands, and what clap says, in the chosen language.

use clap::error::ErrorKind;
use clap::{Command, CommandFactory as _};
use tr::tr;

use crate::args::{Cli, examples};
use crate::console;
use crate::language::is_translated;
use crate::wrap::{wrap, wrap_lines};

/// How far clap indents the help of a flag that begins a line of its own.
const INDENT: usize = 10;

/// What clap says of its own.
pub const CLAP_WORDS: [&str; 32] = [
    "Print this message or the help of the given subcommand(s)",
    "Print help (see a summary with '-h')",
    "Print help (see more with '--help')",
    "Print help",
    "Print version",
    "For more information, try '--help'.",
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
    "[OPTIONS]",
    "error: ",
    "tip: ",
    "invalid value ",
    "unexpected argument ",
    "unrecognized subcommand ",
    "the following required arguments were not provided:",
    "a similar argument exists: ",
    "a similar value exists: ",
    "a similar subcommand exists: ",
    "some similar subcommands exist: ",
    "the argument ",
    " cannot be used with:",
    " cannot be used with ",
    " cannot be used multiple times",
    "a value is required for ",
];

/// The commands with their help in the language that was chosen.
pub fn command() -> Command {
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
        true => in_chinese(command.next_line_help(true)),
        false if console::width() < console::WIDEST => narrowed(command),
        false => command,
    }
}

/// The help with its examples and tables in lines that fit a narrow terminal.
fn narrowed(command: Command) -> Command {
    let after = command.get_after_help().map(ToString::to_string);
    let command = match after {
        Some(text) => command.after_help(wrap_lines(&text, console::width())),
        None => command,
    };
    command.mut_subcommands(narrowed)
}

fn in_chinese(mut command: Command) -> Command {
    let width = console::width();
    let whole = |text: String| filled(&text, width);
    if let Some(text) = command.get_about().map(ToString::to_string) {
        command = command.about(filled(&text, width - INDENT));
    }
    if let Some(text) = command.get_long_about().map(ToString::to_string) {
        command = command.long_about(whole(text));
    }
    if let Some(text) = command.get_after_help().map(ToString::to_string) {
        let text = text.as_str();
        command = command.after_help(wrap_lines(&tr!(text), width));
    }
    let command = command.mut_args(|mut arg| {
        if let Some(text) = arg.get_help().map(ToString::to_string) {
            arg = arg.help(filled(&text, width - INDENT));
        }
        if let Some(text) = arg.get_long_help().map(ToString::to_string) {
            arg = arg.long_help(filled(&text, width - INDENT));
        }
        arg
    });
    command.mut_subcommands(|command| in_chinese(command.next_line_help(true)))
}

/// A text in the chosen language, in lines: clap breaks lines only at spaces, of which Chinese
/// has few.
fn filled(text: &str, width: usize) -> String {
    let translated = tr!(text);
    let paragraphs = translated.split("\n\n");
    let paragraphs = paragraphs.map(|paragraph| wrap(paragraph, width).join("\n"));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

/// What clap prints, in which its own words are in the chosen language as well.
pub fn of_clap(text: &str) -> String {
    if !is_translated() {
        return text.to_owned();
    }
    let mut text = text.to_owned();
    for words in CLAP_WORDS {
        text = text.replace(words, &tr!(words));
    }
    for (words, translated) in value_help(&Cli::command()) {
        text = text.replace(&words, &translated);
    }
    text
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
