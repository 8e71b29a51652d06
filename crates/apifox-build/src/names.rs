//! Rust names for what documents name as they please.

use std::collections::{HashMap, HashSet};

use heck::{ToSnakeCase, ToUpperCamelCase};
use unicode_ident::{is_xid_continue, is_xid_start};
use unicode_normalization::UnicodeNormalization as _;

/// Words that can't be identifiers: the keywords of every edition.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Names that no type may hide: those that every module has from the standard library, since
/// methods of its traits are called; the type parameters of generated functions; and the
/// constants of generated modules, which are in one namespace with tuple structs.
const TYPES_IN_USE: &str = "\
    A AsMut AsRef AsyncFn AsyncFnMut AsyncFnOnce Box Clone Copy D DOCUMENT DOCUMENTS Default \
    DoubleEndedIterator Drop E Eq Err ExactSizeIterator Extend Fn FnMut FnOnce From \
    FromIterator Future Into IntoFuture IntoIterator Iterator M None OPERATION OPERATIONS Ok \
    Option Ord PartialEq PartialOrd Result S SCHEMA SCHEMAS SERVERS Self Send Sized Some String \
    Sync T ToOwned ToString TryFrom TryInto Unpin Vec";

/// The constants that generated enums have, and `Self`: no variant may hide them.
const VARIANTS_IN_USE: &[&str] = &["ALL", "CONSTANTS", "KNOWN", "Self"];

/// Methods that generated code, or everyone, calls on values: no setter may hide them.
const METHODS_IN_USE: &str = "\
    as_json borrow borrow_mut builder clone clone_from cmp default eq fmt into ne new serialize \
    to_owned to_string try_into type_id";

/// The most characters that a type or a variant is called with.
const LONGEST: usize = 50;

/// What signs are called in values that consist of nothing else, or begin with plus or
/// minus.
const SIGNS: &str = "\
    !Not #Hash $Dollar %Percent &And *Star +Plus ,Comma -Minus .Dot /Slash :Colon ;Semicolon \
    <Less =Equal >Greater ?Question @At |Or ~Tilde";

/// The types of the language, which are in one namespace with modules.
const PRIMITIVES: &[&str] = &[
    "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128", "u16",
    "u32", "u64", "u8", "usize",
];

fn is_among(words: &str, name: &str) -> bool {
    words.split(' ').any(|word| word == name)
}

/// Whether something can be called by a name: it is an identifier, and generated code needs it
/// for nothing else.
pub(crate) fn is_free(name: &str) -> bool {
    let is_in_use = is_among(TYPES_IN_USE, name) || VARIANTS_IN_USE.contains(&name);
    syn::parse_str::<syn::Ident>(name).is_ok() && !is_in_use && name != RUNTIME
}

/// What generated code calls the runtime; no module may hide it.
pub(crate) const RUNTIME: &str = "rt";

/// Names given out within one scope, each once.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    taken: HashSet<String>,
    /// The first number that may be free behind a name. Counting from the start each
    /// time would take as long as there are names alike, squared.
    numbers: HashMap<String, usize>,
}

impl Scope {
    /// The first of `candidates` that is free, or else the last one numbered.
    pub fn claim(&mut self, candidates: &[String]) -> String {
        self.claim_within(candidates, &[])
    }

    /// The same where names of the scopes `around` this one, from within, are not free.
    pub fn claim_within(&mut self, candidates: &[String], around: &[&Self]) -> String {
        let is_free = |name: &str| around.iter().all(|scope| !scope.taken.contains(name));
        for name in candidates {
            if is_free(name) && self.taken.insert(name.clone()) {
                return name.clone();
            }
        }
        let last = candidates.last().map_or("Value", String::as_str);
        let separator = match last.ends_with(|c: char| c.is_ascii_digit()) {
            true => "_",
            false => "",
        };
        let counted = around.iter().find_map(|scope| scope.numbers.get(last));
        let mut number = *self.numbers.get(last).or(counted).unwrap_or(&2);
        loop {
            let name = format!("{last}{separator}{number}");
            number += 1;
            if is_free(&name) && self.taken.insert(name.clone()) {
                self.numbers.insert(last.to_owned(), number);
                return name;
            }
        }
    }

    /// Takes a name, free or not.
    pub fn take(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// Takes the names of another scope as well.
    pub fn merge(&mut self, mut other: Self) {
        // Adding the fewer to the more takes less time.
        if other.taken.len() > self.taken.len() {
            std::mem::swap(&mut self.taken, &mut other.taken);
        }
        self.taken.extend(other.taken);
        self.numbers.extend(other.numbers);
    }
}

/// A name for a type: `image_data` becomes `ImageData`.
pub(crate) fn type_name(name: &str) -> String {
    let mut name = alternative_name(name);
    // Where letters have no case, a type would share its name with a module.
    if !name.starts_with(char::is_uppercase) {
        name.insert(0, 'T');
    }
    name
}

/// A name for an alternative of a union: that of its type, but for a letter in front of what has
/// no case, for an alternative shares its name with nothing.
pub(crate) fn alternative_name(name: &str) -> String {
    let name = folded(name);
    let name = last_words(&join_capitalised(&words(&name)));
    let name = started(name, "T", "Value");
    match is_among(TYPES_IN_USE, &name) {
        true => name + "Type",
        false => name,
    }
}

/// A name for an enum's variant: `1K` becomes `_1K`, `1664*928` becomes `_1664_928`, and `高清HD`
/// becomes `高清Hd`.
pub(crate) fn variant_name(value: &serde_json::Value) -> String {
    let text = match value {
        serde_json::Value::String(text) if text.is_empty() => return "Empty".into(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string().replacen('-', "minus ", 1),
    };
    let spelled = spelled(&folded(&text));
    let words: Vec<String> = words(&spelled)
        .into_iter()
        .flat_map(by_case)
        .map(quiet)
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let name = join_capitalised(first_words(&words));
    let name: String = name.chars().take(LONGEST).collect();
    let name = started(name, "_", "Value");
    match VARIANTS_IN_USE.contains(&name.as_str()) {
        true => name + "Value",
        false => name,
    }
}

/// A word in the parts of it whose letters have case, and those whose letters do not.
fn by_case(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in word.char_indices().filter(|(_, c)| c.is_alphabetic()) {
        let has_case = c.is_uppercase() || c.is_lowercase();
        if before.is_some_and(|before| before != has_case) {
            parts.push(&word[start..at]);
            start = at;
        }
        before = Some(has_case);
    }
    parts.push(&word[start..]);
    parts
}

/// A text with its signs in words, where they are all that it says: those that have none by
/// their numbers, which tell them apart whatever else is listed.
fn spelled(text: &str) -> String {
    let word = |c: char| {
        let known = SIGNS.split(' ').find_map(|sign| sign.strip_prefix(c));
        known.map_or_else(
            || format!("U{:x} ", u32::from(c)),
            |word| format!("{word} "),
        )
    };
    // Some letters and digits, as those in circles, are in no name.
    let says_something = |c: char| c.is_alphanumeric() && is_xid_continue(c);
    if !text.contains(says_something) {
        let is_blank = text.trim().is_empty();
        let signs = text.chars().filter(|c| is_blank || !c.is_whitespace());
        return signs.map(word).collect();
    }
    let mut chars = text.chars();
    let (first, second) = (chars.next(), chars.next());
    match (first, second) {
        (Some(sign @ ('+' | '-')), Some(next)) if next.is_alphanumeric() => word(sign) + &text[1..],
        _ => text.to_owned(),
    }
}

/// A word of several letters that are all capitals, with only the first of them.
fn quiet(word: &str) -> String {
    let letters = word.chars().filter(|c| c.is_alphabetic());
    match letters.clone().count() > 1 && letters.clone().all(char::is_uppercase) {
        true => word.to_lowercase().to_upper_camel_case(),
        false => word.to_owned(),
    }
}

/// The first words, as many as a name may have.
fn first_words<'w, 'n>(words: &'w [&'n str]) -> &'w [&'n str] {
    let mut length = 0;
    let fits = |word: &&&str| {
        length += word.chars().count();
        length <= LONGEST
    };
    let count = words.iter().take_while(fits).count();
    &words[..count.max(1).min(words.len())]
}

/// A name without a word that stands twice in a row; of a long one, the last words that
/// are as many as a name may have. What is meant stands at its end.
fn last_words(name: &str) -> String {
    let mut words = capitalised_words(name);
    words.dedup();
    let mut length = 0;
    let fits = |word: &&&str| {
        length += word.chars().count();
        length <= LONGEST
    };
    let count = words.iter().rev().take_while(fits).count();
    let kept = words[words.len() - count..].concat();
    match kept.is_empty() {
        true => name.chars().take(LONGEST).collect(),
        false => kept,
    }
}

/// `ImageData` as `Image` and `Data`.
fn capitalised_words(name: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut was_capital = true;
    for (at, c) in name.char_indices() {
        if c.is_uppercase() && !was_capital {
            words.push(&name[start..at]);
            start = at;
        }
        was_capital = c.is_uppercase();
    }
    words.push(&name[start..]);
    words
}

/// A name for a field: `negativePrompt` becomes `negative_prompt`.
pub(crate) fn field_name(name: &str) -> String {
    let name = folded(name);
    let joined = words(&name).join(" ").to_snake_case();
    // In lower case a letter may have a mark that is no letter, as `İ` has; it is dropped.
    let joined = joined.to_snake_case();
    not_a_keyword(started(joined, "field_", "value"))
}

/// A name for the method that gives a field a value: the field's own.
pub(crate) fn setter_name(field: &str) -> String {
    match is_among(METHODS_IN_USE, field) {
        true => format!("with_{field}"),
        false => field.to_owned(),
    }
}

/// A name for a module: `pets-2.7-beta` becomes `pets_2_7_beta`, and
/// `getPetById` becomes `get_pet_by_id`.
pub(crate) fn module_name(name: &str) -> String {
    let name = folded(name);
    let words: Vec<String> = words(&name)
        .iter()
        .map(|word| word.to_snake_case())
        .collect();
    let name = not_a_keyword(started(words.join("_"), "_", "document"));
    match name == RUNTIME || PRIMITIVES.contains(&name.as_str()) {
        true => name + "_",
        false => name,
    }
}

/// A name for a constant: `Root_schema` becomes `ROOT_SCHEMA`.
pub(crate) fn constant_name(name: &str) -> String {
    let name = folded(name);
    let joined = words(&name).join("_").to_snake_case().to_uppercase();
    started(joined, "_", "SCHEMA")
}

/// Characters that are written in several ways, in one: `ＩＤ` is `ID`, `①` is `1`.
fn folded(name: &str) -> String {
    name.nfkc().collect()
}

fn words(name: &str) -> Vec<&str> {
    name.split(|c| !is_xid_continue(c) || c == '_')
        .filter(|word| !word.is_empty())
        .collect()
}

/// Capitalises every word; `_` keeps digits apart that stood in two words.
fn join_capitalised(words: &[&str]) -> String {
    let mut name = String::new();
    for word in words {
        let word = if word.chars().all(|c| c.is_uppercase() || c.is_numeric()) {
            (*word).to_owned()
        } else {
            word.to_upper_camel_case()
        };
        if name.ends_with(|c: char| c.is_numeric()) && word.starts_with(|c: char| c.is_numeric()) {
            name.push('_');
        }
        name.push_str(&word);
    }
    name
}

/// The name with `before` in front if no identifier starts as it does.
fn started(name: String, before: &str, instead_of_nothing: &str) -> String {
    match name.chars().next() {
        None => instead_of_nothing.into(),
        Some(c) if is_xid_start(c) => name,
        Some(_) => format!("{before}{name}"),
    }
}

fn not_a_keyword(name: String) -> String {
    if KEYWORDS.contains(&name.as_str()) {
        name + "_"
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Scope, alternative_name, field_name, module_name, type_name, variant_name};

    #[test]
    fn names_are_readable() {
        let types = [
            ("image_data", "ImageData"),
            ("imageData", "ImageData"),
            ("b64_json", "B64Json"),
            ("n", "N"),
            ("number | string", "NumberString"),
            ("类目", "T类目"),
            ("类目_id", "T类目Id"),
            ("", "Value"),
            ("2fa", "T2fa"),
            ("option", "OptionType"),
            ("default", "DefaultType"),
            ("ＩＤ①", "ID1"),
            ("ा", "Tा"),
            ("Image_image", "Image"),
            ("image_data_data", "ImageData"),
            ("URL", "URL"),
            (
                "repository_ruleset_conditions_repository_name_target_value",
                "RulesetConditionsRepositoryNameTargetValue",
            ),
        ];
        for (name, expected) in types {
            assert_eq!(type_name(name), expected);
        }
        assert_eq!(alternative_name("圆形"), "圆形");
        assert_eq!(alternative_name("image_data"), "ImageData");
    }

    #[test]
    fn names_of_variants_are_readable() {
        let variants = [
            (json!("1K"), "_1K"),
            (json!("1664*928"), "_1664_928"),
            (json!("wan2.7-image-pro"), "Wan2_7ImagePro"),
            (
                json!("qwen-image-2.0-2026-03-03"),
                "QwenImage2_0_2026_03_03",
            ),
            (json!("无"), "无"),
            (json!("写实"), "写实"),
            (json!("竖屏 9：16"), "竖屏9_16"),
            (json!("2K高清"), "_2K高清"),
            (json!("高清HD、HD高清"), "高清HdHd高清"),
            (json!("3D动画（手绘）"), "_3D动画手绘"),
            (json!("列奥纳多·达芬奇"), "列奥纳多达芬奇"),
            (json!("é"), "É"),
            (json!("e\u{301}"), "É"),
            (json!("ा"), "_ा"),
            (json!("👍"), "U1f44d"),
            (json!("—"), "U2014"),
            (json!("_"), "U5f"),
            (json!("🅰️"), "U1f170Ufe0f"),
            (json!("🅱️"), "U1f171Ufe0f"),
            (json!("৴"), "U9f4"),
            (json!("৵"), "U9f5"),
            (json!("> "), "Greater"),
            (json!("< >"), "LessGreater"),
            (json!(" "), "U20"),
            (json!(""), "Empty"),
            (json!(true), "True"),
            (json!(null), "Null"),
            (json!(-1), "Minus1"),
            (json!(1), "_1"),
            (json!("self"), "SelfValue"),
            (json!("ALL"), "All"),
            (json!("all"), "All"),
            (json!("KNOWN"), "Known"),
            (json!("IN_PROGRESS"), "InProgress"),
            (json!("SHA256"), "Sha256"),
            (json!("A"), "A"),
            (json!("+1"), "Plus1"),
            (json!("-1"), "Minus1"),
            (json!("-created"), "MinusCreated"),
            (json!("A_L_L"), "ALLValue"),
            (json!(">="), "GreaterEqual"),
            (json!("!"), "Not"),
        ];
        for (value, expected) in variants {
            assert_eq!(variant_name(&value), expected);
        }
    }

    #[test]
    fn names_of_fields_and_modules_are_readable() {
        let fields = [
            ("negativePrompt", "negative_prompt"),
            ("foo-bar", "foo_bar"),
            ("type", "type_"),
            ("类目", "类目"),
            ("3d", "field_3d"),
            ("a²", "a2"),
            ("İd", "i_d"),
            ("", "value"),
        ];
        for (name, expected) in fields {
            assert_eq!(field_name(name), expected);
        }
        assert_eq!(module_name("wan2.7-image-pro"), "wan2_7_image_pro");
        assert_eq!(module_name("move"), "move_");
        assert_eq!(module_name("str"), "str_");
        assert_eq!(module_name("GET /pets/{petId}"), "get_pets_pet_id");
        assert_eq!(module_name("getPetById"), "get_pet_by_id");
    }

    #[test]
    fn a_scope_gives_each_name_once() {
        let mut scope = Scope::default();
        let mut claim = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|it| (*it).to_owned()).collect();
            scope.claim(&names)
        };
        assert_eq!(claim(&["Size"]), "Size");
        assert_eq!(claim(&["Size", "RequestSize"]), "RequestSize");
        assert_eq!(claim(&["Size", "RequestSize"]), "RequestSize2");
        assert_eq!(claim(&["V1"]), "V1");
        assert_eq!(claim(&["V1"]), "V1_2");
    }
}
