//! Checks a value against compiled schemas and reports what is wrong.

use std::collections::BTreeSet;

use crate::stack;
use crate::validate::report::Report;
use crate::validate::rules::compiled::CompiledSchema;
use crate::validate::rules::memo::{self, GaveUp, Memo, ScopeId};
use crate::validate::rules::rule::{Id, Rule, Type};
use crate::validate::text::Text;
use crate::value::json_view::{JsonRef, JsonView, same};
use crate::value::path::Path;

/// How deeply schemas may apply each other while a value is checked. In unoptimised code
/// the stack may be exhausted sooner.
const DEEPEST: usize = 500;

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
    pub rules: CompiledSchema<'r>,
    pub value: &'v dyn JsonView,
    pub at: Path<'v>,
    pub context: Context<'r>,
}

/// How a schema was reached.
#[derive(Clone, Copy)]
pub(crate) struct Context<'r> {
    /// The schema resources entered so far.
    pub scope: ScopeId,
    /// How many arrays and objects the value is nested in.
    pub depth: usize,
    /// How many schemas are being applied, each by the one before.
    pub applied: usize,
    pub memo: &'r Memo<Option<Evaluated>>,
}

impl CompiledSchema<'_> {
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
        let memo = Memo::default();
        let context = Context {
            scope: 0,
            depth: 0,
            applied: 0,
            memo: &memo,
        };
        let measured = stack::measured();
        let checked = self.apply(self.start, value, at, context, report);
        drop(measured);
        report.forget_explained();
        match memo.gave_up() {
            None => checked.map(drop),
            // The pattern is named where it was given up.
            Some(GaveUp::Pattern) if checked.is_none() && !report.violations().is_empty() => None,
            Some(GaveUp::Pattern) => {
                let expected = "a value whose patterns can be matched in fewer steps";
                report.violation(at, "pattern", value, expected)
            }
            Some(GaveUp::Depth) => {
                let expected = "a value that is checked by fewer schemas within each other";
                report.violation(at, "$ref", value, expected)
            }
        }
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
        if report.records_nothing() && self.only_warns(id) {
            return Some(Evaluated::default());
        }
        if context.applied >= DEEPEST || stack::is_exhausted() {
            context.memo.give_up(GaveUp::Depth);
        }
        // Without a verdict all that is left to do is to return.
        if context.memo.gave_up().is_some() {
            return None;
        }
        if context.memo.is_idle() {
            return self.evaluate(id, value, at, context, report);
        }
        let place = memo::place(id, value, context.depth, context.scope);
        match report.records_nothing() {
            true => self.known(place, (id, value, at, context)),
            // What was explained before is not explained again.
            false if report.was_explained(place) => self.known(place, (id, value, at, context)),
            false => self.evaluate(id, value, at, context, report),
        }
    }

    /// The verdict, which is remembered.
    fn known(
        &self,
        place: memo::Place,
        (id, value, at, context): (Id, &dyn JsonView, Path<'_>, Context<'_>),
    ) -> Option<Evaluated> {
        if let Some(known) = context.memo.get(place) {
            return known;
        }
        let report = &mut Report::verdict_only();
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
        let schema = self.schema(id);
        let scope = match self.is_static {
            true => 0,
            false => context.memo.enter(context.scope, schema.resource),
        };
        let visit = Visit {
            rules: *self,
            value,
            at,
            context: Context {
                scope,
                applied: context.applied + 1,
                ..context
            },
        };
        match self.tracks {
            true => visit.check_tracked(&schema.rules, report),
            false => visit.check_all(&schema.rules, report),
        }
    }
}

impl Visit<'_, '_> {
    /// Checks rules that may depend on what others have evaluated.
    fn check_tracked(&self, rules: &[Rule], report: &mut Report) -> Option<Evaluated> {
        let nothing = Evaluated::default();
        let mut evaluated = Some(Evaluated::default());
        for rule in rules {
            let sofar = evaluated.as_ref().unwrap_or(&nothing);
            match (self.rule(rule, sofar, report), &mut evaluated) {
                (Some(more), Some(all)) => all.join(more),
                // More than the verdict is not wanted.
                _ if report.ignores_violations() => return None,
                _ => evaluated = None,
            }
        }
        evaluated
    }

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
            Rule::Type(types) if is_typed(types, value) => Some(()),
            Rule::Enum(listed) if listed.has(value) => Some(()),
            Rule::Const(constant) if same(constant, value) => Some(()),
            Rule::Type(_) | Rule::Enum(_) | Rule::Const(_) if report.ignores_violations() => None,
            Rule::Type(types) => report.violation(at, "type", value, in_words(types)),
            Rule::Enum(listed) => report.violation(at, "enum", value, listed.in_words()),
            Rule::Const(constant) => report.violation(at, "const", value, constant.to_value()),
            Rule::Number(bound, limit) => match value.as_json() {
                JsonRef::Number(number) => bound.check(limit, &number, at, report),
                _ => Some(()),
            },
            Rule::Text(rules) => match value.as_json() {
                JsonRef::String(text) => self.text(rules, &text, report),
                _ => Some(()),
            },
            Rule::Size(rules) => match value.as_json() {
                JsonRef::String(text) => rules.check_text(&text, at, report).map(drop),
                _ => Some(()),
            },
            Rule::Sum(sum) => sum.check(value, at, report),
            Rule::SameLength(same) => same.check(value, at, report),
            Rule::Warning(message) => {
                report.warning(at, message);
                Some(())
            }
            Rule::Logic(rule) => return self.logic_rule(rule, report),
            Rule::Array(rule) => match value.as_json() {
                JsonRef::Array(items) => return self.array_rule(rule, items, sofar, report),
                _ => Some(()),
            },
            Rule::Object(rule) => match value.as_json() {
                JsonRef::Object(members) => return self.object_rule(rule, members, sofar, report),
                _ => Some(()),
            },
        };
        checked.map(|()| Evaluated::default())
    }

    fn text(&self, rules: &Text, text: &str, report: &mut Report) -> Option<()> {
        let checked = rules.check_text(text, self.at, report);
        if checked.is_none() && rules.gives_up(text) {
            self.context.memo.give_up(GaveUp::Pattern);
        }
        checked
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

fn is_typed(types: &[Type], value: &dyn JsonView) -> bool {
    let look = value.as_json();
    types.iter().any(|kind| kind.is_type_of(&look))
}

fn in_words(types: &[Type]) -> String {
    let names: Vec<&str> = types.iter().map(|kind| kind.article()).collect();
    names.join(" or ")
}
