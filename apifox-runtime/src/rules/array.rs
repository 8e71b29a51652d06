//! Rules of arrays.

use super::{Evaluated, Id, Rule, Visit};
use crate::array;
use crate::node::Node;
use crate::report::Report;

impl Visit<'_, '_> {
    pub(super) fn array_rule(
        &self,
        rule: &Rule,
        items: &[Node<'_>],
        sofar: &Evaluated,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let (node, at) = (self.node, self.at);
        let checked = match rule {
            Rule::Count {
                min_items,
                max_items,
            } => array::check_count(*min_items, *max_items, items.len(), node, at, report),
            Rule::UniqueItems => array::check_unique(items, at, report),
            Rule::Items { prefix, rest } => return self.items(prefix, *rest, items, report),
            Rule::Contains {
                schema,
                min_contains,
                max_contains,
            } => return self.contains(*schema, (*min_contains, *max_contains), items, report),
            Rule::UnevaluatedItems(schema) => {
                let left = (0..items.len()).filter(|index| !sofar.0.contains(index));
                return self.each(left.map(|index| (index, *schema)), items, report);
            }
            _ => Some(()),
        };
        checked.map(|()| Evaluated::default())
    }

    fn items(
        &self,
        prefix: &[Id],
        rest: Option<Id>,
        items: &[Node<'_>],
        report: &mut Report,
    ) -> Option<Evaluated> {
        let schema = |index: usize| prefix.get(index).copied().or(rest);
        let each = (0..items.len()).filter_map(|index| Some((index, schema(index)?)));
        self.each(each, items, report)
    }

    fn each(
        &self,
        each: impl Iterator<Item = (usize, Id)>,
        items: &[Node<'_>],
        report: &mut Report,
    ) -> Option<Evaluated> {
        let mut evaluated = Some(Evaluated::default());
        for (index, schema) in each {
            if !self.below(schema, &items[index], self.at.index(index), report) {
                evaluated = None;
            } else if let (true, Some(evaluated)) = (self.rules.tracks, &mut evaluated) {
                evaluated.0.insert(index);
            }
        }
        evaluated
    }

    fn contains(
        &self,
        schema: Id,
        bounds: (u64, Option<u64>),
        items: &[Node<'_>],
        report: &mut Report,
    ) -> Option<Evaluated> {
        let fits = |index: &usize| {
            let at = self.at.index(*index);
            self.below(schema, &items[*index], at, &mut Report::silent())
        };
        let mut fitting = Evaluated::default();
        let mut count = 0;
        for index in (0..items.len()).filter(fits) {
            count += 1;
            if self.rules.tracks {
                fitting.0.insert(index);
            }
        }
        array::check_contains(bounds, count, self.node, self.at, report).map(|()| fitting)
    }
}
