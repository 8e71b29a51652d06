//! What can be asked of the sandbox itself?

use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

use crate::api::Api;
use crate::body::{self, Received};
use crate::deliver::Reply;
use crate::fault::Fault;
use crate::handler::Shared;
use crate::template;

const JOURNAL: &str = "/_journal";
const STATS: &str = "/_stats";
const SCRIPT: &str = "/_script";

/// Whether a request is for the sandbox itself. Such a one is not in the journal.
pub fn is_for(head: &Parts) -> bool {
    match head.uri.path() {
        JOURNAL | STATS => head.method == Method::GET,
        SCRIPT => [Method::GET, Method::POST, Method::PUT, Method::DELETE].contains(&head.method),
        _ => false,
    }
}

pub async fn answer(shared: &Shared, head: &Parts, body: Incoming) -> Reply {
    match head.uri.path() {
        JOURNAL => journal(shared, head),
        STATS => Reply::json(
            StatusCode::OK,
            format!("{}\n", shared.journal.stats().json()),
        ),
        _ => script(shared, head, body).await,
    }
}

fn journal(shared: &Shared, head: &Parts) -> Reply {
    let asked = template::query(head.uri.query().unwrap_or_default(), "submitted");
    let submitted = match asked.as_deref() {
        None => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(other) => {
            let message = format!("submitted: write true or false, not {other:?}");
            return refusal(shared, &message);
        }
    };
    Reply::json(StatusCode::OK, shared.journal.json(submitted))
}

async fn script(shared: &Shared, head: &Parts, body: Incoming) -> Reply {
    let changed = match head.method {
        Method::GET => Ok(()),
        Method::DELETE => {
            shared.script.clear();
            Ok(())
        }
        _ => match body::read(body, None).await {
            Received::Json(_, json) => shared.script.add(&json, head.method == Method::PUT),
            Received::Other(_, why) => Err(why),
            Received::Form(..) | Received::TooLong => Err("the script is too long".into()),
        },
    };
    match changed {
        Ok(()) => Reply::json(StatusCode::OK, format!("{}\n", shared.script.json())),
        Err(message) => refusal(shared, &message),
    }
}

fn refusal(shared: &Shared, message: &str) -> Reply {
    Fault::request("", message).reply(Api::Gateway, &shared.ids.next())
}
