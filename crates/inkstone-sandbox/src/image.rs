//! How is a picture handed out?

use std::time::Duration;

use hyper::header::{ACCEPT_RANGES, CONTENT_RANGE, ETAG};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use tokio::task::spawn_blocking;

use crate::api::Api;
use crate::deliver::Reply;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::handler::{self, Shared};
use crate::instead;
use crate::paint;
use crate::picture::Picture;
use crate::range::{self, Wanted};
use crate::step::Effect;

const FOLDER: &str = "/_images/";

pub fn is_for(head: &Parts) -> bool {
    let is_read = head.method == Method::GET || head.method == Method::HEAD;
    is_read && head.uri.path().starts_with(FOLDER)
}

pub async fn answer(shared: &Shared, head: &Parts, effect: Option<&Effect>) -> (Reply, Duration) {
    let reply = match instead::of(effect) {
        Some((effect, instead)) => {
            instead::reply(effect, instead, Api::DashScope, &shared.ids.next())
        }
        None => match picture(shared, head, effect).await {
            Ok(reply) => reply,
            Err(fault) => fault.reply(Api::Gateway, &shared.ids.next()),
        },
    };
    Entry::new(head)
        .played(effect)
        .status(reply.status)
        .record(shared);
    (reply, handler::delay_of(effect))
}

async fn picture(shared: &Shared, head: &Parts, effect: Option<&Effect>) -> Result<Reply, Fault> {
    let name = head.uri.path().strip_prefix(FOLDER).unwrap_or_default();
    let picture = Picture::parse(name).ok_or_else(|| handler::invalid_url(head))?;
    let mut file = draw(shared, picture).await?;
    if effect.is_some_and(|effect| effect.no_ranges) {
        return Ok(Reply::new(status(effect), "image/png", file));
    }
    // A name says all that its picture is drawn from.
    let etag = format!("\"{name}\"");
    let length = file.len();
    let reply = match range::wanted(&head.headers, &etag, length) {
        Wanted::All => Reply::new(status(effect), "image/png", file),
        Wanted::Part(range) => {
            let shown = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            file.truncate(range.end);
            file.drain(..range.start);
            Reply::new(StatusCode::PARTIAL_CONTENT, "image/png", file).with(CONTENT_RANGE, &shown)
        }
        Wanted::Impossible => {
            let status = StatusCode::RANGE_NOT_SATISFIABLE;
            let shown = format!("bytes */{length}");
            Reply::new(status, "text/plain", Vec::new()).with(CONTENT_RANGE, &shown)
        }
    };
    Ok(reply.with(ACCEPT_RANGES, "bytes").with(ETAG, &etag))
}

fn status(effect: Option<&Effect>) -> StatusCode {
    effect
        .and_then(|effect| effect.status)
        .unwrap_or(StatusCode::OK)
}

/// The file of a picture, when there is a free easel.
pub async fn draw(shared: &Shared, picture: Picture) -> Result<Vec<u8>, Fault> {
    let _easel = shared.easels.acquire().await;
    let drawn = spawn_blocking(move || paint::png(picture)).await;
    let failed = |error: &dyn std::fmt::Display| {
        Fault::sandbox(format!("the picture couldn't be drawn: {error}"))
    };
    match drawn {
        Ok(Ok(file)) => Ok(file),
        Ok(Err(error)) => Err(failed(&error)),
        Err(error) => Err(failed(&error)),
    }
}
