//! The language of messages and help: English, or Chinese by `--lang zh` or the locale.
//!
//! Messages are written in English, in `tr!`, and help in the comments of [`crate::args`];
//! `zh.po` beside this file has what both are in Chinese. Codes, JSON and file names stay
//! English.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ffi::OsString;

use clap::{Command, CommandFactory as _};
use rspolib::pofile;
use tr::{Translator, set_translator, tr};

use crate::args::Cli;
use crate::console;
use crate::wrap::{wrap, wrap_lines};

/// The catalogue.
const CHINESE: &str = include_str!("zh.po");

/// How far clap indents the help of a flag that begins a line of its own.
const INDENT: usize = 10;

/// What clap says of its own.
const CLAP_WORDS: [&str; 29] = [
    "Print this message or the help of the given subcommand(s)",
    "Print help (see a summary with '-h')",
    "Print help (see more with '--help')",
    "Print help",
    "Print version",
    "For more information, try '--help'.",
    "Usage: ",
    "Options:",
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

/// Has all messages in the language that the arguments or the locale ask for.
pub fn choose(given: &[OsString]) {
    if is_chinese(given) {
        set_translator!(Catalogue::chinese());
    }
}

/// The messages of a language, by what they are in English.
struct Catalogue(HashMap<String, String>);

impl Catalogue {
    fn chinese() -> Self {
        // That it can be read is a test of this module.
        let entries = pofile(CHINESE).map(|file| file.entries).unwrap_or_default();
        let texts = entries.into_iter().filter_map(|entry| {
            let text = entry.msgstr.filter(|text| !text.is_empty());
            Some((
                entry.msgid,
                text.or_else(|| entry.msgstr_plural.into_iter().next())?,
            ))
        });
        Self(texts.collect())
    }
}

impl Translator for Catalogue {
    fn translate<'a>(&'a self, text: &'a str, _: Option<&'a str>) -> Cow<'a, str> {
        self.0.get(text).map_or(text, String::as_str).into()
    }

    /// Chinese has one form for all numbers.
    fn ntranslate<'a>(
        &'a self,
        _: u64,
        singular: &'a str,
        _: &'a str,
        context: Option<&'a str>,
    ) -> Cow<'a, str> {
        self.translate(singular, context)
    }
}

/// Whether the last `--lang` asks for Chinese, or else the locale; never where JSON is asked for.
fn is_chinese(given: &[OsString]) -> bool {
    let flags = given.iter().take_while(|arg| *arg != "--");
    // What programs read is the same everywhere.
    if flags.clone().any(|arg| arg == "--json") {
        return false;
    }
    let mut asked = None;
    let mut is_value = false;
    for arg in flags {
        let text = arg.to_string_lossy();
        if is_value {
            asked = Some(text.clone().into_owned());
        } else if let Some(value) = text.strip_prefix("--lang=") {
            asked = Some(value.to_owned());
        }
        is_value = text == "--lang";
    }
    let language = asked.or_else(sys_locale::get_locale).unwrap_or_default();
    language.to_lowercase().starts_with("zh")
}

/// Whether messages are in Chinese.
fn is_translated() -> bool {
    tr!("error") != "error"
}

/// The commands with their help in the language that was chosen.
pub fn command() -> Command {
    let command = Cli::command();
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
fn value_help(command: &Command) -> Vec<(String, String)> {
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::Path;

    use clap::CommandFactory as _;
    use proc_macro2::{TokenStream, TokenTree};
    use rspolib::pofile;

    use super::{CHINESE, CLAP_WORDS, value_help};
    use crate::args::{Cli, examples};

    /// The texts in the literals of `tr!` below `folder`.
    fn messages(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                messages(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                in_tokens(text.parse().unwrap(), found);
            }
        }
    }

    fn in_tokens(tokens: TokenStream, found: &mut BTreeSet<String>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            let TokenTree::Group(group) = token else {
                continue;
            };
            let is_message =
                at >= 2 && tokens[at - 2].to_string() == "tr" && tokens[at - 1].to_string() == "!";
            if is_message {
                found.extend(group.stream().into_iter().take(3).filter_map(literal));
            }
            in_tokens(group.stream(), found);
        }
    }

    /// The text of a literal.
    fn literal(token: TokenTree) -> Option<String> {
        let TokenTree::Literal(literal) = token else {
            return None;
        };
        let source = literal.to_string();
        let mut text = String::new();
        let mut characters = source
            .strip_prefix('"')?
            .strip_suffix('"')?
            .chars()
            .peekable();
        while let Some(c) = characters.next() {
            match c {
                '\\' => match characters.next()? {
                    'n' => text.push('\n'),
                    '\n' => while characters.next_if(|c| c.is_whitespace()).is_some() {},
                    other => text.push(other),
                },
                c => text.push(c),
            }
        }
        Some(text)
    }

    /// The help of all commands and flags.
    fn help(command: &clap::Command, found: &mut BTreeSet<String>) {
        let own = [
            command.get_about(),
            command.get_long_about(),
            command.get_after_help(),
        ];
        let of_args = command
            .get_arguments()
            .flat_map(|arg| [arg.get_help(), arg.get_long_help()]);
        let texts = own.into_iter().chain(of_args).flatten();
        // What names models is put together at run time, of messages that are among the others.
        let put_together = [
            examples::default_models(),
            examples::generate(),
            examples::models(),
            examples::task(),
            examples::batch(),
        ];
        let texts = texts.map(ToString::to_string);
        found.extend(texts.filter(|text| !put_together.contains(text)));
        command
            .get_subcommands()
            .for_each(|command| help(command, found));
    }

    /// What stands in braces.
    fn places(text: &str) -> BTreeSet<&str> {
        let parts = text.split('{').skip(1);
        parts
            .filter_map(|part| Some(part.split_once('}')?.0))
            .collect()
    }

    #[test]
    fn every_message_is_in_the_catalogue_and_none_is_left_over() {
        let mut said = BTreeSet::new();
        messages(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
            &mut said,
        );
        help(&Cli::command(), &mut said);
        said.extend(CLAP_WORDS.map(str::to_owned));
        said.extend(
            value_help(&Cli::command())
                .into_iter()
                .map(|(text, _)| text),
        );
        let catalogue = pofile(CHINESE).unwrap();
        let mut known = BTreeMap::new();
        for entry in &catalogue.entries {
            let plural = entry.msgstr_plural.first().cloned();
            let translated = entry.msgstr.clone().filter(|text| !text.is_empty());
            let translated = translated.or(plural).unwrap_or_default();
            known.insert(entry.msgid.clone(), translated.clone());
            if let Some(plural) = &entry.msgid_plural {
                known.insert(plural.clone(), translated);
            }
        }
        let missing: Vec<&String> = said
            .iter()
            .filter(|text| !known.contains_key(*text))
            .collect();
        let unused: Vec<&String> = known.keys().filter(|text| !said.contains(*text)).collect();
        assert!(
            missing.is_empty() && unused.is_empty(),
            "missing: {missing:#?}\nunused: {unused:#?}"
        );
        for (text, translated) in &known {
            assert!(!translated.is_empty(), "{text}");
            // Braces that are doubled are braces of JSON.
            let single = |text: &str| text.replace("{{", "").replace("}}", "");
            let (text, translated) = (&single(text), &single(translated));
            let (expected, mut found) = (places(text), places(translated));
            found.remove("n");
            assert!(
                found.is_subset(&expected) || text.contains("--set"),
                "{text}: {translated}"
            );
            let all = expected.iter().filter(|place| **place != "n");
            assert!(
                all.clone().all(|place| found.contains(place)),
                "{text}: {translated}"
            );
        }
    }
}
