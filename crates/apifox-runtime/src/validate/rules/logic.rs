//! `allOf`, `anyOf`, `oneOf`, `not`, `if`, and references.

use crate::validate::alternatives::none_fits;
use crate::validate::report::Report;
use crate::validate::rules::evaluate::{Evaluated, Visit};
use crate::validate::rules::rule::{Id, LogicRule};
use crate::validate::tags::Tags;

/// Alternatives, and what tells them apart.
type Choice<'r> = (&'r [Id], Option<&'r Tags>);

impl Visit<'_, '_> {
    pub(super) fn logic_rule(&self, rule: &LogicRule, report: &mut Report) -> Option<Evaluated> {
        match rule {
            LogicRule::AllOf(ids) => self.all_of(ids.iter().copied(), report),
            LogicRule::AnyOf(ids, tags) => self.any_of((ids, tags.as_ref()), report),
            LogicRule::OneOf(ids, tags) => self.one_of((ids, tags.as_ref()), report),
            LogicRule::Not(id) => match self.fits(*id) {
                None => Some(Evaluated::default()),
                Some(_) => {
                    let expected = "a value that does not fit the schema in `not`";
                    report.violation(self.at, "not", self.value, expected)
                }
            },
            LogicRule::If {
                condition,
                then,
                otherwise,
                title,
            } => {
                let (branches, title) = ((*then, *otherwise), title.as_deref());
                self.condition(*condition, branches, title, report)
            }
            LogicRule::Ref(id) => self.here(*id, report),
            LogicRule::DynamicRef { anchor, initial } => {
                self.here(self.dynamic_target(anchor, *initial), report)
            }
        }
    }

    /// Applies all of some schemas to the value.
    pub(super) fn all_of(
        &self,
        ids: impl Iterator<Item = Id>,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let mut all = Some(Evaluated::default());
        for id in ids {
            match (self.here(id, report), &mut all) {
                (Some(more), Some(all)) => all.join(more),
                _ if report.ignores_violations() => return None,
                _ => all = None,
            }
        }
        all
    }

    fn any_of(&self, (ids, tags): Choice<'_>, report: &mut Report) -> Option<Evaluated> {
        let mut fitting = None;
        for id in ids {
            if let Some(more) = self.fits(*id) {
                let all: &mut Evaluated = fitting.get_or_insert_default();
                all.join(more);
                // What is unevaluated depends on every alternative.
                if !self.rules.tracks {
                    break;
                }
            }
        }
        fitting.or_else(|| self.no_alternative("anyOf", (ids, tags), report))
    }

    fn one_of(&self, (ids, tags): Choice<'_>, report: &mut Report) -> Option<Evaluated> {
        let mut fitting: Vec<Evaluated> = ids.iter().filter_map(|id| self.fits(*id)).collect();
        match (fitting.len(), fitting.pop()) {
            (1, Some(evaluated)) => Some(evaluated),
            (0, _) => self.no_alternative("oneOf", (ids, tags), report),
            (count, _) => {
                let expected = format_args!("to fit one alternative, not {count} of them");
                report.violation(self.at, "oneOf", self.value, expected)
            }
        }
    }

    fn no_alternative<T>(
        &self,
        keyword: &'static str,
        (ids, tags): Choice<'_>,
        report: &mut Report,
    ) -> Option<T> {
        let meant = tags.and_then(|tags| tags.meant(self.value));
        if let Some(id) = meant.and_then(|index| ids.get(index)) {
            let _ = self.here(*id, report);
            return None;
        }
        let mut failed = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(mut trial) = report.trial() else {
                let expected = "a value that fits one of the alternatives";
                return report.violation(self.at, keyword, self.value, expected);
            };
            let _ = self.here(*id, &mut trial);
            report.end_attempt(&mut trial);
            failed.push(trial);
        }
        none_fits(keyword, failed, self.value, self.at, report);
        None
    }

    fn condition(
        &self,
        condition: Id,
        (then, otherwise): (Option<Id>, Option<Id>),
        title: Option<&str>,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let mut branches = [then, otherwise].into_iter().flatten();
        let matters = branches.any(|id| !self.rules.only_warns(id));
        if report.records_nothing() && !self.rules.tracks && !matters {
            return Some(Evaluated::default());
        }
        let fits = self.fits(condition);
        let holds = fits.is_some();
        let mut evaluated = fits.unwrap_or_default();
        if let Some(branch) = if holds { then } else { otherwise } {
            let before = report.violations().len();
            let Some(more) = self.here(branch, report) else {
                report.explain(before, &reason(holds, title));
                return None;
            };
            evaluated.join(more);
        }
        Some(evaluated)
    }

    /// The schema that `$dynamicRef` refers to: in the first resource entered that has the
    /// dynamic anchor.
    fn dynamic_target(&self, anchor: &str, initial: Id) -> Id {
        let anchored = |resource: usize| {
            let mut anchors = self.rules.all.dynamic_anchors[resource].iter();
            let found = anchors.find(|(name, _)| name == anchor);
            found.map(|(_, id)| *id)
        };
        let entered = self.context.memo.entered(self.context.scope);
        entered.into_iter().find_map(anchored).unwrap_or(initial)
    }
}

/// Why a branch applies, for messages about rules that apply only sometimes.
fn reason(holds: bool, title: Option<&str>) -> String {
    match (holds, title) {
        (true, Some(title)) => format!("where {title}"),
        (false, Some(title)) => format!("unless {title}"),
        (true, None) => "as `then` asks".to_owned(),
        (false, None) => "as `else` asks".to_owned(),
    }
}
