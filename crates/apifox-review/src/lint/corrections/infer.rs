//! Infers a schema from examples.

use serde_json::{Map, Value};

use crate::infer::{infer_items, infer_properties, infer_type};

/// The schema that all of these values fit. No field is required: an example shows what
/// may be there, not what has to be.
pub fn infer_schema(values: &[&Value]) -> Value {
    let mut schema = Map::new();
    if let Some(types) = infer_type(values) {
        schema.insert("type".into(), types);
        let properties = infer_properties(values, infer_schema);
        schema.extend(properties.map(|properties| ("properties".to_owned(), properties)));
        let items = infer_items(values, infer_schema);
        schema.extend(items.map(|items| ("items".to_owned(), items)));
    }
    schema.into()
}
