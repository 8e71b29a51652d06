//! The language of messages and help: English, or Chinese by `--lang zh` or the locale.
//!
//! Messages are written in English, in `tr!`, and help in the comments of [`crate::args`];
//! `zh.po` beside this file has what both are in Chinese, and `zh-libraries.po` what the
//! libraries below say. Codes, JSON and file names stay English.

pub mod help;
pub mod libraries;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::ffi::OsString;
use std::sync::atomic::{AtomicBool, Ordering};

use polib::catalog::Catalog;
use polib::po_file::{POParseOptions, parse_from_reader_with_option};
use tr::{Translator, set_translator, tr};

/// The catalogue.
const CHINESE: &str = include_str!("zh.po");

/// Has all messages in the language that the arguments or the locale ask for.
pub fn choose(given: &[OsString]) {
    if is_chinese(given) {
        set_translator!(Catalogue::chinese());
    }
}

/// Whether programs read what this process says, unless [`for_user`] says otherwise.
static ARE_PROGRAMS_SERVED: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Whether a program reads what is said now, where that is known.
    static IS_FOR_PROGRAM: Cell<Option<bool>> = const { Cell::new(None) };
}

/// Until it is dropped, all that is said is in English, for programs ask: an answer is made in
/// many places, and in any thread.
pub struct ServingPrograms(());

impl ServingPrograms {
    pub fn start() -> Self {
        ARE_PROGRAMS_SERVED.store(true, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for ServingPrograms {
    fn drop(&mut self) {
        ARE_PROGRAMS_SERVED.store(false, Ordering::Relaxed);
    }
}

/// What `say` makes, in the language of the user, for the terminal of a server of programs.
pub fn for_user<T>(say: impl FnOnce() -> T) -> T {
    for_reader(false, say)
}

/// What `say` makes, in English, for a file that is the same everywhere.
pub fn in_english<T>(say: impl FnOnce() -> T) -> T {
    for_reader(true, say)
}

fn for_reader<T>(is_program: bool, say: impl FnOnce() -> T) -> T {
    let before = IS_FOR_PROGRAM.replace(Some(is_program));
    let said = say();
    IS_FOR_PROGRAM.set(before);
    said
}

fn is_for_program() -> bool {
    let known = IS_FOR_PROGRAM.get();
    known.unwrap_or_else(|| ARE_PROGRAMS_SERVED.load(Ordering::Relaxed))
}

/// The messages of a language, by what they are in English.
struct Catalogue(HashMap<String, String>);

impl Catalogue {
    fn chinese() -> Self {
        let catalogue = catalogue(CHINESE);
        let entries = catalogue.iter().flat_map(Catalog::messages);
        let texts = entries.filter_map(|entry| {
            let text = match entry.msgstr_plural() {
                Ok(forms) => forms.first()?.as_str(),
                Err(_) => entry.msgstr().ok()?,
            };
            Some((entry.msgid().to_owned(), text.to_owned()))
        });
        Self(texts.collect())
    }
}

impl Translator for Catalogue {
    fn translate<'a>(&'a self, text: &'a str, _: Option<&'a str>) -> Cow<'a, str> {
        if is_for_program() {
            return text.into();
        }
        self.0.get(text).map_or(text, String::as_str).into()
    }

    /// Chinese has one form for all numbers.
    fn ntranslate<'a>(
        &'a self,
        count: u64,
        singular: &'a str,
        plural: &'a str,
        context: Option<&'a str>,
    ) -> Cow<'a, str> {
        match is_for_program() && count != 1 {
            true => plural.into(),
            false => self.translate(singular, context),
        }
    }
}

/// What is translated of a catalogue.
fn catalogue(text: &str) -> Option<Catalog> {
    let options = POParseOptions {
        message_body_only: true,
        translated_only: true,
        ..POParseOptions::default()
    };
    // That each of ours can be read is a test of this module.
    parse_from_reader_with_option(text.as_bytes(), &options).ok()
}

/// What may be flags: after `--`, nothing is.
fn flags(given: &[OsString]) -> impl Iterator<Item = &OsString> {
    given.iter().take_while(|arg| *arg != "--")
}

/// Whether the result is wanted as JSON, which is asked even of arguments that are wrong.
pub fn is_json(given: &[OsString]) -> bool {
    flags(given).any(|arg| arg == "--json")
}

/// Whether the last `--lang` asks for Chinese, or else the locale; never where JSON is asked for.
fn is_chinese(given: &[OsString]) -> bool {
    // What programs read is the same everywhere.
    if is_json(given) {
        return false;
    }
    let mut asked = None;
    let mut is_value = false;
    for arg in flags(given) {
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
pub fn is_translated() -> bool {
    tr!("error") != "error"
}
