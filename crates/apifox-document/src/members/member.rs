//! A member of an object, what it holds, and what becomes of it.

use std::fmt;

use super::kind::ObjectKind;
use super::spelling::Spelling;
use crate::version::OpenApiVersion;

/// What becomes of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The operations or types depend on it, or it is compared where it differs.
    Used,
    /// It changes nothing that is sent or received.
    Annotation,
    /// It is skipped with a diagnostic.
    Reported {
        /// Why it is skipped, after "is skipped: ".
        why: &'static str,
        /// What to do about it.
        help: &'static str,
    },
}

/// What the value of a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Anything: its content is not an object of the table.
    Anything,
    /// A string.
    Text,
    /// An array of strings.
    Texts,
    /// `true` or `false`.
    Flag,
    /// One of these strings; others are not supported.
    OneOf(&'static [&'static str]),
    /// A schema, which the table of keywords judges.
    Schema,
    /// An object of this kind.
    Object(ObjectKind),
    /// An array of objects of this kind.
    List(ObjectKind),
    /// An object whose members hold objects of this kind, under names of the document's own.
    Map(ObjectKind),
    /// An object whose members hold schemas.
    Schemas,
    /// Objects of this kind by a path, a list of them by a parameter's location.
    ListOrObject {
        /// The kind of the items where it is an array.
        list: ObjectKind,
        /// The kind of the object otherwise.
        object: ObjectKind,
    },
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// What becomes of it.
    pub fate: Fate,
    /// What its value is.
    pub holds: Holds,
    /// What the names in it are, where it is an object, or its texts.
    pub spelling: Spelling,
    /// Whether an object without it can't be used.
    pub is_required: bool,
    /// The version of OpenAPI that introduced it, after 3.0.
    pub since: Option<OpenApiVersion>,
}

/// A member that is used.
pub(super) const fn used(name: &'static str, holds: Holds) -> Member {
    Member {
        name,
        fate: Fate::Used,
        holds,
        spelling: Spelling::Free,
        is_required: false,
        since: None,
    }
}

/// A member that changes nothing.
pub(super) const fn note(name: &'static str) -> Member {
    Member {
        fate: Fate::Annotation,
        ..used(name, Holds::Anything)
    }
}

/// A member that is not supported.
pub(super) const fn reported(name: &'static str, why: &'static str, help: &'static str) -> Member {
    Member {
        fate: Fate::Reported { why, help },
        ..used(name, Holds::Anything)
    }
}

impl Member {
    /// The same, which an object has to have.
    pub(super) const fn required(self) -> Self {
        Self {
            is_required: true,
            ..self
        }
    }

    /// The same, which holds this.
    pub(super) const fn holding(self, holds: Holds) -> Self {
        Self { holds, ..self }
    }

    /// The same, whose names or texts are these.
    pub(super) const fn spelt(self, spelling: Spelling) -> Self {
        Self { spelling, ..self }
    }

    /// The same, which is not reported where it has one of these values.
    pub(super) const fn unless(self, values: &'static [&'static str]) -> Self {
        Self {
            holds: Holds::OneOf(values),
            ..self
        }
    }

    /// The same, which came with this version of OpenAPI.
    pub(super) const fn since(self, version: OpenApiVersion) -> Self {
        Self {
            since: Some(version),
            ..self
        }
    }
}

impl Fate {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Annotation => "annotation",
            Self::Reported { .. } => "reported",
        }
    }
}

impl fmt::Display for Holds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anything => f.write_str("any value"),
            Self::Text => f.write_str("a string"),
            Self::Texts => f.write_str("an array of strings"),
            Self::Flag => f.write_str("true or false"),
            Self::OneOf(values) => {
                let mut named = values.iter().filter(|value| !value.is_empty());
                f.write_str("one of ")?;
                named.next().map_or(Ok(()), |first| f.write_str(first))?;
                named.try_for_each(|value| write!(f, ", {value}"))
            }
            Self::Schema => f.write_str("a schema"),
            Self::Schemas => f.write_str("an object of schemas"),
            Self::Object(kind) => write!(f, "{}", kind.name()),
            Self::List(kind) => write!(f, "an array of {}", kind.name()),
            Self::Map(kind) => write!(f, "an object of {}", kind.name()),
            Self::ListOrObject { list, object } => {
                write!(f, "{}, or an array of {}", object.name(), list.name())
            }
        }
    }
}
