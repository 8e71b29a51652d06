//! The kinds of values that `type` tells apart, with whole numbers and fractions
//! for two: a set of them.

use std::fmt;

use serde_json::Value;

use apifox_document::schema::JsonType;

/// A set of kinds of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub const NONE: Self = Self(0);
    pub const NULL: Self = Self(1);
    pub const BOOLEAN: Self = Self(2);
    pub const WHOLE: Self = Self(4);
    pub const FRACTION: Self = Self(8);
    pub const NUMBER: Self = Self(12);
    pub const STRING: Self = Self(16);
    pub const ARRAY: Self = Self(32);
    pub const OBJECT: Self = Self(64);
    pub const ALL: Self = Self(127);

    const EACH: [Self; 7] = [
        Self::NULL,
        Self::BOOLEAN,
        Self::WHOLE,
        Self::FRACTION,
        Self::STRING,
        Self::ARRAY,
        Self::OBJECT,
    ];

    /// The kinds that the value of `type` names.
    pub fn named(value: &Value) -> Option<Self> {
        let types = JsonType::list(value)?;
        let kinds = types.into_iter().map(|one| match one {
            JsonType::Null => Self::NULL,
            JsonType::Boolean => Self::BOOLEAN,
            JsonType::Integer => Self::WHOLE,
            JsonType::Number => Self::NUMBER,
            JsonType::String => Self::STRING,
            JsonType::Array => Self::ARRAY,
            JsonType::Object => Self::OBJECT,
        });
        Some(kinds.fold(Self::NONE, Self::with))
    }

    /// The kind of a value.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(_) if JsonType::Integer.is_type_of(value) => Self::WHOLE,
            Value::Number(_) => Self::FRACTION,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub fn contains(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Each kind of the set, alone.
    pub fn each(self) -> Vec<Self> {
        let each = Self::EACH.into_iter();
        each.filter(|it| self.contains(*it)).collect()
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL {
            return f.write_str("any");
        }
        let mut names = Vec::new();
        for (kind, name) in [
            (Self::NUMBER, "number"),
            (Self::STRING, "string"),
            (Self::BOOLEAN, "boolean"),
            (Self::ARRAY, "array"),
            (Self::OBJECT, "object"),
            (Self::NULL, "null"),
        ] {
            if self.contains(kind) {
                names.push(name);
            }
        }
        if !self.contains(Self::NUMBER) && self.contains(Self::WHOLE) {
            names.insert(0, "integer");
        }
        if !self.contains(Self::NUMBER) && self.contains(Self::FRACTION) {
            names.insert(0, "fraction");
        }
        match names.is_empty() {
            true => f.write_str("nothing"),
            false => f.write_str(&names.join(" or ")),
        }
    }
}
