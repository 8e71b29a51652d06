//! The rules that schemas are compiled to: one for each keyword.

use serde_json::Number;

use crate::pattern::Pattern;
use crate::validate::rules::same_length::SameLength;
use crate::validate::rules::sum::Sum;
use crate::validate::size::SizeRules;
use crate::validate::text::Text;
use crate::value::json_view::JsonRef;
use crate::value::node::Node;
use crate::value::number;

/// The index of a schema among the compiled ones.
pub(crate) type Id = usize;

/// A rule: its schema, and its index there.
#[derive(Clone, Copy, Debug)]
pub struct RuleId(pub(crate) Id, pub(crate) usize);

#[derive(Default)]
pub(crate) struct SchemaRules {
    pub rules: Vec<Rule>,
    /// The schema resource it belongs to, for `$dynamicRef`.
    pub resource: usize,
    /// Whether no value breaks it, and what it evaluates does not matter: it can only warn.
    pub only_warns: bool,
}

/// A keyword, or the few keywords that only make sense together.
pub(crate) enum Rule {
    Never,
    Type(Vec<Type>),
    Enum(Vec<Node<'static>>),
    Const(Node<'static>),
    Minimum(Number),
    Maximum(Number),
    ExclusiveMinimum(Number),
    ExclusiveMaximum(Number),
    MultipleOf(Number),
    Text(Text),
    Size(SizeRules),
    Count {
        min_items: u64,
        max_items: Option<u64>,
    },
    UniqueItems,
    Items {
        prefix: Vec<Id>,
        rest: Option<Id>,
    },
    Contains {
        schema: Id,
        min_contains: u64,
        max_contains: Option<u64>,
    },
    UnevaluatedItems(Id),
    Required(Vec<String>),
    Members {
        properties: Vec<(String, Id)>,
        patterns: Vec<(Pattern, Id)>,
        additional: Option<Id>,
    },
    PropertyNames(Id),
    MinProperties(u64),
    MaxProperties(u64),
    DependentRequired(Vec<(String, Vec<String>)>),
    DependentSchemas(Vec<(String, Id)>),
    UnevaluatedProperties(Id),
    AllOf(Vec<Id>),
    AnyOf(Vec<Id>),
    OneOf(Vec<Id>),
    Not(Id),
    If {
        condition: Id,
        then: Option<Id>,
        otherwise: Option<Id>,
        /// The condition in words, for messages.
        title: Option<String>,
    },
    /// Our own `x-sum`.
    Sum(Sum),
    /// Our own `x-same-length`.
    SameLength(SameLength),
    /// Our own `x-warning`.
    Warning(String),
    Ref(Id),
    DynamicRef {
        anchor: String,
        initial: Id,
    },
}

impl Rule {
    /// The keywords that state the rule, if they apply no other schema.
    pub fn keywords(&self) -> Option<&'static [&'static str]> {
        Some(match self {
            Self::Type(_) => &["type"],
            Self::Enum(_) => &["enum"],
            Self::Const(_) => &["const"],
            Self::Minimum(_) => &["minimum"],
            Self::Maximum(_) => &["maximum"],
            Self::ExclusiveMinimum(_) => &["exclusiveMinimum"],
            Self::ExclusiveMaximum(_) => &["exclusiveMaximum"],
            Self::MultipleOf(_) => &["multipleOf"],
            Self::Text(_) => &["minLength", "maxLength", "pattern"],
            Self::Size(_) => &["x-area", "x-side", "x-aspect-ratio"],
            Self::Count { .. } => &["minItems", "maxItems"],
            Self::UniqueItems => &["uniqueItems"],
            Self::MinProperties(_) => &["minProperties"],
            Self::MaxProperties(_) => &["maxProperties"],
            Self::Sum(_) => &["x-sum"],
            Self::SameLength(_) => &["x-same-length"],
            _ => return None,
        })
    }
}

/// JSON Schema's types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl Type {
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::Null,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::String,
            "array" => Self::Array,
            "object" => Self::Object,
            _ => return None,
        })
    }

    pub fn article(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }

    pub fn is_type_of(self, look: &JsonRef<'_>) -> bool {
        match (self, look) {
            (Self::Null, JsonRef::Null)
            | (Self::Boolean, JsonRef::Bool(_))
            | (Self::Number, JsonRef::Number(_))
            | (Self::String, JsonRef::String(_))
            | (Self::Array, JsonRef::Array(_))
            | (Self::Object, JsonRef::Object(_)) => true,
            (Self::Integer, JsonRef::Number(number)) => number::is_integer(number),
            _ => false,
        }
    }
}
