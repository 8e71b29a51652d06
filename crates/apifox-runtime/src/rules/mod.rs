//! The rules of a schema that no type can say, checked on an instance.
//!
//! A [`Guard`](crate::Guard) is compiled from the schema's own JSON when it is
//! first needed. Every keyword becomes one [`Rule`]; what a rule asks of a value
//! is in the file of its kind, and is the same code that the types use.

mod array;
mod compile;
mod length;
mod logic;
mod memo;
mod object;
mod plan;
mod quick;
mod resolve;
mod sum;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::Number;

use crate::dimensions::SizeRules;
use crate::node::Node;
use crate::number;
use crate::path::Path;
use crate::pattern::Matcher;
use crate::report::Report;
use crate::text::Text;
use crate::view::{self, Look, View};

pub use compile::{Draft, Unsupported};
pub(crate) use resolve::Resources;

use length::SameLength;
use memo::Memo;
use plan::Plan;
pub use plan::{Member, Place, Test};
use sum::Sum;

/// A schema's place in [`Rules`].
pub(crate) type Id = usize;

/// A compiled schema, with all that it refers to.
pub(crate) struct Rules {
    schemas: Vec<Schema>,
    /// Where each schema stands in its document.
    pointers: Vec<String>,
    /// The dynamic anchors of each schema resource.
    dynamic_anchors: Vec<Vec<(String, Id)>>,
    /// The schema that instances are checked against.
    start: Id,
    /// Whether no schema has a dynamic anchor: the way to a schema has no say in what
    /// it means.
    is_static: bool,
    /// Whether some schema asks what others have left unevaluated.
    tracks: bool,
    /// How to tell that a value keeps to the rules, once somebody has asked.
    plan: OnceLock<Plan>,
}

#[derive(Default)]
struct Schema {
    rules: Vec<Rule>,
    /// The schema resource it belongs to, for `$dynamicRef`.
    resource: usize,
    /// Whether no value breaks it, and nobody asks what it has evaluated: it matters
    /// to warnings alone.
    only_warns: bool,
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
        patterns: Vec<(Matcher, Id)>,
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

impl Rule {
    /// The keywords that say it, all of them, if they apply no schema.
    fn keywords(&self) -> Option<&'static [&'static str]> {
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

    fn is_type_of(self, look: &Look<'_>) -> bool {
        match (self, look) {
            (Self::Null, Look::Null)
            | (Self::Boolean, Look::Bool(_))
            | (Self::Number, Look::Number(_))
            | (Self::String, Look::String(_))
            | (Self::Array, Look::Array(_))
            | (Self::Object, Look::Object(_)) => true,
            (Self::Integer, Look::Number(number)) => number::is_integer(number),
            _ => false,
        }
    }
}

/// The members or items that some rule has looked at, by index; none are noted
/// where no schema asks what is left ([`Rules::tracks`]).
#[derive(Clone, Debug, Default)]
struct Evaluated(Option<BTreeSet<usize>>);

impl Evaluated {
    fn has(&self, index: usize) -> bool {
        self.0.as_ref().is_some_and(|it| it.contains(&index))
    }

    fn add(&mut self, index: usize) {
        self.0.get_or_insert_default().insert(index);
    }

    fn join(&mut self, more: Self) {
        if let Some(more) = more.0 {
            self.0.get_or_insert_default().extend(more);
        }
    }
}

/// One value under one schema.
struct Visit<'r, 'v> {
    rules: &'r Rules,
    value: &'v dyn View,
    at: Path<'v>,
    way: Way<'r>,
}

/// How a schema was come to.
#[derive(Clone, Copy)]
struct Way<'r> {
    /// The resources entered on the way here.
    scope: Option<&'r Scope<'r>>,
    /// How many arrays and objects the value is within.
    depth: usize,
    memo: &'r Memo,
}

/// A schema resource that was entered, and those around it.
struct Scope<'r> {
    resource: usize,
    outer: Option<&'r Scope<'r>>,
}

impl Scope<'_> {
    /// The resources entered, the innermost first.
    fn iter(&self) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(self), |it| it.outer).map(|it| it.resource)
    }
}

impl Rules {
    /// What to ask of a value to tell whether it keeps to the rules; `None` where what a
    /// schema means depends on the way to it.
    fn plan(&self) -> Option<&Plan> {
        let is_plain = self.is_static && !self.tracks;
        let new_plan = || Plan::new(&self.schemas, self.start);
        is_plain.then(|| self.plan.get_or_init(new_plan))
    }

    /// The same, if it is one test and not several that refer to each other.
    pub(crate) fn test(&self) -> Option<&Test> {
        let plan = self.plan()?;
        plan.shared.is_empty().then_some(&plan.start)
    }

    /// The schema that has a rule, as a JSON pointer, and the keywords that say it; `None`
    /// where they apply other schemas.
    pub(crate) fn source(&self, place: Place) -> Option<(&str, &'static [&'static str])> {
        let pointer = self.pointers.get(place.0)?;
        Some((pointer, self.rule(place).keywords()?))
    }

    fn rule(&self, Place(schema, rule): Place) -> &Rule {
        &self.schemas[schema].rules[rule]
    }

    /// Whether `value` keeps to the rules; why not does not matter.
    pub(crate) fn holds(&self, value: &dyn View) -> bool {
        let check = || self.check_all(value, Path::ROOT, &mut Report::silent());
        self.holds_quickly(value)
            .unwrap_or_else(|| check().is_some())
    }

    /// Whether `value` keeps to the rules; each one that it breaks is reported.
    pub(crate) fn check(&self, value: &dyn View, at: Path<'_>, report: &mut Report) -> Option<()> {
        match report.is_deaf() {
            true => self.holds(value).then_some(()),
            false => self.check_all(value, at, report),
        }
    }

    fn check_all(&self, value: &dyn View, at: Path<'_>, report: &mut Report) -> Option<()> {
        let way = Way {
            scope: None,
            depth: 0,
            memo: &Memo::default(),
        };
        self.apply(self.start, value, at, way, report).map(drop)
    }

    /// Applies one schema: what it has evaluated, or `None` when it is broken.
    fn apply(
        &self,
        id: Id,
        value: &dyn View,
        at: Path<'_>,
        way: Way<'_>,
        report: &mut Report,
    ) -> Option<Evaluated> {
        if report.is_deaf() && self.schemas[id].only_warns {
            return Some(Evaluated::default());
        }
        // Where the way to a schema has a say in what it means there is no knowing.
        let is_plain = report.is_deaf() && self.is_static;
        // Names of members are scalars in a place that is used again.
        let is_nested = || matches!(value.look(), Look::Array(_) | Look::Object(_));
        if !is_plain || way.memo.is_idle() || !is_nested() {
            return self.evaluate(id, value, at, way, report);
        }
        let place = memo::place(id, value, way.depth);
        if let Some(known) = way.memo.get(place) {
            return known;
        }
        let evaluated = self.evaluate(id, value, at, way, report);
        way.memo.insert(place, evaluated.clone());
        evaluated
    }

    fn evaluate(
        &self,
        id: Id,
        value: &dyn View,
        at: Path<'_>,
        way: Way<'_>,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let schema = &self.schemas[id];
        let entered = Scope {
            resource: schema.resource,
            outer: way.scope,
        };
        let is_inside = way.scope.is_some_and(|it| it.resource == schema.resource);
        let visit = Visit {
            rules: self,
            value,
            at,
            way: Way {
                scope: if is_inside { way.scope } else { Some(&entered) },
                ..way
            },
        };
        if !self.tracks {
            return visit.check_all(&schema.rules, report);
        }
        let nothing = Evaluated::default();
        let mut evaluated = Some(Evaluated::default());
        for rule in &schema.rules {
            let sofar = evaluated.as_ref().unwrap_or(&nothing);
            match (visit.rule(rule, sofar, report), &mut evaluated) {
                (Some(more), Some(all)) => all.join(more),
                // Nobody asks for more than that the value does not fit.
                _ if report.is_silent() => return None,
                _ => evaluated = None,
            }
        }
        evaluated
    }
}

impl Visit<'_, '_> {
    /// Checks rules of which none asks what the others have evaluated.
    fn check_all(&self, rules: &[Rule], report: &mut Report) -> Option<Evaluated> {
        let nothing = Evaluated::default();
        let mut holds = true;
        for rule in rules {
            holds &= self.rule(rule, &nothing, report).is_some();
            // Nobody asks for more than that the value does not fit.
            if !holds && report.is_silent() {
                return None;
            }
        }
        holds.then_some(nothing)
    }

    /// Checks one rule; `sofar` is what the rules before it have evaluated.
    fn rule(&self, rule: &Rule, sofar: &Evaluated, report: &mut Report) -> Option<Evaluated> {
        let (value, at) = (self.value, self.at);
        let checked = match rule {
            Rule::Never => report.violation(at, "false", value, "no value at all"),
            Rule::Type(types) => check_type(types, value, at, report),
            Rule::Enum(values) => check_enum(values, value, at, report),
            Rule::Const(constant) if view::same(constant, value) => Some(()),
            Rule::Const(_) if report.is_silent() => None,
            Rule::Const(constant) => report.violation(at, "const", value, constant.to_value()),
            Rule::Sum(sum) => sum.check(value, at, report),
            Rule::SameLength(same) => same.check(value, at, report),
            Rule::Warning(message) => {
                report.warning(at, message);
                Some(())
            }
            Rule::AllOf(_)
            | Rule::AnyOf(_)
            | Rule::OneOf(_)
            | Rule::Not(_)
            | Rule::If { .. }
            | Rule::Ref(_)
            | Rule::DynamicRef { .. } => return self.logic_rule(rule, report),
            _ => match value.look() {
                Look::Array(items) => return self.array_rule(rule, items, sofar, report),
                Look::Object(members) => return self.object_rule(rule, members, sofar, report),
                Look::Number(number) => check_number(rule, &number, at, report),
                Look::String(text) => check_text(rule, &text, at, report),
                Look::Null | Look::Bool(_) => Some(()),
            },
        };
        checked.map(|()| Evaluated::default())
    }

    /// Applies another schema to the same value.
    fn here(&self, id: Id, report: &mut Report) -> Option<Evaluated> {
        self.rules.apply(id, self.value, self.at, self.way, report)
    }

    /// Whether the value fits another schema; why not does not matter.
    fn fits(&self, id: Id) -> Option<Evaluated> {
        self.here(id, &mut Report::silent())
    }

    /// Applies another schema to a part of the value.
    fn below(&self, id: Id, value: &dyn View, at: Path<'_>, report: &mut Report) -> bool {
        let way = Way {
            depth: self.way.depth + 1,
            ..self.way
        };
        self.rules.apply(id, value, at, way, report).is_some()
    }
}

fn check_number(rule: &Rule, number: &Number, at: Path<'_>, report: &mut Report) -> Option<()> {
    match rule {
        Rule::Minimum(limit) => number::at_least(limit, number, at, report),
        Rule::Maximum(limit) => number::at_most(limit, number, at, report),
        Rule::ExclusiveMinimum(limit) => number::more_than(limit, number, at, report),
        Rule::ExclusiveMaximum(limit) => number::less_than(limit, number, at, report),
        Rule::MultipleOf(divisor) => number::multiple_of(divisor, number, at, report),
        _ => Some(()),
    }
}

fn check_text(rule: &Rule, text: &str, at: Path<'_>, report: &mut Report) -> Option<()> {
    match rule {
        Rule::Text(rules) => rules.check_text(text, at, report),
        Rule::Size(rules) => rules.check_text(text, at, report).map(drop),
        _ => Some(()),
    }
}

fn check_type(types: &[Type], value: &dyn View, at: Path<'_>, report: &mut Report) -> Option<()> {
    let look = value.look();
    if types.iter().any(|it| it.is_type_of(&look)) {
        return Some(());
    }
    if report.is_silent() {
        return None;
    }
    let names: Vec<&str> = types.iter().map(|it| it.article()).collect();
    report.violation(at, "type", value, names.join(" or "))
}

fn check_enum(
    values: &[Node<'static>],
    value: &dyn View,
    at: Path<'_>,
    report: &mut Report,
) -> Option<()> {
    if values.iter().any(|it| view::same(it, value)) {
        return Some(());
    }
    if report.is_silent() {
        return None;
    }
    let values: Vec<String> = values.iter().map(|it| it.to_value().to_string()).collect();
    let expected = format_args!("one of {}", values.join(", "));
    report.violation(at, "enum", value, expected)
}
