//! Whether a value keeps to the rules, and nothing else: most values do, and then
//! nobody asks where, why or what was evaluated.

use super::memo::Memo;
use super::{Evaluated, Id, Rule, Rules, Visit, Way, check_number, check_text};
use crate::array::is_within;
use crate::path::Path;
use crate::report::Report;
use crate::view::{self, Elements, Look, Members, View};

/// How many schemas are applied at most: remembering what is known pays after that.
const MOST: u32 = 256;

impl Rules {
    /// Whether `value` keeps to the rules; `None` where that takes long to tell.
    pub(super) fn holds_quickly(&self, value: &dyn View, report: &mut Report) -> Option<bool> {
        if self.tracks || !self.is_static {
            return None;
        }
        let mut quick = Quick {
            rules: self,
            left: MOST,
            depth: 0,
            memo: &Memo::default(),
            report,
        };
        let holds = quick.fits(self.start, value);
        (quick.left > 0).then_some(holds)
    }
}

struct Quick<'r> {
    rules: &'r Rules,
    /// How many schemas may still be applied; no answer counts once there are none.
    left: u32,
    /// How many arrays and objects the value is within.
    depth: usize,
    memo: &'r Memo,
    report: &'r mut Report,
}

impl Quick<'_> {
    /// Whether a part of the value fits a schema.
    fn fits_below(&mut self, id: Id, part: &dyn View) -> bool {
        self.depth += 1;
        let fits = self.fits(id, part);
        self.depth -= 1;
        fits
    }

    fn fits(&mut self, id: Id, value: &dyn View) -> bool {
        let schema = &self.rules.schemas[id];
        self.left = self.left.saturating_sub(1);
        if schema.only_warns || self.left == 0 {
            return self.left > 0;
        }
        let look = value.look();
        let mut rules = schema.rules.iter();
        rules.all(|rule| self.keeps(rule, value, &look))
    }

    fn keeps(&mut self, rule: &Rule, value: &dyn View, look: &Look<'_>) -> bool {
        match (rule, look) {
            (Rule::Ref(id), _) => self.fits(*id, value),
            (Rule::AllOf(ids), _) => ids.iter().all(|id| self.fits(*id, value)),
            (Rule::AnyOf(ids), _) => ids.iter().any(|id| self.fits(*id, value)),
            (Rule::OneOf(ids), _) => ids.iter().filter(|id| self.fits(**id, value)).count() == 1,
            (Rule::Not(id), _) => !self.fits(*id, value),
            (
                Rule::If {
                    condition,
                    then,
                    otherwise,
                    ..
                },
                _,
            ) => self.condition(*condition, [*then, *otherwise], value),
            (Rule::Const(constant), _) => view::looks_same(&constant.look(), look),
            (Rule::Enum(all), _) => all.iter().any(|it| view::looks_same(&it.look(), look)),
            (Rule::Required(names), Look::Object(members)) => {
                names.iter().all(|name| members.member(name).is_some())
            }
            (
                Rule::Members {
                    properties,
                    patterns,
                    additional: None,
                },
                Look::Object(members),
            ) if patterns.is_empty() => self.properties(properties, *members),
            (Rule::Items { prefix, rest }, Look::Array(items)) => self.items(prefix, *rest, *items),
            (
                Rule::Contains {
                    schema,
                    min_contains,
                    max_contains,
                },
                Look::Array(items),
            ) => self.contains(*schema, (*min_contains, *max_contains), *items),
            (
                Rule::Minimum(_)
                | Rule::Maximum(_)
                | Rule::ExclusiveMinimum(_)
                | Rule::ExclusiveMaximum(_)
                | Rule::MultipleOf(_),
                Look::Number(number),
            ) => check_number(rule, number, Path::ROOT, self.report).is_some(),
            (Rule::Text(_) | Rule::Size(_), Look::String(text)) => {
                check_text(rule, text, Path::ROOT, self.report).is_some()
            }
            _ => self.keeps_other(rule, value),
        }
    }

    fn condition(&mut self, condition: Id, branches: [Option<Id>; 2], value: &dyn View) -> bool {
        let matters = |branch: &Id| !self.rules.schemas[*branch].only_warns;
        match branches.map(|it| it.filter(matters)) {
            [None, None] => true,
            // Mostly branches bound what is not even there, and conditions look far.
            [Some(then), None] => self.fits(then, value) || !self.fits(condition, value),
            [None, Some(otherwise)] => self.fits(otherwise, value) || self.fits(condition, value),
            [Some(then), Some(otherwise)] => match self.fits(condition, value) {
                true => self.fits(then, value),
                false => self.fits(otherwise, value),
            },
        }
    }

    fn properties(&mut self, properties: &[(String, Id)], members: &dyn Members) -> bool {
        properties.iter().all(|(name, schema)| {
            let member = members.member(name);
            member.is_none_or(|it| self.fits_below(*schema, it))
        })
    }

    fn items(&mut self, prefix: &[Id], rest: Option<Id>, items: &dyn Elements) -> bool {
        let schemas = prefix.iter().copied().map(Some);
        let mut schemas = schemas.chain(std::iter::repeat(rest));
        items.iter().all(|item| {
            let schema = schemas.next().flatten();
            schema.is_none_or(|it| self.fits_below(it, item))
        })
    }

    fn contains(
        &mut self,
        schema: Id,
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
            count += u64::from(self.fits_below(schema, item));
        }
        is_within((least, most), count)
    }

    /// The same of the other rules, most of which apply no other schema.
    fn keeps_other(&mut self, rule: &Rule, value: &dyn View) -> bool {
        let visit = Visit {
            rules: self.rules,
            value,
            at: Path::ROOT,
            way: Way {
                scope: None,
                depth: self.depth,
                memo: self.memo,
            },
        };
        visit
            .rule(rule, &Evaluated::default(), self.report)
            .is_some()
    }
}
