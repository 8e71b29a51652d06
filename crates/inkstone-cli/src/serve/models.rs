//! `/v1/models`: the models that can be reached.

use hyper::{Response, StatusCode};
use inkstone::Operation;
use serde_json::{Value, json};

use crate::serve::api_error::ApiError;
use crate::serve::http::payload::{Part, Payload};
use crate::serve::openai::check;
use crate::serve::reply::reply;
use crate::serve::server::Server;

/// All models.
pub fn list(server: &Server) -> Response<Payload> {
    let models = check::models(&server.dispatcher.targets);
    let models: Vec<Value> = models
        .iter()
        .map(|(name, operation)| model(name, operation))
        .collect();
    answer(&json!({"object": "list", "data": models}))
}

/// One of them.
pub fn one(server: &Server, name: &str) -> Result<Response<Payload>, ApiError> {
    let models = check::models(&server.dispatcher.targets);
    let found = models.iter().find(|(known, _)| *known == name);
    let (name, operation) = found.ok_or_else(|| check::unknown_model(name))?;
    Ok(answer(&model(name, operation)))
}

fn model(name: &str, operation: &Operation) -> Value {
    json!({
        "id": name,
        "object": "model",
        // The documents don't say when a model was made.
        "created": 0,
        "owned_by": operation.api,
    })
}

fn answer(json: &Value) -> Response<Payload> {
    let text = Part::text(format!("{json}\n"));
    reply(StatusCode::OK, "application/json", vec![text])
}
