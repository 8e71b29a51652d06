//! What a type or an alternative may be called.

use apifox_document::schema::JsonType;

/// What a type may be called, and whose part it is.
#[derive(Clone, Debug)]
pub(super) struct Hint {
    /// Its own name, not yet a Rust identifier.
    pub name: String,
    /// The Rust name of the type around it.
    pub parent: String,
    /// The Rust name that is reserved for it.
    pub kept: Option<String>,
    /// The Rust name that it was given.
    pub given: Option<String>,
}

impl Hint {
    pub fn new(name: &str, parent: &str) -> Self {
        Self {
            name: name.to_owned(),
            parent: parent.to_owned(),
            kept: None,
            given: None,
        }
    }

    /// A hint for the type that has to have the Rust name `name`.
    pub fn kept(name: &str) -> Self {
        Self {
            kept: Some(name.to_owned()),
            ..Self::new(name, "")
        }
    }

    /// A hint for a type that was given a name.
    pub fn given(name: &str) -> Self {
        Self {
            given: Some(name.to_owned()),
            ..Self::new(name, "")
        }
    }

    /// The hint for what a type is that accepts `null` as well: it has no name of its own
    /// then, unless one is kept for it.
    pub fn value(&self) -> Self {
        match self.kept {
            Some(_) => self.part("value"),
            None => self.clone(),
        }
    }

    /// The hint for a part of the type that this one is for.
    pub fn part(&self, name: &str) -> Self {
        Self::new(&format!("{}_{name}", self.name), &self.parent)
    }
}

/// What an alternative of a type of JSON is called.
pub(super) fn label(one: JsonType) -> &'static str {
    match one {
        JsonType::Null => "Null",
        JsonType::Boolean => "Boolean",
        JsonType::Integer => "Integer",
        JsonType::Number => "Number",
        JsonType::String => "String",
        JsonType::Array => "Array",
        JsonType::Object => "Object",
    }
}
