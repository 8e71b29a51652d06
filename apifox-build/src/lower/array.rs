//! Arrays: `items`, their number, `uniqueItems` and `contains`.

use super::{Hint, Lowering, count};
use crate::model::{Contains, Items, Shape, Use};
use crate::schema::Schema;

impl<'d> Lowering<'d> {
    pub(super) fn array(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        // The item is named after the array, and the array is its parent.
        let item_hint = Hint::new(&format!("{}_item", hint.name), &hint.parent);
        let of = match schema.child("items") {
            Some(items) => self.schema(&items, &item_hint),
            None => Some(Use::Any),
        };
        let min_items = self.heard(schema, count(schema, "minItems"));
        let max_items = self.heard(schema, count(schema, "maxItems"));
        let contains = self.contains(schema, hint);
        let unique_items = schema.get("uniqueItems") == Some(&true.into());
        let items = Items {
            of: of?,
            min_items: min_items?.unwrap_or(0),
            max_items: max_items?,
            unique_items,
            contains: contains?,
        };
        let is_plain = items.min_items == 0
            && items.max_items.is_none()
            && !items.unique_items
            && items.contains.is_none();
        if is_plain {
            return Some(Use::Array(Box::new(items.of)));
        }
        Some(self.declare(schema, hint, Shape::Items(items)))
    }

    /// `Some(None)` where the schema has no `contains`.
    #[expect(
        clippy::option_option,
        reason = "the outer one says that a problem was noted"
    )]
    fn contains(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Option<Contains>> {
        let Some(contained) = schema.child("contains") else {
            return Some(None);
        };
        let of_hint = Hint::new(&format!("{}_contained", hint.name), &hint.parent);
        let of = self.schema(&contained, &of_hint);
        let min_contains = self.heard(schema, count(schema, "minContains"));
        let max_contains = self.heard(schema, count(schema, "maxContains"));
        Some(Some(Contains {
            of: of?,
            min_contains: min_contains?.unwrap_or(1),
            max_contains: max_contains?,
        }))
    }
}
