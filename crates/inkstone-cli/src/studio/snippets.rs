//! A request for curl, and in Rust.

use inkstone::{ApiFacts, Media, Operation};
use serde_json::Value;

use crate::request::words::command_line::quoted;

pub fn curl(operation: &Operation, body: &Value, url: &str) -> String {
    let facts = ApiFacts::find(operation.api);
    let key = facts.map_or("API_KEY", |facts| facts.key_variable.as_str());
    let base = facts.and_then(|facts| facts.place(None, None).ok());
    let base = base.map_or_else(|| url.to_owned(), |place| place.base_url);
    let base = base.trim_end_matches('/');
    let mut command = format!("curl {}", quoted(&format!("{base}{}", operation.path)));
    command += &format!(" \\\n  -H \"Authorization: Bearer ${key}\"");
    for (name, value) in operation.headers {
        command += &format!(" \\\n  -H {}", quoted(&format!("{name}: {value}")));
    }
    if operation.body == Some(Media::Multipart) {
        for (name, value) in body.as_object().into_iter().flatten() {
            command += &form_fields(operation, name, value);
        }
        return command;
    }
    command += " \\\n  -H 'Content-Type: application/json'";
    command + &format!(" \\\n  -d {}", quoted(&format!("{body:#}")))
}

fn form_fields(operation: &Operation, name: &str, value: &Value) -> String {
    let all = match value {
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    // Of a text, curl takes nothing to be a file or a type.
    let field = |value: &Value| match value {
        _ if operation.files.contains(&name) => format!("-F {name}=@picture.png"),
        Value::String(text) => format!("--form-string {}", quoted(&format!("{name}={text}"))),
        other => format!("--form-string {}", quoted(&format!("{name}={other}"))),
    };
    let fields = all.iter().map(|value| format!(" \\\n  {}", field(value)));
    fields.collect()
}

pub fn rust(operation: &Operation, body: &Value) -> String {
    let facts = ApiFacts::find(operation.api);
    // Of a gateway, nobody knows the address but who has its key.
    let (names, client) = match facts.filter(|facts| facts.place(None, None).is_ok()) {
        Some(facts) => ("ApiFacts, Client, OPERATIONS", {
            let found = format!("ApiFacts::find({:?}).ok_or(\"no such API\")?", facts.name);
            format!("Client::for_api({found})")
        }),
        None => (
            "Client, OPERATIONS",
            "Client::builder(\"https://gateway.example\")".to_owned(),
        ),
    };
    let body = format!("{body:#}").replace('\n', "\n    ");
    format!(
        "use inkstone::{{{names}}};\n\n\
         #[tokio::main]\n\
         async fn main() -> Result<(), Box<dyn std::error::Error>> {{\n    \
         let client = {client}.build()?;\n    \
         let operation = OPERATIONS\n        .iter()\n        \
         .find(|one| one.api == {api:?} && one.name == {name:?})\n        \
         .ok_or(\"no such document\")?;\n    \
         let body = serde_json::json!({body});\n    \
         let reply = client.send_json(operation, &body).await?;\n    \
         for image in reply.images() {{\n        \
         let path = client.save(&image, \"pictures\".as_ref(), \"picture\").await?;\n        \
         println!(\"{{}}\", path.display());\n    }}\n    Ok(())\n}}\n",
        api = operation.api,
        name = operation.name,
    )
}
