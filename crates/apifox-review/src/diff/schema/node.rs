//! What is compared: schemas at their places, and the few that are made on the way.

use apifox_document::pointer::JsonPointerExt as _;
use std::collections::HashMap;

use apifox_runtime::{Checker, Draft, Pattern, References};
use serde_json::{Map, Value};

use super::kinds::Kinds;
use apifox_document::schema::keywords::applies;
use apifox_document::schema::reachable::{pruned, reachable_schemas};

/// How many references are followed in a row.
const FARTHEST: usize = 16;

/// A schema: a number that stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Id(usize);

/// A schema that holds, or one that does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Literal {
    pub id: Id,
    pub holds: bool,
}

impl Literal {
    pub fn yes(id: Id) -> Self {
        Self { id, holds: true }
    }

    pub fn no(id: Id) -> Self {
        Self { id, holds: false }
    }
}

/// Literals in their order, each once.
pub(super) fn sorted(mut literals: Vec<Literal>) -> Vec<Literal> {
    literals.sort_unstable();
    literals.dedup();
    literals
}

/// Which of the two documents a schema stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Side {
    Old,
    New,
}

/// What a schema is.
#[derive(Clone, Debug)]
pub(super) enum Node<'d> {
    Schema(Place<'d>),
    /// Any of these.
    Union(Vec<Id>),
    /// A value of one of these kinds.
    Kinds(Kinds),
    /// An object with this property.
    Has(String),
}

/// A schema and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Place<'d> {
    pub value: &'d Value,
    root: usize,
    /// Its place below the root.
    local: String,
    pub draft: Draft,
}

/// The schema, or the document, that references start from.
struct Root<'d> {
    side: Side,
    base: String,
    value: &'d Value,
    draft: Draft,
    references: References,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Schema(usize, String),
    Union(Vec<Id>),
    Kinds(Kinds),
    Has(String),
}

/// Every schema that was met, each once.
#[derive(Default)]
pub(super) struct Nodes<'d> {
    roots: Vec<Root<'d>>,
    nodes: Vec<Node<'d>>,
    ids: HashMap<Key, Id>,
    checkers: HashMap<Id, Option<Checker>>,
    patterns: HashMap<String, Option<Pattern>>,
}

impl<'d> Nodes<'d> {
    /// The schema at `pointer` of a document; references start from the document
    /// where `is_shared`, and else from the schema. `None` where there is none.
    pub fn place(
        &mut self,
        side: Side,
        document: &'d Value,
        pointer: &str,
        is_shared: bool,
    ) -> Option<Id> {
        let base = if is_shared { "" } else { pointer };
        let value = document.pointer(base)?;
        // A document of many has a `$schema` that names no draft.
        let draft = match is_shared {
            true => Draft::Latest,
            false => Draft::of_schema(value)?,
        };
        let is_known = |it: &Root<'_>| it.side == side && std::ptr::eq(it.value, value);
        let known = self.roots.iter().position(is_known);
        let root = known.unwrap_or_else(|| {
            self.roots.push(Root {
                side,
                base: base.to_owned(),
                value,
                draft,
                references: References::new(value, draft),
            });
            self.roots.len() - 1
        });
        let local = pointer.strip_prefix(base)?.to_owned();
        self.at(root, local)
    }

    fn at(&mut self, root: usize, local: String) -> Option<Id> {
        let key = Key::Schema(root, local.clone());
        if let Some(id) = self.ids.get(&key) {
            return Some(*id);
        }
        let value = self.roots[root].value.pointer(&local)?;
        let draft = self.roots[root].draft;
        let place = Place {
            value,
            root,
            local,
            draft,
        };
        Some(self.add(key, Node::Schema(place)))
    }

    fn add(&mut self, key: Key, node: Node<'d>) -> Id {
        let id = Id(self.nodes.len());
        self.nodes.push(node);
        self.ids.insert(key, id);
        id
    }

    fn made(&mut self, key: Key, node: Node<'d>) -> Id {
        match self.ids.get(&key) {
            Some(id) => *id,
            None => self.add(key, node),
        }
    }

    pub fn union(&mut self, mut ids: Vec<Id>) -> Id {
        ids.sort_unstable();
        ids.dedup();
        match ids[..] {
            [one] => one,
            _ => self.made(Key::Union(ids.clone()), Node::Union(ids)),
        }
    }

    pub fn kinds(&mut self, kinds: Kinds) -> Id {
        self.made(Key::Kinds(kinds), Node::Kinds(kinds))
    }

    pub fn has(&mut self, name: &str) -> Id {
        let name = name.to_owned();
        self.made(Key::Has(name.clone()), Node::Has(name))
    }

    pub fn get(&self, id: Id) -> &Node<'d> {
        &self.nodes[id.0]
    }

    /// The keywords of a schema that is an object.
    pub fn keywords(&self, id: Id) -> Option<&'d Map<String, Value>> {
        match self.get(id) {
            Node::Schema(place) => place.value.as_object(),
            _ => None,
        }
    }

    pub fn value(&self, id: Id) -> Option<&'d Value> {
        match self.get(id) {
            Node::Schema(place) => Some(place.value),
            _ => None,
        }
    }

    pub fn draft(&self, id: Id) -> Draft {
        match self.get(id) {
            Node::Schema(place) => place.draft,
            _ => Draft::Latest,
        }
    }

    /// Where a schema stands in its document.
    pub fn pointer(&self, id: Id) -> Option<(Side, String)> {
        match self.get(id) {
            Node::Schema(place) => {
                let root = &self.roots[place.root];
                Some((root.side, format!("{}{}", root.base, place.local)))
            }
            _ => None,
        }
    }

    /// The schema that is `steps` below another.
    pub fn below(&mut self, id: Id, steps: &str) -> Option<Id> {
        let Node::Schema(place) = self.get(id) else {
            return None;
        };
        let (root, local) = (place.root, format!("{}/{steps}", place.local));
        self.at(root, local)
    }

    /// The schemas in the array that is the value of a keyword.
    pub fn list(&mut self, id: Id, keyword: &str) -> Vec<Id> {
        let items = self.keywords(id).and_then(|it| it.get(keyword)?.as_array());
        let count = items.map_or(0, Vec::len);
        let steps = (0..count).map(|index| keyword.child(index));
        steps.filter_map(|step| self.below(id, &step)).collect()
    }

    /// The schema that a reference leads to.
    pub fn target(&mut self, id: Id, reference: &str) -> Option<Id> {
        let Node::Schema(place) = self.get(id) else {
            return None;
        };
        let root = place.root;
        let local = self.roots[root]
            .references
            .target(&place.local, reference)?;
        self.at(root, local)
    }

    /// The schema that a schema refers to, if it does nothing else.
    pub fn resolved(&mut self, id: Id) -> Id {
        let mut at = id;
        for _ in 0..FARTHEST {
            let Some(keywords) = self.keywords(at) else {
                break;
            };
            let reference = keywords.get("$ref").and_then(Value::as_str);
            let is_alone = keywords
                .keys()
                .all(|it| it == "$ref" || applies(it).is_none());
            match reference.filter(|_| is_alone) {
                Some(reference) => at = self.target(at, reference).unwrap_or(at),
                None => break,
            }
        }
        at
    }

    /// Whether two schemas stand in documents that are alike to the letter.
    pub fn have_same_root(&self, a: Id, b: Id) -> bool {
        let (Node::Schema(a), Node::Schema(b)) = (self.get(a), self.get(b)) else {
            return false;
        };
        self.roots[a.root].value == self.roots[b.root].value
    }

    /// Whether the rules of a schema can be compiled.
    pub fn is_sound(&mut self, id: Id) -> bool {
        self.checker(id).is_some()
    }

    /// Whether a schema accepts a value; `None` where that can't be told.
    pub fn accepts(&mut self, id: Id, value: &Value) -> Option<bool> {
        match self.get(id).clone() {
            Node::Schema(_) => self.checker(id).map(|it| it.accepts(value)),
            Node::Union(ids) => ids
                .into_iter()
                .try_fold(false, |any, id| Some(any || self.accepts(id, value)?)),
            Node::Kinds(kinds) => Some(kinds.contains(Kinds::of(value))),
            Node::Has(name) => Some(value.get(name.as_str()).is_some()),
        }
    }

    fn checker(&mut self, id: Id) -> Option<&Checker> {
        if !self.checkers.contains_key(&id) {
            let made = self.compiled(id);
            self.checkers.insert(id, made);
        }
        self.checkers.get(&id)?.as_ref()
    }

    fn compiled(&self, id: Id) -> Option<Checker> {
        let Node::Schema(place) = self.get(id) else {
            return None;
        };
        let root = &self.roots[place.root];
        // References may lead anywhere in a schema that is its own root; in a
        // document of many, what none leads to is left out.
        if root.base.is_empty()
            && !root.references.has_embedded_resources()
            && !root.references.has_dynamic()
        {
            let needed = reachable_schemas(root.value, vec![place.local.clone()]);
            if let Ok(checker) =
                Checker::new(&pruned(root.value, &needed), &place.local, root.draft)
            {
                return Some(checker);
            }
        }
        Checker::new(root.value, &place.local, root.draft).ok()
    }

    /// Whether a regular expression matches some part of a text; `None` where it
    /// is none.
    pub fn matches(&mut self, pattern: &str, text: &str) -> Option<bool> {
        let compiled = self.patterns.entry(pattern.to_owned()).or_insert_with(|| {
            Pattern::is_valid(pattern).then(|| Pattern::owned(pattern.to_owned()))
        });
        compiled.as_ref().map(|it| it.is_match(text))
    }
}
