//! Rules of objects.

use std::borrow::Cow;

use regress::Regex;

use super::{Evaluated, Id, Rule, Visit};
use crate::node::Node;
use crate::report::Report;

/// The members of an object.
type Members<'a, 'n> = &'a [(Cow<'n, str>, Node<'n>)];

impl Visit<'_, '_> {
    pub(super) fn object_rule(
        &self,
        rule: &Rule,
        members: Members<'_, '_>,
        sofar: &Evaluated,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let (node, at) = (self.node, self.at);
        let has = |name: &str| members.iter().any(|(key, _)| key == name);
        let count = members.len() as u64;
        let checked = match rule {
            Rule::Required(names) => self.require(names, None, &has, report),
            Rule::MinProperties(least) if count < *least => {
                let expected = format_args!("at least {least} fields");
                report.violation(at, "minProperties", node, expected)
            }
            Rule::MaxProperties(most) if count > *most => {
                let expected = format_args!("at most {most} fields");
                report.violation(at, "maxProperties", node, expected)
            }
            Rule::PropertyNames(schema) => self.names(*schema, members, report),
            Rule::DependentRequired(dependent) => {
                let mut checked = Some(());
                for (name, required) in dependent.iter().filter(|(name, _)| has(name)) {
                    checked = checked.and(self.require(required, Some(name), &has, report));
                }
                checked
            }
            Rule::DependentSchemas(dependent) => {
                let present = dependent.iter().filter(|(name, _)| has(name));
                return self.dependent(present.map(|(_, schema)| *schema), report);
            }
            Rule::Members {
                properties,
                patterns,
                additional,
            } => return self.members(properties, patterns, *additional, members, report),
            Rule::UnevaluatedProperties(schema) => {
                return self.unevaluated(*schema, members, sofar, report);
            }
            _ => Some(()),
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
                    report.violation(self.at, "required", self.node, expected)
                }
                Some(other) => {
                    let expected = format_args!("the field {name:?} beside {other:?}");
                    report.violation(self.at, "dependentRequired", self.node, expected)
                }
            };
        }
        checked
    }

    fn names(&self, schema: Id, members: Members<'_, '_>, report: &mut Report) -> Option<()> {
        let mut checked = Some(());
        for (key, _) in members {
            let name = Node::String(Cow::Borrowed(key.as_ref()));
            if !self.below(schema, &name, self.at.key(key), report) {
                checked = None;
            }
        }
        checked
    }

    fn dependent(
        &self,
        schemas: impl Iterator<Item = Id>,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let mut all = Some(Evaluated::default());
        for schema in schemas {
            match (self.here(schema, report), &mut all) {
                (Some(more), Some(all)) => all.0.extend(more.0),
                _ => all = None,
            }
        }
        all
    }

    fn members(
        &self,
        properties: &[(String, Id)],
        patterns: &[(Regex, Id)],
        additional: Option<Id>,
        members: Members<'_, '_>,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let mut evaluated = Some(Evaluated::default());
        for (index, (key, value)) in members.iter().enumerate() {
            let property = properties.iter().filter(|(name, _)| name == key);
            let property = property.map(|(_, schema)| *schema).take(1);
            let matching = patterns
                .iter()
                .filter(|(regex, _)| regex.find(key).is_some());
            let mut named = property.chain(matching.map(|(_, it)| *it)).peekable();
            let other = additional.filter(|_| named.peek().is_none());
            let at = self.at.key(key);
            let mut is_evaluated = named.peek().is_some() || other.is_some();
            for schema in named.chain(other) {
                let is_additional = additional == Some(schema);
                let keyword = match is_additional {
                    true => "additionalProperties",
                    false => "false",
                };
                let fits = match self.rules.is_never(schema) {
                    true => report
                        .violation::<()>(at, keyword, value, "no such field")
                        .is_some(),
                    false => self.below(schema, value, at, report),
                };
                if !fits {
                    evaluated = None;
                }
                is_evaluated &= fits;
            }
            is_evaluated &= self.rules.tracks;
            if let (true, Some(evaluated)) = (is_evaluated, &mut evaluated) {
                evaluated.0.insert(index);
            }
        }
        evaluated
    }

    fn unevaluated(
        &self,
        schema: Id,
        members: Members<'_, '_>,
        sofar: &Evaluated,
        report: &mut Report,
    ) -> Option<Evaluated> {
        let mut evaluated = Some(Evaluated::default());
        let left = members
            .iter()
            .enumerate()
            .filter(|(index, _)| !sofar.0.contains(index));
        for (index, (key, value)) in left {
            if !self.below(schema, value, self.at.key(key), report) {
                evaluated = None;
            } else if let Some(evaluated) = &mut evaluated {
                evaluated.0.insert(index);
            }
        }
        evaluated
    }
}
