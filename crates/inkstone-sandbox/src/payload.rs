//! How do the bytes of a reply's body come?

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// How much of a filling is written at once, so that none of it is in memory.
const FILLING: &[u8] = &[b' '; 64 << 10];

/// The body of a reply: what it is made of, in order.
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
    Filling(u64),
    /// What comes by so many bytes, each after a pause.
    Drip(Box<Part>, u64, Duration),
    /// Nothing more, and no end either.
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

    /// So many spaces before the last bytes, `tail` of them.
    pub fn fill(&mut self, filling: u64, tail: u64) {
        let whole = self.length();
        let end = self.split(whole.saturating_sub(tail));
        self.parts.push_back(Part::Filling(filling));
        self.parts.extend(end);
        self.length = Some(whole + filling);
    }

    /// How many bytes it is made of.
    pub fn length(&self) -> u64 {
        self.parts.iter().map(Part::length).sum()
    }

    /// Stops after so many bytes, of the length that remains announced.
    pub fn stall(&mut self, after: u64) {
        self.split(after);
        self.parts.push_back(Part::Stall);
    }

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
            Self::Filling(length) => *length,
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
            Self::Filling(length) => (Self::Filling(at), Self::Filling(length - at)),
            Self::Drip(part, bytes, every) => {
                let (first, second) = part.split(at);
                let drip = |part| Self::Drip(Box::new(part), bytes, every);
                (drip(first), drip(second))
            }
            Self::Stall => (Self::Stall, Self::Stall),
        }
    }

    /// What is written at once: a part of it, if it is long or drips.
    fn start(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Filling(length) => (*length).min(FILLING.len() as u64),
            Self::Drip(part, most, _) => part.start().min(*most),
            Self::Stall => 0,
        }
    }

    /// The bytes of a part that is no longer than its start.
    fn into_bytes(self) -> Bytes {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Filling(length) => Bytes::from_static(&FILLING[..length as usize]),
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
                // Nobody wakes it: the client leaves, or the server stops.
                return Poll::Pending;
            }
            if part.length() == 0 {
                continue;
            }
            if let Part::Drip(_, _, every) = part {
                self.pause = Some(Box::pin(sleep(every)));
            }
            let start = part.start();
            let (first, rest) = part.split(start);
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
