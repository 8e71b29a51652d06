//! Whether a value keeps to the rules, and nothing else: most values do, and then
//! nobody asks where, why or what was evaluated.

use crate::codegen::predicates;
use crate::validate::report::Report;
use crate::validate::rules::compiled::CompiledSchema;
use crate::validate::rules::evaluate::{Evaluated, Visit, Way, check_number, check_text};
use crate::validate::rules::memo::Memo;
use crate::validate::rules::plan::{Plan, Predicate};
use crate::validate::rules::rule::Rule;
use crate::value::json_view::{self, JsonRef, JsonView};
use crate::value::path::Path;

/// How many tests are made at most: remembering what is known pays after that.
const MOST: u32 = 1024;

impl CompiledSchema {
    /// Whether `value` keeps to the rules; `None` where that takes long to tell.
    pub(super) fn accepts_quickly(&self, value: &dyn JsonView) -> Option<bool> {
        let plan = self.plan()?;
        let mut quick = Quick {
            rules: self,
            plan,
            left: MOST,
            report: Report::silent(),
        };
        let holds = quick.passes(&plan.start, value);
        (quick.left > 0).then_some(holds)
    }
}

struct Quick<'r> {
    rules: &'r CompiledSchema,
    plan: &'r Plan,
    /// How many tests may still be made; no answer counts once there are none.
    left: u32,
    /// Where rules tell what nobody asks for.
    report: Report,
}

impl Quick<'_> {
    fn passes(&mut self, test: &Predicate, value: &dyn JsonView) -> bool {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return false;
        }
        match test {
            Predicate::Always => true,
            Predicate::Never => false,
            Predicate::Shared(place) => self.passes(&self.plan.shared[*place], value),
            Predicate::All(tests) => tests.iter().all(|it| self.passes(it, value)),
            Predicate::Any(tests) => tests.iter().any(|it| self.passes(it, value)),
            Predicate::One(tests) => tests.iter().filter(|it| self.passes(it, value)).count() == 1,
            Predicate::Not(test) => !self.passes(test, value),
            Predicate::If(tests) => {
                let [condition, then, otherwise] = &**tests;
                match self.passes(condition, value) {
                    true => self.passes(then, value),
                    false => self.passes(otherwise, value),
                }
            }
            Predicate::Rule(place) => self.keeps(self.rules.rule(*place), value),
            Predicate::Members(members) => members.iter().all(|it| {
                predicates::member(value, &it.name, it.is_required, |member| {
                    self.passes(&it.predicate, member)
                })
            }),
            Predicate::Items { prefix, rest } => {
                let mut tests = prefix.iter().chain(std::iter::repeat(&**rest));
                predicates::items(value, |item| {
                    tests.next().is_none_or(|test| self.passes(test, item))
                })
            }
            Predicate::Contains { item, least, most } => {
                predicates::contains(value, (*least, *most), |it| self.passes(item, it))
            }
        }
    }

    /// Whether a value keeps to a rule that applies no schema, or does so in a way of
    /// its own.
    fn keeps(&mut self, rule: &Rule, value: &dyn JsonView) -> bool {
        match (rule, value.as_json()) {
            (Rule::Type(types), look) => types.iter().any(|it| it.is_type_of(&look)),
            (Rule::Const(constant), look) => json_view::equal_refs(&constant.as_json(), &look),
            (Rule::Enum(all), look) => all
                .iter()
                .any(|it| json_view::equal_refs(&it.as_json(), &look)),
            (
                Rule::Minimum(_)
                | Rule::Maximum(_)
                | Rule::ExclusiveMinimum(_)
                | Rule::ExclusiveMaximum(_)
                | Rule::MultipleOf(_),
                JsonRef::Number(number),
            ) => check_number(rule, &number, Path::ROOT, &mut self.report).is_some(),
            (Rule::Sum(sum), _) => sum.check(value, Path::ROOT, &mut self.report).is_some(),
            (Rule::SameLength(same), _) => {
                same.check(value, Path::ROOT, &mut self.report).is_some()
            }
            (Rule::Text(_) | Rule::Size(_), JsonRef::String(text)) => {
                check_text(rule, &text, Path::ROOT, &mut self.report).is_some()
            }
            _ => self.keeps_other(rule, value),
        }
    }

    #[inline(never)]
    fn keeps_other(&mut self, rule: &Rule, value: &dyn JsonView) -> bool {
        let visit = Visit {
            rules: self.rules,
            value,
            at: Path::ROOT,
            way: Way {
                scope: None,
                depth: 0,
                memo: &Memo::default(),
            },
        };
        visit
            .rule(rule, &Evaluated::default(), &mut self.report)
            .is_some()
    }
}
