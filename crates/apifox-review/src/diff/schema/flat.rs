//! Schemas that hold at once, laid flat: what they say together of each kind of
//! value.
//!
//! What is left out only lets more in, so whatever holds of all that a flat
//! accepts, holds of all that its schemas accept.

use apifox_document::pointer::JsonPointerExt as _;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use apifox_runtime::{Decimal, Draft};
use serde_json::{Map, Value};

use super::bounds::{Counts, Interval};
use super::kinds::Kinds;
use super::node::{Id, Literal, Node, Nodes};

/// Schemas laid flat.
#[derive(Clone, Debug)]
pub(super) struct Flat<'d> {
    /// A schema among them is `false`.
    pub never: bool,
    pub kinds: Kinds,
    /// Every schema among them that is an object, references followed.
    pub facets: Vec<(Id, &'d Map<String, Value>)>,
    /// The only values there are, if `enum` or `const` lists them.
    pub values: Option<Vec<Value>>,
    pub interval: Interval,
    pub divisors: Vec<Decimal>,
    pub lengths: Counts,
    pub items: Counts,
    pub is_unique: bool,
    pub members: Counts,
    pub required: BTreeSet<String>,
    /// One of each of these lists holds as well.
    pub choices: Vec<Vec<Vec<Literal>>>,
    /// None of these hold.
    pub negated: Vec<Id>,
    seen: HashSet<Literal>,
}

impl Default for Flat<'_> {
    fn default() -> Self {
        Self {
            never: false,
            kinds: Kinds::ALL,
            facets: Vec::new(),
            values: None,
            interval: Interval::default(),
            divisors: Vec::new(),
            lengths: Counts::default(),
            items: Counts::default(),
            is_unique: false,
            members: Counts::default(),
            required: BTreeSet::new(),
            choices: Vec::new(),
            negated: Vec::new(),
            seen: HashSet::new(),
        }
    }
}

impl<'d> Flat<'d> {
    pub fn of(nodes: &mut Nodes<'d>, literals: &[Literal]) -> Self {
        Self::default().and(nodes, literals)
    }

    /// These as well.
    pub fn and(mut self, nodes: &mut Nodes<'d>, literals: &[Literal]) -> Self {
        for literal in literals {
            self.add(nodes, *literal);
        }
        self.sift(nodes);
        self
    }

    /// Only values of these kinds.
    pub fn only(mut self, nodes: &mut Nodes<'d>, kinds: Kinds) -> Self {
        self.kinds = self.kinds.and(kinds);
        self.sift(nodes);
        self
    }

    /// One flat for each alternative of a choice, which is made then.
    pub fn split(&self, nodes: &mut Nodes<'d>, choice: usize) -> Vec<Self> {
        let mut rest = self.clone();
        let alternatives = rest.choices.remove(choice);
        let flats = alternatives.iter().map(|it| rest.clone().and(nodes, it));
        flats.collect()
    }

    fn add(&mut self, nodes: &mut Nodes<'d>, literal: Literal) {
        if !self.seen.insert(literal) {
            return;
        }
        if !literal.holds {
            self.negated.push(literal.id);
            return;
        }
        match nodes.get(literal.id).clone() {
            Node::Union(ids) => {
                let alternatives = ids.into_iter().map(|it| vec![Literal::yes(it)]);
                self.choices.push(alternatives.collect());
            }
            Node::Kinds(kinds) => self.kinds = self.kinds.and(kinds),
            Node::Has(name) => {
                self.kinds = self.kinds.and(Kinds::OBJECT);
                self.required.insert(name);
            }
            Node::Schema(place) => match place.value {
                Value::Bool(accepts) => self.never |= !accepts,
                Value::Object(keywords) => self.schema(nodes, literal.id, keywords),
                _ => {}
            },
        }
    }

    fn schema(&mut self, nodes: &mut Nodes<'d>, id: Id, keywords: &'d Map<String, Value>) {
        let reference = keywords.get("$ref").and_then(Value::as_str);
        if let Some(target) = reference.and_then(|it| nodes.target(id, it)) {
            self.add(nodes, Literal::yes(target));
        }
        if reference.is_some() && nodes.draft(id) == Draft::Seven {
            return;
        }
        self.facets.push((id, keywords));
        for (keyword, value) in keywords {
            self.say(keyword, value);
        }
        for part in nodes.list(id, "allOf") {
            self.add(nodes, Literal::yes(part));
        }
        self.alternatives(nodes, id, keywords);
        self.conditions(nodes, id, keywords);
    }

    /// What a keyword says alone.
    fn say(&mut self, keyword: &str, value: &Value) {
        self.interval.say(keyword, value);
        match keyword {
            "type" => {
                let named = Kinds::named(value).unwrap_or(Kinds::ALL);
                self.kinds = self.kinds.and(named);
            }
            "const" => self.list(std::slice::from_ref(value)),
            "enum" => self.list(value.as_array().map_or(&[][..], Vec::as_slice)),
            "multipleOf" => self.divisors.extend(Decimal::from_value(value)),
            "minLength" | "maxLength" => self.lengths.say(keyword, value),
            "minItems" | "maxItems" => self.items.say(keyword, value),
            "minProperties" | "maxProperties" => self.members.say(keyword, value),
            "uniqueItems" => self.is_unique |= value == true,
            "required" => {
                let names = value.as_array().into_iter().flatten();
                let names = names.filter_map(Value::as_str).map(str::to_owned);
                self.required.extend(names);
            }
            _ => {}
        }
    }

    fn list(&mut self, values: &[Value]) {
        let equal =
            |a: &Value, b: &Value| apifox_runtime::Node::from(a) == apifox_runtime::Node::from(b);
        self.values = Some(match &self.values {
            None => values.to_vec(),
            Some(old) => {
                let is_in = |it: &&Value| values.iter().any(|other| equal(it, other));
                old.iter().filter(is_in).cloned().collect()
            }
        });
    }

    fn alternatives(&mut self, nodes: &mut Nodes<'d>, id: Id, keywords: &Map<String, Value>) {
        if keywords.contains_key("anyOf") {
            let each = nodes.list(id, "anyOf").into_iter();
            self.choose(nodes, each.map(|it| vec![Literal::yes(it)]).collect());
        }
        if keywords.contains_key("oneOf") {
            let ids = nodes.list(id, "oneOf");
            let alone = |one: usize| {
                let each = ids.iter().enumerate();
                each.map(|(index, id)| Literal {
                    id: *id,
                    holds: index == one,
                })
                .collect()
            };
            self.choose(nodes, (0..ids.len()).map(alone).collect());
        }
    }

    fn choose(&mut self, nodes: &mut Nodes<'d>, mut alternatives: Vec<Vec<Literal>>) {
        if alternatives.len() != 1 {
            self.choices.push(alternatives);
            return;
        }
        for literal in alternatives.remove(0) {
            self.add(nodes, literal);
        }
    }

    fn conditions(&mut self, nodes: &mut Nodes<'d>, id: Id, keywords: &Map<String, Value>) {
        if keywords.contains_key("not")
            && let Some(it) = nodes.below(id, "not")
        {
            self.add(nodes, Literal::no(it));
        }
        let branches = (nodes.below(id, "then"), nodes.below(id, "else"));
        if let (Some(condition), (then, otherwise)) = (nodes.below(id, "if"), branches)
            && (then.is_some() || otherwise.is_some())
        {
            let branch = |condition, then: Option<Id>| {
                let then = then.map(Literal::yes);
                [condition].into_iter().chain(then).collect::<Vec<_>>()
            };
            self.choices.push(vec![
                branch(Literal::yes(condition), then),
                branch(Literal::no(condition), otherwise),
            ]);
        }
        for (name, needs) in dependencies(nodes, id, keywords) {
            let has = nodes.has(&name);
            let met = needs.into_iter().map(Literal::yes);
            let met = [Literal::yes(has)].into_iter().chain(met);
            self.choices
                .push(vec![vec![Literal::no(has)], met.collect()]);
        }
    }

    /// Leaves only the values that all schemas accept; those of a kind that has
    /// few are listed.
    fn sift(&mut self, nodes: &mut Nodes<'d>) {
        let few = Kinds::NULL.with(Kinds::BOOLEAN);
        if self.values.is_none() && few.contains(self.kinds) {
            let values = [Value::Null, Value::Bool(false), Value::Bool(true)];
            self.values = Some(values.to_vec());
        }
        let Some(mut values) = self.values.take() else {
            return;
        };
        values.retain(|it| self.may_be(nodes, it));
        self.values = Some(values);
    }

    /// Whether nothing here refuses a value.
    pub fn may_be(&self, nodes: &mut Nodes<'d>, value: &Value) -> bool {
        let is_kind = self.kinds.contains(Kinds::of(value));
        let has = |name: &String| value.is_object() && value.get(name.as_str()).is_none();
        is_kind
            && !self.required.iter().any(has)
            && (self.facets.iter()).all(|(id, _)| nodes.accepts(*id, value) != Some(false))
            && (self.negated.iter()).all(|id| nodes.accepts(*id, value) != Some(true))
    }

    /// What the keyword says in the first of the schemas that has it.
    pub fn said(&self, keyword: &str) -> Option<&'d Value> {
        self.facets.iter().find_map(|(_, it)| it.get(keyword))
    }

    /// The schema whose place stands for all: the first that has the keyword.
    pub fn origin(&self, keyword: &str) -> Option<Id> {
        let with = self.facets.iter().find(|(_, it)| it.contains_key(keyword));
        with.or(self.facets.first()).map(|(id, _)| *id)
    }
}

/// What has to hold as well where an object has a property: draft 7's
/// `dependencies` and the two keywords that it became.
pub(super) fn dependencies(
    nodes: &mut Nodes<'_>,
    id: Id,
    keywords: &Map<String, Value>,
) -> BTreeMap<String, Vec<Id>> {
    let names: &[&str] = match nodes.draft(id) {
        Draft::Seven => &["dependencies"],
        Draft::Latest => &["dependentRequired", "dependentSchemas"],
    };
    let mut found: BTreeMap<String, Vec<Id>> = BTreeMap::new();
    for keyword in names {
        let members = keywords.get(*keyword).and_then(Value::as_object);
        for (name, needs) in members.into_iter().flatten() {
            let needed = match needs.as_array() {
                Some(names) => {
                    let names = names.iter().filter_map(Value::as_str);
                    names.map(|it| nodes.has(it)).collect()
                }
                None => {
                    let step = keyword.child(name);
                    nodes.below(id, &step).into_iter().collect::<Vec<_>>()
                }
            };
            found.entry(name.clone()).or_default().extend(needed);
        }
    }
    found
}
