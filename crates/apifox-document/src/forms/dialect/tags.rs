//! Discriminators: which alternative a value of a member names.

use serde_json::{Map, Value, json};

use crate::document::place_name;
use crate::pointer::{decoded, member};

/// Keeps what a `discriminator` says, for telling which alternative was meant. It restricts
/// nothing, and so has a keyword of ours: `x-tags`.
pub(super) fn keep_tags(schema: &mut Map<String, Value>) {
    if let Some(tags) = tags(schema) {
        schema.insert("x-tags".to_owned(), tags);
    }
}

/// Whether a `discriminator` does not say which member tells the alternatives apart.
pub(super) fn names_no_property(discriminator: &Value) -> bool {
    let name = discriminator.get("propertyName").and_then(Value::as_str);
    !discriminator.is_null() && name.is_none_or(str::is_empty)
}

fn tags(schema: &Map<String, Value>) -> Option<Value> {
    let discriminator = member(schema, "discriminator")?;
    let property = discriminator.get("propertyName")?.as_str()?;
    let alternatives = member(schema, "oneOf").or_else(|| member(schema, "anyOf"))?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mut values = Map::new();
    for (index, alternative) in alternatives.as_array()?.iter().enumerate() {
        let Some(target) = alternative.get("$ref").and_then(Value::as_str) else {
            continue;
        };
        let target = decoded(target);
        let name = place_name(&target);
        let is_meant = |to: &Value| {
            let to = to.as_str().map(decoded);
            to.is_some_and(|to| to == target || to == name)
        };
        let mapped = mapping.into_iter().flatten().filter(|(_, to)| is_meant(to));
        let mut mapped = mapped.map(|(value, _)| value.clone()).peekable();
        // Without a value of its own it goes by its name.
        let own = mapped.peek().is_none().then(|| name.clone());
        values.extend(mapped.chain(own).map(|value| (value, index.into())));
    }
    (!values.is_empty()).then(|| json!({"property": property, "values": values}))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::tags;

    #[test]
    fn a_discriminator_names_alternatives_by_mapping_or_by_name() {
        let schema = |discriminator| {
            json!({"discriminator": discriminator, "oneOf": [
                {"$ref": "#/components/schemas/Cat"},
                {"$ref": "#/components/schemas/Dog"},
                {"type": "null"},
            ]})
        };
        let mapping = json!({"cat": "#/components/schemas/Cat", "kitten": "Cat"});
        let cases = [
            (
                json!({"propertyName": "kind"}),
                Some(json!({"property": "kind", "values": {"Cat": 0, "Dog": 1}})),
            ),
            (
                json!({"propertyName": "kind", "mapping": mapping}),
                Some(json!({"property": "kind", "values": {"cat": 0, "kitten": 0, "Dog": 1}})),
            ),
            (json!({}), None),
        ];
        for (discriminator, expected) in cases {
            let schema = schema(discriminator);
            assert_eq!(
                tags(schema.as_object().expect("a schema")),
                expected,
                "{schema}"
            );
        }
    }
}
