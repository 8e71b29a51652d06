//! The language of messages and help: English, or Chinese by `--lang zh` or the locale.
//!
//! Messages are written in English, in `tr!`, and help in the comments of [`crate::args`];
//! `zh.po` beside this file has what both are in Chinese, and `zh-libraries.po` what the
//! libraries below say. Codes, JSON and file names stay English.

pub mod epilogue;
pub mod help;
pub mod libraries;
pub mod review;
pub mod system;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::ffi::OsString;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use polib::catalog::Catalog;
use polib::po_file::{POParseOptions, parse_from_reader_with_option};
use tr::{Translator, set_translator};

/// The catalogue.
const CHINESE: &str = include_str!("zh.po");

/// What this program says to those who started it: whether in Chinese.
static IS_CHINESE: AtomicBool = AtomicBool::new(false);

/// Whether programs read what this process says, unless it is known who reads it.
static ARE_PROGRAMS_SERVED: AtomicBool = AtomicBool::new(false);

/// The variable by which a program says which language its user reads, though it asks for JSON.
pub const OF_USER: &str = "INKSTONE_LANGUAGE_OF_USER";

thread_local! {
    /// Whether what is said now is read in Chinese, where that is known.
    static IN_CHINESE: Cell<Option<bool>> = const { Cell::new(None) };
}

/// Has all messages in the language that the arguments or the locale ask for.
pub fn choose(given: &[OsString]) {
    set_translator!(Messages);
    IS_CHINESE.store(is_chinese(given), Ordering::Relaxed);
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
    in_chinese(IS_CHINESE.load(Ordering::Relaxed), say)
}

/// What `say` makes, in English, for a file that is the same everywhere.
pub fn in_english<T>(say: impl FnOnce() -> T) -> T {
    in_chinese(false, say)
}

/// What `say` makes in this thread: in Chinese, or else in English.
pub fn in_chinese<T>(is_chinese: bool, say: impl FnOnce() -> T) -> T {
    let before = IN_CHINESE.replace(Some(is_chinese));
    let said = say();
    IN_CHINESE.set(before);
    said
}

/// Whether what is said now is in Chinese.
pub fn is_translated() -> bool {
    let of_program =
        || !ARE_PROGRAMS_SERVED.load(Ordering::Relaxed) && IS_CHINESE.load(Ordering::Relaxed);
    IN_CHINESE.get().unwrap_or_else(of_program)
}

/// The Chinese messages, by what they are in English.
static MESSAGES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let catalogue = catalogue(CHINESE);
    let entries = catalogue.iter().flat_map(Catalog::messages);
    let texts = entries.filter_map(|entry| {
        let text = match entry.msgstr_plural() {
            Ok(forms) => forms.first()?.as_str(),
            Err(_) => entry.msgstr().ok()?,
        };
        Some((entry.msgid().to_owned(), text.to_owned()))
    });
    texts.collect()
});

/// Says each message in the language in which it is read.
struct Messages;

impl Translator for Messages {
    fn translate<'a>(&'a self, text: &'a str, _: Option<&'a str>) -> Cow<'a, str> {
        if !is_translated() {
            return text.into();
        }
        MESSAGES.get(text).map_or(text, String::as_str).into()
    }

    /// Chinese has one form for all numbers.
    fn ntranslate<'a>(
        &'a self,
        count: u64,
        singular: &'a str,
        plural: &'a str,
        context: Option<&'a str>,
    ) -> Cow<'a, str> {
        match is_translated() || count == 1 {
            true => self.translate(singular, context),
            false => plural.into(),
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

/// Whether the last `--lang` asks for Chinese, or else the locale. What programs read is the same
/// everywhere: where JSON is asked for, only a program that shows it to its user has it otherwise.
fn is_chinese(given: &[OsString]) -> bool {
    if is_json(given) {
        return std::env::var_os(OF_USER).is_some_and(|language| language == "zh");
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
    let of_locale = || sys_locale::get_locale().filter(|_| is_in_utf8());
    let language = asked.or_else(of_locale).unwrap_or_default();
    language.to_lowercase().starts_with("zh")
}

/// Whether the locale's texts are in UTF-8, as all is that is said: a terminal in another
/// encoding, as by `zh_CN.GBK`, shows Chinese in it as other characters.
fn is_in_utf8() -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    let locale = set.unwrap_or_default();
    let encoding = locale.split_once('.').map(|(_, encoding)| encoding);
    encoding.is_none_or(|encoding| {
        let encoding = encoding.split('@').next().unwrap_or_default();
        ["utf-8", "utf8"].contains(&encoding.to_lowercase().as_str())
    })
}
