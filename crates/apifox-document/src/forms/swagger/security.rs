//! Security schemes.

use serde_json::{Map, Value, json};

/// The security schemes of a document, as OpenAPI 3.0 writes them.
pub(super) fn schemes(definitions: Map<String, Value>) -> Map<String, Value> {
    let translated = |(name, scheme)| (name, translated(scheme));
    definitions.into_iter().map(translated).collect()
}

fn translated(scheme: Value) -> Value {
    match scheme["type"].as_str() {
        Some("basic") => replaced(&scheme, json!({"type": "http", "scheme": "basic"})),
        Some("oauth2") => {
            let flow = match scheme["flow"].as_str() {
                Some("application") => "clientCredentials",
                Some("accessCode") => "authorizationCode",
                Some(other) => other,
                None => "implicit",
            };
            let mut settings = Map::new();
            for name in ["authorizationUrl", "tokenUrl", "scopes"] {
                if let Some(value) = scheme.get(name) {
                    settings.insert(name.to_owned(), value.clone());
                }
            }
            replaced(
                &scheme,
                json!({"type": "oauth2", "flows": {flow: settings}}),
            )
        }
        _ => scheme,
    }
}

/// A scheme with its description and extensions.
fn replaced(scheme: &Value, mut by: Value) -> Value {
    for (name, value) in scheme.as_object().into_iter().flatten() {
        if name == "description" || name.starts_with("x-") {
            by[name] = value.clone();
        }
    }
    by
}
