//! Checks a value against compiled schemas and says what is wrong.

use std::collections::BTreeSet;

use serde_json::Number;

use crate::validate::bounds::{at_least, at_most, less_than, more_than, multiple_of};
use crate::validate::report::Report;
use crate::validate::rules::compiled::CompiledSchema;
use crate::validate::rules::memo::{self, Memo};
use crate::validate::rules::rule::{Id, Rule, Type};
use crate::value::json_view::{JsonRef, JsonView, same};
use crate::value::node::Node;
use crate::value::path::Path;

/// The members or items that some rule has looked at, by index; none are noted
/// where no schema asks what is left ([`CompiledSchema::tracks`]).
#[derive(Clone, Debug, Default)]
pub(crate) struct Evaluated(Option<BTreeSet<usize>>);

impl Evaluated {
    pub fn has(&self, index: usize) -> bool {
        self.0.as_ref().is_some_and(|it| it.contains(&index))
    }

    pub fn add(&mut self, index: usize) {
        self.0.get_or_insert_default().insert(index);
    }

    pub fn join(&mut self, more: Self) {
        if let Some(more) = more.0 {
            self.0.get_or_insert_default().extend(more);
        }
    }
}

/// One value under one schema.
pub(crate) struct Visit<'r, 'v> {
    pub rules: &'r CompiledSchema,
    pub value: &'v dyn JsonView,
    pub at: Path<'v>,
    pub way: Way<'r>,
}

/// How a schema was come to.
#[derive(Clone, Copy)]
pub(crate) struct Way<'r> {
    /// The resources entered on the way here.
    pub scope: Option<&'r Scope<'r>>,
    /// How many arrays and objects the value is within.
    pub depth: usize,
    pub memo: &'r Memo<Option<Evaluated>>,
}

/// A schema resource that was entered, and those around it.
pub(crate) struct Scope<'r> {
    resource: usize,
    outer: Option<&'r Scope<'r>>,
}

impl Scope<'_> {
    /// The resources entered, the innermost first.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(self), |it| it.outer).map(|it| it.resource)
    }
}

impl CompiledSchema {
    /// Whether `value` keeps to the rules; why not does not matter.
    pub(crate) fn accepts(&self, value: &dyn JsonView) -> bool {
        let check = || self.check_all(value, Path::ROOT, &mut Report::silent());
        self.accepts_quickly(value)
            .unwrap_or_else(|| check().is_some())
    }

    /// Whether `value` keeps to the rules; each one that it breaks is reported.
    pub(crate) fn check(
        &self,
        value: &dyn JsonView,
        at: Path<'_>,
        report: &mut Report,
    ) -> Option<()> {
        match report.is_deaf() {
            true => self.accepts(value).then_some(()),
            false => self.check_all(value, at, report),
        }
    }

    fn check_all(&self, value: &dyn JsonView, at: Path<'_>, report: &mut Report) -> Option<()> {
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
        value: &dyn JsonView,
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
        let is_nested = || matches!(value.as_json(), JsonRef::Array(_) | JsonRef::Object(_));
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
        value: &dyn JsonView,
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
    pub(crate) fn rule(
        &self,
        rule: &Rule,
        sofar: &Evaluated,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let (value, at) = (self.value, self.at);
        let checked = match rule {
            Rule::Never => report.violation(at, "false", value, "no value at all"),
            Rule::Type(types) => check_type(types, value, at, report),
            Rule::Enum(values) => check_enum(values, value, at, report),
            Rule::Const(constant) if same(constant, value) => Some(()),
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
            _ => match value.as_json() {
                JsonRef::Array(items) => return self.array_rule(rule, items, sofar, report),
                JsonRef::Object(members) => return self.object_rule(rule, members, sofar, report),
                JsonRef::Number(number) => check_number(rule, &number, at, report),
                JsonRef::String(text) => check_text(rule, &text, at, report),
                JsonRef::Null | JsonRef::Bool(_) => Some(()),
            },
        };
        checked.map(|()| Evaluated::default())
    }

    /// Applies another schema to the same value.
    pub(crate) fn here(&self, id: Id, report: &mut Report) -> Option<Evaluated> {
        self.rules.apply(id, self.value, self.at, self.way, report)
    }

    /// Whether the value fits another schema; why not does not matter.
    pub(crate) fn fits(&self, id: Id) -> Option<Evaluated> {
        self.here(id, &mut Report::silent())
    }

    /// Applies another schema to a part of the value.
    pub(crate) fn below(
        &self,
        id: Id,
        value: &dyn JsonView,
        at: Path<'_>,
        report: &mut Report,
    ) -> bool {
        let way = Way {
            depth: self.way.depth + 1,
            ..self.way
        };
        self.rules.apply(id, value, at, way, report).is_some()
    }
}

pub(crate) fn check_number(
    rule: &Rule,
    number: &Number,
    at: Path<'_>,
    report: &mut Report,
) -> Option<()> {
    match rule {
        Rule::Minimum(limit) => at_least(limit, number, at, report),
        Rule::Maximum(limit) => at_most(limit, number, at, report),
        Rule::ExclusiveMinimum(limit) => more_than(limit, number, at, report),
        Rule::ExclusiveMaximum(limit) => less_than(limit, number, at, report),
        Rule::MultipleOf(divisor) => multiple_of(divisor, number, at, report),
        _ => Some(()),
    }
}

pub(crate) fn check_text(rule: &Rule, text: &str, at: Path<'_>, report: &mut Report) -> Option<()> {
    match rule {
        Rule::Text(rules) => rules.check_text(text, at, report),
        Rule::Size(rules) => rules.check_text(text, at, report).map(drop),
        _ => Some(()),
    }
}

fn check_type(
    types: &[Type],
    value: &dyn JsonView,
    at: Path<'_>,
    report: &mut Report,
) -> Option<()> {
    let look = value.as_json();
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
    value: &dyn JsonView,
    at: Path<'_>,
    report: &mut Report,
) -> Option<()> {
    if values.iter().any(|it| same(it, value)) {
        return Some(());
    }
    if report.is_silent() {
        return None;
    }
    let values: Vec<String> = values.iter().map(|it| it.to_value().to_string()).collect();
    let expected = format_args!("one of {}", values.join(", "));
    report.violation(at, "enum", value, expected)
}
