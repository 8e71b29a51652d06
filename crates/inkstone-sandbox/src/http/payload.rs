//! The body of a reply, as it is sent: whole, padded, dripping or stalled.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// A piece of padding; long padding is sent piece by piece and never all in memory.
const PADDING: &[u8] = &[b' '; 64 << 10];

/// The body of a reply, in parts.
#[derive(Default)]
pub struct Payload {
    parts: VecDeque<Part>,
    /// The length that is announced; a body without one is sent in chunks.
    length: Option<u64>,
    pause: Option<Pin<Box<Sleep>>>,
}

enum Part {
    Bytes(Bytes),
    /// So many spaces.
    Padding(u64),
    /// A part that is sent so many bytes at a time, with a pause before each.
    Drip(Box<Part>, u64, Duration),
    /// Nothing more is sent, and the body does not end.
    Stall,
}

impl Payload {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self {
            length: Some(bytes.len() as u64),
            parts: [Part::Bytes(bytes.into())].into(),
            pause: None,
        }
    }

    /// Inserts so many spaces before the last `tail` bytes.
    pub fn pad(&mut self, padding: u64, tail: u64) {
        let whole = self.length();
        let end = self.split(whole.saturating_sub(tail));
        self.parts.push_back(Part::Padding(padding));
        self.parts.extend(end);
        self.length = Some(whole + padding);
    }

    /// How many bytes the parts have.
    pub fn length(&self) -> u64 {
        self.parts.iter().map(Part::length).sum()
    }

    /// Stops after so many bytes; the announced length stays the same.
    pub fn stall(&mut self, after: u64) {
        self.split(after);
        self.parts.push_back(Part::Stall);
    }

    /// Sends `bytes` at a time, with a pause of `every` before each piece.
    pub fn drip(&mut self, bytes: u64, every: Duration) {
        let parts = std::mem::take(&mut self.parts).into_iter();
        let dripping = |part| match part {
            Part::Stall => Part::Stall,
            part => Part::Drip(Box::new(part), bytes, every),
        };
        self.parts = parts.map(dripping).collect();
    }

    /// Announces no length.
    pub fn chunk(&mut self) {
        self.length = None;
    }

    pub fn is_chunked(&self) -> bool {
        self.length.is_none()
    }

    /// Keeps the first bytes and hands back the others.
    fn split(&mut self, at: u64) -> VecDeque<Part> {
        let mut left = at;
        let mut end = VecDeque::new();
        for part in std::mem::take(&mut self.parts) {
            let length = part.length();
            let (first, second) = part.split(left.min(length));
            self.parts.push_back(first);
            end.push_back(second);
            left = left.saturating_sub(length);
        }
        end
    }
}

impl Part {
    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Padding(length) => *length,
            Self::Drip(part, ..) => part.length(),
            Self::Stall => 0,
        }
    }

    fn split(self, at: u64) -> (Self, Self) {
        match self {
            Self::Bytes(mut bytes) => {
                let at = usize::try_from(at).map_or(bytes.len(), |at| at.min(bytes.len()));
                let first = bytes.split_to(at);
                (Self::Bytes(first), Self::Bytes(bytes))
            }
            Self::Padding(length) => (Self::Padding(at), Self::Padding(length - at)),
            Self::Drip(part, bytes, every) => {
                let (first, second) = part.split(at);
                let drip = |part| Self::Drip(Box::new(part), bytes, every);
                (drip(first), drip(second))
            }
            Self::Stall => (Self::Stall, Self::Stall),
        }
    }

    /// How many bytes are sent at once.
    fn piece_length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Padding(length) => (*length).min(PADDING.len() as u64),
            Self::Drip(part, most, _) => part.piece_length().min(*most),
            Self::Stall => 0,
        }
    }

    /// The bytes of a part that is sent at once.
    fn into_bytes(self) -> Bytes {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Padding(length) => Bytes::from_static(&PADDING[..length as usize]),
            Self::Drip(part, ..) => part.into_bytes(),
            Self::Stall => Bytes::new(),
        }
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        while let Some(part) = self.parts.pop_front() {
            if matches!(part, Part::Stall) {
                self.parts.push_front(part);
                // Nothing wakes it: it ends when the client leaves or the server stops.
                return Poll::Pending;
            }
            if part.length() == 0 {
                continue;
            }
            if let Part::Drip(_, _, every) = part {
                self.pause = Some(Box::pin(sleep(every)));
            }
            let piece = part.piece_length();
            let (first, rest) = part.split(piece);
            self.parts.push_front(rest);
            return Poll::Ready(Some(Ok(Frame::data(first.into_bytes()))));
        }
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        self.length
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
