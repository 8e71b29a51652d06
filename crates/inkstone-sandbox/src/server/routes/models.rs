//! The list of models of the gateway, as OpenAI's clients ask for it.

use std::time::Duration;

use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::documents::api::Api;
use crate::documents::api_error::ApiError;
use crate::http::authorization;
use crate::http::reply::Reply;
use crate::journal::recorder::Recorded;
use crate::script::effect::Effect;
use crate::server::override_reply;
use crate::server::state::State;

/// When the models are said to have been made: 1 January 2026.
const CREATED: u64 = 1_767_225_600;

pub fn is_for(head: &Parts) -> bool {
    head.method == Method::GET && head.uri.path() == "/v1/models"
}

pub fn answer(state: &State, head: &Parts, effect: &Effect) -> (Reply, Duration) {
    let request_id = state.request_ids.next();
    let reply = override_reply::build(effect, Api::Gateway, &request_id)
        .unwrap_or_else(|| list(state, head, &request_id));
    Recorded::new(head, None).answered(reply, effect, &state.journal)
}

fn list(state: &State, head: &Parts, request_id: &str) -> Reply {
    if !authorization::has_bearer(&head.headers) {
        return Reply::error(&ApiError::no_key(), Api::Gateway, request_id);
    }
    let names = state.catalog.models(Api::Gateway).into_iter();
    let models: Vec<Value> = names
        .map(|name| json!({"id": name, "object": "model", "created": CREATED, "owned_by": "sandbox"}))
        .collect();
    let body = json!({"object": "list", "data": models}).to_string();
    Reply::json(StatusCode::OK, body).with_request_id(Api::Gateway, request_id)
}
