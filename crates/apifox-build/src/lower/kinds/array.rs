//! Arrays: `items`, their number, `uniqueItems` and `contains`.

use serde_json::Value;

use crate::lower::hint::Hint;
use crate::lower::lowering::Lowering;
use crate::model::{Contains, Items, Shape, TypeRef};
use crate::schema::Schema;

impl<'d> Lowering<'d> {
    pub fn array(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        if let Some(items) = schema.tuple() {
            return self.tuple(schema, &items, hint);
        }
        if !has_rules(schema) {
            return self.loose_array(schema, hint);
        }
        let reserved = self.reserve_for(schema, hint);
        let items = Items {
            of: self.item(schema, hint)?,
            min_items: schema.count("minItems").unwrap_or(0),
            max_items: schema.count("maxItems"),
            unique_items: is_unique(schema),
            contains: match schema.child("contains") {
                None => None,
                Some(contained) => Some(Contains {
                    of: self.schema(&contained, &hint.part("contained"))?,
                    min_contains: schema.count("minContains").unwrap_or(1),
                    max_contains: schema.count("maxContains"),
                }),
            },
        };
        Some(self.fill(reserved, schema.docs(), Shape::Items(items)))
    }

    fn tuple(&mut self, schema: &Schema<'d>, items: &[Schema<'d>], hint: &Hint) -> Option<TypeRef> {
        let reserved = self.reserve_for(schema, hint);
        let mut types = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            types.push(self.schema(item, &hint.part(&format!("item_{}", at + 1)))?);
        }
        Some(self.fill(reserved, schema.docs(), Shape::Tuple(types)))
    }

    /// An array of the right items, whatever else is asked of it.
    pub fn loose_array(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        let item = self.item(schema, hint)?;
        let item = self.held(item, &hint.part("item"));
        Some(TypeRef::Array(Box::new(item)))
    }

    fn item(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        match schema.child("items") {
            // Items that depend on their place share no type.
            Some(items) if !items.value.is_array() && !schema.has("prefixItems") => {
                self.schema(&items, &hint.part("item"))
            }
            _ => Some(TypeRef::Any),
        }
    }
}

fn has_rules(schema: &Schema<'_>) -> bool {
    let rules = ["minItems", "maxItems", "contains"];
    rules.iter().any(|name| schema.has(name)) || is_unique(schema)
}

fn is_unique(schema: &Schema<'_>) -> bool {
    schema.get("uniqueItems") == Some(&Value::Bool(true))
}
