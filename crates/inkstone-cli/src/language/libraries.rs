//! What the libraries and the documents say, in the chosen language.
//!
//! They say it in English, with values in it, and know nothing of catalogues. So a phrase of
//! `zh-libraries.po` has places in braces: a text that fits one is said as its translation,
//! with what was in the places. What fits none stays as it is.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::LazyLock;

use polib::catalog::Catalog;

use crate::language::{catalogue, is_translated};

/// The catalogue.
pub const CHINESE: &str = include_str!("zh-libraries.po");

/// The places that may hold another phrase; the others hold values.
const NESTED: [&str; 14] = [
    "cause", "doubt", "excerpt", "flaw", "last", "other", "problem", "range", "reason", "refusal",
    "rule", "said", "title", "what",
];

/// The places that may be empty.
const OPTIONAL: [&str; 4] = ["doubt", "last", "said", "value"];

/// How many phrases may be within each other.
const DEEPEST: usize = 6;

static RULES: LazyLock<Vec<Phrase>> = LazyLock::new(|| phrases(&["rule"]));
static ERRORS: LazyLock<Vec<Phrase>> = LazyLock::new(|| phrases(&["error"]));
static CLAP: LazyLock<Vec<Phrase>> = LazyLock::new(|| phrases(&["clap"]));
static REVIEW: LazyLock<Vec<Phrase>> = LazyLock::new(|| phrases(&["review", "rule"]));

/// What a rule expects, a condition, or a warning of a document, in the chosen language.
pub fn rule(text: &str) -> String {
    match is_translated() {
        true => told(&RULES, text, DEEPEST).unwrap_or_else(|| text.to_owned()),
        false => text.to_owned(),
    }
}

/// What is found in a document, or differs between two, in the chosen language.
pub fn review(text: &str) -> String {
    match is_translated() {
        true => reviewed(text).unwrap_or_else(|| text.to_owned()),
        false => text.to_owned(),
    }
}

/// The same in Chinese, if it is known.
pub fn reviewed(text: &str) -> Option<String> {
    told(&REVIEW, text, DEEPEST)
}

/// A line of what clap says of wrong arguments in Chinese, if it is known.
pub fn clap(line: &str) -> Option<String> {
    told(&CLAP, line, DEEPEST)
}

/// An error of a library in the chosen language: its message, and the facts behind it.
pub fn error(text: &str) -> String {
    if !is_translated() {
        return text.to_owned();
    }
    let (message, facts) = match with_facts(text) {
        Some((message, facts)) => (message, format!("（{}）", facts.join("，"))),
        None => (text, String::new()),
    };
    let message = told(&ERRORS, message, DEEPEST).unwrap_or_else(|| message.to_owned());
    message + &facts
}

/// The message of an error, and what is known of the call, as in `(HTTP 400, 2 attempts)`.
fn with_facts(text: &str) -> Option<(&str, Vec<String>)> {
    let (message, facts) = text.strip_suffix(')')?.rsplit_once(" (")?;
    let fact = |fact: &str| match fact.strip_prefix("HTTP ") {
        Some(_) => Some(fact.to_owned()),
        None => told(&ERRORS, fact, 1),
    };
    let facts: Option<Vec<String>> = facts.split(", ").map(fact).collect();
    Some((message, facts?))
}

/// A text with places in it.
struct Template {
    /// What stands before the first place, and behind each.
    literals: Vec<String>,
    /// The names of the places.
    places: Vec<String>,
}

impl Template {
    fn new(text: &str) -> Self {
        let mut parts = text.split('{');
        let mut literals: Vec<String> = parts.next().map(str::to_owned).into_iter().collect();
        let mut places = Vec::new();
        for part in parts {
            let (place, literal) = part.split_once('}').unwrap_or((part, ""));
            places.push(place.to_owned());
            literals.push(literal.to_owned());
        }
        Self { literals, places }
    }

    /// What is in the places of `text`, if it fits.
    fn fit<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let (first, literals) = self.literals.split_first()?;
        let mut rest = text.strip_prefix(first.as_str())?;
        let Some((last, between)) = literals.split_last() else {
            return rest.is_empty().then(Vec::new);
        };
        let mut values = Vec::with_capacity(self.places.len());
        for literal in between {
            let (value, after) = rest.split_once(literal.as_str())?;
            values.push(value);
            rest = after;
        }
        values.push(rest.strip_suffix(last.as_str())?);
        let mut all = values.iter().zip(&self.places);
        // No text in quotes is taken apart.
        let is_whole = |value: &str| value.matches('"').count().is_multiple_of(2);
        let is_filled = |value: &str, place: &str| !value.is_empty() || OPTIONAL.contains(&place);
        all.all(|(value, place)| is_whole(value) && is_filled(value, place))
            .then_some(values)
    }
}

/// A phrase of the catalogue.
struct Phrase {
    text: Template,
    translated: Template,
}

impl Phrase {
    /// Whether it begins with a place: it joins others, or adds to one.
    fn is_joining(&self) -> bool {
        self.text.literals.first().is_some_and(String::is_empty)
    }

    /// What has no places is tried first, then what joins others, for what begins with words of
    /// its own would take the rest for a value; and what says more before what says less.
    fn rank(&self) -> (bool, bool, bool, Reverse<usize>) {
        let Template { literals, places } = &self.text;
        let holds_phrases = places.iter().any(|place| NESTED.contains(&place.as_str()));
        let words = literals.iter().map(String::len).sum();
        (
            !places.is_empty(),
            !self.is_joining(),
            !holds_phrases,
            Reverse(words),
        )
    }

    /// The translation of `text`, if it fits. Of what a phrase joins, one is a phrase as well.
    fn tell(&self, phrases: &[Self], text: &str, deepest: usize) -> Option<String> {
        let values = self.text.fit(text)?;
        let places = self.text.places.iter().map(String::as_str);
        let mut said: HashMap<&str, Cow<'_, str>> = HashMap::new();
        let (mut nested, mut found) = (0, 0);
        for (place, value) in places.zip(values) {
            let mut value = Cow::Borrowed(value);
            if NESTED.contains(&place) {
                nested += 1;
                if let Some(inner) = told(phrases, &value, deepest) {
                    found += 1;
                    value = inner.into();
                }
            }
            said.insert(place, value);
        }
        let is_one = !self.is_joining() || nested == 0 || found > 0;
        let value = |place: &String| said.get(place.as_str()).map_or("", |value| value);
        let values = self.translated.places.iter().map(value);
        let mut literals = self.translated.literals.iter();
        let mut text = literals.next().cloned().unwrap_or_default();
        for (value, literal) in values.zip(literals) {
            text += value;
            text += literal;
        }
        is_one.then_some(text)
    }
}

/// The translation of `text` by the first phrase that it fits.
fn told(phrases: &[Phrase], text: &str, deepest: usize) -> Option<String> {
    let deepest = deepest.checked_sub(1)?;
    phrases
        .iter()
        .find_map(|phrase| phrase.tell(phrases, text, deepest))
}

/// The phrases of the catalogue that are for any of these.
fn phrases(what: &[&str]) -> Vec<Phrase> {
    let catalogue = catalogue(CHINESE);
    let entries = catalogue.iter().flat_map(Catalog::messages);
    let mut phrases: Vec<Phrase> = entries
        .filter(|entry| {
            entry
                .msgctxt()
                .is_some_and(|context| what.contains(&context))
        })
        .filter_map(|entry| {
            Some(Phrase {
                text: Template::new(entry.msgid()),
                translated: Template::new(entry.msgstr().ok()?),
            })
        })
        .collect();
    phrases.sort_by_key(Phrase::rank);
    phrases
}

#[cfg(test)]
mod tests {
    use super::{DEEPEST, ERRORS, RULES, reviewed, told, with_facts};

    #[test]
    fn phrases_are_found_in_each_other_and_values_stay() {
        let cases = [
            ("an array", "数组"),
            (
                "one of \"a or b\", \"at most 3\"",
                "以下之一：\"a or b\", \"at most 3\"",
            ),
            (
                "one of \"1K\", \"2K\"; or <width>*<height> in pixels",
                "以下之一：\"1K\", \"2K\"；或 <width>*<height>（像素）",
            ),
            (
                "at most 4 unless enable_sequential is true",
                "至多 4（除非 enable_sequential 为 true）",
            ),
            (
                "from 262144 to 6553600 pixels in all",
                "总像素 262144 到 6553600",
            ),
            ("\"{rule}\" where {title}", ""),
            ("what no library says", ""),
        ];
        for (text, expected) in cases {
            let said = told(&RULES, text, DEEPEST).unwrap_or_default();
            assert_eq!(said, expected, "{text}");
        }
    }

    #[test]
    fn what_is_found_in_documents_is_said_in_whole_sentences() {
        let cases = [
            (
                "default violates its own schema: (root): maximum: expected at most 100, found 500",
                "default 不符合自己的 schema：(root)：maximum：应为至多 100，实际为 500",
            ),
            (
                "the example \"one\" violates its own schema: /age: type: expected an integer, found \"x\", and 2 more",
                "示例 \"one\" 不符合自己的 schema：/age：type：应为整数，实际为 \"x\"，另有 2 处",
            ),
            ("the example is empty", "示例是空的"),
            (
                "callbacks is not a member of Operation (2.0); it is skipped",
                "callbacks 不是 Operation (2.0) 的成员；已跳过",
            ),
            (
                "maximum 4 → 9: accepts more; is required now",
                "maximum 4 → 9：接受的更多；现在必填",
            ),
            (
                "maxLength: -1 is not a whole number from 0",
                "maxLength：-1 不是从 0 起的整数",
            ),
            ("#/a does not resolve", "#/a 没有目标"),
        ];
        for (text, expected) in cases {
            assert_eq!(reviewed(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn the_facts_behind_an_error_are_told_apart_from_its_message() {
        let cases = [
            (
                "gone (os error 111) (4 attempts)",
                Some(("gone (os error 111)", 1)),
            ),
            ("too large (see the manual)", None),
            ("no (HTTP 400, code Busy, request id 7)", Some(("no", 3))),
        ];
        for (text, expected) in cases {
            let found = with_facts(text);
            let found = found
                .as_ref()
                .map(|(message, facts)| (*message, facts.len()));
            assert_eq!(found, expected, "{text}");
        }
        let reply = "the API can't be reached: Connection refused";
        let said = told(&ERRORS, reply, DEEPEST);
        assert_eq!(said.as_deref(), Some("无法连接 API：Connection refused"));
    }
}
