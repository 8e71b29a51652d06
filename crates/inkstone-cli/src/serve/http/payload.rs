//! The body of a reply, in parts: pictures are read from their files, and encoded, a piece
//! at a time, so that a reply takes no more memory than a piece.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Interval, MissedTickBehavior, interval};

/// How much of a file is read at a time, in bytes: a multiple of 3, so that base64 of the
/// pieces is base64 of the whole.
const PIECE: usize = 48 << 10;

/// How often a stream says that it is alive, for those who end a silent one.
const EVERY: Duration = Duration::from_secs(10);

/// Parts that come later.
type Later = Pin<Box<dyn Future<Output = Vec<Part>> + Send>>;

/// A part of a body.
pub enum Part {
    Text(Bytes),
    /// What is left of a file, in bytes.
    File(File, u64),
    /// The same, as base64.
    Base64(File, u64),
    /// Events that come later, and the clock of the signs of life before them.
    Later(Later, Interval),
}

impl Part {
    pub fn text(text: String) -> Self {
        Self::Text(text.into())
    }

    pub fn file(path: &Path) -> io::Result<Self> {
        let (file, length) = open(path)?;
        Ok(Self::File(file, length))
    }

    pub fn base64(path: &Path) -> io::Result<Self> {
        let (file, length) = open(path)?;
        Ok(Self::Base64(file, length))
    }

    pub fn later(parts: impl Future<Output = Vec<Self>> + Send + 'static) -> Self {
        let mut clock = interval(EVERY);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self::Later(Box::pin(parts), clock)
    }

    /// How many bytes it has, where that is known.
    fn length(&self) -> Option<u64> {
        match self {
            Self::Text(bytes) => Some(bytes.len() as u64),
            Self::File(_, left) => Some(*left),
            Self::Base64(_, left) => Some(left.div_ceil(3) * 4),
            Self::Later(..) => None,
        }
    }
}

fn open(path: &Path) -> io::Result<(File, u64)> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

/// Is called when the last byte is on its way.
type AtEnd = Box<dyn FnOnce() + Send>;

/// The body of a reply.
pub struct Payload {
    parts: VecDeque<Part>,
    at_end: Option<AtEnd>,
}

impl Payload {
    pub fn new(parts: Vec<Part>) -> Self {
        let parts = parts.into_iter();
        Self {
            // An empty one is never sent, and its end would not be noticed.
            parts: parts.filter(|part| part.length() != Some(0)).collect(),
            at_end: None,
        }
    }

    /// Calls `work` when the last byte is on its way, and never if it is not.
    pub fn at_end(mut self, work: impl FnOnce() + Send + 'static) -> Self {
        self.at_end = Some(Box::new(work));
        self
    }

    /// The next piece of the first part; `None` where it has no more.
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let piece = match self.parts.front_mut() {
            None => None,
            Some(Part::Text(bytes)) => Some(Ok(bytes.split_to(bytes.len()))),
            Some(Part::File(file, left)) => Some(read(file, left)),
            Some(Part::Base64(file, left)) => {
                Some(read(file, left).map(|bytes| STANDARD.encode(bytes).into()))
            }
            Some(Part::Later(parts, clock)) => {
                if let Poll::Ready(parts) = parts.as_mut().poll(context) {
                    self.parts.pop_front();
                    for part in parts.into_iter().rev() {
                        self.parts.push_front(part);
                    }
                    return self.poll_piece(context);
                }
                std::task::ready!(clock.poll_tick(context));
                Some(Ok(Bytes::from_static(b": the picture is being made\n\n")))
            }
        };
        Poll::Ready(piece)
    }
}

/// The next bytes of a file that has so many left.
fn read(file: &mut File, left: &mut u64) -> io::Result<Bytes> {
    let most = usize::try_from(*left).map_or(PIECE, |left| left.min(PIECE));
    let mut piece = vec![0; most];
    file.read_exact(&mut piece)?;
    *left -= most as u64;
    Ok(piece.into())
}

impl Body for Payload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let piece = std::task::ready!(self.poll_piece(context));
        if self
            .parts
            .front()
            .is_some_and(|part| part.length() == Some(0))
        {
            self.parts.pop_front();
        }
        if self.parts.is_empty()
            && !matches!(piece, Some(Err(_)))
            && let Some(work) = self.at_end.take()
        {
            work();
        }
        Poll::Ready(piece.map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.parts.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        let lengths = self.parts.iter().map(Part::length);
        let whole: Option<u64> = lengths.sum();
        whole.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::{Context, Poll, Waker};

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use hyper::body::Body as _;

    use super::{Part, Payload};

    fn collect(payload: Payload) -> Vec<u8> {
        let mut payload = pin!(payload);
        let mut context = Context::from_waker(Waker::noop());
        let mut bytes = Vec::new();
        while let Poll::Ready(Some(frame)) = payload.as_mut().poll_frame(&mut context) {
            bytes.extend(frame.unwrap().into_data().unwrap());
        }
        bytes
    }

    #[test]
    fn a_file_is_encoded_piece_by_piece_and_has_the_length_that_is_announced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        for length in [0, 1, 2, 3, 49_151, 49_152, 49_153, 200_000] {
            let bytes: Vec<u8> = (0..length).map(|index: u32| index as u8).collect();
            std::fs::write(&path, &bytes).unwrap();
            let ended = Arc::new(AtomicBool::new(false));
            let seen = ended.clone();
            let parts = vec![
                Part::text("[".to_owned()),
                Part::base64(&path).unwrap(),
                Part::text("]".to_owned()),
                Part::file(&path).unwrap(),
            ];
            let payload = Payload::new(parts).at_end(move || seen.store(true, Ordering::Relaxed));
            let announced = payload.size_hint().exact();
            let body = collect(payload);
            let encoded = format!("[{}]", STANDARD.encode(&bytes)).into_bytes();
            assert_eq!(body, [encoded, bytes].concat(), "{length}");
            assert_eq!(announced, Some(body.len() as u64));
            assert!(ended.load(Ordering::Relaxed));
        }
    }
}
