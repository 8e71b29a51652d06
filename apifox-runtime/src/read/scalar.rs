//! Booleans, numbers and strings.

use std::fmt;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::Read;
use crate::node::{Node, NodeVisitor};

/// A rule that says which scalars fit: each of its functions is asked for what it may
/// take, and the tree is asked where none does.
pub(crate) trait Scalar: Copy {
    /// What is read.
    type Value;

    /// The value of `true` or `false`, where that fits.
    fn of_bool(self, _: bool) -> Option<Self::Value> {
        None
    }

    /// The value of an integer, where that surely fits.
    fn of_integer(self, _: i64) -> Option<Self::Value> {
        None
    }

    /// The value of a string, where that fits.
    fn of_text(self, _: &str) -> Option<Self::Value> {
        None
    }

    /// The value of a tree; or the tree back.
    fn of_node(self, node: Node<'_>) -> Read<'_, Self::Value>;
}

/// Reads a scalar by what is known to fit.
#[inline]
pub(crate) fn read_scalar<'de, S: Scalar, D: Deserializer<'de>>(
    scalar: S,
    deserializer: D,
) -> Result<Read<'de, S::Value>, D::Error> {
    deserializer.deserialize_any(ScalarVisitor(scalar))
}

struct ScalarVisitor<S>(S);

impl<'de, S: Scalar> ScalarVisitor<S> {
    /// What fits, or what comes of the tree.
    fn or_node<E>(
        self,
        fitting: Option<S::Value>,
        node: impl FnOnce() -> Result<Node<'de>, E>,
    ) -> Result<Read<'de, S::Value>, E> {
        match fitting {
            Some(value) => Ok(Read::Fit(value)),
            None => Ok(self.0.of_node(node()?)),
        }
    }
}

impl<'de, S: Scalar> Visitor<'de> for ScalarVisitor<S> {
    type Value = Read<'de, S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        NodeVisitor.expecting(f)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        let fitting = self.0.of_bool(value);
        self.or_node(fitting, || NodeVisitor.visit_bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        let fitting = self.0.of_integer(value);
        self.or_node(fitting, || NodeVisitor.visit_i64(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        let fitting = i64::try_from(value)
            .ok()
            .and_then(|it| self.0.of_integer(it));
        self.or_node(fitting, || NodeVisitor.visit_u64(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        let fitting = self.0.of_text(value);
        self.or_node(fitting, || NodeVisitor.visit_str(value))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
        let fitting = self.0.of_text(value);
        self.or_node(fitting, || NodeVisitor.visit_borrowed_str(value))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Self::Value, E> {
        NodeVisitor.visit_string(value).map(|it| self.0.of_node(it))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        NodeVisitor.visit_f64(value).map(|it| self.0.of_node(it))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(self.0.of_node(Node::Null))
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(self.0.of_node(Node::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        NodeVisitor.visit_seq(access).map(|it| self.0.of_node(it))
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        NodeVisitor.visit_map(access).map(|it| self.0.of_node(it))
    }
}
