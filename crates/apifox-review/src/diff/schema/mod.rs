//! Compares what two schemas accept.

mod arrays;
mod bounds;
mod flat;
mod goals;
mod include;
mod kinds;
mod logic;
mod node;
mod objects;
mod obstacle;
mod same;

pub(crate) use include::Comparison;
pub(crate) use node::{Id, Side};
pub(crate) use obstacle::{Obstacle, What};

use std::rc::Rc;

use kinds::Kinds;
use node::Literal;
use serde_json::Value;

/// The two sides of a comparison of schemas.
#[derive(Clone, Debug, Default)]
pub(crate) struct Differences {
    /// What the old accept and the new refuse.
    pub lost: Vec<Obstacle>,
    /// What the new accept and the old refuse.
    pub gained: Vec<Obstacle>,
}

impl<'d> Comparison<'d> {
    /// A schema to compare, at `pointer` of a document; references start from the
    /// document where `is_shared`, and else from the schema.
    pub fn place(
        &mut self,
        side: Side,
        document: &'d Value,
        pointer: &str,
        is_shared: bool,
    ) -> Option<Id> {
        self.nodes.place(side, document, pointer, is_shared)
    }

    /// Where a schema stands, if it is one of this side.
    pub fn pointer(&self, id: Id, side: Side) -> Option<String> {
        let (of, pointer) = self.nodes.pointer(id)?;
        (of == side).then_some(pointer)
    }

    /// Whether all that a schema accepts is written as one text: no arrays, and no
    /// objects.
    pub fn is_scalar(&mut self, id: Id) -> bool {
        let composite = Kinds::ARRAY.with(Kinds::OBJECT);
        let scalar = self.nodes.kinds(Kinds::ALL.without(composite));
        self.nodes.is_sound(id) && self.obstacles(vec![Literal::yes(id)], scalar).is_empty()
    }

    /// The schema that is some steps below another.
    pub fn below(&mut self, id: Id, steps: &str) -> Option<Id> {
        self.nodes.below(id, steps)
    }

    /// The value of a keyword.
    pub fn said(&self, id: Id, keyword: &str) -> Option<&'d Value> {
        self.nodes.keywords(id)?.get(keyword)
    }

    /// The schema that `$ref` leads to.
    pub fn referred(&mut self, id: Id) -> Option<Id> {
        let reference = self.said(id, "$ref")?.as_str()?;
        self.nodes.target(id, reference)
    }

    /// The names that the values of a keyword of two schemas share.
    pub fn shared_names(&self, a: Id, b: Id, keyword: &str) -> Vec<String> {
        let members = |id| self.said(id, keyword).and_then(Value::as_object);
        let Some((a, b)) = members(a).zip(members(b)) else {
            return Vec::new();
        };
        a.keys().filter(|it| b.contains_key(*it)).cloned().collect()
    }

    /// The length of the values of a keyword of two schemas, if it is the same.
    pub fn shared_length(&self, a: Id, b: Id, keyword: &str) -> usize {
        let length = |id| {
            self.said(id, keyword)
                .and_then(Value::as_array)
                .map(Vec::len)
        };
        let (a, b) = (length(a), length(b));
        if a == b { a.unwrap_or(0) } else { 0 }
    }

    /// What any of the old schemas accept and none of the new, and the reverse.
    pub fn differences(&mut self, old: &[Id], new: &[Id]) -> Differences {
        if let ([old], [new]) = (old, new)
            && self.sameness.are_same(&mut self.nodes, *old, *new)
        {
            return Differences::default();
        }
        let all: Vec<Id> = old.iter().chain(new).copied().collect();
        for id in all {
            if !self.nodes.is_sound(id) {
                let why = "its rules can't be compiled";
                let found = vec![include::unclear(id, why)];
                return Differences {
                    lost: found.clone(),
                    gained: found,
                };
            }
        }
        Differences {
            lost: self.refused(old, new),
            gained: self.refused(new, old),
        }
    }

    fn refused(&mut self, small: &[Id], big: &[Id]) -> Vec<Obstacle> {
        let (small, big) = (
            self.nodes.union(small.to_vec()),
            self.nodes.union(big.to_vec()),
        );
        let found: Rc<[Obstacle]> = self.obstacles(vec![Literal::yes(small)], big);
        found.to_vec()
    }
}
