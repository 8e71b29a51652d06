//! Whether a value keeps to the rules, and nothing else: most values do, and then
//! nobody asks where, why or what was evaluated.

use super::memo::Memo;
use super::{Evaluated, Id, Rule, Rules, Visit, Way};
use crate::path::Path;
use crate::report::Report;
use crate::view::{Elements, Look, Members, View};

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
        self.left > 0
            && (schema.only_warns || schema.rules.iter().all(|rule| self.keeps(rule, value)))
    }

    fn keeps(&mut self, rule: &Rule, value: &dyn View) -> bool {
        match rule {
            Rule::Ref(id) => self.fits(*id, value),
            Rule::AllOf(ids) => ids.iter().all(|id| self.fits(*id, value)),
            Rule::AnyOf(ids) => ids.iter().any(|id| self.fits(*id, value)),
            Rule::OneOf(ids) => ids.iter().filter(|id| self.fits(**id, value)).count() == 1,
            Rule::Not(id) => !self.fits(*id, value),
            Rule::If {
                condition,
                then,
                otherwise,
                ..
            } => self.condition(*condition, [*then, *otherwise], value),
            Rule::Required(names) => {
                let has = |it: &dyn Members| names.iter().all(|name| it.member(name).is_some());
                object(value).is_none_or(has)
            }
            Rule::Members {
                properties,
                patterns,
                additional: None,
            } if patterns.is_empty() => {
                object(value).is_none_or(|it| self.properties(properties, it))
            }
            Rule::Items { prefix, rest } => {
                array(value).is_none_or(|it| self.items(prefix, *rest, it))
            }
            Rule::Contains {
                schema,
                min_contains,
                max_contains,
            } => {
                let bounds = (*min_contains, *max_contains);
                array(value).is_none_or(|it| self.contains(*schema, bounds, it))
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
        least <= count && most.is_none_or(|most| count <= most)
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

fn object(value: &dyn View) -> Option<&dyn Members> {
    match value.look() {
        Look::Object(members) => Some(members),
        _ => None,
    }
}

fn array(value: &dyn View) -> Option<&dyn Elements> {
    match value.look() {
        Look::Array(items) => Some(items),
        _ => None,
    }
}
