//! What is another one in requests or in replies, and the forms of schemas that require what
//! others declare and mark, for those others.
//!
//! `{allOf: [{$ref: B}, {properties: {id: {readOnly: true}}}]}` marks what `B` may require. `B` on
//! its own requires it all the same, so that here a form of it takes its place.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::pointer::RELAXED_FORMS;

/// The way that a body goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    Request,
    Reply,
}

impl Direction {
    /// The keyword that marks properties as not of this direction.
    pub fn excluding_keyword(self) -> &'static str {
        match self {
            Self::Request => "readOnly",
            Self::Reply => "writeOnly",
        }
    }
}

/// What is another one for a direction, as a property is marked as not of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RequiredMark {
    /// The pointer to the schema that is changed, from where the search began.
    pub schema: String,
    pub change: Change,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    /// This name is not in `required`.
    NotRequired(String),
    /// `$ref` leads to this place, where what it led to does not require some names.
    Relaxed(String),
}

/// How many values all forms may have together; each is a copy of a schema.
const MOST_VALUES: usize = 1 << 20;

/// The forms that were asked for.
pub(super) struct RelaxedForms {
    forms: Vec<RelaxedForm>,
    known: BTreeMap<Key, usize>,
    /// How many more values there may be.
    left: usize,
    is_exhausted: bool,
}

/// What distinguishes a form: the schema, the direction, and what is changed in it.
type Key = (String, Direction, Vec<RequiredMark>);

/// A form of the schema at `place`.
pub(super) struct RelaxedForm {
    pub place: String,
    pub direction: Direction,
    pub marks: Vec<RequiredMark>,
}

impl Default for RelaxedForms {
    fn default() -> Self {
        Self {
            forms: Vec::new(),
            known: BTreeMap::new(),
            left: MOST_VALUES,
            is_exhausted: false,
        }
    }
}

impl RelaxedForms {
    /// The place of the form of `schema`, which is at `place`, with these changes; `None` if there
    /// would be too many.
    pub fn place(
        &mut self,
        schema: &Value,
        place: &str,
        direction: Direction,
        marks: Vec<RequiredMark>,
    ) -> Option<String> {
        let key = (place.to_owned(), direction, marks);
        if let Some(number) = self.known.get(&key) {
            return Some(form_place(*number, place));
        }
        let Some(left) = self.left.checked_sub(size(schema)) else {
            self.is_exhausted = true;
            return None;
        };
        self.left = left;
        let number = self.forms.len();
        self.forms.push(RelaxedForm {
            place: place.to_owned(),
            direction,
            marks: key.2.clone(),
        });
        self.known.insert(key, number);
        Some(form_place(number, place))
    }

    /// Whether there would have been too many.
    pub const fn is_exhausted(&self) -> bool {
        self.is_exhausted
    }

    /// The member of the document with the forms, each made by `make`; `None` without any.
    pub fn made(&self, make: impl Fn(&RelaxedForm) -> Value) -> Option<Value> {
        let numbered = self.forms.iter().enumerate();
        let made: Map<String, Value> = numbered
            .map(|(number, form)| (number.to_string(), make(form)))
            .collect();
        (!made.is_empty()).then(|| made.into())
    }
}

fn form_place(number: usize, place: &str) -> String {
    format!("{RELAXED_FORMS}/{number}{place}")
}

/// How many values a value holds, itself included.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Object(members) => members.values().map(size).sum(),
        Value::Array(items) => items.iter().map(size).sum(),
        _ => 0,
    }
}
