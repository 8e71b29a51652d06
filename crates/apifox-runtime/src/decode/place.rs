//! Where a visitor puts what it reads.

use crate::value::node::Node;

/// What was read by a visitor of arrays, objects and the like: an `R`, or a tree of what else
/// was there.
///
/// Values may be large, and a deserializer copies what a visitor returns several times. And a tree
/// is decoded once, after its visit, so that a type's visits of other values are a line each.
pub(crate) struct Place<'de, R> {
    pub(crate) read: Option<R>,
    /// `null` so far, which is also what it is after a visit of `null`.
    pub(crate) tree: Node<'de>,
}

impl<R> Place<'_, R> {
    pub(crate) const EMPTY: Self = Self {
        read: None,
        tree: Node::Null,
    };
}

/// A visitor's methods for what it has no type for, which is put into its place as a tree.
macro_rules! as_tree {
    (scalars) => {
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str($crate::decode::tree::ANY)
        }

        $crate::decode::place::as_tree! {
            E: serde::de::Error =>
            visit_unit() -> E;
            visit_none() -> E;
            visit_bool(value: bool) -> E;
            visit_u64(value: u64) -> E;
            visit_i64(value: i64) -> E;
            visit_f64(value: f64) -> E;
            visit_str(value: &str) -> E;
            visit_borrowed_str(value: &'de str) -> E;
            visit_string(value: String) -> E;
        }
    };
    (inner) => {
        $crate::decode::place::as_tree! {
            D: serde::de::Deserializer<'de> =>
            visit_some(value: D) -> D::Error;
            visit_newtype_struct(value: D) -> D::Error;
        }
    };
    (array) => {
        $crate::decode::place::as_tree! {
            A: serde::de::SeqAccess<'de> => visit_seq(value: A) -> A::Error;
        }
    };
    (object) => {
        $crate::decode::place::as_tree! {
            A: serde::de::MapAccess<'de> => visit_map(value: A) -> A::Error;
        }
    };
    ($of:ident: $trait:path => $($visit:ident($($value:ident: $ty:ty)?) -> $error:ty;)*) => {$(
        fn $visit<$of: $trait>(self, $($value: $ty)?) -> Result<(), $error> {
            $crate::decode::tree::NodeVisitor(&mut self.0.tree).$visit($($value)?)
        }
    )*};
}

pub(crate) use as_tree;
