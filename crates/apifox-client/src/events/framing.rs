//! Where one event ends and the next begins.

use apifox_runtime::media_type;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

/// How events stand in a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// As the [HTML Standard](https://html.spec.whatwg.org/multipage/server-sent-events.html)
    /// has it: lines with a field each, and an empty one after each event.
    ServerSent,
    /// A value in JSON on each line.
    Lines,
}

/// An event as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RawEvent {
    pub name: Option<String>,
    pub id: Option<String>,
    pub data: Option<String>,
}

impl Framing {
    /// How the events of a reply with these headers stand in it; `None` where it is no stream.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        Self::of_media(headers.get(CONTENT_TYPE)?.to_str().ok()?)
    }

    /// How events stand in a body of this media type.
    pub fn of_media(media: &str) -> Option<Self> {
        match media_type::plain(media).as_str() {
            "text/event-stream" => Some(Self::ServerSent),
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonlines"
            | "application/json-lines"
            | "application/json-seq" => Some(Self::Lines),
            _ => None,
        }
    }
}

/// Puts events together, of pieces that end anywhere.
#[derive(Debug)]
pub(super) struct Parser {
    framing: Framing,
    /// The line that has not ended yet.
    line: Vec<u8>,
    /// Whether the last line ended with a carriage return, which a line feed may follow.
    after_return: bool,
    is_first_line: bool,
    event: RawEvent,
    /// How many bytes the event and the line have.
    pub pending: usize,
    /// The id holds for the events that follow.
    id: Option<String>,
}

impl Parser {
    pub fn new(framing: Framing) -> Self {
        Self {
            framing,
            line: Vec::new(),
            after_return: false,
            is_first_line: true,
            event: RawEvent::default(),
            pending: 0,
            id: None,
        }
    }

    /// The events that end in the bytes that came next.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<RawEvent> {
        let mut events = Vec::new();
        for part in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            let (text, end) = match part.split_last() {
                Some((end @ (b'\n' | b'\r'), text)) => (text, Some(*end)),
                _ => (part, None),
            };
            // The second half of the end of a line.
            let is_half = end == Some(b'\n') && text.is_empty() && self.after_return;
            self.after_return = end == Some(b'\r');
            if is_half && self.line.is_empty() {
                continue;
            }
            self.line.extend_from_slice(text);
            self.pending += part.len();
            if end.is_some() {
                events.extend(self.end_line());
            }
        }
        events
    }

    /// What has come of an event when nothing more comes.
    pub fn finish(&mut self) -> Vec<RawEvent> {
        let mut events = Vec::new();
        if !self.line.is_empty() {
            events.extend(self.end_line());
        }
        events.extend(self.end_event());
        events
    }

    fn end_line(&mut self) -> Option<RawEvent> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = match std::mem::take(&mut self.is_first_line) {
            true => line.trim_start_matches('\u{feff}'),
            false => &line,
        };
        if self.framing == Framing::Lines {
            // RFC 7464 has a record separator before each.
            let line = line.trim_start_matches('\u{1e}').trim();
            self.event.data = (!line.is_empty()).then(|| line.to_owned());
            return self.end_event();
        }
        if line.is_empty() {
            return self.end_event();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => match &mut self.event.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                none => *none = Some(value.to_owned()),
            },
            "event" => self.event.name = Some(value.to_owned()),
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            // When to connect anew, a comment, or what nobody knows.
            _ => {}
        }
        None
    }

    /// The event, if it has data.
    fn end_event(&mut self) -> Option<RawEvent> {
        self.pending = 0;
        let event = std::mem::take(&mut self.event);
        event.data.is_some().then(|| RawEvent {
            id: self.id.clone(),
            ..event
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Framing, Parser, RawEvent};

    fn event(name: Option<&str>, id: Option<&str>, data: &str) -> RawEvent {
        RawEvent {
            name: name.map(str::to_owned),
            id: id.map(str::to_owned),
            data: Some(data.to_owned()),
        }
    }

    /// The events of a text, however it is cut into pieces.
    fn parsed(framing: Framing, text: &str) -> Vec<RawEvent> {
        let whole = {
            let mut parser = Parser::new(framing);
            let mut events = parser.take(text.as_bytes());
            events.extend(parser.finish());
            events
        };
        for size in 1..8 {
            let mut parser = Parser::new(framing);
            let pieces = text.as_bytes().chunks(size);
            let mut events: Vec<RawEvent> = pieces.flat_map(|piece| parser.take(piece)).collect();
            events.extend(parser.finish());
            assert_eq!(events, whole, "{size} bytes at a time: {text:?}");
        }
        whole
    }

    #[test]
    fn events_are_as_the_standard_has_them() {
        let cases = [
            ("data: a\n\n", vec![event(None, None, "a")]),
            (
                "\u{feff}data:a\r\n\r\ndata: b\r\r",
                vec![event(None, None, "a"), event(None, None, "b")],
            ),
            (
                "data: YHOO\ndata: +2\ndata:  10\n\n",
                vec![event(None, None, "YHOO\n+2\n 10")],
            ),
            (
                ": comment\n\ndata: first\nid: 1\n\ndata:second\n\nid\ndata:  third\n\n",
                vec![
                    event(None, Some("1"), "first"),
                    event(None, Some("1"), "second"),
                    event(None, Some(""), " third"),
                ],
            ),
            (
                "data\n\ndata\ndata\n\n",
                vec![event(None, None, ""), event(None, None, "\n")],
            ),
            (
                "event: add\ndata: 1\nretry: 5\nfoo: x\n\nevent: none\n\n",
                vec![event(Some("add"), None, "1")],
            ),
            // What came is not lost where the end is missing.
            (
                "data: a\n\ndata: b",
                vec![event(None, None, "a"), event(None, None, "b")],
            ),
            ("data: 猫\n\n", vec![event(None, None, "猫")]),
            ("", vec![]),
        ];
        for (text, expected) in cases {
            assert_eq!(parsed(Framing::ServerSent, text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_is_an_event_where_the_media_type_says_so() {
        let expected = [event(None, None, "{\"a\":1}"), event(None, None, "2")];
        assert_eq!(parsed(Framing::Lines, "{\"a\":1}\n\n2\n"), expected);
        assert_eq!(parsed(Framing::Lines, "\u{1e}{\"a\":1}\n\u{1e}2"), expected);
    }
}
