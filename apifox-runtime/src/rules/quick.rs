//! Whether a value keeps to the rules, and nothing else: most values do, and then
//! nobody asks where, why or what was evaluated.

use super::memo::Memo;
use super::plan::{Member, Plan, Test};
use super::{Evaluated, Rule, Rules, Visit, Way, check_number, check_text};
use crate::array::is_within;
use crate::path::Path;
use crate::report::Report;
use crate::view::{self, Elements, Look, Members, View};

/// How many tests are made at most: remembering what is known pays after that.
const MOST: u32 = 1024;

impl Rules {
    /// Whether `value` keeps to the rules; `None` where that takes long to tell.
    pub(super) fn holds_quickly(&self, value: &dyn View, report: &mut Report) -> Option<bool> {
        if self.tracks || !self.is_static {
            return None;
        }
        let new_plan = || Plan::new(&self.schemas, self.start);
        let plan = self.plan.get_or_init(new_plan);
        let mut quick = Quick {
            rules: self,
            plan,
            left: MOST,
            report,
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
    report: &'r mut Report,
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
            Test::Rule(id, place) => self.keeps(&self.rules.schemas[*id].rules[*place], value),
            Test::Members(_) | Test::Items { .. } | Test::Contains { .. } => {
                self.passes_within(test, &value.look())
            }
        }
    }

    /// The same of a test of the value's parts.
    fn passes_within(&mut self, test: &Test, look: &Look<'_>) -> bool {
        match (test, look) {
            (Test::Members(asked), Look::Object(members)) => self.members(asked, *members),
            (Test::Items { prefix, rest }, Look::Array(items)) => self.items(prefix, rest, *items),
            (Test::Contains { item, least, most }, Look::Array(items)) => {
                self.contains(item, (*least, *most), *items)
            }
            _ => true,
        }
    }

    fn members(&mut self, asked: &[Member], members: &dyn Members) -> bool {
        asked.iter().all(|it| match members.member(&it.name) {
            Some(member) => self.passes(&it.test, member),
            None => !it.is_required,
        })
    }

    fn items(&mut self, prefix: &[Test], rest: &Test, items: &dyn Elements) -> bool {
        let tests = prefix.iter().chain(std::iter::repeat(rest));
        let mut tests = items.iter().zip(tests);
        tests.all(|(item, test)| self.passes(test, item))
    }

    fn contains(
        &mut self,
        test: &Test,
        (least, most): (u64, Option<u64>),
        items: &dyn Elements,
    ) -> bool {
        // Once there are as many, no more have to be looked at.
        let enough = most.map_or(least, |most| most.saturating_add(1));
        let mut count = 0;
        let mut items = items.iter();
        while count < enough
            && let Some(item) = items.next()
        {
            count += u64::from(self.passes(test, item));
        }
        is_within((least, most), count)
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
            ) => check_number(rule, &number, Path::ROOT, self.report).is_some(),
            (Rule::Text(_) | Rule::Size(_), Look::String(text)) => {
                check_text(rule, &text, Path::ROOT, self.report).is_some()
            }
            _ => self.keeps_other(rule, value),
        }
    }

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
            .rule(rule, &Evaluated::default(), self.report)
            .is_some()
    }
}
