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

use rspolib::pofile;
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
pub fn is_translated() -> bool {
    tr!("error") != "error"
}
