//! Arrays: `items`, their number, `uniqueItems` and `contains`.

use serde_json::Value;

use super::{Hint, Lowering, count};
use crate::model::{Contains, Items, Shape, Use};
use crate::schema::Schema;

impl<'d> Lowering<'d> {
    pub(super) fn array(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        if let Some(items) = schema.tuple() {
            return self.tuple(schema, &items, hint);
        }
        let is_ruled = ["minItems", "maxItems", "contains"];
        let is_ruled = is_ruled.iter().any(|name| schema.has(name))
            || schema.get("uniqueItems") == Some(&Value::Bool(true));
        if !is_ruled {
            return self.loose_array(schema, hint);
        }
        let (id, name) = self.reserve_for(schema, hint);
        let items = Items {
            of: self.item(schema, hint)?,
            min_items: count(schema, "minItems").unwrap_or(0),
            max_items: count(schema, "maxItems"),
            unique_items: schema.get("uniqueItems") == Some(&Value::Bool(true)),
            contains: match schema.child("contains") {
                None => None,
                Some(contained) => Some(Contains {
                    of: self.schema(&contained, &hint.part("contained"))?,
                    min_contains: count(schema, "minContains").unwrap_or(1),
                    max_contains: count(schema, "maxContains"),
                }),
            },
        };
        Some(self.fill(id, name, schema.docs(), Shape::Items(items)))
    }

    fn tuple(&mut self, schema: &Schema<'d>, items: &[Schema<'d>], hint: &Hint) -> Option<Use> {
        let (id, name) = self.reserve_for(schema, hint);
        let mut uses = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            uses.push(self.schema(item, &hint.part(&format!("item_{}", at + 1)))?);
        }
        Some(self.fill(id, name, schema.docs(), Shape::Tuple(uses)))
    }

    /// An array of the right items, whatever else is asked of it.
    pub(super) fn loose_array(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        let of = self.item(schema, hint)?;
        Some(Use::Array(Box::new(of)))
    }

    fn item(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        match schema.child("items") {
            // Items that depend on their place share no type.
            Some(items) if !items.value.is_array() && !schema.has("prefixItems") => {
                self.schema(&items, &hint.part("item"))
            }
            _ => Some(Use::Any),
        }
    }
}
