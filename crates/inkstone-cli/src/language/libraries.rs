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

use crate::language::system::in_words;
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

/// The places for what others say: it is told as they say it, if no phrase fits.
const FOREIGN: [&str; 2] = ["error", "quoted"];

/// The places of what lists anything: it is tried last, for each verb would do as a value.
const LISTED: [&str; 2] = ["first", "second"];

/// The places that may hold a kind of values in one word, such as `any`.
const KINDS: [&str; 3] = ["first", "new", "second"];

/// The places that hold digits alone.
const DIGITS: [&str; 1] = ["digits"];

/// The contexts of what quotes others without marks.
const TOLERANT: [&str; 2] = ["clap", "error"];

/// Words that are never a value by themselves.
const PARTICLES: [&str; 15] = [
    "and", "any", "anything", "are", "as", "fraction", "is", "it", "more", "nothing", "of", "or",
    "since", "to", "which",
];

/// Words that are never a value with a word behind them.
const ARTICLES: [&str; 3] = ["a", "an", "the"];

/// The keywords that stand before their values, and values that stand behind them.
const NAMES: [&str; 16] = [
    "array",
    "boolean",
    "const",
    "default",
    "deprecated",
    "enum",
    "false",
    "format",
    "integer",
    "null",
    "number",
    "object",
    "schema",
    "string",
    "true",
    "type",
];

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
        true => {
            let text = in_words(text);
            reviewed(&text).unwrap_or(text)
        }
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

/// Whether there is English in what is neither quoted, code nor the name of a keyword: two words
/// in a row, or a word that is never a value by itself.
pub fn has_english(text: &str) -> bool {
    let text = without_quoted(text).replace(|c: char| !c.is_ascii(), " , ");
    let mut words = text.split_ascii_whitespace().peekable();
    let mut follows = false;
    while let Some(word) = words.next() {
        let bare = word.trim_matches(|c| ",;:.?()".contains(c));
        let is_lower = bare.chars().all(|c| c.is_ascii_lowercase() || c == '\'');
        let is_word = is_lower && !bare.is_empty() && !NAMES.contains(&bare);
        let is_next = follows && word.starts_with(bare);
        // What stands before a comma may be one of several names.
        let is_particle = PARTICLES.contains(&bare) && !word.ends_with(',');
        let is_before = words.peek().is_some_and(|next| !next.starts_with(','));
        if is_word && (is_next || is_particle || ARTICLES.contains(&word) && is_before) {
            return true;
        }
        follows = is_word && word.ends_with(bare);
    }
    false
}

/// `text` with marks in place of what is quoted or code.
fn without_quoted(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some((at, mark)) = rest.char_indices().find(|(_, c)| "\"`“".contains(*c)) {
        let (before, quoted) = rest.split_at(at);
        let quoted = quoted.strip_prefix(mark).unwrap_or(quoted);
        kept += before;
        kept.push(mark);
        let mark = if mark == '“' { '”' } else { mark };
        let mut is_escaped = false;
        let end = quoted.find(|c: char| {
            let ends = c == mark && !is_escaped;
            is_escaped = c == '\\' && mark == '"' && !is_escaped;
            ends
        });
        let end = end.and_then(|end| quoted.get(end..)?.strip_prefix(mark));
        rest = end.unwrap_or_default();
    }
    kept + rest
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
            let (value, after) = split_value(rest, literal)?;
            values.push(value);
            rest = after;
        }
        values.push(rest.strip_suffix(last.as_str())?);
        let mut all = values.iter().zip(&self.places);
        let is_filled = |value: &str, place: &str| {
            let is_number = value.chars().all(|c| c.is_ascii_digit());
            (!value.is_empty() || OPTIONAL.contains(&place))
                && (is_number || !DIGITS.contains(&place))
        };
        all.all(|(value, place)| is_whole(value) && is_filled(value, place))
            .then_some(values)
    }
}

/// What stands before a literal, and behind it. No text in quotes is taken apart, unless it was
/// cut, so that its other quote is missing: the literal may follow the mark of that.
fn split_value<'t>(text: &'t str, literal: &str) -> Option<(&'t str, &'t str)> {
    let ends = |(at, _): &(usize, &str)| {
        let before = text.get(..*at).unwrap_or_default();
        is_whole(before)
    };
    let (at, _) = text.match_indices(literal).find(ends)?;
    let (value, rest) = text.split_at_checked(at)?;
    Some((value, rest.strip_prefix(literal)?))
}

/// Whether a value ends outside of quotes, or was cut.
fn is_whole(value: &str) -> bool {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for c in value.chars() {
        is_quoted ^= c == '"' && !is_escaped;
        is_escaped = c == '\\' && is_quoted && !is_escaped;
    }
    !is_quoted || value.ends_with(CUT)
}

/// The mark behind a value that was cut.
const CUT: char = '…';

/// A phrase of the catalogue.
struct Phrase {
    text: Template,
    translated: Template,
    /// Whether its places may hold English: what an API, a system or a command line says.
    tolerates: bool,
}

impl Phrase {
    /// Whether it begins with a place: it joins others, or adds to one.
    fn is_joining(&self) -> bool {
        self.text.literals.first().is_some_and(String::is_empty)
    }

    /// What has no places is tried first, then what joins others, for what begins with words of
    /// its own would take the rest for a value; and what says more before what says less.
    /// Lists of anything are last.
    fn rank(&self) -> (bool, bool, bool, bool, Reverse<usize>) {
        let Template { literals, places } = &self.text;
        let holds_phrases = places.iter().any(|place| NESTED.contains(&place.as_str()));
        let is_list = places.iter().all(|place| LISTED.contains(&place.as_str()));
        let words = literals.iter().map(String::len).sum();
        (
            is_list && !places.is_empty(),
            !places.is_empty(),
            !self.is_joining(),
            !holds_phrases,
            Reverse(words),
        )
    }

    /// The translation of `text`, if it fits. Of what a phrase joins, one is a phrase as well;
    /// and no value is a sentence without a translation, but for what others say.
    fn tell(&self, phrases: &[Self], text: &str, deepest: usize) -> Option<String> {
        let values = self.text.fit(text)?;
        let places = self.text.places.iter().map(String::as_str);
        let mut said: HashMap<&str, Cow<'_, str>> = HashMap::new();
        let (mut nested, mut found) = (0, 0);
        for (place, value) in places.zip(values) {
            let mut value = Cow::Borrowed(value);
            let is_nested = NESTED.contains(&place);
            // A single word is a name, but where a kind of values may stand.
            let is_name = !is_nested && !value.contains(' ') && value != "it";
            let is_name = is_name && !KINDS.contains(&place);
            let is_english = !self.tolerates && !is_name && has_english(&value);
            // Half a sentence in each language is worse than a whole one in English.
            let may_stay = !is_english || FOREIGN.contains(&place);
            // A list may be of any length: what is left of it is shorter.
            let deepest = deepest + usize::from(LISTED.contains(&place));
            let inner = (is_nested || is_english).then(|| told(phrases, &value, deepest));
            nested += usize::from(is_nested);
            match inner.flatten() {
                Some(inner) => {
                    found += usize::from(is_nested);
                    value = inner.into();
                }
                None if may_stay => {}
                None => return None,
            }
            said.insert(place, value);
        }
        let is_one = !self.is_joining() || nested == 0 || found > 0;
        let mut literals = self.translated.literals.iter();
        let mut text = literals.next().cloned().unwrap_or_default();
        for (place, literal) in self.translated.places.iter().zip(literals) {
            match said.get(place.as_str()) {
                Some(Cow::Owned(phrase)) => {
                    join(&mut text, phrase);
                    join(&mut text, literal);
                }
                // The spaces show where a name begins and ends, which may be Chinese.
                value => {
                    text += value.map_or("", |value| value);
                    text += literal;
                }
            }
        }
        is_one.then_some(text)
    }
}

/// A phrase as it stands behind a Chinese word, if what is said is in Chinese.
pub fn behind_chinese(phrase: String) -> String {
    match is_translated() && phrase.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        true => format!(" {phrase}"),
        false => phrase,
    }
}

/// Appends what follows, with one space between Chinese and Latin letters, and none within
/// Chinese: the phrase in a place may begin and end with either.
fn join(text: &mut String, next: &str) {
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let is_wide = |c: char| is_chinese(c) || "，。；：、（）“”".contains(c);
    let is_latin = |c: char| c.is_ascii_alphanumeric();
    let (Some(last), Some(first)) = (text.chars().last(), next.chars().next()) else {
        text.push_str(next);
        return;
    };
    let after_space = next.strip_prefix(' ').and_then(|next| next.chars().next());
    if is_chinese(last) && is_latin(first) || is_latin(last) && is_chinese(first) {
        text.push(' ');
    } else if text.trim_end().ends_with(is_wide) && is_wide(first) {
        text.truncate(text.trim_end().len());
    } else if is_wide(last) && after_space.is_some_and(is_wide) {
        text.push_str(next.trim_start());
        return;
    }
    text.push_str(next);
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
            let context = entry.msgctxt().unwrap_or_default();
            Some(Phrase {
                tolerates: TOLERANT.contains(&context),
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
    use super::{DEEPEST, ERRORS, RULES, has_english, reviewed, told, with_facts};

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
        are_said(&[
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
            ("help: ", "帮助："),
            (
                "3 places: also at a.json:1:2 (GET /a, response 200); b.json:3:4",
                "共 3 处，另见 a.json:1:2 (GET /a, response 200)；b.json:3:4",
            ),
            ("2 places: also at a.json#/b", "共 2 处，另见 a.json#/b"),
            (
                "../b.yaml is not read: it leads out of the document's directory",
                "../b.yaml 未读取：指向文档目录之外",
            ),
            (
                "#/a does not resolve: b.yaml has no such place",
                "#/a 没有目标：b.yaml 中没有这个位置",
            ),
        ]);
    }

    #[test]
    fn values_that_are_cut_are_one_word() {
        are_said(&[
            (
                "the example violates its own schema: (root): type: expected an array, found {\"a\":\"b, and c…, and 2 more",
                "示例不符合自己的 schema：(root)：type：应为数组，实际为 {\"a\":\"b, and c…，另有 2 处",
            ),
            (
                "the example violates its own schema: (root): type: expected an array, found {\"code\":0,\"data\":[{\"name\":\"Hello Kity\",\"photoUrls\":[\"http://…",
                "示例不符合自己的 schema：(root)：type：应为数组，实际为 {\"code\":0,\"data\":[{\"name\":\"Hello Kity\",\"photoUrls\":[\"http://…",
            ),
            (
                "the example violates its own schema: (root): type: expected a string, found [\"a \\\"b, found c\"]",
                "示例不符合自己的 schema：(root)：type：应为文本，实际为 [\"a \\\"b, found c\"]",
            ),
            (
                "parameters is {\"name\":\"q, in…, not an array of Parameter; it is skipped",
                "parameters 是 {\"name\":\"q, in…，不是 Parameter 的数组；已跳过",
            ),
            (
                "parameters is {\"q\":{}}, not an array of Parameter (2.0); it is skipped",
                "parameters 是 {\"q\":{}}，不是 Parameter (2.0) 的数组；已跳过",
            ),
            (
                "default \"a, is not of type b… is not of type \"integer\"",
                "default \"a, is not of type b… 的类型不是 \"integer\"",
            ),
            (
                "const \"a and b… is not among the values of enum",
                "const \"a and b… 不在 enum 的值中",
            ),
        ]);
    }

    fn are_said(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(reviewed(text).as_deref(), Some(*expected), "{text}");
        }
    }

    #[test]
    fn lists_are_said_however_long_they_are() {
        for count in [2, 7, 20] {
            let names: Vec<String> = (0..count).map(|at| format!("\"n{at}\"")).collect();
            let text = |and: &str, more: &str| format!("{}{and}{more}", names.join(and));
            assert_eq!(
                reviewed(&format!("required names {} twice", text(" and ", "3 more"))),
                Some(format!("required 两次列出 {}", text(" 和 ", "3")))
                    .map(|all| all.replace("和 3", "和另外 3 个")),
            );
        }
    }

    #[test]
    fn what_is_not_known_stays_english_as_a_whole() {
        let cases = [
            ("write a poem about it", None),
            ("#/a does not resolve; and nobody knows why", None),
            ("type of things → integer: accepts more", None),
            ("remove it, or wait for better times", None),
            ("write \"a poem about it\"", Some("写 \"a poem about it\"")),
            (
                "not JSON: nobody knows why",
                Some("不是 JSON：nobody knows why"),
            ),
            (
                "type string → any: accepts more",
                Some("type string → 任意：接受的更多"),
            ),
            (
                "enum [\"x\"] → any string or null: accepts more",
                Some("enum [\"x\"] → 任意 string 或 null：接受的更多"),
            ),
            (
                "requires a key in the header `k`, or nothing now",
                Some("现在需要请求头 `k` 中的密钥，或无需凭据"),
            ),
            (
                "nothing refers to the model any",
                Some("没有内容引用模型 any"),
            ),
            (
                "nothing refers to the model 宠物",
                Some("没有内容引用模型 宠物"),
            ),
            (
                "is a guess: type (1 sample shows it)",
                Some("是猜测：type（1 个样例如此）"),
            ),
            ("is a guess: see it", Some("是猜测，依据：“see it”")),
        ];
        for (text, expected) in cases {
            assert_eq!(reviewed(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn english_is_told_from_names_and_quotes() {
        let english = [
            "写 the document",
            "不是 a JSON type",
            "string 或 any",
            "it 读作 x",
            "x（see it）",
            "不是an HTTP status",
            "needs keys",
        ];
        for text in english {
            assert!(has_english(text), "{text}");
        }
        let other = [
            "type string → integer",
            "字段 a，头 i",
            "写 \"a \\\"b c\\\" d\" 或 `e f`",
            "依据：“as it is”",
            "any, array, boolean",
            "GET /a/b (paths)",
            "draft 7",
        ];
        for text in other {
            assert!(!has_english(text), "{text}");
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
