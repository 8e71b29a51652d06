//! Whether a value keeps to the rules, and nothing else: most values do, and then
//! nobody asks where, why or what was evaluated.

use super::memo::Memo;
use super::plan::{Plan, Test};
use super::{Evaluated, Rule, Rules, Visit, Way, check_number, check_text};
use crate::asked;
use crate::path::Path;
use crate::report::Report;
use crate::view::{self, Look, View};

/// How many tests are made at most: remembering what is known pays after that.
const MOST: u32 = 1024;

impl Rules {
    /// Whether `value` keeps to the rules; `None` where that takes long to tell.
    pub(super) fn holds_quickly(&self, value: &dyn View) -> Option<bool> {
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
    rules: &'r Rules,
    plan: &'r Plan,
    /// How many tests may still be made; no answer counts once there are none.
    left: u32,
    /// Where rules tell what nobody asks for.
    report: Report,
}

impl Quick<'_> {
    fn passes(&mut self, test: &Test, value: &dyn View) -> bool {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return false;
        }
        match test {
            Test::Always => true,
            Test::Never => false,
            Test::Shared(place) => self.passes(&self.plan.shared[*place], value),
            Test::All(tests) => tests.iter().all(|it| self.passes(it, value)),
            Test::Any(tests) => tests.iter().any(|it| self.passes(it, value)),
            Test::One(tests) => tests.iter().filter(|it| self.passes(it, value)).count() == 1,
            Test::Not(test) => !self.passes(test, value),
            Test::If(tests) => {
                let [condition, then, otherwise] = &**tests;
                match self.passes(condition, value) {
                    true => self.passes(then, value),
                    false => self.passes(otherwise, value),
                }
            }
            Test::Rule(place) => self.keeps(self.rules.rule(*place), value),
            Test::Members(members) => members.iter().all(|it| {
                asked::member(value, &it.name, it.is_required, |member| {
                    self.passes(&it.test, member)
                })
            }),
            Test::Items { prefix, rest } => {
                let mut tests = prefix.iter().chain(std::iter::repeat(&**rest));
                asked::items(value, |item| {
                    tests.next().is_none_or(|test| self.passes(test, item))
                })
            }
            Test::Contains { item, least, most } => {
                asked::contains(value, (*least, *most), |it| self.passes(item, it))
            }
        }
    }

    /// Whether a value keeps to a rule that applies no schema, or does so in a way of
    /// its own.
    fn keeps(&mut self, rule: &Rule, value: &dyn View) -> bool {
        match (rule, value.look()) {
            (Rule::Type(types), look) => types.iter().any(|it| it.is_type_of(&look)),
            (Rule::Const(constant), look) => view::looks_same(&constant.look(), &look),
            (Rule::Enum(all), look) => all.iter().any(|it| view::looks_same(&it.look(), &look)),
            (
                Rule::Minimum(_)
                | Rule::Maximum(_)
                | Rule::ExclusiveMinimum(_)
                | Rule::ExclusiveMaximum(_)
                | Rule::MultipleOf(_),
                Look::Number(number),
            ) => check_number(rule, &number, Path::ROOT, &mut self.report).is_some(),
            (Rule::Sum(sum), _) => sum.check(value, Path::ROOT, &mut self.report).is_some(),
            (Rule::SameLength(same), _) => {
                same.check(value, Path::ROOT, &mut self.report).is_some()
            }
            (Rule::Text(_) | Rule::Size(_), Look::String(text)) => {
                check_text(rule, &text, Path::ROOT, &mut self.report).is_some()
            }
            _ => self.keeps_other(rule, value),
        }
    }

    #[inline(never)]
    fn keeps_other(&mut self, rule: &Rule, value: &dyn View) -> bool {
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
