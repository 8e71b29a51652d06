//! The header `Accept` of a request.

use apifox_runtime::Operation;
use reqwest::header::HeaderValue;

use crate::events::Framing;

/// What may come where a document is not right, or an error. Rails and ASP.NET ignore the whole
/// header where `*/*` is in it, whatever its weight.
const OTHERS: [(&str, &str); 2] = [("application/*", "0.2"), ("text/*", "0.1")];

/// What a request asks for; `None` where anything will do.
pub(crate) fn accept(operation: &Operation, is_stream: bool) -> Option<HeaderValue> {
    let is_event = |media: &&&str| Framing::of_media(media).is_some();
    let (events, bodies): (Vec<_>, Vec<_>) =
        operation.accept.iter().partition(|media| is_event(media));
    let wanted: Vec<&str> = match (is_stream, bodies.is_empty()) {
        (true, _) if events.is_empty() => vec!["text/event-stream"],
        (true, _) | (false, true) => events.into_iter().copied().collect(),
        (false, false) => bodies.into_iter().copied().collect(),
    };
    if wanted.is_empty() {
        return None;
    }
    // Who asks for a stream can do with nothing else.
    let others = OTHERS.iter().filter(|_| !is_stream);
    let others = others.filter(|(range, _)| !wanted.contains(range));
    let others = others.map(|(range, weight)| format!("{range};q={weight}"));
    let all: Vec<String> = wanted
        .iter()
        .map(ToString::to_string)
        .chain(others)
        .collect();
    // What a document writes may be nothing that a header can hold.
    HeaderValue::try_from(all.join(", ")).ok()
}

#[cfg(test)]
mod tests {
    use apifox_runtime::Operation;

    use super::accept;

    #[test]
    fn a_stream_is_asked_for_as_the_document_calls_it() {
        let cases: [(&[&str], &str); 4] = [
            (&[], "text/event-stream"),
            (&["application/json"], "text/event-stream"),
            (
                &["application/json", "application/x-ndjson"],
                "application/x-ndjson",
            ),
            (
                &["text/event-stream", "application/jsonl"],
                "text/event-stream, application/jsonl",
            ),
        ];
        for (accepted, expected) in cases {
            let operation = Operation {
                accept: accepted,
                ..Operation::ANY
            };
            let header = accept(&operation, true).expect("a header");
            assert_eq!(header, expected, "{accepted:?}");
        }
    }
}
