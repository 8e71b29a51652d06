//! A change, and what it means to those who call the API.

use std::collections::HashSet;
use std::fmt;

use serde::ser::{Serialize, SerializeStruct as _, Serializer};

/// What a change does to a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Nothing.
    Neutral,
    /// More is offered, and what worked still works.
    Additive,
    /// What worked may no longer work.
    Breaking,
}

/// How what is accepted now relates to what was accepted before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// It is the same.
    Equal,
    /// All of it is, and more.
    Wider,
    /// Only some of it is.
    Narrower,
    /// Some of it is not, and other values are.
    Other,
    /// Not known: it counts as [`Other`](Self::Other).
    Unknown,
    /// It differs in what is not supported, and was not compared: it counts as
    /// [`Other`](Self::Other).
    NotCompared,
}

/// The version that a set of changes calls for, by
/// [Semantic Versioning](https://semver.org).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing changed that a caller would notice.
    Patch,
    /// More is offered.
    Minor,
    /// Something broke.
    Major,
}

/// Which way values go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// Callers send them: what was accepted has to stay accepted.
    Request,
    /// Callers receive them: nothing may come that could not come before.
    Reply,
    /// Both: a change is judged for either.
    #[default]
    Both,
}

/// One change between two documents.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Change {
    /// The document, where several were compared.
    pub file: Option<String>,
    /// The operation, such as `POST /pets/{id}`; none for a bare schema.
    pub operation: Option<String>,
    /// The part of it, such as `body`, `query parameter limit` or `reply 200`;
    /// empty for the operation itself, and for a bare schema.
    pub part: String,
    /// The place in the value: a JSON pointer, with `*` for any item or property.
    pub path: String,
    /// The keyword that changed, where one did.
    pub keyword: Option<String>,
    /// What is accepted now, compared with what was.
    pub relation: Relation,
    /// What it means for requests.
    pub request: Effect,
    /// What it means for replies.
    pub reply: Effect,
    /// What changed, in words.
    pub message: String,
    /// The place in the old document, as a JSON pointer, where there is one.
    pub old: Option<String>,
    /// The place in the new one.
    pub new: Option<String>,
}

impl Effect {
    /// The effect's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Additive => "additive",
            Self::Breaking => "breaking",
        }
    }
}

impl Relation {
    /// The relation's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Wider => "wider",
            Self::Narrower => "narrower",
            Self::Other => "other",
            Self::Unknown => "unknown",
            Self::NotCompared => "not compared",
        }
    }

    /// What it means for requests: what was accepted has to stay accepted.
    pub(super) const fn for_request(self) -> Effect {
        match self {
            Self::Equal => Effect::Neutral,
            Self::Wider => Effect::Additive,
            Self::Narrower | Self::Other | Self::Unknown | Self::NotCompared => Effect::Breaking,
        }
    }

    /// What it means for replies: nothing may come that could not come before.
    pub(super) const fn for_reply(self) -> Effect {
        match self {
            Self::Equal => Effect::Neutral,
            Self::Narrower => Effect::Additive,
            Self::Wider | Self::Other | Self::Unknown | Self::NotCompared => Effect::Breaking,
        }
    }
}

impl Verdict {
    /// The part of a version that goes up.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<Effect> for Verdict {
    fn from(effect: Effect) -> Self {
        match effect {
            Effect::Neutral => Self::Patch,
            Effect::Additive => Self::Minor,
            Effect::Breaking => Self::Major,
        }
    }
}

impl Change {
    /// The worse of what it means for requests and for replies.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.request.max(self.reply)
    }

    /// A change of the values with this role, judged by the relation alone.
    pub(super) fn new(role: Role, relation: Relation, message: impl Into<String>) -> Self {
        let change = Self {
            file: None,
            operation: None,
            part: String::new(),
            path: String::new(),
            keyword: None,
            relation,
            request: Effect::Neutral,
            reply: Effect::Neutral,
            message: message.into(),
            old: None,
            new: None,
        };
        change.with_effects(role, relation.for_request(), relation.for_reply())
    }

    /// The same with these effects, as far as they concern the role.
    pub(super) fn with_effects(self, role: Role, request: Effect, reply: Effect) -> Self {
        Self {
            request: match role {
                Role::Reply => Effect::Neutral,
                _ => request,
            },
            reply: match role {
                Role::Request => Effect::Neutral,
                _ => reply,
            },
            ..self
        }
    }

    /// The same of an operation that the API calls: it sends the requests, and others answer.
    pub(super) fn of_incoming(self) -> Self {
        let is_whole = self.part.is_empty();
        let Self { request, reply, .. } = self;
        let (sent, received) = (self.relation.for_request(), self.relation.for_reply());
        let is_request = request != Effect::Neutral;
        let is_reply = reply != Effect::Neutral;
        Self {
            // A new webhook is one more offer; one that is gone is missed.
            request: match is_whole {
                true => request,
                false if is_reply => sent,
                false => Effect::Neutral,
            },
            reply: match is_request && !is_whole {
                true => received,
                false => Effect::Neutral,
            },
            ..self
        }
    }
}

/// These changes, as changes of a part of an operation, such as `header ETag`.
pub(super) fn in_part(part: &str, mut changes: Vec<Change>) -> Vec<Change> {
    for change in &mut changes {
        part.clone_into(&mut change.part);
    }
    changes
}

/// The same changes, each once.
pub(super) fn distinct(changes: Vec<Change>) -> Vec<Change> {
    let mut seen = HashSet::with_capacity(changes.len());
    let is_first: Vec<bool> = changes.iter().map(|change| seen.insert(change)).collect();
    let changes = changes.into_iter().zip(is_first);
    changes
        .filter_map(|(change, is_first)| is_first.then_some(change))
        .collect()
}

/// Each member is always there, and may be `null`.
impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut change = serializer.serialize_struct("Change", 11)?;
        change.serialize_field("file", &self.file)?;
        change.serialize_field("operation", &self.operation)?;
        change.serialize_field("part", &self.part)?;
        change.serialize_field("path", &self.path)?;
        change.serialize_field("keyword", &self.keyword)?;
        change.serialize_field("relation", self.relation.name())?;
        change.serialize_field("request", self.request.name())?;
        change.serialize_field("reply", self.reply.name())?;
        change.serialize_field("message", &self.message)?;
        change.serialize_field("old", &self.old)?;
        change.serialize_field("new", &self.new)?;
        change.end()
    }
}
