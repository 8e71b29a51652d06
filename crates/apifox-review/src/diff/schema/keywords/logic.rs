//! What is required by way of other schemas: `$ref`, `allOf`, `anyOf`, `oneOf`, `not`, `if`.

use super::requirement::Requirement;
use crate::diff::schema::conjunction::Conjunction;
use crate::diff::schema::inclusion::SchemaComparison;
use crate::diff::schema::kinds::Kinds;
use crate::diff::schema::mismatch::{Mismatch, MismatchKind, Reason};
use crate::diff::schema::node::{Literal, NodeId};
use crate::diff::schema::path::Path;

/// How many mismatches of the closest alternative are reported, at most.
const MOST_REPORTED: usize = 3;

impl<'d> SchemaComparison<'d> {
    pub(super) fn logic_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        let schema = requirement.schema;
        match requirement.keyword {
            "$ref" => match self.nodes.reference_target(schema) {
                Some(target) => {
                    let target = self.nodes.resolve(target);
                    self.conjunction_mismatches(small, target)
                }
                None => {
                    let why = "the reference does not resolve";
                    requirement.mismatch(MismatchKind::Unclear(why))
                }
            },
            "allOf" => {
                let mut found = Vec::new();
                for id in self.nodes.subschemas(schema, "allOf") {
                    found.extend(self.conjunction_mismatches(small, id));
                    if self.has_enough(&found) {
                        break;
                    }
                }
                found
            }
            "anyOf" => {
                let ids = self.nodes.subschemas(schema, "anyOf");
                self.any_of_mismatches(small, &ids, schema)
            }
            "oneOf" => self.one_of_mismatches(requirement),
            "not" => self.not_mismatches(requirement),
            _ => self.if_mismatches(requirement),
        }
    }

    /// Each kind of value has to fit an alternative.
    pub(in crate::diff::schema) fn any_of_mismatches(
        &mut self,
        small: &Conjunction<'d>,
        ids: &[NodeId],
        big: NodeId,
    ) -> Vec<Mismatch> {
        let mut found = Vec::new();
        for part in self.split_by_kind(small) {
            found.extend(match &part.values {
                Some(values) => self.refused_values(&part, values, big),
                None => self.alternative_mismatches(&part, ids, big),
            });
            if self.has_enough(&found) {
                break;
            }
        }
        found
    }

    /// The kinds of values that remain when negated schemas are considered.
    pub(in crate::diff::schema) fn remaining_kinds(&mut self, small: &Conjunction<'d>) -> Kinds {
        let parts = self.split_by_kind(small);
        let kinds = parts.into_iter().map(|part| part.kinds);
        kinds.fold(Kinds::NONE, Kinds::union)
    }

    /// A conjunction for each kind of value that is possible.
    fn split_by_kind(&mut self, small: &Conjunction<'d>) -> Vec<Conjunction<'d>> {
        let kinds = self.possible_kinds(small).each().into_iter();
        let parts: Vec<Conjunction<'d>> = kinds
            .map(|kind| small.clone().only(&mut self.nodes, kind))
            .collect();
        let mut parts = parts;
        parts.retain(|part| !self.plainly_accepts_nothing(part));
        parts
    }

    /// Why no alternative accepts all of a conjunction: what the closest one refuses.
    fn alternative_mismatches(
        &mut self,
        small: &Conjunction<'d>,
        ids: &[NodeId],
        big: NodeId,
    ) -> Vec<Mismatch> {
        let mut closest: Option<Vec<Mismatch>> = None;
        for id in ids {
            let found = self.conjunction_mismatches(small, *id);
            if found.is_empty() {
                return found;
            }
            let is_closer = |closest: &Vec<Mismatch>| distance(&found) < distance(closest);
            if closest.as_ref().is_none_or(is_closer) {
                closest = Some(found);
            }
        }
        let is_telling = |mismatches: &Vec<Mismatch>| {
            let has_same_type = ids.len() == 1 || !mismatches.iter().any(is_of_type);
            // However many properties are new, they break nobody.
            let is_short =
                mismatches.len() <= MOST_REPORTED || mismatches.iter().all(Mismatch::is_undeclared);
            is_short && has_same_type
        };
        closest.filter(is_telling).unwrap_or_else(|| {
            let reason = Reason {
                refuses: Some(big),
                accepts: small.origin("anyOf"),
                keyword: "anyOf".into(),
                kind: MismatchKind::Limit {
                    has: Some(small.kinds.to_string()),
                    wants: "one of the alternatives".into(),
                },
            };
            vec![Mismatch::new(reason)]
        })
    }

    fn one_of_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        let big = requirement.schema;
        let ids = self.nodes.subschemas(big, "oneOf");
        let mut found = Vec::new();
        for part in self.split_by_kind(small) {
            if let Some(values) = &part.values {
                found.extend(self.refused_values(&part, values, big));
                continue;
            }
            let mismatches = self.alternative_mismatches(&part, &ids, big);
            if mismatches.is_empty() && !self.fits_exactly_one(&part, &ids) {
                let why = "a value may fit several alternatives";
                let of_part = Requirement {
                    small: &part,
                    ..requirement
                };
                found.extend(of_part.mismatch(MismatchKind::Unclear(why)));
            }
            found.extend(mismatches);
        }
        found
    }

    /// Whether one alternative accepts all of a conjunction and the others nothing of it.
    fn fits_exactly_one(&mut self, small: &Conjunction<'d>, ids: &[NodeId]) -> bool {
        ids.iter().any(|id| {
            let mut others = ids.iter().filter(|other| *other != id);
            self.accepts_all(small, *id) && others.all(|other| self.excludes(small, *other))
        })
    }

    fn not_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        match self.nodes.subschema(requirement.schema, "not") {
            Some(negated) if !self.excludes(small, negated) => {
                let why = "what it excludes can't be compared";
                requirement.mismatch(MismatchKind::Unclear(why))
            }
            _ => Vec::new(),
        }
    }

    fn if_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        let Some(condition) = self.nodes.subschema(requirement.schema, "if") else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (literal, keyword) in [
            (Literal::positive(condition), "then"),
            (Literal::negative(condition), "else"),
        ] {
            let Some(branch) = self.nodes.subschema(requirement.schema, keyword) else {
                continue;
            };
            let case = small.clone().and(&mut self.nodes, &[literal]);
            if !self.accepts_nothing(&case) {
                found.extend(self.conjunction_mismatches(&case, branch));
            }
        }
        found
    }
}

/// How far an alternative is from accepting everything; less is closer.
fn distance(mismatches: &[Mismatch]) -> (bool, usize, usize) {
    let declared = mismatches
        .iter()
        .filter(|mismatch| !mismatch.is_undeclared());
    let has_other_type = mismatches.iter().any(is_of_type);
    (has_other_type, declared.count(), mismatches.len())
}

/// Whether the type of the value itself is refused.
fn is_of_type(mismatch: &Mismatch) -> bool {
    mismatch.path == Path::HERE && mismatch.keyword == "type"
}
