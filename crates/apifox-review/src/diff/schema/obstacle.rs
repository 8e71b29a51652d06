//! Why not all that one schema accepts is accepted by another.

use super::node::Id;

/// One reason, and where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Obstacle {
    /// The place in the value: a JSON pointer, with `*` for any item or property.
    pub path: String,
    /// The keyword of the schema that refuses.
    pub keyword: String,
    /// The schema that accepts, and the one that refuses.
    pub accepts: Option<Id>,
    pub refuses: Option<Id>,
    pub what: What,
}

/// What it is that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// What goes past a limit; the limit on the side that accepts, if it has one,
    /// and the one that refuses.
    Limit { has: Option<String>, wants: String },
    /// These values.
    Values(Vec<String>),
    /// An object without this property.
    Missing,
    /// A property with any value: only the refusing side says what it holds.
    Undeclared,
    /// Anything at all.
    Anything,
    /// What can't be told: the two sides could not be compared.
    Unclear(&'static str),
}

impl Obstacle {
    /// Whether it is no more than a property that only one side says something of.
    pub fn is_soft(&self) -> bool {
        self.what == What::Undeclared
    }

    /// The same one step further in.
    pub fn below(&self, step: &str) -> Self {
        Self {
            path: format!("{step}{}", self.path),
            ..self.clone()
        }
    }
}
