//! Real documents: every reply that is drawn is valid by `jsonschema`, and requests that are
//! valid are accepted.

use apifox_document::api::{Api, Content, Credential, Endpoint, Parameter, Reply, Response};
use apifox_document::pointer::{JsonPointerExt as _, encoded, written_place};
use apifox_document::schema::reachable::standing_alone;
use apifox_document::{Document, forms, sources};
use apifox_runtime::{Location, Style};
use inkstone_sandbox::{Sandbox, draw, validator};
use serde_json::{Value, json};

use crate::support::http::send;

/// How many operations of a document are tried.
const MOST_OPERATIONS: usize = 40;

const DOCUMENTS: [&str; 13] = [
    "openapi/assistant-perm.json",
    "openapi/boyuan.yaml",
    "openapi/campushub-auth.json",
    "openapi/daftra.json",
    "openapi/erp-3.1.json",
    "openapi/flea-market.json",
    "openapi/newapi-relay.json",
    "openapi/sora2.json",
    "openapi/v2ex.yaml",
    "project-export/mall-shop.json",
    "project-export/v2ex.json",
    "world/figma.yaml",
    "world/spotify.yml",
];

struct Tried {
    api: Api,
    sandbox: Sandbox,
}

#[derive(Debug, Default)]
struct Counts {
    operations: usize,
    accepted: usize,
    replies: usize,
    examples: usize,
    refused_examples: usize,
    not_drawn: Vec<String>,
}

#[tokio::test]
async fn replies_are_valid_and_valid_requests_are_accepted() {
    let (mut found, mut replies) = (0, 0);
    for name in DOCUMENTS {
        let Some(path) = test_data::find(&format!("documents/{name}")) else {
            continue;
        };
        found += 1;
        let counts = try_document(sources::read_file(&path).unwrap()).await;
        replies += counts.replies;
        assert!(
            counts.not_drawn.is_empty(),
            "{name}: {:?}",
            counts.not_drawn
        );
        assert!(counts.accepted > 0, "{name}");
    }
    match found {
        0 => test_data::skip("documents"),
        _ => assert!(replies > 100, "{replies}"),
    }
}

/// The documents that make trouble of `apifox-review`: what of them can be read is answered for.
#[tokio::test]
async fn documents_that_make_trouble_are_answered_for() {
    let cases = include_str!("../../../../apifox-review/tests/nasty.json");
    let cases: Vec<Value> = serde_json::from_str(cases).unwrap();
    let mut accepted = 0;
    for case in &cases {
        let file = case["file"].as_str().unwrap_or("d.json");
        let text = match case["text"].as_str() {
            Some(text) => text.to_owned(),
            None => case["document"].to_string(),
        };
        let Ok(document) = sources::read_text(file, &text) else {
            assert_eq!(case["operations"], json!([]), "{}", case["name"]);
            continue;
        };
        if !document.form().has_operations() {
            continue;
        }
        let counts = try_document(document).await;
        let made = case["operations"].as_array().unwrap().len();
        assert_eq!(counts.operations, made, "{}", case["name"]);
        assert!(
            counts.not_drawn.is_empty(),
            "{}: {:?}",
            case["name"],
            counts.not_drawn
        );
        accepted += counts.accepted;
    }
    assert!(accepted > 40, "{accepted}");
}

async fn try_document(document: Document) -> Counts {
    let api = forms::read(&document, false).unwrap();
    let sandbox = Sandbox::builder().mock(document).start().await.unwrap();
    let tried = Tried { api, sandbox };
    let mut counts = Counts::default();
    let all = tried.api.operations.len();
    let step = all.div_ceil(MOST_OPERATIONS).max(1);
    for (at, endpoint) in tried.api.operations.iter().enumerate().step_by(step) {
        counts.operations += 1;
        tried.operation(endpoint, at as u64, &mut counts).await;
    }
    counts
}

impl Tried {
    async fn operation(&self, endpoint: &Endpoint, seed: u64, counts: &mut Counts) {
        let Some((path, headers)) = self.head(endpoint, seed) else {
            return;
        };
        let mut bodies = Vec::new();
        match endpoint.body.as_ref().and_then(|body| body.content()) {
            None => bodies.push((Value::Null, true)),
            Some(Content::Json(place)) => {
                let schema = self.schema(place);
                let valid = validator(&schema).unwrap();
                bodies.extend(draw(&schema, seed).unwrap().map(|drawn| (drawn, true)));
                for example in self.examples(endpoint, place) {
                    counts.examples += 1;
                    let is_valid = valid.is_valid(&example);
                    counts.refused_examples += usize::from(!is_valid);
                    bodies.push((example, is_valid));
                }
            }
            Some(_) => return,
        }
        for (body, is_valid) in bodies {
            self.request(endpoint, &path, &headers, (&body, is_valid), counts)
                .await;
        }
    }

    async fn request(
        &self,
        endpoint: &Endpoint,
        path: &str,
        headers: &[(String, String)],
        (body, is_valid): (&Value, bool),
        counts: &mut Counts,
    ) {
        let label = format!("{} {path}", endpoint.method);
        let text = match endpoint.body {
            Some(_) => body.to_string(),
            None => String::new(),
        };
        let mut headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        if let Some(body) = &endpoint.body {
            headers.push(("Content-Type", &body.contents[0].name));
        }
        let reply = send(&self.sandbox, &endpoint.method, path, &headers, &text).await;
        let problem = reply.header("x-sandbox-problem").unwrap_or_default();
        if !is_valid {
            assert_eq!(reply.status, 400, "{label}: {text}: {problem}");
            return;
        }
        if reply.status == 500 && !problem.is_empty() {
            counts.not_drawn.push(format!("{label}: {problem}"));
            return;
        }
        assert!(
            problem.is_empty(),
            "{label}: {text}: {} {problem}",
            reply.status
        );
        counts.accepted += 1;
        // A reply to HEAD has no body.
        let described = Response::for_status(&endpoint.responses, reply.status)
            .filter(|_| endpoint.method != "HEAD");
        if let Some(Reply::Json(Some(place))) = described
            .and_then(|one| one.contents.first())
            .map(|media| &media.content)
        {
            let valid = validator(&self.schema(place)).unwrap();
            assert!(valid.is_valid(&reply.json()), "{label}: {}", reply.text());
            counts.replies += 1;
        }
    }

    fn schema(&self, place: &str) -> Value {
        if !self.api.is_shared {
            return self.api.json.pointer(place).cloned().unwrap_or(json!(true));
        }
        let reference = json!({"$ref": format!("#{}", encoded(place))});
        standing_alone(&self.api.json, &reference)
    }

    fn examples(&self, endpoint: &Endpoint, place: &str) -> Vec<Value> {
        let media = written_place(place)
            .strip_suffix("/schema")
            .unwrap_or_default();
        let own = endpoint.pointer.child("requestBody");
        let mut found = Vec::new();
        for object in [media, &own] {
            found.extend(self.api.json.pointer(&object.child("example")).cloned());
            let several = self.api.json.pointer(&object.child("examples"));
            let several = several.and_then(Value::as_object).into_iter().flatten();
            found.extend(several.filter_map(|(_, example)| example.get("value").cloned()));
        }
        found.retain(Value::is_object);
        found
    }

    /// The path with its query, and the headers, of a request; `None` where a parameter has
    /// no simple text.
    fn head(&self, endpoint: &Endpoint, seed: u64) -> Option<(String, Vec<(String, String)>)> {
        let mut path = match endpoint.path.split_once("://") {
            Some((_, rest)) => rest.split_once('/').map(|(_, path)| format!("/{path}"))?,
            None => format!("/{}", endpoint.path.trim_start_matches('/')),
        };
        // What follows a # is not sent.
        path.truncate(path.find('#').unwrap_or(path.len()));
        let (mut headers, mut query) = (Vec::new(), Vec::new());
        for parameter in endpoint
            .parameters
            .iter()
            .filter(|parameter| parameter.required)
        {
            let (name, texts) = (&parameter.name, self.texts(parameter, seed)?);
            match parameter.location {
                Location::Path => {
                    path = path.replace(&format!("{{{name}}}"), &escaped(&texts.join(",")))
                }
                Location::Query if parameter.serialization.explode => {
                    query.extend(texts.iter().map(|text| format!("{name}={}", escaped(text))));
                }
                Location::Query => query.push(format!("{name}={}", escaped(&texts.join(",")))),
                Location::Header => headers.push((name.clone(), texts.join(","))),
                Location::Cookie => headers.push((
                    "Cookie".to_owned(),
                    format!("{name}={}", escaped(&texts.join(","))),
                )),
            }
        }
        for requirement in endpoint.security.first().into_iter().flatten() {
            match &requirement.credential {
                Credential::Bearer => headers.push(("Authorization".into(), "Bearer k".into())),
                Credential::Basic => headers.push(("Authorization".into(), "Basic k".into())),
                Credential::Header(name) => headers.push((name.clone(), "k".into())),
                Credential::Query(name) => query.push(format!("{name}=k")),
                Credential::Cookie(name) => headers.push(("Cookie".into(), format!("{name}=k"))),
                Credential::Other(_) => {}
            }
        }
        if !query.is_empty() {
            path += if path.contains('?') { "&" } else { "?" };
            path += &query.join("&");
        }
        (!path.contains('{')).then_some((path, headers))
    }

    fn texts(&self, parameter: &Parameter, seed: u64) -> Option<Vec<String>> {
        let drawn = draw(&self.schema(&parameter.schema), seed).unwrap()?;
        if parameter.serialization.style == Style::Json {
            return Some(vec![drawn.to_string()]);
        }
        let text = |value: &Value| match value {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        };
        match &drawn {
            Value::Array(items) if !items.is_empty() => items.iter().map(text).collect(),
            value => text(value).map(|text| vec![text]),
        }
    }
}

fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~,".contains(&byte);
    text.bytes()
        .fold(String::new(), |escaped, byte| match plain(byte) {
            true => escaped + &char::from(byte).to_string(),
            false => escaped + &format!("%{byte:02X}"),
        })
}
