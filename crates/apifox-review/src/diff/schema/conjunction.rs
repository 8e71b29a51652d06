//! Schemas that a value has to fit all at once, merged keyword by keyword.
//!
//! A keyword that is not merged only makes the conjunction accept more, so whatever is true
//! of all values that it accepts is true of all that its schemas accept.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use apifox_runtime::{Draft, Node as JsonNode};
use serde_json::{Map, Value};

use super::bounds::{Counts, Interval};
use super::kinds::Kinds;
use super::listing::Listing;
use super::node::{Literal, Node, NodeId, Nodes};
use super::numbers::NumberMap;
use apifox_document::pointer::{JsonPointerExt as _, member};
use apifox_runtime::Decimal;

/// Schemas that a value has to fit all at once.
#[derive(Clone, Debug)]
pub(super) struct Conjunction<'d> {
    /// Whether a schema among them is `false`.
    pub is_false: bool,
    pub kinds: Kinds,
    /// Every schema among them that is an object, with references followed.
    pub schemas: Vec<(NodeId, &'d Map<String, Value>)>,
    /// The only possible values, if `enum` or `const` lists them.
    pub values: Option<Vec<Value>>,
    pub interval: Interval,
    pub divisors: Vec<Decimal>,
    pub lengths: Counts,
    pub items: Counts,
    pub is_unique: bool,
    pub members: Counts,
    pub required: BTreeSet<&'d str>,
    /// A value has to fit all literals of one alternative of each choice as well.
    pub choices: Vec<Choice>,
    /// Schemas that a value must not fit.
    pub negated: Vec<NodeId>,
    /// The kinds that are possible despite contradicting limits, once they were looked for.
    pub possible_kinds: Cell<Option<Kinds>>,
    /// What it is known by, once that was looked for.
    number: Cell<Option<Number>>,
    /// The literals that were added, sorted.
    seen: Vec<Literal>,
}

/// Alternatives, each of literals that apply together.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    origin: Origin,
    alternatives: Rc<[Vec<Literal>]>,
}

/// What makes a choice necessary: a schema, and which of its choices it is.
type Origin = (NodeId, usize);

/// The choices of a schema that come of one keyword each; those of dependencies follow.
const ANY_OF: usize = 0;
const ONE_OF: usize = 1;
const CONDITION: usize = 2;
const DEPENDENCIES: usize = 3;

/// The numbers of conjunctions, by which what is known of them is kept.
#[derive(Debug, Default)]
pub(super) struct ConjunctionNumbers {
    identities: NumberMap<Identity, usize>,
    orders: NumberMap<(usize, Vec<NodeId>), usize>,
}

/// The number of a conjunction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Number {
    /// Two that have this in common accept the same values.
    pub identity: usize,
    /// Two that have this in common are also told of in the same way.
    pub order: usize,
}

/// What tells a conjunction from others that accept other values.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Identity {
    literals: Vec<Literal>,
    /// Those that are still to be considered: a conjunction may leave them for later.
    negated: Vec<NodeId>,
    kinds: Kinds,
    choices: Vec<Origin>,
}

impl Default for Conjunction<'_> {
    fn default() -> Self {
        Self {
            is_false: false,
            kinds: Kinds::ALL,
            schemas: Vec::new(),
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
            possible_kinds: Cell::new(None),
            number: Cell::new(None),
            seen: Vec::new(),
        }
    }
}

impl<'d> Conjunction<'d> {
    pub fn new(nodes: &mut Nodes<'d>, literals: &[Literal]) -> Self {
        Self::default().and(nodes, literals)
    }

    /// The same with these literals as well.
    pub fn and(mut self, nodes: &mut Nodes<'d>, literals: &[Literal]) -> Self {
        self.change();
        for literal in literals {
            self.add(nodes, *literal);
        }
        self.filter_values(nodes);
        self
    }

    /// Forgets what is known of it, as it changes.
    fn change(&mut self) {
        self.possible_kinds.set(None);
        self.number.set(None);
    }

    /// The same with values of these kinds alone.
    pub fn only(mut self, nodes: &mut Nodes<'d>, kinds: Kinds) -> Self {
        // Looked for anew even where nothing changes: that costs fuel.
        self.possible_kinds.set(None);
        if !kinds.contains(self.kinds) {
            self.change();
            self.kinds = self.kinds.intersection(kinds);
            self.filter_values(nodes);
        }
        self
    }

    /// The alternatives of a choice, and the conjunction without it: each makes a case with
    /// [`and`](Self::and).
    pub fn split(&self, choice: usize) -> (Rc<[Vec<Literal>]>, Self) {
        let mut rest = self.clone();
        rest.number.set(None);
        let choice = rest.choices.remove(choice);
        (choice.alternatives, rest)
    }

    /// The schemas that a value must not fit, and the conjunction without them.
    pub fn without_negated(&self) -> (Vec<NodeId>, Self) {
        let mut rest = self.clone();
        rest.number.set(None);
        (std::mem::take(&mut rest.negated), rest)
    }

    /// What tells it from others.
    pub fn number(&self, numbers: &mut ConjunctionNumbers) -> Number {
        if let Some(known) = self.number.get() {
            let identity = || numbers.identities.get(&self.identity()).copied();
            debug_assert_eq!(identity(), Some(known.identity), "it changed since");
            return known;
        }
        let (identity, order) = (self.identity(), self.order());
        let next = numbers.identities.len();
        let identity = *numbers.identities.entry(identity).or_insert(next);
        let next = numbers.orders.len();
        let order = *numbers.orders.entry((identity, order)).or_insert(next);
        let number = Number { identity, order };
        self.number.set(Some(number));
        number
    }

    /// The order of its schemas and negated schemas: things are tried and told of in it.
    fn order(&self) -> Vec<NodeId> {
        let schemas = self.schemas.iter().map(|(id, _)| *id);
        schemas.chain(self.negated.iter().copied()).collect()
    }

    fn identity(&self) -> Identity {
        let choices = self.choices.iter().map(|choice| choice.origin);
        let mut negated = self.negated.clone();
        negated.sort_unstable();
        Identity {
            literals: self.seen.clone(),
            negated,
            kinds: self.kinds,
            choices: choices.collect(),
        }
    }

    fn add(&mut self, nodes: &mut Nodes<'d>, literal: Literal) {
        let literal = Literal {
            id: nodes.resolve(literal.id),
            ..literal
        };
        let Err(at) = self.seen.binary_search(&literal) else {
            return;
        };
        self.seen.insert(at, literal);
        if !literal.is_positive {
            self.negated.push(literal.id);
            return;
        }
        match nodes.get(literal.id).clone() {
            Node::Union(ids) => {
                let alternatives = ids.into_iter().map(|id| vec![Literal::positive(id)]);
                self.choices.push(Choice {
                    origin: (literal.id, ANY_OF),
                    alternatives: alternatives.collect(),
                });
            }
            Node::Kinds(kinds) => self.kinds = self.kinds.intersection(kinds),
            Node::Has(name) => {
                self.kinds = self.kinds.intersection(Kinds::OBJECT);
                self.required.insert(name);
            }
            Node::Schema(place) => match place.value {
                Value::Bool(accepts) => self.is_false |= !accepts,
                Value::Object(keywords) => self.add_schema(nodes, literal.id, keywords),
                _ => {}
            },
        }
    }

    fn add_schema(&mut self, nodes: &mut Nodes<'d>, id: NodeId, keywords: &'d Map<String, Value>) {
        if let Some(Value::String(_)) = member(keywords, "$ref") {
            if let Some(target) = nodes.reference_target(id) {
                self.add(nodes, Literal::positive(target));
            }
            if nodes.draft(id) == Draft::Seven {
                return;
            }
        }
        self.schemas.push((id, keywords));
        for (keyword, value) in nodes.assertions(id).iter() {
            self.restrict(keyword, value);
        }
        if !nodes.subjects(id).are_schemas {
            return;
        }
        for part in nodes.subschemas(id, "allOf") {
            self.add(nodes, Literal::positive(part));
        }
        self.add_alternatives(nodes, id, keywords);
        self.add_conditions(nodes, id, keywords);
        self.add_dependencies(nodes, id, keywords);
    }

    /// Adds what a keyword says by itself.
    fn restrict(&mut self, keyword: &str, value: &'d Value) {
        self.interval.restrict(keyword, value);
        match keyword {
            "type" => {
                let named = Kinds::from_type(value).unwrap_or(Kinds::ALL);
                self.kinds = self.kinds.intersection(named);
            }
            "const" => self.restrict_values(std::slice::from_ref(value)),
            "enum" => self.restrict_values(value.as_array().map_or(&[][..], Vec::as_slice)),
            "multipleOf" => self.divisors.extend(Decimal::from_value(value)),
            "minLength" | "maxLength" => self.lengths.restrict(keyword, value),
            "minItems" | "maxItems" => self.items.restrict(keyword, value),
            "minProperties" | "maxProperties" => self.members.restrict(keyword, value),
            "uniqueItems" => self.is_unique |= value == true,
            "required" => {
                let names = value.as_array().into_iter().flatten();
                self.required.extend(names.filter_map(Value::as_str));
            }
            _ => {}
        }
    }

    fn restrict_values(&mut self, values: &[Value]) {
        let Some(own) = &mut self.values else {
            self.values = Some(values.to_vec());
            return;
        };
        // To compare each value with each takes as long as there are, squared.
        let listing = Listing::new(values.iter().cloned());
        let is_listed = |value: &Value| {
            let known = listing.as_ref().and_then(|listing| listing.has(value));
            known.unwrap_or_else(|| {
                let value = JsonNode::from(value);
                values.iter().any(|listed| JsonNode::from(listed) == value)
            })
        };
        own.retain(is_listed);
    }

    fn add_alternatives(
        &mut self,
        nodes: &mut Nodes<'d>,
        id: NodeId,
        keywords: &Map<String, Value>,
    ) {
        let mut is_choice = |keyword: &str| {
            let listing = member(keywords, keyword).map(|_| nodes.listed(id, keyword));
            match listing {
                // Values are compared one by one.
                Some(Some(listing)) => {
                    self.restrict_values(&listing.values);
                    false
                }
                Some(None) => true,
                None => false,
            }
        };
        let (is_any, is_one) = (is_choice("anyOf"), is_choice("oneOf"));
        if is_any {
            let ids = nodes.subschemas(id, "anyOf").into_iter();
            let alternatives = ids.map(|id| vec![Literal::positive(id)]);
            self.add_choice(nodes, (id, ANY_OF), alternatives.collect());
        }
        if is_one {
            let ids = nodes.subschemas(id, "oneOf");
            let only = |fitting: usize| {
                let ids = ids.iter().enumerate();
                ids.map(|(index, id)| Literal {
                    id: *id,
                    is_positive: index == fitting,
                })
                .collect()
            };
            let alternatives = (0..ids.len()).map(only);
            self.add_choice(nodes, (id, ONE_OF), alternatives.collect());
        }
    }

    fn add_choice(
        &mut self,
        nodes: &mut Nodes<'d>,
        origin: Origin,
        alternatives: Rc<[Vec<Literal>]>,
    ) {
        match &alternatives[..] {
            [only] => only.iter().for_each(|literal| self.add(nodes, *literal)),
            _ => self.choices.push(Choice {
                origin,
                alternatives,
            }),
        }
    }

    fn add_conditions(&mut self, nodes: &mut Nodes<'d>, id: NodeId, keywords: &Map<String, Value>) {
        if member(keywords, "not").is_some()
            && let Some(negated) = nodes.subschema(id, "not")
        {
            self.add(nodes, Literal::negative(negated));
        }
        let branches = (nodes.subschema(id, "then"), nodes.subschema(id, "else"));
        if let (Some(condition), (then, otherwise)) = (nodes.subschema(id, "if"), branches)
            && (then.is_some() || otherwise.is_some())
        {
            let branch = |condition, then: Option<NodeId>| {
                let then = then.map(Literal::positive);
                [condition].into_iter().chain(then).collect::<Vec<_>>()
            };
            let alternatives = [
                branch(Literal::positive(condition), then),
                branch(Literal::negative(condition), otherwise),
            ];
            self.choices.push(Choice {
                origin: (id, CONDITION),
                alternatives: alternatives.into(),
            });
        }
    }

    fn add_dependencies(
        &mut self,
        nodes: &mut Nodes<'d>,
        id: NodeId,
        keywords: &'d Map<String, Value>,
    ) {
        let dependencies = dependencies(nodes, id, keywords).into_iter();
        for (index, (name, needed)) in dependencies.enumerate() {
            let has = nodes.has(name);
            let with = [has].into_iter().chain(needed).map(Literal::positive);
            let without = vec![Literal::negative(has)];
            self.choices.push(Choice {
                origin: (id, DEPENDENCIES + index),
                alternatives: [without, with.collect()].into(),
            });
        }
    }

    /// Keeps only the values that all schemas accept; where only null and booleans are
    /// possible, these are listed first.
    fn filter_values(&mut self, nodes: &mut Nodes<'d>) {
        let few = Kinds::NULL.union(Kinds::BOOLEAN);
        if self.values.is_none() && few.contains(self.kinds) {
            let values = [Value::Null, Value::Bool(false), Value::Bool(true)];
            self.values = Some(values.to_vec());
        }
        let Some(mut values) = self.values.take() else {
            return;
        };
        values.retain(|value| self.may_accept(nodes, value));
        self.values = Some(values);
    }

    /// Whether no schema is known to refuse a value.
    pub fn may_accept(&self, nodes: &mut Nodes<'d>, value: &Value) -> bool {
        let is_kind = self.kinds.contains(Kinds::of_value(value));
        let lacks = |name: &&str| value.is_object() && value.get(*name).is_none();
        is_kind
            && !self.required.iter().any(lacks)
            && (self.schemas.iter()).all(|(id, _)| nodes.accepts(*id, value) != Some(false))
            && (self.negated.iter()).all(|id| nodes.accepts(*id, value) != Some(true))
    }

    /// The value of a keyword in the first schema that has it.
    pub fn keyword_value(&self, keyword: &str) -> Option<&'d Value> {
        self.schemas
            .iter()
            .find_map(|(_, keywords)| member(keywords, keyword))
    }

    /// The values of a keyword in all schemas that have it.
    pub fn keyword_values(&self, keyword: &str) -> impl Iterator<Item = &'d Value> {
        let schemas = self.schemas.iter();
        schemas.filter_map(move |(_, keywords)| member(keywords, keyword))
    }

    /// The first schema that has the keyword, or else the first one.
    pub fn origin(&self, keyword: &str) -> Option<NodeId> {
        let has =
            |(_, keywords): &&(NodeId, &Map<String, Value>)| member(keywords, keyword).is_some();
        let found = self.schemas.iter().find(has);
        found.or(self.schemas.first()).map(|(id, _)| *id)
    }
}

/// The schemas that an object has to fit if it has a property: draft 7's `dependencies`,
/// and the two keywords that replaced it.
pub(super) fn dependencies<'d>(
    nodes: &mut Nodes<'d>,
    id: NodeId,
    keywords: &'d Map<String, Value>,
) -> BTreeMap<&'d str, Vec<NodeId>> {
    let names: &[&str] = match nodes.draft(id) {
        Draft::Seven => &["dependencies"],
        Draft::Latest => &["dependentRequired", "dependentSchemas"],
    };
    let mut found: BTreeMap<&str, Vec<NodeId>> = BTreeMap::new();
    for keyword in names {
        let members = member(keywords, keyword).and_then(Value::as_object);
        for (name, needs) in members.into_iter().flatten() {
            let needed = match needs.as_array() {
                Some(names) => {
                    let names = names.iter().filter_map(Value::as_str);
                    names.map(|name| nodes.has(name)).collect()
                }
                None => {
                    let step = keyword.child(name);
                    nodes.subschema(id, &step).into_iter().collect::<Vec<_>>()
                }
            };
            found.entry(name).or_default().extend(needed);
        }
    }
    found
}
