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
use std::collections::HashMap;
use std::ffi::OsString;

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
pub fn is_translated() -> bool {
    tr!("error") != "error"
}
