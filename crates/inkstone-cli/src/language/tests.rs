//! Whether the catalogues have every message.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use apifox_document::{Document, sources};
use apifox_review::{Role, diff, lint};
use clap::CommandFactory as _;
use proc_macro2::{TokenStream, TokenTree};
use serde_json::Value;

use crate::args::{Cli, examples};
use crate::language::help::{CLAP_WORDS, value_help, with_examples};
use crate::language::{CHINESE, catalogue, libraries};

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

/// clap breaks the line at `{n}`; and what is left whole is to fit 80 columns.
#[test]
fn help_is_shown_as_it_is_written() {
    let mut texts = BTreeSet::new();
    let command = with_examples(Cli::command());
    help(&command, &mut texts);
    for text in &texts {
        assert!(!text.contains("{n}"), "{text}");
    }
    let mut commands = vec![command];
    while let Some(command) = commands.pop() {
        let after = command.get_after_help().map(ToString::to_string);
        for line in after.unwrap_or_default().lines() {
            let is_whole = line.starts_with(' ') && !line.trim_start().contains("  ");
            let is_fit = !is_whole || line.chars().count() <= 80;
            assert!(is_fit, "{}: {line}", command.get_name());
        }
        commands.extend(command.get_subcommands().cloned());
    }
}

/// What stands in braces.
fn places(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1);
    parts
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect()
}

/// What reads the catalogues takes what is not quoted as it should be for another text.
#[test]
fn catalogues_are_written_as_they_are_read() {
    for text in [CHINESE, libraries::CHINESE] {
        for line in text.lines() {
            let is_field = line.starts_with(['m', '"']) && line.ends_with('"');
            assert!(
                is_field || line.is_empty() || line.starts_with('#'),
                "{line}"
            );
        }
        let entries = text.lines().filter(|line| line.starts_with("msgid "));
        // The first is about the catalogue itself.
        assert_eq!(entries.count(), catalogue(text).unwrap().count() + 1);
    }
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
    let catalogue = catalogue(CHINESE).unwrap();
    let mut known = BTreeMap::new();
    for entry in catalogue.messages() {
        let plural = entry.msgstr_plural().ok().and_then(|forms| forms.first());
        let translated = plural.map_or_else(|| entry.msgstr().unwrap(), String::as_str);
        known.insert(entry.msgid().to_owned(), translated.to_owned());
        if let Ok(plural) = entry.msgid_plural() {
            known.insert(plural.to_owned(), translated.to_owned());
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

/// The folders whose messages users see.
const LIBRARIES: [&str; 9] = [
    "../apifox-client/src",
    "../apifox-runtime/src/decode",
    "../apifox-runtime/src/validate",
    "../../src/api.rs",
    "../../src/builder.rs",
    "../../src/dashscope",
    "../../src/facts.rs",
    "../../src/images",
    "../../src/tasks",
];

/// What is below them and is not in the catalogue.
const ELSEWHERE: &str = include_str!("libraries-elsewhere.txt");

/// `text` with its places alike, and without the spaces around it.
fn with_places(text: &str) -> String {
    let mut parts = text.trim().split('{');
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        all += "{}";
        all += part.split_once('}').map_or("", |(_, rest)| rest);
    }
    all
}

/// The literals with several words in what is no test, attribute but an error's, log, proof or
/// message that is translated.
fn literals(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let text = |at: usize| tokens.get(at).map(ToString::to_string).unwrap_or_default();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Literal(_) => {
                let text = literal(token.clone()).unwrap_or_default();
                let has_words = text.trim().split(' ').any(|word| word.len() > 1);
                if has_words && text.trim().contains(' ') {
                    found.insert(with_places(&text));
                }
            }
            TokenTree::Group(group) => {
                let before = |back: usize| at.checked_sub(back).map(text).unwrap_or_default();
                let is_test = before(1) == "tests" && before(2) == "mod";
                let is_attribute = before(1) == "#" || before(1) == "!" && before(2) == "#";
                let is_attribute = is_attribute && !group.to_string().starts_with("[error");
                let is_call = |name: &str| before(1) == "!" && before(2) == name;
                let is_own = is_call("tr") || is_call("debug") || is_call("info_span");
                let is_skipped = is_test || is_attribute || is_own || before(1) == "expect";
                if !is_skipped {
                    literals(group.stream(), found);
                }
            }
            _ => {}
        }
    }
}

#[test]
fn every_message_of_the_libraries_is_in_the_catalogue() {
    let mut said = BTreeSet::new();
    for place in LIBRARIES {
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join(place);
        for file in sources(&place) {
            let text = fs::read_to_string(&file).unwrap();
            literals(text.parse().unwrap(), &mut said);
        }
    }
    let known: BTreeSet<String> = catalogue(libraries::CHINESE)
        .unwrap()
        .messages()
        .map(|entry| with_places(entry.msgid()))
        .collect();
    let lines = ELSEWHERE.lines().filter(|line| !line.starts_with('#'));
    let elsewhere: BTreeSet<&str> = lines.collect();
    let missing: Vec<&String> = said
        .iter()
        .filter(|text| !known.contains(*text) && !elsewhere.contains(text.as_str()))
        .collect();
    let unused: Vec<&&str> = elsewhere
        .iter()
        .filter(|text| !said.contains(**text))
        .collect();
    assert!(
        missing.is_empty() && unused.is_empty(),
        "missing: {missing:#?}\nunused: {unused:#?}"
    );
}

/// The folders of what programs and pages are told.
const FOR_PROGRAMS: [&str; 5] = ["batch/sheet", "ledger", "mcp", "serve", "studio"];

/// What of our own stays English.
const ENGLISH: &str = include_str!("english.txt");

/// Whether a file says something to the user: where programs are told things, few do.
fn is_for_user(path: &str, text: &str) -> bool {
    let is_for_programs = FOR_PROGRAMS.iter().any(|folder| path.starts_with(folder));
    // Help is found where clap has it.
    let is_elsewhere = path.starts_with("args/") || path.starts_with("language/");
    let speaks = text.contains("CliError") || text.contains("console::");
    !is_elsewhere && (!is_for_programs || speaks)
}

/// Whether a text is a statement of SQL, or a part of one.
fn is_sql(text: &str) -> bool {
    let words = [
        "SELECT", "UPDATE", "INSERT", "DELETE", "PRAGMA", "BEGIN;", "CASE", "IN (",
    ];
    words.iter().any(|word| text.contains(word))
}

/// Whether a text has words beside its places and what commands are written with.
fn has_prose(text: &str) -> bool {
    let is_word = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
    let words = text.split(|c: char| c.is_whitespace() || ",;:.".contains(c));
    words.filter(|word| is_word(word)).count() > 0
}

#[test]
fn every_message_of_our_own_is_translated() {
    let own = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let mut said = BTreeSet::new();
    for file in sources(own) {
        let path = file.strip_prefix(own).unwrap().to_string_lossy();
        let text = fs::read_to_string(&file).unwrap_or_default();
        if path.ends_with(".rs") && is_for_user(&path, &text) {
            literals(text.parse().unwrap(), &mut said);
        }
    }
    said.retain(|text| has_prose(text) && !is_sql(text));
    let lines = ENGLISH.lines().filter(|line| !line.starts_with('#'));
    let english: BTreeSet<&str> = lines.collect();
    let missing: Vec<String> = said
        .iter()
        .map(|text| text.replace('\n', "\\n"))
        .filter(|text| !english.contains(text.as_str()))
        .collect();
    let said: Vec<String> = said.iter().map(|text| text.replace('\n', "\\n")).collect();
    let unused: Vec<&&str> = english
        .iter()
        .filter(|text| !said.iter().any(|said| said == *text))
        .collect();
    assert!(
        missing.is_empty() && unused.is_empty(),
        "without `tr!`: {missing:#?}\nunused: {unused:#?}"
    );
}

/// The sources at `place`, but for tests.
fn sources(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let entries = fs::read_dir(place)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let is_test = |path: &PathBuf| path.ends_with("tests.rs") || path.ends_with("compile");
    entries
        .filter(|path| !is_test(path))
        .flat_map(|path| sources(&path))
        .collect()
}

/// The texts that `wanted` chooses of the members of `json`.
fn texts(json: &Value, wanted: fn(&str, &Value) -> Option<String>, found: &mut BTreeSet<String>) {
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                found.extend(wanted(name, value));
                texts(value, wanted, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, wanted, found)),
        _ => {}
    }
}

#[test]
fn every_word_of_our_own_in_documents_and_prices_is_in_the_catalogue() {
    let own = |name: &str, value: &Value| match name {
        "x-warning" => value.as_str().map(str::to_owned),
        "if" => value.get("title")?.as_str().map(str::to_owned),
        _ => None,
    };
    let of_prices = |name: &str, value: &Value| match name {
        "note" | "source" => value.as_str().map(str::to_owned),
        _ => None,
    };
    let mut said = BTreeSet::new();
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    for file in sources(&schemas) {
        let is_json = file.extension().is_some_and(|ending| ending == "json");
        if is_json && !file.ends_with("_api.json") {
            let json = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
            texts(&json, own, &mut said);
        }
    }
    let prices = serde_json::from_str(include_str!("../pricing/prices.json")).unwrap();
    texts(&prices, of_prices, &mut said);
    assert!(said.len() > 15, "{said:#?}");
    let known = catalogue(libraries::CHINESE).unwrap();
    let known: Vec<&str> = known.messages().map(|entry| entry.msgid()).collect();
    let has_places = |text: &String| text.starts_with("the price of inputs is that of ");
    said.retain(|text| !known.contains(&text.as_str()) && !has_places(text));
    assert!(said.is_empty(), "{said:#?}");
}

/// The cases of the tests of apifox-review.
fn review_cases(name: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../apifox-review/tests");
    serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap()
}

/// The document of a case, if it can be read.
fn document(case: &Value, member: &str) -> Option<Document> {
    let text = match (&case[member], &case["text"]) {
        (Value::Null, Value::String(text)) | (Value::String(text), _) => text.clone(),
        (json, _) => json.to_string(),
    };
    sources::read_text(case["file"].as_str().unwrap_or("case.json"), &text).ok()
}

#[test]
fn what_no_document_is_taken_for_is_in_the_catalogue() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../apifox-document/tests");
    let cases: Vec<Value> =
        serde_json::from_slice(&fs::read(folder.join("foreign.json")).unwrap()).unwrap();
    let said: Vec<String> = cases
        .iter()
        .flat_map(|case| {
            let text = |member: &str| case[member].as_str().unwrap().to_owned();
            let name = text("is");
            [format!("is {name}, which is not read"), text("instead")]
        })
        .collect();
    let told = said.iter().map(|text| (text, libraries::reviewed(text)));
    let missing: Vec<_> = told.filter(|(_, told)| told.is_none()).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// What no phrase of the catalogue is made of, of all that is said, and what is said in both
/// languages.
fn untranslated<'t>(said: impl IntoIterator<Item = &'t String>) -> BTreeMap<&'t String, String> {
    let said = said.into_iter().filter(|text| !text.is_empty());
    let told = said.map(|text| (text, libraries::reviewed(text).unwrap_or_default()));
    told.filter(|(_, told)| told.is_empty() || libraries::has_english(told))
        .collect()
}

#[test]
fn what_lint_finds_is_in_the_catalogue() {
    let cases = ["lint/cases.json", "nasty.json", "versions.json"].map(review_cases);
    let documents = cases
        .iter()
        .flatten()
        .filter_map(|case| document(case, "document"));
    let findings: Vec<_> = documents
        .filter_map(|document| lint(&document).ok())
        .collect();
    let diagnostics = findings.iter().flatten().map(|found| &found.diagnostic);
    let said: Vec<String> = diagnostics
        .flat_map(|one| [one.message.clone(), one.help.clone()])
        .collect();
    assert!(said.len() > 500, "{}", said.len());
    let missing = untranslated(&said);
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn what_diff_tells_is_in_the_catalogue() {
    let mut said = Vec::new();
    let mut tell = |old: Option<Document>, new: Option<Document>| {
        if let (Some(old), Some(new)) = (old, new)
            && let Ok(found) = diff(&old, &new, Role::Both)
        {
            let changes = found.changes.into_iter();
            said.extend(changes.flat_map(|change| [change.message, change.part]));
        }
    };
    for case in review_cases("diff/cases.json") {
        tell(document(&case, "old"), document(&case, "new"));
    }
    // Documents of the same tests against each other differ in many ways.
    let cases = [review_cases("versions.json"), review_cases("nasty.json")].concat();
    for pair in cases.windows(2) {
        tell(
            document(&pair[0], "document"),
            document(&pair[1], "document"),
        );
    }
    assert!(said.len() > 300, "{}", said.len());
    let missing = untranslated(&said);
    assert!(missing.is_empty(), "{missing:#?}");
}
