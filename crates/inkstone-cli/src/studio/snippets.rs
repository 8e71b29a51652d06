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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use inkstone::OPERATIONS;

    fn operation(accepts: impl Fn(&Operation) -> bool) -> &'static Operation {
        let mut all = OPERATIONS.iter().copied();
        all.find(|operation| accepts(operation)).unwrap()
    }

    #[test]
    fn curl_takes_no_text_of_a_form_to_be_a_file_or_a_type() {
        let form = operation(|one| one.body == Some(Media::Multipart) && !one.files.is_empty());
        let picture = form.files[0];
        let body = json!({"model": "m", "n": 2, "prompt": "@/etc/passwd;type='a'\n<b", picture: "data:,…"});
        let mut lines: Vec<_> = curl(form, &body, "").lines().map(str::to_owned).collect();
        lines.retain(|line| line.contains('='));
        let expected = [
            "  --form-string model=m \\".to_owned(),
            "  --form-string n=2 \\".to_owned(),
            "  --form-string 'prompt=@/etc/passwd;type='\\''a'\\''".to_owned(),
            format!("  -F {picture}=@picture.png"),
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn rust_finds_the_address_of_each_api_that_has_one() {
        for (api, client) in [
            (
                "gateway",
                "Client::builder(\"https://gateway.example\").build()?",
            ),
            (
                "dashscope",
                "Client::for_api(ApiFacts::find(\"dashscope\").ok_or(\"no such API\")?).build()?",
            ),
            (
                "compatible-mode",
                "Client::for_api(ApiFacts::find(\"compatible-mode\").ok_or(\"no such API\")?).build()?",
            ),
        ] {
            let code = rust(operation(|one| one.api == api), &json!({}));
            assert!(
                code.contains(&format!("let client = {client};\n")),
                "{code}"
            );
        }
    }
}
