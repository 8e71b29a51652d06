//! The routes of the sandbox itself: journal, counts and script.

use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

use crate::documents::api::Api;
use crate::documents::api_error::ApiError;
use crate::documents::path_template;
use crate::http::reply::Reply;
use crate::http::request_body::{self, RequestBody};
use crate::server::state::State;

const JOURNAL: &str = "/_journal";
const STATS: &str = "/_stats";
const SCRIPT: &str = "/_script";

/// Whether a request is for the sandbox itself. The journal leaves such requests out.
pub fn is_for(head: &Parts) -> bool {
    match head.uri.path() {
        JOURNAL | STATS => head.method == Method::GET,
        SCRIPT => [Method::GET, Method::POST, Method::PUT, Method::DELETE].contains(&head.method),
        _ => false,
    }
}

pub async fn answer(state: &State, head: &Parts, body: Incoming) -> Reply {
    match head.uri.path() {
        JOURNAL => journal(state, head),
        STATS => Reply::json(
            StatusCode::OK,
            format!("{}\n", state.journal.stats().json()),
        ),
        _ => script(state, head, body).await,
    }
}

fn journal(state: &State, head: &Parts) -> Reply {
    let query = head.uri.query().unwrap_or_default();
    let from = match path_template::query(query, "from").map(|text| text.parse()) {
        None => 0,
        Some(Ok(from)) => from,
        Some(Err(_)) => return refusal(state, "from: write the number of an entry, as in from=5"),
    };
    let given = path_template::query(query, "submitted");
    let submitted = match given.as_deref() {
        None => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(other) => {
            let message = format!("submitted: write true or false, not {other:?}");
            return refusal(state, &message);
        }
    };
    Reply::json(StatusCode::OK, state.journal.json(submitted, from))
}

async fn script(state: &State, head: &Parts, body: Incoming) -> Reply {
    let changed = match head.method {
        Method::GET => Ok(()),
        Method::DELETE => {
            state.script.clear();
            Ok(())
        }
        _ => match request_body::read(body, None).await {
            RequestBody::Json(_, json) => state.script.add(&json, head.method == Method::PUT),
            RequestBody::Unreadable(_, why) => Err(why),
            RequestBody::Form(..) | RequestBody::TooLong => Err("the script is too long".into()),
        },
    };
    match changed {
        Ok(()) => Reply::json(StatusCode::OK, format!("{}\n", state.script.json())),
        Err(message) => refusal(state, &message),
    }
}

fn refusal(state: &State, message: &str) -> Reply {
    let error = ApiError::request("", message);
    Reply::error(&error, Api::Gateway, &state.request_ids.next())
}
