//! Apidog, as Apifox is called outside China: the same documents, but with its own name in
//! their keywords.

use serde_json::{Map, Value};

/// The members of a document that have its name, and what Apifox calls them.
const NAMES: [(&str, &str); 3] = [
    ("apidogProject", "apifoxProject"),
    ("x-apidog", "x-apifox"),
    ("x-run-in-apidog", "x-run-in-apifox"),
];

/// The document as Apifox would have written it; `None` where it is by Apifox.
pub(super) fn as_apifox(json: &Value) -> Option<Value> {
    is_by_apidog(json).then(|| renamed(json))
}

fn is_by_apidog(json: &Value) -> bool {
    match json {
        Value::Object(members) => members.iter().any(|(name, value)| {
            let is_own = name.contains("apidog") && apifox_name(name).is_some();
            is_own || is_by_apidog(value)
        }),
        Value::Array(items) => items.iter().any(is_by_apidog),
        _ => false,
    }
}

fn apifox_name(name: &str) -> Option<String> {
    NAMES.iter().find_map(|(own, by_apifox)| {
        let rest = name.strip_prefix(own)?;
        let is_whole = rest.is_empty() || rest.starts_with('-');
        is_whole.then(|| format!("{by_apifox}{rest}"))
    })
}

fn renamed(json: &Value) -> Value {
    match json {
        Value::Object(members) => {
            let renamed = members.iter().map(|(name, value)| {
                let name = apifox_name(name).unwrap_or_else(|| name.clone());
                (name, renamed(value))
            });
            renamed.collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(renamed).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::as_apifox;

    #[test]
    fn only_its_own_names_are_others() {
        let cases = [
            (
                json!({"apidogProject": "1.0.0", "a": [{"x-apidog-orders": ["x-apidog"]}]}),
                Some(json!({"apifoxProject": "1.0.0", "a": [{"x-apifox-orders": ["x-apidog"]}]})),
            ),
            (
                json!({"x-run-in-apidog": "", "x-apidog": {"x-apidogs": 1}}),
                Some(json!({"x-run-in-apifox": "", "x-apifox": {"x-apidogs": 1}})),
            ),
            (json!({"x-apidogs": 1, "x-apifox-orders": []}), None),
        ];
        for (json, expected) in cases {
            assert_eq!(as_apifox(&json), expected, "{json}");
        }
    }
}
