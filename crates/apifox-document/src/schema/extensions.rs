//! Extensions of this project that are misspelt: what is only almost one of them would have no
//! effect, as extensions of others have none.

use std::collections::HashMap;

use crate::diagnostics::Diagnostic;
use crate::document::Document;
use crate::pointer::JsonPointerExt as _;
use crate::references::{has_own_names, visit_objects};
use crate::schema::keywords::KEYWORDS;

/// The extensions that have an effect beside the keywords of schemas.
const OTHERS: [&str; 8] = [
    "x-apifox-enum",
    "x-apifox-overrides",
    "x-apifox-refs",
    "x-draft",
    "x-nullable",
    "x-rust-name",
    "x-rust-names",
    "x-webhooks",
];

/// The extensions that have an effect, in schemas and elsewhere.
fn extensions() -> impl Iterator<Item = &'static str> {
    let keywords = KEYWORDS.iter().map(|keyword| keyword.name);
    // `x-tags` is what a discriminator is kept as; no document has it.
    let own = keywords.filter(|name| is_extension(name) && *name != "x-tags");
    own.chain(OTHERS)
}

/// The misspelt extensions of a document, of whatever form.
#[must_use]
pub fn misspelt(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    // Editors write the same extensions everywhere.
    let mut known: HashMap<String, Option<&'static str>> = HashMap::new();
    visit_objects(&document.json, &mut |pointer, members, name| {
        if has_own_names(name) {
            return;
        }
        for member in members.keys().filter(|name| is_extension(name)) {
            let meant = known.get(member).copied().unwrap_or_else(|| {
                let meant = meant(member);
                known.insert(member.clone(), meant);
                meant
            });
            if let Some(meant) = meant {
                let message = format!("{member} has no effect");
                let help = format!("did you mean {meant}?");
                let pointer = pointer.child(member);
                found.push(Diagnostic::new(&document.file, pointer, message, help));
            }
        }
    });
    found
}

/// The extension that a name is a slip of: other letters in case, other signs between words, or
/// a typing error; in a long name two. Of a short name many a word is one letter away, which
/// others mean by it, so only letters that changed places are a slip of it.
fn meant(name: &str) -> Option<&'static str> {
    const LONG: usize = 8;
    const SHORT: usize = 6;
    if !is_extension(name) || extensions().any(|known| known == name) {
        return None;
    }
    let own = plain(name);
    extensions().find(|known| {
        let known = plain(known);
        let most = if known.len() > LONG { 2 } else { 1 };
        let may_be = known.len() > SHORT || letters(&own) == letters(&known);
        let is_near = own.len().abs_diff(known.len()) <= most;
        may_be && is_near && strsim::osa_distance(&own, &known) <= most
    })
}

fn is_extension(name: &str) -> bool {
    name.starts_with("x-") || name.starts_with("X-") || name.starts_with("x_")
}

/// A name without the signs between its words.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// The letters of a name, in the order of the alphabet.
fn letters(plain: &str) -> Vec<u8> {
    let mut letters = plain.as_bytes().to_vec();
    letters.sort_unstable();
    letters
}

#[cfg(test)]
mod tests {
    use super::{extensions, meant};

    #[test]
    fn slips_are_those_of_one_extension() {
        let cases = [
            ("x-aera", Some("x-area")),
            ("x-Area", Some("x-area")),
            ("X-Area", Some("x-area")),
            ("x_area", Some("x-area")),
            ("x-are", None),
            ("x-hide", None),
            ("x-site", None),
            ("x-num", None),
            ("x-form", None),
            ("x-drfat", Some("x-draft")),
            ("x-fromat", Some("x-format")),
            ("x-aspectRatio", Some("x-aspect-ratio")),
            ("x-aspekt-ration", Some("x-aspect-ratio")),
            ("x-same-lenght", Some("x-same-length")),
            ("x-nulable", Some("x-nullable")),
            ("x-apifox-enun", Some("x-apifox-enum")),
            ("x-webhook", Some("x-webhooks")),
            ("x-images", None),
            ("x-size", None),
            ("x-enum", None),
            ("x-apifox-orders", None),
            ("x-apifox-name", None),
            ("x-tags", None),
            ("x-order", None),
            ("x-summary", None),
            ("xarea", None),
            ("", None),
        ];
        for (name, expected) in cases {
            assert_eq!(meant(name), expected, "{name}");
        }
        for name in extensions() {
            assert_eq!(meant(name), None, "{name}");
        }
    }
}
