//! The schemas that are compared: those of the documents, and the few that are made from
//! them.

use apifox_document::pointer::{JsonPointerExt as _, JsonValueExt as _, member};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use apifox_runtime::{Checker, Draft, Pattern, References, Schemas};
use serde_json::{Map, Value};

use super::kinds::Kinds;
use super::listing::Listing;
use super::numbers::NumberMap;
use apifox_document::schema::keywords::applies;

/// The number of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(usize);

/// A schema that a value has to fit, or must not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Literal {
    pub id: NodeId,
    pub is_positive: bool,
}

impl Literal {
    pub fn positive(id: NodeId) -> Self {
        Self {
            id,
            is_positive: true,
        }
    }

    pub fn negative(id: NodeId) -> Self {
        Self {
            id,
            is_positive: false,
        }
    }
}

/// Sorts literals, and removes duplicates.
pub(super) fn sorted(mut literals: Vec<Literal>) -> Vec<Literal> {
    literals.sort_unstable();
    literals.dedup();
    literals
}

/// Which of the two documents a schema is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Side {
    Old,
    New,
}

/// A schema.
#[derive(Clone, Debug)]
pub(super) enum Node<'d> {
    Schema(Place<'d>),
    /// Any of these.
    Union(Vec<NodeId>),
    /// A value of one of these kinds.
    Kinds(Kinds),
    /// An object with this property.
    Has(&'d str),
}

/// A schema of a document, and where it is.
#[derive(Clone, Debug)]
pub(super) struct Place<'d> {
    pub value: &'d Value,
    root: usize,
    /// The pointer from the root to it.
    local: Rc<str>,
    pub draft: Draft,
}

/// The schema, or the document, that references start from.
struct Root<'d> {
    side: Side,
    base: String,
    value: &'d Value,
    draft: Draft,
    references: References,
    /// The schemas that were compiled: what many share is compiled once.
    compiled: Schemas<'d>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key<'d> {
    Union(Vec<NodeId>),
    Kinds(Kinds),
    Has(&'d str),
}

/// What the keywords of a schema are about.
#[derive(Clone, Copy)]
pub(super) struct Subjects {
    /// Whether it says anything of single properties.
    pub are_properties: bool,
    /// Whether it says that values have to fit other schemas, or must not.
    pub are_schemas: bool,
}

const OF_PROPERTIES: [&str; 4] = [
    "properties",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
];

const OF_SCHEMAS: [&str; 8] = [
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
];

/// A keyword that restricts something, and its value.
pub(super) type Assertion<'d> = (&'d str, &'d Value);

/// Every schema that was seen, each once.
#[derive(Default)]
pub(super) struct Nodes<'d> {
    roots: Vec<Root<'d>>,
    nodes: Vec<Node<'d>>,
    ids: HashMap<Key<'d>, NodeId>,
    /// The schemas of the documents: by their root, and where the value is in memory.
    places: NumberMap<(usize, *const Value), NodeId>,
    assertions: NumberMap<NodeId, Rc<[Assertion<'d>]>>,
    subjects: NumberMap<NodeId, Subjects>,
    property_names: NumberMap<NodeId, Rc<[&'d str]>>,
    /// Where the references of schemas lead.
    targets: NumberMap<NodeId, Option<NodeId>>,
    /// What schemas that are nothing but references lead to in the end.
    resolved: NumberMap<NodeId, NodeId>,
    listings: NumberMap<NodeId, Option<Rc<Listing>>>,
    checkers: NumberMap<NodeId, Option<Checker>>,
    patterns: HashMap<String, Option<Pattern>>,
}

/// The keyword for pictures: no value is refused for it, but what an API takes of them is, before
/// it is sent.
pub(crate) const IMAGE: &str = "x-image";

impl<'d> Nodes<'d> {
    /// The schema at `pointer` of a document; references start from the document
    /// where `is_shared`, and else from the schema. `None` where there is none.
    pub fn place(
        &mut self,
        side: Side,
        document: &'d Value,
        pointer: &str,
        is_shared: bool,
    ) -> Option<NodeId> {
        let base = if is_shared { "" } else { pointer };
        let value = document.value_at(base)?;
        // The `$schema` of a document of operations does not name a draft.
        let draft = match is_shared {
            true => Draft::Latest,
            false => Draft::of_schema(value)?,
        };
        let is_known = |root: &Root<'_>| root.side == side && std::ptr::eq(root.value, value);
        let known = self.roots.iter().position(is_known);
        let root = known.unwrap_or_else(|| {
            self.roots.push(Root {
                side,
                base: base.to_owned(),
                value,
                draft,
                references: References::new(value, draft),
                compiled: Schemas::new(value, draft),
            });
            self.roots.len() - 1
        });
        let local = pointer.strip_prefix(base)?;
        self.at_root(root, local)
    }

    /// The schema at a pointer from a root.
    fn at_root(&mut self, root: usize, local: &str) -> Option<NodeId> {
        let value = self.roots[root].value.value_at(local)?;
        Some(self.intern_place(root, value, || local.to_owned()))
    }

    /// The schema that a value is; its pointer from the root is asked for where it is new.
    fn intern_place(
        &mut self,
        root: usize,
        value: &'d Value,
        local: impl FnOnce() -> String,
    ) -> NodeId {
        let next = NodeId(self.nodes.len());
        let id = *self.places.entry((root, value)).or_insert(next);
        if id == next {
            self.nodes.push(Node::Schema(Place {
                value,
                root,
                local: local().into(),
                draft: self.roots[root].draft,
            }));
        }
        id
    }

    fn intern(&mut self, key: Key<'d>, node: Node<'d>) -> NodeId {
        let next = NodeId(self.nodes.len());
        let id = *self.ids.entry(key).or_insert(next);
        if id == next {
            self.nodes.push(node);
        }
        id
    }

    pub fn union(&mut self, mut ids: Vec<NodeId>) -> NodeId {
        ids.sort_unstable();
        ids.dedup();
        match ids[..] {
            [one] => one,
            _ => self.intern(Key::Union(ids.clone()), Node::Union(ids)),
        }
    }

    pub fn kinds(&mut self, kinds: Kinds) -> NodeId {
        self.intern(Key::Kinds(kinds), Node::Kinds(kinds))
    }

    pub fn has(&mut self, name: &'d str) -> NodeId {
        self.intern(Key::Has(name), Node::Has(name))
    }

    pub fn get(&self, id: NodeId) -> &Node<'d> {
        &self.nodes[id.0]
    }

    /// The keywords of a schema that restrict something; each schema is asked for them over and
    /// over.
    pub fn assertions(&mut self, id: NodeId) -> Rc<[Assertion<'d>]> {
        if let Some(known) = self.assertions.get(&id) {
            return Rc::clone(known);
        }
        let keywords = self.keywords(id).into_iter().flatten();
        let assertions = keywords.filter_map(|(name, value)| {
            let restricts = applies(name).is_some() || name == IMAGE;
            restricts.then_some((name.as_str(), value))
        });
        let assertions: Rc<[Assertion<'d>]> = assertions.collect();
        self.assertions.insert(id, Rc::clone(&assertions));
        assertions
    }

    /// What the keywords of a schema are about; each schema is asked over and over.
    pub fn subjects(&mut self, id: NodeId) -> Subjects {
        if let Some(known) = self.subjects.get(&id) {
            return *known;
        }
        let assertions = self.assertions(id);
        let has = |names: &[&str]| assertions.iter().any(|(name, _)| names.contains(name));
        let subjects = Subjects {
            are_properties: has(&OF_PROPERTIES),
            are_schemas: has(&OF_SCHEMAS),
        };
        self.subjects.insert(id, subjects);
        subjects
    }

    /// The properties that a schema names, sorted.
    pub fn property_names(&mut self, id: NodeId) -> Rc<[&'d str]> {
        if let Some(known) = self.property_names.get(&id) {
            return Rc::clone(known);
        }
        let properties = self.keywords(id).and_then(|it| member(it, "properties"));
        let properties = properties.and_then(Value::as_object).into_iter();
        let mut names: Vec<&str> = properties.flat_map(Map::keys).map(String::as_str).collect();
        names.sort_unstable();
        let names: Rc<[&str]> = names.into();
        self.property_names.insert(id, Rc::clone(&names));
        names
    }

    /// The keywords of a schema that is an object.
    pub fn keywords(&self, id: NodeId) -> Option<&'d Map<String, Value>> {
        match self.get(id) {
            Node::Schema(place) => place.value.as_object(),
            _ => None,
        }
    }

    pub fn value(&self, id: NodeId) -> Option<&'d Value> {
        match self.get(id) {
            Node::Schema(place) => Some(place.value),
            _ => None,
        }
    }

    pub fn draft(&self, id: NodeId) -> Draft {
        match self.get(id) {
            Node::Schema(place) => place.draft,
            _ => Draft::Latest,
        }
    }

    /// The side and the pointer of a schema of a document.
    pub fn pointer(&self, id: NodeId) -> Option<(Side, String)> {
        match self.get(id) {
            Node::Schema(place) => {
                let root = &self.roots[place.root];
                Some((root.side, format!("{}{}", root.base, place.local)))
            }
            _ => None,
        }
    }

    /// The schema that is `steps` within another.
    pub fn subschema(&mut self, id: NodeId, steps: &str) -> Option<NodeId> {
        let Node::Schema(place) = self.get(id) else {
            return None;
        };
        let (root, value) = (place.root, place.value.value_below(steps)?);
        Some(self.within(root, value, id, || steps.to_owned()))
    }

    /// The schema that is a member of the value of a keyword, as in `properties`.
    pub fn named_subschema(&mut self, id: NodeId, keyword: &str, name: &str) -> Option<NodeId> {
        let Node::Schema(place) = self.get(id) else {
            return None;
        };
        let named = member(place.value.as_object()?, keyword)?.as_object()?;
        let (root, value) = (place.root, named.get(name)?);
        Some(self.within(root, value, id, || keyword.child(name)))
    }

    /// The schemas in the array that is the value of a keyword.
    pub fn subschemas(&mut self, id: NodeId, keyword: &str) -> Vec<NodeId> {
        let Node::Schema(place) = self.get(id) else {
            return Vec::new();
        };
        let (root, items) = (place.root, place.value.get(keyword));
        let items = items.and_then(Value::as_array).into_iter().flatten();
        let items = items.enumerate();
        items
            .map(|(index, item)| self.within(root, item, id, || keyword.child(index)))
            .collect()
    }

    /// The schema that a value is which is some steps within another.
    fn within(
        &mut self,
        root: usize,
        value: &'d Value,
        outer: NodeId,
        steps: impl FnOnce() -> String,
    ) -> NodeId {
        if let Some(id) = self.places.get(&(root, std::ptr::from_ref(value))) {
            return *id;
        }
        let local = match self.get(outer) {
            Node::Schema(place) => format!("{}/{}", place.local, steps()),
            _ => String::new(),
        };
        self.intern_place(root, value, || local)
    }

    /// The schema that the `$ref` of a schema refers to.
    pub fn reference_target(&mut self, id: NodeId) -> Option<NodeId> {
        if let Some(known) = self.targets.get(&id) {
            return *known;
        }
        let target = self.find_target(id);
        self.targets.insert(id, target);
        target
    }

    fn find_target(&mut self, id: NodeId) -> Option<NodeId> {
        let Node::Schema(place) = self.get(id) else {
            return None;
        };
        let (root, reference) = (place.root, place.value.get("$ref")?.as_str()?);
        let references = &self.roots[root].references;
        let local = references.target(&place.local, reference)?;
        self.at_root(root, &local)
    }

    /// The schema that a schema refers to, if it is nothing but a reference. A chain of references
    /// is as long as the document likes, and followed once.
    pub fn resolve(&mut self, id: NodeId) -> NodeId {
        let mut chain = Vec::new();
        let mut seen = HashSet::new();
        let mut last = id;
        let resolved = loop {
            if let Some(known) = self.resolved.get(&last) {
                break *known;
            }
            let is_reference = matches!(&*self.assertions(last), [("$ref", _)]);
            match self.reference_target(last) {
                Some(target) if is_reference && seen.insert(last) => {
                    chain.push(last);
                    last = target;
                }
                _ => break last,
            }
        };
        self.resolved
            .extend(chain.into_iter().map(|id| (id, resolved)));
        resolved
    }

    /// The values that a schema accepts, where it does no more than list them, or refer to one
    /// that does.
    pub fn listing(&mut self, id: NodeId) -> Option<Rc<Listing>> {
        let id = self.resolve(id);
        if let Some(known) = self.listings.get(&id) {
            return known.clone();
        }
        let listing = self.find_listing(id).map(Rc::new);
        self.listings.insert(id, listing.clone());
        listing
    }

    fn find_listing(&mut self, id: NodeId) -> Option<Listing> {
        let assertions = self.assertions(id);
        let types = assertions.iter().find(|(name, _)| *name == "type");
        let kinds = match types {
            Some((_, types)) => Kinds::from_type(types)?,
            None => Kinds::ALL,
        };
        let mut others = assertions.iter().filter(|(name, _)| *name != "type");
        let listing = match (others.next(), others.next()) {
            (Some(("const", value)), None) => Listing::new([(*value).clone()]),
            (Some(("enum", values)), None) => Listing::new(values.as_array()?.iter().cloned()),
            (Some((keyword @ ("anyOf" | "oneOf"), _)), None) => self.listed(id, keyword),
            (None, _) if Kinds::NULL.union(Kinds::BOOLEAN).contains(kinds) => {
                Listing::new([Value::Null, false.into(), true.into()])
            }
            _ => None,
        };
        let mut listing = listing?;
        listing.retain(|value| kinds.contains(Kinds::of_value(value)));
        Some(listing)
    }

    /// The values that the alternatives of `anyOf` or `oneOf` accept, where each does no more than
    /// list them.
    pub fn listed(&mut self, id: NodeId, keyword: &str) -> Option<Listing> {
        let alternatives = self.subschemas(id, keyword).into_iter();
        let listings: Option<Vec<Rc<Listing>>> = alternatives.map(|id| self.listing(id)).collect();
        Some(Listing::joined(&listings?, keyword == "oneOf"))
    }

    /// Whether two schemas are in documents that are equal as a whole.
    pub fn have_same_root(&self, a: NodeId, b: NodeId) -> bool {
        let (Node::Schema(a), Node::Schema(b)) = (self.get(a), self.get(b)) else {
            return false;
        };
        self.roots[a.root].value == self.roots[b.root].value
    }

    /// Whether the rules of a schema can be compiled.
    pub fn is_compilable(&mut self, id: NodeId) -> bool {
        self.checker(id).is_some()
    }

    /// Whether a schema accepts a value; `None` where its rules can't be
    /// compiled.
    pub fn accepts(&mut self, id: NodeId, value: &Value) -> Option<bool> {
        let id = self.resolve(id);
        let listing = self.listing(id);
        if let Some(is_listed) = listing.and_then(|listing| listing.has(value)) {
            return Some(is_listed);
        }
        match self.get(id).clone() {
            Node::Schema(_) => self.checker(id).map(|checker| checker.accepts(value)),
            Node::Union(ids) => ids
                .into_iter()
                .try_fold(false, |any, id| Some(any || self.accepts(id, value)?)),
            Node::Kinds(kinds) => Some(kinds.contains(Kinds::of_value(value))),
            Node::Has(name) => Some(value.get(name).is_some()),
        }
    }

    fn checker(&mut self, id: NodeId) -> Option<&Checker> {
        if !self.checkers.contains_key(&id) {
            let compiled = self.compile(id);
            self.checkers.insert(id, compiled);
        }
        self.checkers.get(&id)?.as_ref()
    }

    fn compile(&mut self, id: NodeId) -> Option<Checker> {
        let Node::Schema(place) = self.get(id) else {
            return None;
        };
        let (root, local) = (place.root, place.local.clone());
        self.roots[root].compiled.checker(&local).ok()
    }

    /// Whether a regular expression matches some part of a text; `None` where it
    /// is invalid.
    pub fn matches(&mut self, pattern: &str, text: &str) -> Option<bool> {
        let compiled = self.patterns.entry(pattern.to_owned()).or_insert_with(|| {
            Pattern::is_valid(pattern).then(|| Pattern::owned(pattern.to_owned()))
        });
        compiled.as_ref().map(|pattern| pattern.is_match(text))
    }
}
