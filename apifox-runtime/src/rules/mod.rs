//! The rules of a schema that no type can say, checked on an instance.
//!
//! A [`Guard`](crate::Guard) is compiled from the schema's own JSON when it is
//! first needed. Every keyword becomes one [`Rule`]; what a rule asks of a value
//! is in the file of its kind, and is the same code that the types use.

mod array;
mod compile;
mod length;
mod logic;
mod object;
mod resolve;
mod sum;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use regress::Regex;
use serde_json::Number;

use crate::dimensions::SizeRules;
use crate::node::Node;
use crate::number;
use crate::path::Path;
use crate::report::Report;
use crate::text::Text;

pub use compile::{Draft, Unsupported};
pub(crate) use resolve::Resources;

use length::SameLength;
use sum::Sum;

/// A schema's place in [`Rules`].
pub(crate) type Id = usize;

/// A compiled schema, with all that it refers to.
pub(crate) struct Rules {
    schemas: Vec<Schema>,
    /// The dynamic anchors of each schema resource.
    dynamic_anchors: Vec<Vec<(String, Id)>>,
    /// The schema that instances are checked against.
    start: Id,
    /// Whether some schema asks what others have left unevaluated.
    tracks: bool,
}

#[derive(Default)]
struct Schema {
    rules: Vec<Rule>,
    /// The schema resource it belongs to, for `$dynamicRef`.
    resource: usize,
}

/// A keyword, or the few keywords that only make sense together.
enum Rule {
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
        patterns: Vec<(Regex, Id)>,
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
        /// What it means that the condition holds, in words.
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
    fn parse(name: &str) -> Option<Self> {
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

    fn article(self) -> &'static str {
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

    fn is_type_of(self, node: &Node<'_>) -> bool {
        match (self, node) {
            (Self::Null, Node::Null)
            | (Self::Boolean, Node::Bool(_))
            | (Self::Number, Node::Number(_))
            | (Self::String, Node::String(_))
            | (Self::Array, Node::Array(_))
            | (Self::Object, Node::Object(_)) => true,
            (Self::Integer, Node::Number(number)) => number::is_integer(number),
            _ => false,
        }
    }
}

/// What is known already of which value under which schema, by their places.
///
/// Alternatives within alternatives would otherwise be tried over and over, twice
/// as often with every level.
type Memo = RefCell<HashMap<(Id, usize), Option<Evaluated>, BuildHasherDefault<PlaceHasher>>>;

/// Mixes the two numbers of a place. Nobody who sends an instance chooses either.
#[derive(Default)]
struct PlaceHasher(u64);

impl Hasher for PlaceHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_usize(usize::from(*byte));
        }
    }

    fn write_usize(&mut self, number: usize) {
        /// The golden ratio's digits: multiplying by them spreads neighbours.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        self.0 = (self.0.rotate_left(23) ^ number as u64).wrapping_mul(SPREAD);
    }

    fn finish(&self) -> u64 {
        // The table looks at the highest bits and the lowest.
        self.0 ^ (self.0 >> 32)
    }
}

/// The members or items that some rule has looked at, by index; none are noted
/// where no schema asks what is left ([`Rules::tracks`]).
#[derive(Clone, Debug, Default)]
struct Evaluated(BTreeSet<usize>);

/// One value under one schema.
struct Visit<'r, 'n> {
    rules: &'r Rules,
    node: &'n Node<'n>,
    at: Path<'n>,
    /// The resources entered on the way here, the outermost first.
    scope: &'r [usize],
    memo: &'r Memo,
}

impl Rules {
    /// Whether `node` keeps to the rules; each one that it breaks is reported.
    pub(crate) fn check(&self, node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<()> {
        self.apply(self.start, node, at, (&[], &Memo::default()), report)
            .map(drop)
    }

    /// Applies one schema: what it has evaluated, or `None` when it is broken.
    fn apply(
        &self,
        id: Id,
        node: &Node<'_>,
        at: Path<'_>,
        (scope, memo): (&[usize], &Memo),
        report: &mut Report,
    ) -> Option<Evaluated> {
        // Only arrays and objects are worth remembering, and only where the way to a
        // schema has no say in what it means.
        let is_nested = matches!(node, Node::Array(_) | Node::Object(_));
        let place = (id, std::ptr::from_ref(node).addr());
        let is_remembered =
            is_nested && report.is_deaf() && self.dynamic_anchors.iter().all(Vec::is_empty);
        if is_remembered && let Some(known) = memo.borrow().get(&place) {
            return known.clone();
        }
        let evaluated = self.evaluate(id, node, at, (scope, memo), report);
        if is_remembered {
            memo.borrow_mut().insert(place, evaluated.clone());
        }
        evaluated
    }

    fn evaluate(
        &self,
        id: Id,
        node: &Node<'_>,
        at: Path<'_>,
        (scope, memo): (&[usize], &Memo),
        report: &mut Report,
    ) -> Option<Evaluated> {
        let schema = &self.schemas[id];
        let entered: Vec<usize>;
        let scope = if scope.last() == Some(&schema.resource) {
            scope
        } else {
            entered = scope.iter().copied().chain([schema.resource]).collect();
            &entered
        };
        let visit = Visit {
            rules: self,
            node,
            at,
            scope,
            memo,
        };
        let mut evaluated = Some(Evaluated::default());
        for rule in &schema.rules {
            let sofar = evaluated.clone().filter(|_| self.tracks);
            let sofar = sofar.unwrap_or_default();
            match (visit.rule(rule, &sofar, report), &mut evaluated) {
                (Some(more), Some(all)) => all.0.extend(more.0),
                _ => evaluated = None,
            }
        }
        evaluated
    }
}

impl<'n> Visit<'_, 'n> {
    /// Checks one rule; `sofar` is what the rules before it have evaluated.
    fn rule(&self, rule: &Rule, sofar: &Evaluated, report: &mut Report) -> Option<Evaluated> {
        let (node, at) = (self.node, self.at);
        let checked = match rule {
            Rule::Never => report.violation(at, "false", node, "no value at all"),
            Rule::Type(types) => check_type(types, node, at, report),
            Rule::Enum(values) => check_enum(values, node, at, report),
            Rule::Const(value) if value == node => Some(()),
            Rule::Const(_) if report.is_silent() => None,
            Rule::Const(value) => report.violation(at, "const", node, value.to_value()),
            Rule::Minimum(limit) => number::at_least(limit, node, at, report),
            Rule::Maximum(limit) => number::at_most(limit, node, at, report),
            Rule::ExclusiveMinimum(limit) => number::more_than(limit, node, at, report),
            Rule::ExclusiveMaximum(limit) => number::less_than(limit, node, at, report),
            Rule::MultipleOf(divisor) => number::multiple_of(divisor, node, at, report),
            Rule::Text(text) => match node {
                Node::String(_) => text.check(node, at, report).map(|_| ()),
                _ => Some(()),
            },
            Rule::Size(size) => match node {
                Node::String(_) => size.check(node, at, report).map(|_| ()),
                _ => Some(()),
            },
            Rule::Sum(sum) => sum.check(node, at, report),
            Rule::SameLength(same) => same.check(node, at, report),
            Rule::Warning(message) => {
                report.warning(at, message);
                Some(())
            }
            _ => return self.nested_rule(rule, sofar, report),
        };
        checked.map(|()| Evaluated::default())
    }

    /// Checks a rule that applies other schemas or counts.
    fn nested_rule(
        &self,
        rule: &Rule,
        sofar: &Evaluated,
        report: &mut Report,
    ) -> Option<Evaluated> {
        match rule {
            Rule::AllOf(_)
            | Rule::AnyOf(_)
            | Rule::OneOf(_)
            | Rule::Not(_)
            | Rule::If { .. }
            | Rule::Ref(_)
            | Rule::DynamicRef { .. } => self.logic_rule(rule, report),
            _ => match self.node {
                Node::Array(items) => self.array_rule(rule, items, sofar, report),
                Node::Object(members) => self.object_rule(rule, members, sofar, report),
                _ => Some(Evaluated::default()),
            },
        }
    }

    /// Applies another schema to the same value.
    fn here(&self, id: Id, report: &mut Report) -> Option<Evaluated> {
        let way = (self.scope, self.memo);
        self.rules.apply(id, self.node, self.at, way, report)
    }

    /// Whether the value fits another schema; why not does not matter.
    fn fits(&self, id: Id) -> Option<Evaluated> {
        self.here(id, &mut Report::silent())
    }

    /// Applies another schema to a part of the value.
    fn below(&self, id: Id, node: &Node<'_>, at: Path<'_>, report: &mut Report) -> bool {
        let way = (self.scope, self.memo);
        self.rules.apply(id, node, at, way, report).is_some()
    }
}

fn check_type(types: &[Type], node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<()> {
    if types.iter().any(|it| it.is_type_of(node)) {
        return Some(());
    }
    if report.is_silent() {
        return None;
    }
    let names: Vec<&str> = types.iter().map(|it| it.article()).collect();
    report.violation(at, "type", node, names.join(" or "))
}

fn check_enum(
    values: &[Node<'static>],
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
) -> Option<()> {
    if values.iter().any(|value| value == node) {
        return Some(());
    }
    if report.is_silent() {
        return None;
    }
    let values: Vec<String> = values.iter().map(|it| it.to_value().to_string()).collect();
    let expected = format_args!("one of {}", values.join(", "));
    report.violation(at, "enum", node, expected)
}
