//! What a schema asks of a value, keyword by keyword, and whether a flat keeps to it.

use apifox_document::pointer::JsonPointerExt as _;
use apifox_runtime::{Decimal, Draft};
use serde_json::{Map, Value};

use super::bounds::Limit;
use super::flat::Flat;
use super::include::{Comparison, unclear};
use super::kinds::Kinds;
use super::node::{Id, Literal, Node};
use super::obstacle::{Obstacle, What};
use apifox_document::diagnostics::shortened;
use apifox_document::schema::keywords::{Applies, applies};

/// How many whole numbers are tried one by one against `enum`.
const FEW: i64 = 256;

/// A keyword of the schema that asks.
#[derive(Clone, Copy)]
pub(super) struct Goal<'d, 'k> {
    pub schema: Id,
    pub keywords: &'d Map<String, Value>,
    pub keyword: &'k str,
    pub value: &'d Value,
}

impl Goal<'_, '_> {
    /// That a flat does not keep to this.
    pub fn missed(&self, flat: &Flat<'_>, what: What) -> Vec<Obstacle> {
        vec![Obstacle {
            path: String::new(),
            keyword: self.keyword.to_owned(),
            accepts: flat.origin(self.keyword),
            refuses: Some(self.schema),
            what,
        }]
    }

    /// The same where the keyword's value is all there is to say.
    pub fn exceeded(&self, flat: &Flat<'_>) -> Vec<Obstacle> {
        self.limited(flat, flat.said(self.keyword).map(shortened))
    }

    pub fn limited(&self, flat: &Flat<'_>, has: Option<String>) -> Vec<Obstacle> {
        let wants = shortened(self.value);
        self.missed(flat, What::Limit { has, wants })
    }

    pub fn unless(&self, is_met: bool, flat: &Flat<'_>) -> Vec<Obstacle> {
        match is_met {
            true => Vec::new(),
            false => self.exceeded(flat),
        }
    }
}

impl<'d> Comparison<'d> {
    /// Why a schema refuses some of what a flat accepts.
    pub(super) fn goals(&mut self, flat: &Flat<'d>, big: Id) -> Vec<Obstacle> {
        match self.nodes.get(big).clone() {
            Node::Union(ids) => self.by_cases(flat, &mut |it, case| it.any(case, &ids, big)),
            Node::Kinds(kinds) => self.by_cases(flat, &mut |it, case| match kinds
                .contains(it.possible(case))
            {
                true => Vec::new(),
                false => vec![unclear(big, "the kinds of values differ")],
            }),
            Node::Has(name) => match flat.required.contains(&name) {
                true if Kinds::OBJECT.contains(flat.kinds) => Vec::new(),
                _ => vec![missing(flat, big, &name)],
            },
            Node::Schema(place) => match place.value {
                Value::Bool(false) => vec![Obstacle {
                    accepts: flat.origin(""),
                    what: What::Anything,
                    ..unclear(big, "")
                }],
                Value::Object(keywords) => self.each(flat, big, keywords),
                _ => Vec::new(),
            },
        }
    }

    fn each(
        &mut self,
        flat: &Flat<'d>,
        big: Id,
        keywords: &'d Map<String, Value>,
    ) -> Vec<Obstacle> {
        let only_ref = keywords.contains_key("$ref") && self.nodes.draft(big) == Draft::Seven;
        let mut found: Vec<Obstacle> = Vec::new();
        for (keyword, value) in keywords {
            if applies(keyword).is_none() || only_ref && keyword != "$ref" {
                continue;
            }
            let goal = Goal {
                schema: big,
                keywords,
                keyword,
                value,
            };
            let missed = self.by_cases(flat, &mut |it, case| it.goal(case, goal));
            for obstacle in missed {
                if !found.contains(&obstacle) {
                    found.push(obstacle);
                }
            }
        }
        found
    }

    /// One goal, without trying choices.
    fn goal(&mut self, flat: &Flat<'d>, goal: Goal<'d, '_>) -> Vec<Obstacle> {
        if !self.burn() {
            return goal.missed(flat, What::Unclear(super::include::TOO_MUCH));
        }
        if let Some(values) = &flat.values {
            return self.accepts_each(flat, values, goal.schema);
        }
        match goal.keyword {
            "type" | "enum" | "const" => self.of_values(flat, goal),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                of_numbers(flat, goal)
            }
            "minLength" | "maxLength" | "pattern" | "x-area" | "x-aspect-ratio" | "x-side" => {
                of_strings(flat, goal)
            }
            "items" | "prefixItems" | "additionalItems" | "minItems" | "maxItems"
            | "uniqueItems" | "contains" | "minContains" | "maxContains" => {
                self.of_arrays(flat, goal)
            }
            "properties"
            | "patternProperties"
            | "additionalProperties"
            | "required"
            | "minProperties"
            | "maxProperties"
            | "propertyNames"
            | "dependentRequired"
            | "dependentSchemas"
            | "dependencies" => self.of_objects(flat, goal),
            "$ref" | "allOf" | "anyOf" | "oneOf" | "not" | "if" => self.of_logic(flat, goal),
            _ => of_others(flat, goal),
        }
    }

    fn of_values(&mut self, flat: &Flat<'d>, goal: Goal<'d, '_>) -> Vec<Obstacle> {
        if goal.keyword == "type" {
            let kinds = self.possible(flat);
            let named = Kinds::named(goal.value).unwrap_or(Kinds::NONE);
            if named.contains(kinds) || named.contains(self.left(flat)) {
                return Vec::new();
            }
            let (has, wants) = (Some(kinds.to_string()), named.to_string());
            return goal.missed(flat, What::Limit { has, wants });
        }
        if Kinds::WHOLE.contains(self.possible(flat))
            && let Some(few) = flat.interval.whole(FEW)
        {
            let each = few.into_iter().map(Value::from);
            let values: Vec<Value> = each.filter(|it| flat.may_be(&mut self.nodes, it)).collect();
            return self.accepts_each(flat, &values, goal.schema);
        }
        let has = format!("any {}", flat.kinds);
        goal.limited(flat, Some(has.replace("any any", "anything")))
    }

    /// Why a schema refuses what is in a part of the values that a flat accepts,
    /// one step further in.
    pub(super) fn within(&mut self, small: Vec<Literal>, big: Id, step: &str) -> Vec<Obstacle> {
        let found = self.obstacles(small, big);
        found.iter().map(|it| it.below(step)).collect()
    }
}

pub(super) fn missing(flat: &Flat<'_>, big: Id, name: &str) -> Obstacle {
    Obstacle {
        path: "".child(name),
        keyword: "required".into(),
        accepts: flat.origin("required"),
        refuses: Some(big),
        what: What::Missing,
    }
}

fn of_numbers(flat: &Flat<'_>, goal: Goal<'_, '_>) -> Vec<Obstacle> {
    if !flat.kinds.meets(Kinds::NUMBER) {
        return Vec::new();
    }
    let is_whole =
        !flat.kinds.meets(Kinds::FRACTION) || flat.divisors.iter().any(|it| it.is_whole());
    if let Some((limit, is_lower)) = Limit::of(goal.keyword, goal.value) {
        if flat.interval.keeps(limit, is_lower, is_whole) {
            return Vec::new();
        }
        let other = match goal.keyword {
            "minimum" => "exclusiveMinimum",
            "exclusiveMinimum" => "minimum",
            "maximum" => "exclusiveMaximum",
            _ => "maximum",
        };
        let own = flat.said(goal.keyword).map(shortened);
        let has = own.or_else(|| flat.said(other).map(|it| format!("{other} {it}")));
        return goal.limited(flat, has);
    }
    let Some(divisor) = Decimal::from_value(goal.value) else {
        return goal.exceeded(flat);
    };
    let whole = is_whole.then_some(Decimal::ONE);
    let is_met = (flat.divisors.iter().copied().chain(whole)).any(|it| it.is_multiple_of(divisor));
    goal.unless(is_met, flat)
}

fn of_strings(flat: &Flat<'_>, goal: Goal<'_, '_>) -> Vec<Obstacle> {
    if !flat.kinds.meets(Kinds::STRING) {
        return Vec::new();
    }
    match goal.keyword {
        "minLength" | "maxLength" => {
            if flat.lengths.keeps(goal.keyword, goal.value) {
                return Vec::new();
            }
            let limit = flat.lengths.limit(goal.keyword);
            goal.limited(flat, limit.map(|it| it.to_string()))
        }
        // One pattern is not told from another by what it matches.
        "pattern" => {
            let mut said = flat.facets.iter().filter_map(|(_, it)| it.get("pattern"));
            goal.unless(said.any(|it| it == goal.value), flat)
        }
        _ => {
            let mut said = flat
                .facets
                .iter()
                .filter_map(|(_, it)| it.get(goal.keyword));
            goal.unless(said.any(|it| are_within(it, goal.value)), flat)
        }
    }
}

/// Whether the limits of a size are as narrow as others: `minimum` and `maximum`,
/// numbers or ratios.
fn are_within(own: &Value, other: &Value) -> bool {
    let measure = |it: Option<&Value>| -> Option<(u128, u128)> {
        match it? {
            Value::String(ratio) => {
                let (width, height) = ratio.split_once(':')?;
                Some((width.parse().ok()?, height.parse().ok()?))
            }
            number => Some((number.as_u64()?.into(), 1)),
        }
    };
    let is_kept = |bound: &str, is_lower: bool| {
        let Some(limit) = other.get(bound) else {
            return true;
        };
        let Some(((a, b), (c, d))) = measure(own.get(bound)).zip(measure(Some(limit))) else {
            return own.get(bound) == Some(limit);
        };
        match is_lower {
            true => a * d >= c * b,
            false => a * d <= c * b,
        }
    };
    is_kept("minimum", true) && is_kept("maximum", false)
}

/// Keywords that are the same, or else can't be compared.
fn of_others(flat: &Flat<'_>, goal: Goal<'_, '_>) -> Vec<Obstacle> {
    let Some(applies) = applies(goal.keyword) else {
        return Vec::new();
    };
    // What looks at other keywords is met by a schema that is the same in all.
    let is_alone = goal.keyword.starts_with("x-");
    let mut said = flat
        .facets
        .iter()
        .filter_map(|(_, it)| it.get(goal.keyword));
    let is_said = is_alone && said.any(|it| it == goal.value);
    let is_idle = match goal.keyword {
        "then" | "else" => true,
        keyword => keyword.starts_with("unevaluated") && goal.value == true,
    };
    let is_heeded = match applies {
        Applies::Array => flat.kinds.meets(Kinds::ARRAY),
        Applies::Object => flat.kinds.meets(Kinds::OBJECT),
        _ => true,
    };
    match is_said || is_idle || !is_heeded {
        true => Vec::new(),
        false => goal.missed(flat, What::Unclear("its value can't be compared")),
    }
}
