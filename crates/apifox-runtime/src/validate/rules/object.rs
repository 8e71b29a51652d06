//! Rules of objects.

use crate::pattern::Pattern;
use crate::validate::listing::Counted;
use crate::validate::report::Report;
use crate::validate::rules::evaluate::{Evaluated, Visit};
use crate::validate::rules::memo::GaveUp;
use crate::validate::rules::rule::{Id, ObjectRule, Properties};
use crate::value::json_view::{JsonView, Lookup, Members};
use crate::value::path::Path;

impl Visit<'_, '_> {
    pub(super) fn object_rule(
        &self,
        rule: &ObjectRule,
        members: &dyn Members,
        sofar: &Evaluated,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let (value, at) = (self.value, self.at);
        let looks_up = matches!(
            rule,
            ObjectRule::Required(_)
                | ObjectRule::DependentRequired(_)
                | ObjectRule::DependentSchemas(_)
        );
        let known = looks_up.then(|| Lookup::new(members));
        let has = |name: &str| match &known {
            Some(known) => known.member(name).is_some(),
            None => members.member(name).is_some(),
        };
        let checked = match rule {
            ObjectRule::Required(names) => self.require(names, None, &has, report),
            ObjectRule::MinProperties(least) if (members.count() as u64) < *least => {
                let expected = Counted("at least", *least, "field");
                report.violation(at, "minProperties", value, expected)
            }
            ObjectRule::MaxProperties(most) if members.count() as u64 > *most => {
                let expected = Counted("at most", *most, "field");
                report.violation(at, "maxProperties", value, expected)
            }
            ObjectRule::Names(schema) => self.names(*schema, members, report),
            ObjectRule::DependentRequired(dependent) => {
                let mut checked = Some(());
                for (name, required) in dependent.iter().filter(|(name, _)| has(name)) {
                    checked = checked.and(self.require(required, Some(name), &has, report));
                }
                checked
            }
            ObjectRule::DependentSchemas(dependent) => {
                let present = dependent.iter().filter(|(name, _)| has(name));
                return self.all_of(present.map(|(_, schema)| *schema), report);
            }
            ObjectRule::Members {
                properties,
                patterns,
                additional,
            } => return self.members(properties, patterns, *additional, members, report),
            ObjectRule::Unevaluated(schema) => {
                return self.unevaluated(*schema, members, sofar, report);
            }
            ObjectRule::MinProperties(_) | ObjectRule::MaxProperties(_) => Some(()),
        };
        checked.map(|()| Evaluated::default())
    }

    fn require(
        &self,
        names: &[String],
        because_of: Option<&str>,
        has: &dyn Fn(&str) -> bool,
        report: &mut Report,
    ) -> Option<()> {
        let mut checked = Some(());
        for name in names.iter().filter(|name| !has(name)) {
            checked = match because_of {
                None => {
                    let expected = format_args!("the field {name:?}");
                    report.violation(self.at, "required", self.value, expected)
                }
                Some(other) => {
                    let expected = format_args!("the field {name:?} beside {other:?}");
                    report.violation(self.at, "dependentRequired", self.value, expected)
                }
            };
        }
        checked
    }

    fn names(&self, schema: Id, members: &dyn Members, report: &mut Report) -> Option<()> {
        let mut checked = Some(());
        members.for_each(&mut |key, _| {
            if !self.below(schema, &key, self.at.key(key), report) {
                checked = None;
            }
        });
        checked
    }

    fn members(
        &self,
        properties: &Properties,
        patterns: &[(Pattern, Id)],
        additional: Option<Id>,
        members: &dyn Members,
        report: &mut Report,
    ) -> Option<Evaluated> {
        if patterns.is_empty() && additional.is_none() && !self.rules.tracks {
            return self.properties(&properties.list, members, report);
        }
        let mut evaluated = Some(Evaluated::default());
        let mut index = 0;
        members.for_each(&mut |key, value| {
            let matching = patterns
                .iter()
                .filter(|(pattern, _)| self.matches(pattern, key));
            let mut named = properties
                .get(key)
                .into_iter()
                .chain(matching.map(|(_, schema)| *schema))
                .peekable();
            let other = additional.filter(|_| named.peek().is_none());
            let mut is_evaluated = named.peek().is_some() || other.is_some();
            for schema in named.chain(other) {
                let keyword = match additional == Some(schema) {
                    true => "additionalProperties",
                    false => "false",
                };
                if !self.member(schema, keyword, (value, self.at.key(key)), report) {
                    evaluated = None;
                    is_evaluated = false;
                }
            }
            is_evaluated &= self.rules.tracks;
            if let (true, Some(evaluated)) = (is_evaluated, &mut evaluated) {
                evaluated.add(index);
            }
            index += 1;
        });
        evaluated
    }

    /// Whether a member's name matches a pattern; where that takes too long, there is no
    /// verdict.
    fn matches(&self, pattern: &Pattern, name: &str) -> bool {
        let found = pattern.try_match(name);
        if found.is_none() {
            self.context.memo.give_up(GaveUp::Pattern);
        }
        found.unwrap_or(false)
    }

    /// Checks the members that the schema names, where others may be anything.
    fn properties(
        &self,
        properties: &[(String, Id)],
        members: &dyn Members,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let mut evaluated = Some(Evaluated::default());
        let members = Lookup::new(members);
        for (name, schema) in properties {
            let Some(value) = members.member(name) else {
                continue;
            };
            if !self.member(*schema, "false", (value, self.at.key(name)), report) {
                evaluated = None;
                if report.ignores_violations() {
                    break;
                }
            }
        }
        evaluated
    }

    /// Applies a schema to a member; a schema `false` is reported as `keyword`.
    fn member(
        &self,
        schema: Id,
        keyword: &'static str,
        (value, at): (&dyn JsonView, Path<'_>),
        report: &mut Report,
    ) -> bool {
        match self.rules.is_never(schema) {
            true => report
                .violation::<()>(at, keyword, value, "no such field")
                .is_some(),
            false => self.below(schema, value, at, report),
        }
    }

    fn unevaluated(
        &self,
        schema: Id,
        members: &dyn Members,
        sofar: &Evaluated,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let mut evaluated = Some(Evaluated::default());
        let mut index = 0;
        members.for_each(&mut |key, value| {
            if sofar.has(index) {
                // Another rule has evaluated it.
            } else if !self.below(schema, value, self.at.key(key), report) {
                evaluated = None;
            } else if let Some(evaluated) = &mut evaluated {
                evaluated.add(index);
            }
            index += 1;
        });
        evaluated
    }
}
