//! What a schema requires of a value, keyword by keyword, and whether all values that a
//! conjunction accepts meet it.

use apifox_runtime::Draft;
use serde_json::{Map, Value};

use super::requirement::Requirement;
use super::scalars::{number_mismatches, string_mismatches};
use crate::diff::schema::conjunction::Conjunction;
use crate::diff::schema::inclusion::{SchemaComparison, TOO_MUCH};
use crate::diff::schema::kinds::Kinds;
use crate::diff::schema::mismatch::{Mismatch, MismatchKind, distinct, unclear};
use crate::diff::schema::node::{IMAGE, Literal, Node, NodeId};
use apifox_document::schema::keywords::{Applies, applies};

/// How many whole numbers are tried one by one against `enum`.
const MOST_TRIED: i64 = 256;

impl<'d> SchemaComparison<'d> {
    /// Why `big` refuses some of what `small` accepts.
    pub(in crate::diff::schema) fn schema_mismatches(
        &mut self,
        small: &Conjunction<'d>,
        big: NodeId,
    ) -> Vec<Mismatch> {
        match self.nodes.get(big).clone() {
            Node::Union(ids) => self.by_cases(small, &mut |comparison, case| {
                comparison.any_of_mismatches(case, &ids, big)
            }),
            Node::Kinds(kinds) => self.by_cases(small, &mut |comparison, case| match kinds
                .contains(comparison.possible_kinds(case))
            {
                true => Vec::new(),
                false => vec![unclear(big, "the kinds of values differ")],
            }),
            Node::Has(name) => match small.required.contains(name) {
                true if Kinds::OBJECT.contains(small.kinds) => Vec::new(),
                _ => vec![self.missing(small, big, name)],
            },
            Node::Schema(place) => match place.value {
                Value::Bool(false) => {
                    let accepts = small.origin("");
                    vec![unclear(big, "").with(|reason| {
                        reason.accepts = accepts;
                        reason.kind = MismatchKind::Anything;
                    })]
                }
                Value::Object(keywords) => self.keyword_mismatches(small, big, keywords),
                _ => Vec::new(),
            },
        }
    }

    fn keyword_mismatches(
        &mut self,
        small: &Conjunction<'d>,
        big: NodeId,
        keywords: &'d Map<String, Value>,
    ) -> Vec<Mismatch> {
        let is_reference = self.nodes.draft(big) == Draft::Seven && keywords.contains_key("$ref");
        let mut found: Vec<Mismatch> = Vec::new();
        for (keyword, value) in self.nodes.assertions(big).iter().copied() {
            if is_reference && keyword != "$ref" {
                continue;
            }
            found.extend(self.by_cases(small, &mut |comparison, case| {
                comparison.requirement_mismatches(Requirement {
                    small: case,
                    schema: big,
                    keywords,
                    keyword,
                    value,
                })
            }));
            if self.has_enough(&found) {
                break;
            }
        }
        distinct(&self.paths, found)
    }

    /// One requirement, without trying choices.
    fn requirement_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        if !self.spend_fuel() {
            return requirement.mismatch(MismatchKind::Unclear(TOO_MUCH));
        }
        if let Some(values) = &small.values {
            return self.refused_values(small, values, requirement.schema);
        }
        match requirement.keyword {
            "type" => self.type_mismatches(requirement),
            "enum" | "const" => self.enum_mismatches(requirement),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                number_mismatches(requirement)
            }
            "minLength" | "maxLength" | "pattern" | "x-area" | "x-aspect-ratio" | "x-side"
            | IMAGE => string_mismatches(requirement),
            "minItems" | "maxItems" | "uniqueItems" | "minContains" | "maxContains" => {
                self.array_mismatches(requirement)
            }
            "required" | "minProperties" | "maxProperties" | "dependentRequired" => {
                self.object_mismatches(requirement)
            }
            "items" | "prefixItems" | "additionalItems" | "contains" => {
                self.remembered_requirement(requirement, Self::array_mismatches)
            }
            "properties"
            | "patternProperties"
            | "additionalProperties"
            | "propertyNames"
            | "dependentSchemas"
            | "dependencies" => self.remembered_requirement(requirement, Self::object_mismatches),
            "$ref" | "allOf" | "anyOf" | "oneOf" | "not" | "if" => {
                self.remembered_requirement(requirement, Self::logic_mismatches)
            }
            _ => other_mismatches(requirement),
        }
    }

    /// What a keyword whose value holds schemas requires, which may be known already.
    fn remembered_requirement(
        &mut self,
        requirement: Requirement<'d, '_>,
        ask: fn(&mut Self, Requirement<'d, '_>) -> Vec<Mismatch>,
    ) -> Vec<Mismatch> {
        let value = std::ptr::from_ref(requirement.value);
        let refusing = (requirement.schema, Some(value));
        self.remembered(requirement.small, refusing, |it| ask(it, requirement))
    }

    fn type_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        let kinds = self.possible_kinds(small);
        let named = Kinds::from_type(requirement.value).unwrap_or(Kinds::NONE);
        if named.contains(kinds) || named.contains(self.remaining_kinds(small)) {
            return Vec::new();
        }
        let (has, wants) = (Some(kinds.to_string()), named.to_string());
        requirement.mismatch(MismatchKind::Limit { has, wants })
    }

    fn enum_mismatches(&mut self, requirement: Requirement<'d, '_>) -> Vec<Mismatch> {
        let small = requirement.small;
        if Kinds::WHOLE.contains(self.possible_kinds(small))
            && let Some(numbers) = small.interval.whole_numbers(MOST_TRIED)
        {
            let mut values: Vec<Value> = numbers.into_iter().map(Value::from).collect();
            values.retain(|value| small.may_accept(&mut self.nodes, value));
            return self.refused_values(small, &values, requirement.schema);
        }
        let has = format!("any {}", small.kinds);
        requirement.limit_mismatch(Some(has.replace("any any", "anything")))
    }

    /// Why `big` refuses some of the items or properties that `small` accepts, one step
    /// further in.
    pub(in crate::diff::schema) fn nested_mismatches(
        &mut self,
        small: Vec<Literal>,
        big: NodeId,
        step: &str,
    ) -> Vec<Mismatch> {
        let found = self.mismatches(small, big, step);
        if found.is_empty() {
            return Vec::new();
        }
        let steps = self.paths.steps(step);
        let nested = |mismatch: &Mismatch| mismatch.nested(&mut self.paths, &steps);
        found.iter().map(nested).collect()
    }
}

/// Keywords that have to be the same, or else can't be compared.
fn other_mismatches(requirement: Requirement<'_, '_>) -> Vec<Mismatch> {
    let small = requirement.small;
    let Some(applies) = applies(requirement.keyword) else {
        return Vec::new();
    };
    // A keyword that depends on others is met by a schema that is the same in all of them,
    // which is checked before.
    let is_independent = requirement.keyword.starts_with("x-");
    let mut values = small.keyword_values(requirement.keyword);
    let is_met = is_independent && values.any(|value| value == requirement.value);
    let has_no_effect = match requirement.keyword {
        "then" | "else" => true,
        keyword => keyword.starts_with("unevaluated") && requirement.value == true,
    };
    let may_apply = match applies {
        Applies::Array => small.kinds.intersects(Kinds::ARRAY),
        Applies::Object => small.kinds.intersects(Kinds::OBJECT),
        _ => true,
    };
    match is_met || has_no_effect || !may_apply {
        true => Vec::new(),
        false => requirement.mismatch(MismatchKind::Unclear("its value can't be compared")),
    }
}
