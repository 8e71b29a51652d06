//! The rules that schemas are compiled to: one for each keyword.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Number, Value};

use crate::pattern::Pattern;
use crate::validate::bounds::Bound;
use crate::validate::rules::listed::Listed;
use crate::validate::rules::same_length::SameLength;
use crate::validate::rules::sum::Sum;
use crate::validate::size::SizeRules;
use crate::validate::tags::Tags;
use crate::validate::text::Text;
use crate::value::json_view::JsonRef;
use crate::value::node::Node;
use crate::value::number;

/// The index of a schema among the compiled ones.
pub(crate) type Id = usize;

/// A rule: its schema, and its index there.
#[derive(Clone, Copy, Debug)]
pub struct RuleId(pub(crate) Id, pub(crate) usize);

/// A schema as rules.
#[derive(Default)]
pub(crate) struct SchemaRules {
    pub rules: Vec<Rule>,
    /// The schema resource it belongs to, for `$dynamicRef`.
    pub resource: usize,
    /// What is known of it and of all schemas that it applies.
    pub reach: Reach,
    /// Whether some value breaks it, as far as is known. If none does, it can only warn.
    pub can_break: bool,
    /// Why it, or a schema that it applies, can't be compiled: the index of a fault.
    pub fault: Option<usize>,
}

/// What a schema or some schema that it applies, directly or through others, has.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    /// `unevaluatedItems` or `unevaluatedProperties`, so that it is tracked what was
    /// evaluated.
    pub tracks: bool,
    /// `$dynamicRef`: what it means depends on how it was reached.
    pub is_dynamic: bool,
    /// A pattern that may take more steps than there are for one, so that the verdict may
    /// be that there is none.
    pub may_give_up: bool,
}

impl Reach {
    /// What either has.
    pub fn and(self, other: Self) -> Self {
        Self {
            tracks: self.tracks || other.tracks,
            is_dynamic: self.is_dynamic || other.is_dynamic,
            may_give_up: self.may_give_up || other.may_give_up,
        }
    }
}

/// A keyword, or the few keywords that only make sense together.
pub(crate) enum Rule {
    Never,
    Type(Vec<Type>),
    Enum(Listed),
    Const(Node<'static>),
    /// A bound of numbers, and its limit.
    Number(&'static Bound, Number),
    Text(Text),
    Size(SizeRules),
    Array(ArrayRule),
    Object(ObjectRule),
    Logic(LogicRule),
    /// Our own `x-sum`.
    Sum(Sum),
    /// Our own `x-same-length`.
    SameLength(SameLength),
    /// Our own `x-warning`.
    Warning(String),
}

/// A rule about arrays.
pub(crate) enum ArrayRule {
    Count {
        min_items: u64,
        max_items: Option<u64>,
    },
    Unique,
    Items {
        prefix: Vec<Id>,
        rest: Option<Id>,
    },
    Contains {
        schema: Id,
        min_contains: u64,
        max_contains: Option<u64>,
    },
    Unevaluated(Id),
}

/// A rule about objects.
pub(crate) enum ObjectRule {
    Required(Vec<String>),
    Members {
        properties: Properties,
        patterns: Vec<(Pattern, Id)>,
        additional: Option<Id>,
    },
    Names(Id),
    MinProperties(u64),
    MaxProperties(u64),
    DependentRequired(Vec<(String, Vec<String>)>),
    DependentSchemas(Vec<(String, Id)>),
    Unevaluated(Id),
}

/// A rule that applies other schemas to the same value.
pub(crate) enum LogicRule {
    AllOf(Vec<Id>),
    AnyOf(Vec<Id>, Option<Tags>),
    OneOf(Vec<Id>, Option<Tags>),
    Not(Id),
    If {
        condition: Id,
        then: Option<Id>,
        otherwise: Option<Id>,
        /// The condition in words, for messages.
        title: Option<String>,
    },
    Ref(Id),
    DynamicRef {
        anchor: String,
        initial: Id,
    },
}

/// The schemas of the members that an object's schema names.
#[derive(Default)]
pub(crate) struct Properties {
    pub list: Vec<(String, Id)>,
    by_name: HashMap<String, usize>,
}

impl Properties {
    pub fn new(list: Vec<(String, Id)>) -> Self {
        let names = list.iter().enumerate();
        let by_name = names.map(|(at, (name, _))| (name.clone(), at));
        Self {
            by_name: by_name.collect(),
            list,
        }
    }

    pub fn get(&self, name: &str) -> Option<Id> {
        self.by_name.get(name).map(|at| self.list[*at].1)
    }
}

/// What a rule applies another schema to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    /// The same value.
    Same,
    /// Its items, members, or their names.
    Parts,
}

impl Rule {
    /// The schemas that the rule applies, and to what.
    pub fn applied(&self) -> (To, Vec<Id>) {
        match self {
            Self::Never
            | Self::Type(_)
            | Self::Enum(_)
            | Self::Const(_)
            | Self::Number(..)
            | Self::Text(_)
            | Self::Size(_)
            | Self::Sum(_)
            | Self::SameLength(_)
            | Self::Warning(_) => (To::Same, Vec::new()),
            Self::Array(rule) => (To::Parts, rule.applied()),
            Self::Object(ObjectRule::DependentSchemas(schemas)) => {
                (To::Same, schemas.iter().map(|(_, id)| *id).collect())
            }
            Self::Object(rule) => (To::Parts, rule.applied()),
            Self::Logic(rule) => (To::Same, rule.applied()),
        }
    }

    /// What the rule itself has, apart from the schemas that it applies.
    pub fn reach(&self) -> Reach {
        let mut reach = Reach::default();
        // Every rule is named, so that a new one has to be thought about.
        match self {
            Self::Text(text) => {
                reach.may_give_up = text.pattern.as_ref().is_some_and(Pattern::may_give_up);
            }
            Self::Array(ArrayRule::Unevaluated(_)) | Self::Object(ObjectRule::Unevaluated(_)) => {
                reach.tracks = true;
            }
            Self::Object(ObjectRule::Members { patterns, .. }) => {
                reach.may_give_up = patterns.iter().any(|(pattern, _)| pattern.may_give_up());
            }
            Self::Logic(LogicRule::DynamicRef { .. }) => reach.is_dynamic = true,
            Self::Array(
                ArrayRule::Count { .. }
                | ArrayRule::Unique
                | ArrayRule::Items { .. }
                | ArrayRule::Contains { .. },
            )
            | Self::Object(
                ObjectRule::Required(_)
                | ObjectRule::Names(_)
                | ObjectRule::MinProperties(_)
                | ObjectRule::MaxProperties(_)
                | ObjectRule::DependentRequired(_)
                | ObjectRule::DependentSchemas(_),
            )
            | Self::Logic(
                LogicRule::AllOf(_)
                | LogicRule::AnyOf(..)
                | LogicRule::OneOf(..)
                | LogicRule::Not(_)
                | LogicRule::If { .. }
                | LogicRule::Ref(_),
            )
            | Self::Never
            | Self::Type(_)
            | Self::Enum(_)
            | Self::Const(_)
            | Self::Number(..)
            | Self::Size(_)
            | Self::Sum(_)
            | Self::SameLength(_)
            | Self::Warning(_) => {}
        }
        reach
    }

    /// The schemas of which a value has to break one to break the rule; `None` where it may
    /// break the rule itself.
    pub fn breaks_by(&self) -> Option<Vec<Id>> {
        match self {
            Self::Warning(_) => Some(Vec::new()),
            Self::Object(rule @ ObjectRule::Members { .. }) => Some(rule.applied()),
            Self::Logic(rule) => rule.breaks_by(),
            Self::Never
            | Self::Type(_)
            | Self::Enum(_)
            | Self::Const(_)
            | Self::Number(..)
            | Self::Text(_)
            | Self::Size(_)
            | Self::Array(_)
            | Self::Object(_)
            | Self::Sum(_)
            | Self::SameLength(_) => None,
        }
    }

    /// The keywords that state the rule, if they apply no other schema.
    pub fn keywords(&self) -> Option<&'static [&'static str]> {
        Some(match self {
            Self::Type(_) => &["type"],
            Self::Enum(_) => &["enum"],
            Self::Const(_) => &["const"],
            Self::Number(bound, _) => std::slice::from_ref(&bound.keyword),
            Self::Text(_) => &["minLength", "maxLength", "pattern", "x-format"],
            Self::Size(_) => &["x-area", "x-side", "x-aspect-ratio"],
            Self::Array(ArrayRule::Count { .. }) => &["minItems", "maxItems"],
            Self::Array(ArrayRule::Unique) => &["uniqueItems"],
            Self::Object(ObjectRule::MinProperties(_)) => &["minProperties"],
            Self::Object(ObjectRule::MaxProperties(_)) => &["maxProperties"],
            Self::Sum(_) => &["x-sum"],
            Self::SameLength(_) => &["x-same-length"],
            Self::Never | Self::Array(_) | Self::Object(_) | Self::Logic(_) | Self::Warning(_) => {
                return None;
            }
        })
    }
}

impl ArrayRule {
    fn applied(&self) -> Vec<Id> {
        match self {
            Self::Count { .. } | Self::Unique => Vec::new(),
            Self::Items { prefix, rest } => prefix.iter().chain(rest).copied().collect(),
            Self::Contains { schema, .. } | Self::Unevaluated(schema) => vec![*schema],
        }
    }
}

impl ObjectRule {
    fn applied(&self) -> Vec<Id> {
        match self {
            Self::Required(_)
            | Self::MinProperties(_)
            | Self::MaxProperties(_)
            | Self::DependentRequired(_) => Vec::new(),
            Self::Members {
                properties,
                patterns,
                additional,
            } => {
                let named = properties.list.iter().map(|(_, id)| id);
                let matching = patterns.iter().map(|(_, id)| id);
                named.chain(matching).chain(additional).copied().collect()
            }
            Self::DependentSchemas(schemas) => schemas.iter().map(|(_, id)| *id).collect(),
            Self::Names(schema) | Self::Unevaluated(schema) => vec![*schema],
        }
    }
}

impl LogicRule {
    fn breaks_by(&self) -> Option<Vec<Id>> {
        match self {
            Self::AllOf(ids) => Some(ids.clone()),
            Self::Ref(id) => Some(vec![*id]),
            Self::If {
                then, otherwise, ..
            } => Some([then, otherwise].into_iter().flatten().copied().collect()),
            Self::AnyOf(..) | Self::OneOf(..) | Self::Not(_) | Self::DynamicRef { .. } => None,
        }
    }

    fn applied(&self) -> Vec<Id> {
        match self {
            Self::AllOf(ids) | Self::AnyOf(ids, _) | Self::OneOf(ids, _) => ids.clone(),
            Self::Not(id) | Self::Ref(id) => vec![*id],
            Self::DynamicRef { initial, .. } => vec![*initial],
            Self::If {
                condition,
                then,
                otherwise,
                ..
            } => [Some(*condition), *then, *otherwise]
                .into_iter()
                .flatten()
                .collect(),
        }
    }
}

/// JSON Schema's types.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `integer`
    Integer,
    /// `number`
    Number,
    /// `string`
    String,
    /// `array`
    Array,
    /// `object`
    Object,
}

impl Type {
    pub(crate) fn from_value(name: &Value) -> Option<Self> {
        name.is_string().then(|| Self::deserialize(name).ok())?
    }

    pub(crate) fn article(self) -> &'static str {
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

    #[inline]
    pub(crate) fn is_type_of(self, look: &JsonRef<'_>) -> bool {
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
