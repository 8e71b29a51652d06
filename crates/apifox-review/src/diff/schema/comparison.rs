//! What other files ask of a comparison of schemas.

use std::rc::Rc;

use serde_json::Value;

use super::inclusion::SchemaComparison;
use super::kinds::Kinds;
use super::mismatch::{Mismatch, unclear};
use super::node::{Literal, NodeId, Side};

/// The values that only one side accepts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Differences {
    /// The values that the old schemas accept and the new ones refuse.
    pub lost: Vec<Mismatch>,
    /// The values that the new schemas accept and the old ones refuse.
    pub gained: Vec<Mismatch>,
}

impl<'d> SchemaComparison<'d> {
    /// Adds the schema at `pointer` of a document to compare; its references start from
    /// the document where `is_shared`, and else from the schema. `None` where there is none.
    pub fn place(
        &mut self,
        side: Side,
        document: &'d Value,
        pointer: &str,
        is_shared: bool,
    ) -> Option<NodeId> {
        self.nodes.place(side, document, pointer, is_shared)
    }

    /// The pointer to a schema, if it is one of this side.
    pub fn pointer(&self, id: NodeId, side: Side) -> Option<String> {
        let (own_side, pointer) = self.nodes.pointer(id)?;
        (own_side == side).then_some(pointer)
    }

    /// Whether a schema accepts neither arrays nor objects.
    pub fn is_scalar(&mut self, id: NodeId) -> bool {
        let composite = Kinds::ARRAY.union(Kinds::OBJECT);
        let scalar = self.nodes.kinds(Kinds::ALL.difference(composite));
        let small = vec![Literal::positive(id)];
        self.nodes.is_compilable(id) && self.mismatches(small, scalar, "").is_empty()
    }

    /// The schema that is some steps within another.
    pub fn subschema(&mut self, id: NodeId, steps: &str) -> Option<NodeId> {
        self.nodes.subschema(id, steps)
    }

    pub fn keyword_value(&self, id: NodeId, keyword: &str) -> Option<&'d Value> {
        self.nodes.keywords(id)?.get(keyword)
    }

    /// The schema that `$ref` refers to.
    pub fn reference_target(&mut self, id: NodeId) -> Option<NodeId> {
        self.nodes.reference_target(id)
    }

    /// The length of the array that is the value of a keyword.
    pub fn length(&self, id: NodeId, keyword: &str) -> usize {
        let value = self.keyword_value(id, keyword);
        value.and_then(Value::as_array).map_or(0, Vec::len)
    }

    /// Whether two schemas are the same, keyword for keyword.
    pub fn are_equivalent(&mut self, a: NodeId, b: NodeId) -> bool {
        self.equivalence.are_equivalent(&mut self.nodes, a, b)
    }

    /// The schema that a single one is but a reference to: what many places refer to is compared
    /// once. One whose rules can't be compiled stays what it is, to be told of where it stands;
    /// so do several, whose order is that in which they were met.
    pub fn target(&mut self, ids: Vec<NodeId>) -> Vec<NodeId> {
        let [id] = ids[..] else {
            return ids;
        };
        let target = self.nodes.resolve(id);
        match self.nodes.is_compilable(target) {
            true => vec![target],
            false => ids,
        }
    }

    /// The values that any of the old schemas accept and none of the new ones, and the
    /// reverse.
    pub fn differences(&mut self, old: &[NodeId], new: &[NodeId]) -> Differences {
        if let ([old], [new]) = (old, new)
            && self.equivalence.are_equivalent(&mut self.nodes, *old, *new)
        {
            return Differences::default();
        }
        let both = old.iter().chain(new).copied();
        for id in both {
            if !self.nodes.is_compilable(id) {
                let mismatches = vec![unclear(id, "its rules can't be compiled")];
                return Differences {
                    lost: mismatches.clone(),
                    gained: mismatches,
                };
            }
        }
        Differences {
            lost: self.refused(old, new),
            gained: self.refused(new, old),
        }
    }

    /// What any of `small` accepts, and none of `big`.
    fn refused(&mut self, small: &[NodeId], big: &[NodeId]) -> Vec<Mismatch> {
        let small = self.nodes.union(small.to_vec());
        let big = self.nodes.union(big.to_vec());
        let found: Rc<[Mismatch]> = self.mismatches(vec![Literal::positive(small)], big, "");
        found.to_vec()
    }
}
