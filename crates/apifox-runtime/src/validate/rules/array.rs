//! Rules of arrays.

use crate::validate::items;
use crate::validate::report::Report;
use crate::validate::rules::evaluate::{Evaluated, Visit};
use crate::validate::rules::rule::{ArrayRule, Id};
use crate::value::json_view::Elements;

impl Visit<'_, '_> {
    pub(super) fn array_rule(
        &self,
        rule: &ArrayRule,
        items: &dyn Elements,
        sofar: &Evaluated,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let (value, at) = (self.value, self.at);
        let checked = match rule {
            ArrayRule::Count {
                min_items,
                max_items,
            } => items::check_count((*min_items, *max_items), items.count(), value, at, report),
            ArrayRule::Unique => items::check_unique(items, at, report),
            ArrayRule::Items { prefix, rest } => return self.items(prefix, *rest, items, report),
            ArrayRule::Contains {
                schema,
                min_contains,
                max_contains,
            } => return self.contains(*schema, (*min_contains, *max_contains), items, report),
            ArrayRule::Unevaluated(schema) => {
                let left = (0..items.count()).filter(|index| !sofar.has(*index));
                return self.each(left.map(|index| (index, *schema)), items, report);
            }
        };
        checked.map(|()| Evaluated::default())
    }

    fn items(
        &self,
        prefix: &[Id],
        rest: Option<Id>,
        items: &dyn Elements,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let schema = |index: usize| prefix.get(index).copied().or(rest);
        let each = (0..items.count()).filter_map(|index| Some((index, schema(index)?)));
        self.each(each, items, report)
    }

    fn each(
        &self,
        each: impl Iterator<Item = (usize, Id)>,
        items: &dyn Elements,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let mut evaluated = Some(Evaluated::default());
        for (index, schema) in each {
            let Some(item) = items.item(index) else {
                break;
            };
            if !self.below(schema, item, self.at.index(index), report) {
                evaluated = None;
                if report.ignores_violations() {
                    break;
                }
            } else if let (true, Some(evaluated)) = (self.rules.tracks, &mut evaluated) {
                evaluated.add(index);
            }
        }
        evaluated
    }

    fn contains(
        &self,
        schema: Id,
        bounds: (u64, Option<u64>),
        items: &dyn Elements,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let fits = |index: &usize| {
            let at = self.at.index(*index);
            let item = items.item(*index);
            item.is_some_and(|item| self.below(schema, item, at, &mut Report::verdict_only()))
        };
        let mut fitting = Evaluated::default();
        let mut count = 0;
        for index in (0..items.count()).filter(fits) {
            count += 1;
            if self.rules.tracks {
                fitting.add(index);
            }
        }
        items::check_contains(bounds, count, self.value, self.at, report).map(|()| fitting)
    }
}
