//! What a place in a document is about, as in `GET /pets, response 200`.

use serde_json::Value;

use super::kind::ObjectKind;
use super::member::Holds;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _, steps};

/// What the place `pointer` is about, in a document whose root is of this kind; `None` for
/// what belongs to the document as a whole.
#[must_use]
pub fn subject(json: &Value, root: ObjectKind, pointer: &str) -> Option<String> {
    let mut labels: Vec<String> = Vec::new();
    let mut holds = Holds::Object(root);
    let mut place = String::new();
    labels.extend(route(json, root));
    for step in steps(pointer) {
        let around = place.clone();
        place = place.child(&step);
        let value = json.value_at(&place).unwrap_or(&Value::Null);
        let (label, next) = match holds {
            Holds::Object(kind) | Holds::ListOrObject { object: kind, .. }
                if json.value_at(&around).is_some_and(Value::is_object) =>
            {
                let member = kind
                    .member(&step)
                    .map_or(Holds::Anything, |member| member.holds);
                let judged = kind.judge(&step, value).ok().flatten();
                let inner = judged.unwrap_or(member);
                (member_label(kind, &step, inner, value), inner)
            }
            Holds::List(kind) | Holds::ListOrObject { list: kind, .. } => {
                (item_label(kind, &step, value), Holds::Object(kind))
            }
            Holds::Map(kind) => (item_label(kind, &step, value), Holds::Object(kind)),
            Holds::Schemas => (Some(format!("schema {step}")), Holds::Schema),
            _ => break,
        };
        // An operation is named by its path and method together.
        match label {
            Some(label) if next == Holds::Object(ObjectKind::Operation) => {
                let path = labels.pop().unwrap_or_default();
                labels.push(format!("{label} {path}"));
            }
            label => labels.extend(label),
        }
        holds = next;
    }
    (!labels.is_empty()).then(|| labels.join(", "))
}

/// What a member is called, if its name says what a place is about.
fn member_label(kind: ObjectKind, name: &str, holds: Holds, value: &Value) -> Option<String> {
    use ObjectKind::{
        Callback, Folder, Operation, PathItem, RequestBody, Response, Responses, SwaggerOperation,
        SwaggerResponse,
    };
    match (kind, holds) {
        (_, Holds::Object(Operation | SwaggerOperation)) => Some(name.to_ascii_uppercase()),
        (Responses, Holds::Object(Response)) | (_, Holds::Object(SwaggerResponse)) => {
            Some(format!("response {name}"))
        }
        (Operation, Holds::Object(RequestBody)) => Some("request body".to_owned()),
        (Callback, Holds::Object(PathItem)) => Some(name.to_owned()),
        (Folder, Holds::Object(ObjectKind::Endpoint)) => route(value, ObjectKind::Endpoint),
        (_, Holds::Object(ObjectKind::EndpointBody)) => Some("request body".to_owned()),
        _ => None,
    }
}

/// What an item is called, by its name or by what it is.
fn item_label(kind: ObjectKind, name: &str, item: &Value) -> Option<String> {
    use ObjectKind as Kind;
    let own = |member: &str| match &item[member] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => name.to_owned(),
    };
    Some(match kind {
        Kind::PathItem | Kind::SwaggerPathItem => name.to_owned(),
        Kind::Operation => name.to_ascii_uppercase(),
        Kind::Parameter | Kind::SwaggerParameter => match item["in"].as_str() {
            Some(location) => format!("{location} parameter {}", own("name")),
            None => format!("parameter {}", own("name")),
        },
        Kind::EndpointParameter => format!("parameter {}", own("name")),
        Kind::Header | Kind::SwaggerHeader => format!("header {name}"),
        Kind::Callback => format!("callback {name}"),
        Kind::Response | Kind::SwaggerResponse => format!("response {name}"),
        Kind::RequestBody => format!("request body {name}"),
        Kind::Encoding => format!("field {name}"),
        Kind::SecurityScheme | Kind::SwaggerSecurityScheme => format!("security scheme {name}"),
        Kind::EndpointResponse => format!("response {}", own("code")),
        Kind::ModelFolder if item.get("schema").is_some() => format!("model {}", own("name")),
        Kind::Folder => return route(item, kind),
        _ => return None,
    })
}

/// The method and path of an endpoint.
fn route(item: &Value, kind: ObjectKind) -> Option<String> {
    let is_endpoint = matches!(kind, ObjectKind::Endpoint | ObjectKind::Folder);
    let method = item["method"].as_str().filter(|_| is_endpoint)?;
    Some(format!(
        "{} {}",
        method.to_ascii_uppercase(),
        item["path"].as_str()?
    ))
}
