//! The media types that a request says it reads.

use apifox_document::api::{Endpoint, MediaType, Reply};
use apifox_document::media_type;

/// The media types that replies which report success are read as, those of streams last. None
/// where they may be any.
pub(super) fn accept(endpoint: &Endpoint) -> Vec<String> {
    let replies = endpoint.responses.iter();
    let successes = replies.filter(|reply| endpoint.may_succeed(reply));
    let contents: Vec<_> = successes.flat_map(|reply| used(&reply.contents)).collect();
    let bodies = contents.iter().filter(|media| !is_stream(media));
    let streams = contents.iter().filter(|media| is_stream(media));
    let mut accept = Vec::new();
    for media in bodies.chain(streams) {
        match name(media) {
            None => return Vec::new(),
            Some(name) if !accept.contains(&name) => accept.push(name),
            Some(_) => {}
        }
    }
    accept
}

/// What types are made of: the preferred media type, and the first that is a stream.
fn used(contents: &[MediaType<Reply>]) -> impl Iterator<Item = &MediaType<Reply>> {
    let preferred = contents.first();
    let stream = contents.iter().skip(1).find(|media| is_stream(media));
    preferred
        .into_iter()
        .chain(stream.filter(|_| !preferred.is_some_and(is_stream)))
}

fn is_stream(media: &MediaType<Reply>) -> bool {
    matches!(media.content, Reply::Events { .. })
}

/// What a media type is called where requests name it; `None` for bytes, of which any will do.
fn name(media: &MediaType<Reply>) -> Option<String> {
    let written = media_type::sent(&media.name);
    match &media.content {
        Reply::Binary(_) => None,
        Reply::Json(_) if matches!(written.as_str(), "" | "*/*") => None,
        // A range of suffixes is none of HTTP's, and an editor has names of its own.
        Reply::Json(_) if written.contains("*+") || !written.contains('/') => {
            Some("application/json".to_owned())
        }
        Reply::Json(_) => Some(written),
        Reply::Text { media, .. } | Reply::Events { media, .. } => match written.contains('/') {
            true => Some(written),
            false => Some(media.clone()),
        },
    }
}
