//! JSON pointers ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)), and pointers in
//! the fragment of a URI.

use std::borrow::Cow;
use std::fmt::Write as _;

use apifox_runtime::NO_URL_TEXT;
use percent_encoding::{AsciiSet, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};

/// The member of a document that holds the files that it refers to, by their paths from its
/// directory.
pub const REFERENCED_FILES: &str = "x-referenced-files";

/// Where [`crate::forms::read`] puts the forms that schemas have in requests, each below the
/// place of the schema that replies use.
pub const REQUEST_FORMS: &str = "/x-request-schemas";

/// The place in the document as it is written, of a place in the document as it was read.
#[must_use]
pub fn written_place(pointer: &str) -> &str {
    let form = pointer.strip_prefix(REQUEST_FORMS);
    form.filter(|rest| rest.starts_with('/')).unwrap_or(pointer)
}

/// Pointers below one.
pub trait JsonPointerExt {
    /// The pointer to a member, by its name, or to an item, by its index, of the value
    /// that this one leads to.
    #[must_use]
    fn child(&self, step: impl PointerStep) -> String;
}

impl JsonPointerExt for str {
    fn child(&self, step: impl PointerStep) -> String {
        const USUAL: usize = 24;
        let mut pointer = String::with_capacity(self.len() + USUAL);
        pointer.push_str(self);
        push_step(&mut pointer, step);
        pointer
    }
}

/// What a pointer steps to: a member by its name, or an item by its index.
pub trait PointerStep {
    /// Appends the step, escaped, to a pointer that ends in a slash.
    fn push_to(&self, pointer: &mut String);
}

impl PointerStep for str {
    fn push_to(&self, pointer: &mut String) {
        if !self.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
            return pointer.push_str(self);
        }
        for letter in self.chars() {
            match letter {
                '~' => pointer.push_str("~0"),
                '/' => pointer.push_str("~1"),
                letter => pointer.push(letter),
            }
        }
    }
}

impl PointerStep for String {
    fn push_to(&self, pointer: &mut String) {
        self.as_str().push_to(pointer);
    }
}

impl PointerStep for usize {
    fn push_to(&self, pointer: &mut String) {
        // Writing to a string can't fail.
        let _ = write!(pointer, "{self}");
    }
}

impl<S: PointerStep + ?Sized> PointerStep for &S {
    fn push_to(&self, pointer: &mut String) {
        (**self).push_to(pointer);
    }
}

/// Makes a pointer lead one step further, to a member by its name, or to an item by its index.
/// A walk through a whole document needs no pointer of each value so: what was pushed is
/// truncated again.
pub fn push_step(pointer: &mut String, step: impl PointerStep) {
    pointer.push('/');
    step.push_to(pointer);
}

/// Where a walk through a document is. Its pointer is made when it is asked for: of most values
/// it never is.
pub struct Place<'p> {
    around: Option<&'p Place<'p>>,
    /// The name of a member; `None` for an item.
    name: Option<&'p str>,
    index: usize,
}

impl<'p> Place<'p> {
    /// The name of the member that the value is.
    #[must_use]
    pub fn name(&self) -> Option<&'p str> {
        self.name
    }

    /// The place of what the value is a member or an item of.
    #[must_use]
    pub fn around(&self) -> Option<&'p Self> {
        self.around
    }

    /// The pointer to the value.
    #[must_use]
    pub fn pointer(&self) -> String {
        let Some(around) = self.around else {
            return String::new();
        };
        let mut pointer = around.pointer();
        match self.name {
            Some(name) => push_step(&mut pointer, name),
            None => push_step(&mut pointer, self.index),
        }
        pointer
    }
}

/// Visits a value and what is in it, each with its place; `visit` says whether what is in
/// the value is visited too. Nesting is as deep as parsing allows, and no deeper.
pub fn walk<'v>(value: &'v Value, visit: &mut impl FnMut(&Place<'_>, &'v Value) -> bool) {
    let root = Place {
        around: None,
        name: None,
        index: 0,
    };
    walk_within(&root, value, visit);
}

fn walk_within<'v>(
    place: &Place<'_>,
    value: &'v Value,
    visit: &mut impl FnMut(&Place<'_>, &'v Value) -> bool,
) {
    if !visit(place, value) {
        return;
    }
    let mut below = |name, index, value| {
        let around = Some(place);
        let place = Place {
            around,
            name,
            index,
        };
        walk_within(&place, value, visit);
    };
    match value {
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, item)| below(None, index, item));
        }
        Value::Object(members) => {
            let members = members.iter();
            members.for_each(|(name, member)| below(Some(name), 0, member));
        }
        _ => {}
    }
}

/// Values by their pointers.
pub trait JsonValueExt {
    /// The value that a pointer leads to: as [`Value::pointer`], without a copy of each step.
    fn value_at(&self, pointer: &str) -> Option<&Value>;

    /// The value that these steps lead to: a pointer without its first slash.
    fn value_below(&self, steps: &str) -> Option<&Value>;
}

impl JsonValueExt for Value {
    fn value_at(&self, pointer: &str) -> Option<&Value> {
        match pointer.strip_prefix('/') {
            Some(steps) => self.value_below(steps),
            None => pointer.is_empty().then_some(self),
        }
    }

    fn value_below(&self, steps: &str) -> Option<&Value> {
        steps.split('/').try_fold(self, |value, step| match value {
            Self::Object(members) if step.contains('~') => members.get(&unescaped(step)),
            Self::Object(members) => member(members, step),
            Self::Array(items) => {
                let is_padded = step.starts_with('+') || step.starts_with('0') && step.len() > 1;
                items.get(step.parse::<usize>().ok().filter(|_| !is_padded)?)
            }
            _ => None,
        })
    }
}

/// The value of a member. Most objects have few members: a look at each costs less than a hash of
/// the name.
#[must_use]
pub fn member<'v>(members: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    const FEW: usize = 8;
    match members.len() {
        0..=FEW => {
            let mut members = members.iter();
            members
                .find(|(own, _)| *own == name)
                .map(|(_, value)| value)
        }
        _ => members.get(name),
    }
}

/// The name that a step of a pointer stands for; a tilde that escapes nothing stays.
fn unescaped(step: &str) -> String {
    let mut name = String::with_capacity(step.len());
    let mut rest = step;
    while let Some((before, after)) = rest.split_once('~') {
        name.push_str(before);
        let (letter, escaped) = match after.as_bytes().first() {
            Some(b'0') => ('~', 1),
            Some(b'1') => ('/', 1),
            _ => ('~', 0),
        };
        name.push(letter);
        rest = &after[escaped..];
    }
    name.push_str(rest);
    name
}

/// The names and indexes that a pointer steps through.
pub fn steps(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(unescaped)
}

/// What is not allowed in the fragment of a URI, besides what is not ASCII.
const NOT_IN_FRAGMENTS: &AsciiSet = &NO_URL_TEXT.add(b'#').add(b'%');

/// A pointer as a URI's fragment that [`decoded`] reads.
#[must_use]
pub fn encoded(pointer: &str) -> String {
    utf8_percent_encode(pointer, NOT_IN_FRAGMENTS).to_string()
}

/// A pointer from a URI's fragment.
#[must_use]
pub fn decoded(fragment: &str) -> String {
    let decoded = percent_decode_str(fragment).decode_utf8();
    decoded.map_or_else(|_| fragment.to_owned(), Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{JsonPointerExt as _, JsonValueExt as _, decoded, encoded};

    #[test]
    fn a_pointer_leads_where_that_of_serde_json_does() {
        let names = [
            "", "a", "/", "~", "~1", "~0", "~01", "~/~", "a~b/c", "~~10", "宠~物/",
        ];
        let members = names.iter().map(|name| ((*name).to_owned(), json!([name])));
        let value: Value = members.collect::<serde_json::Map<_, _>>().into();
        for name in names {
            let pointer = "".child(name).child(0_usize);
            assert_eq!(value.value_at(&pointer), Some(&json!(name)), "{pointer}");
            assert_eq!(value.value_at(&pointer), value.pointer(&pointer));
        }
        for pointer in [
            "/~", "/~~1", "/~/0", "/a~b~1c", "/~~~01/0", "/a/00", "/a/+0", "/a/",
        ] {
            assert_eq!(value.value_at(pointer), value.pointer(pointer), "{pointer}");
        }
    }

    #[test]
    fn fragments_are_those_of_uris_and_lead_back() {
        let cases = [
            ("/paths/~1pets~1{id}/get", "/paths/~1pets~1%7Bid%7D/get"),
            (
                "/components/schemas/宠物",
                "/components/schemas/%E5%AE%A0%E7%89%A9",
            ),
            ("/a b/c%d/\"e\"/[0]", "/a%20b/c%25d/%22e%22/%5B0%5D"),
            ("/a?b=c&d/:e/@f/(g)/h,i;j", "/a?b=c&d/:e/@f/(g)/h,i;j"),
            ("", ""),
        ];
        for (pointer, fragment) in cases {
            assert_eq!(encoded(pointer), fragment);
            assert_eq!(decoded(fragment), pointer);
        }
    }
}
