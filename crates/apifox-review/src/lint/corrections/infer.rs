//! Infers a schema from examples.

use serde_json::{Map, Value};

use crate::infer::{infer_items, infer_properties, infer_type};
use crate::lint::context::Context;

/// The schema that all of these values fit. No field is required: an example shows what
/// may be there, not what has to be.
pub fn infer_schema(values: &[&Value], context: &Context<'_>) -> Value {
    let mut schema = inferred(values);
    if !context.has_lists_of_types() {
        without_lists_of_types(&mut schema);
    }
    schema
}

/// Says in the words of OpenAPI 3.0 that `null` is one of the types. What is of several others may
/// be anything.
fn without_lists_of_types(schema: &mut Value) {
    let Value::Object(keywords) = schema else {
        return;
    };
    let list = keywords.get("type").and_then(Value::as_array);
    let others = list.map(|list| list.iter().filter(|own| *own != "null").cloned());
    match others.map(Iterator::collect::<Vec<Value>>).as_deref() {
        Some([single]) => {
            keywords.insert("type".into(), single.clone());
            keywords.insert("nullable".into(), true.into());
        }
        Some(_) => drop(keywords.remove("type")),
        None => {}
    }
    let properties = keywords.get_mut("properties");
    let properties = properties.and_then(Value::as_object_mut);
    for property in properties.into_iter().flat_map(|all| all.values_mut()) {
        without_lists_of_types(property);
    }
    if let Some(items) = keywords.get_mut("items") {
        without_lists_of_types(items);
    }
}

fn inferred(values: &[&Value]) -> Value {
    let mut schema = Map::new();
    if let Some(types) = infer_type(values) {
        schema.insert("type".into(), types);
        let properties = infer_properties(values, inferred);
        schema.extend(properties.map(|properties| ("properties".to_owned(), properties)));
        let items = infer_items(values, inferred);
        schema.extend(items.map(|items| ("items".to_owned(), items)));
    }
    schema.into()
}
