//! Checks a value against compiled schemas and reports what is wrong.

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

/// The indexes of the members or items that rules have evaluated; empty unless that
/// matters ([`CompiledSchema::tracks`]).
#[derive(Clone, Debug, Default)]
pub(crate) struct Evaluated(Option<BTreeSet<usize>>);

impl Evaluated {
    pub fn has(&self, index: usize) -> bool {
        self.0
            .as_ref()
            .is_some_and(|indexes| indexes.contains(&index))
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
    pub context: Context<'r>,
}

/// How a schema was reached.
#[derive(Clone, Copy)]
pub(crate) struct Context<'r> {
    /// The schema resources entered so far.
    pub scope: Option<&'r Scope<'r>>,
    /// How many arrays and objects the value is nested in.
    pub depth: usize,
    pub memo: &'r Memo<Option<Evaluated>>,
}

/// A schema resource that was entered, and those entered before it.
pub(crate) struct Scope<'r> {
    resource: usize,
    outer: Option<&'r Scope<'r>>,
}

impl Scope<'_> {
    /// The resources entered, the innermost first.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(self), |scope| scope.outer).map(|scope| scope.resource)
    }
}

impl CompiledSchema {
    /// Whether the schema accepts `value`.
    pub(crate) fn accepts(&self, value: &dyn JsonView) -> bool {
        let checked = self.check(value, Path::ROOT, &mut Report::verdict_only());
        checked.is_some()
    }

    /// Whether the schema accepts `value`; each rule that it breaks is reported.
    pub(crate) fn check(
        &self,
        value: &dyn JsonView,
        at: Path<'_>,
        report: &mut Report,
    ) -> Option<()> {
        let context = Context {
            scope: None,
            depth: 0,
            memo: &Memo::default(),
        };
        self.apply(self.start, value, at, context, report).map(drop)
    }

    /// Applies one schema: what it evaluated, or `None` where the value breaks it.
    fn apply(
        &self,
        id: Id,
        value: &dyn JsonView,
        at: Path<'_>,
        context: Context<'_>,
        report: &mut Report,
    ) -> Option<Evaluated> {
        if report.records_nothing() && self.schemas[id].only_warns {
            return Some(Evaluated::default());
        }
        // Results can be reused only where they don't depend on how a schema was reached.
        let is_plain = report.records_nothing() && self.is_static;
        // Member names are scalars whose address is used again.
        let is_nested = || matches!(value.as_json(), JsonRef::Array(_) | JsonRef::Object(_));
        if !is_plain || context.memo.is_idle() || !is_nested() {
            return self.evaluate(id, value, at, context, report);
        }
        let place = memo::place(id, value, context.depth);
        if let Some(known) = context.memo.get(place) {
            return known;
        }
        let evaluated = self.evaluate(id, value, at, context, report);
        context.memo.insert(place, evaluated.clone());
        evaluated
    }

    fn evaluate(
        &self,
        id: Id,
        value: &dyn JsonView,
        at: Path<'_>,
        context: Context<'_>,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let schema = &self.schemas[id];
        let entered = Scope {
            resource: schema.resource,
            outer: context.scope,
        };
        let is_inside = context
            .scope
            .is_some_and(|scope| scope.resource == schema.resource);
        let visit = Visit {
            rules: self,
            value,
            at,
            context: Context {
                scope: if is_inside {
                    context.scope
                } else {
                    Some(&entered)
                },
                ..context
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
                // More than the verdict is not wanted.
                _ if report.ignores_violations() => return None,
                _ => evaluated = None,
            }
        }
        evaluated
    }
}

impl Visit<'_, '_> {
    /// Checks rules where it does not matter what was evaluated.
    fn check_all(&self, rules: &[Rule], report: &mut Report) -> Option<Evaluated> {
        let nothing = Evaluated::default();
        let mut holds = true;
        for rule in rules {
            holds &= self.rule(rule, &nothing, report).is_some();
            // More than the verdict is not wanted.
            if !holds && report.ignores_violations() {
                return None;
            }
        }
        holds.then_some(nothing)
    }

    /// Checks one rule; `sofar` is what earlier rules have evaluated.
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
            Rule::Const(_) if report.ignores_violations() => None,
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
        self.rules
            .apply(id, self.value, self.at, self.context, report)
    }

    /// Applies another schema to the same value, and reports nothing.
    pub(crate) fn fits(&self, id: Id) -> Option<Evaluated> {
        self.here(id, &mut Report::verdict_only())
    }

    /// Applies another schema to a part of the value.
    pub(crate) fn below(
        &self,
        id: Id,
        value: &dyn JsonView,
        at: Path<'_>,
        report: &mut Report,
    ) -> bool {
        let context = Context {
            depth: self.context.depth + 1,
            ..self.context
        };
        self.rules.apply(id, value, at, context, report).is_some()
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
    if types.iter().any(|kind| kind.is_type_of(&look)) {
        return Some(());
    }
    if report.ignores_violations() {
        return None;
    }
    let names: Vec<&str> = types.iter().map(|kind| kind.article()).collect();
    report.violation(at, "type", value, names.join(" or "))
}

fn check_enum(
    values: &[Node<'static>],
    value: &dyn JsonView,
    at: Path<'_>,
    report: &mut Report,
) -> Option<()> {
    if values.iter().any(|listed| same(listed, value)) {
        return Some(());
    }
    if report.ignores_violations() {
        return None;
    }
    let values: Vec<String> = values
        .iter()
        .map(|listed| listed.to_value().to_string())
        .collect();
    let expected = format_args!("one of {}", values.join(", "));
    report.violation(at, "enum", value, expected)
}
