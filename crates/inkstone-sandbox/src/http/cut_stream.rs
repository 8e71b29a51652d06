//! A connection that breaks after an exact number of bytes.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::script::effect::CutKind;

/// Where and how the connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    pub point: CutPoint,
    pub kind: CutKind,
}

/// After how many bytes the connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutPoint {
    /// Counted from the status line on.
    Head(u64),
    /// Counted from the end of the head on, chunk framing included.
    Body(u64),
}

/// Lets the handler of a request break the connection that the request came on.
// A panic elsewhere can't leave its numbers half written.
#[derive(Clone, Default)]
pub struct CutHandle(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    cut: Option<Cut>,
    /// How much of the end of a head has been seen.
    seen: usize,
    /// Bytes written since the cut was set, or since the head ended.
    written: u64,
}

const END_OF_HEAD: &[u8] = b"\r\n\r\n";

impl CutHandle {
    /// Breaks the connection within the reply that is written next.
    pub fn cut(&self, cut: Cut) {
        *self.0.lock() = State {
            cut: Some(cut),
            ..State::default()
        };
    }
}

impl State {
    /// How many of these bytes may still be written.
    fn allowed(&self, bytes: &[u8]) -> usize {
        let left = match self.cut.map(|cut| cut.point) {
            None => return bytes.len(),
            Some(CutPoint::Head(most)) => most.saturating_sub(self.written),
            Some(CutPoint::Body(most)) if self.is_past_head() => most.saturating_sub(self.written),
            Some(CutPoint::Body(most)) => match self.end_of_head(bytes) {
                Some(end) => most.saturating_add(end as u64),
                None => return bytes.len(),
            },
        };
        usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()))
    }

    fn wrote(&mut self, bytes: &[u8]) {
        let end = match self.is_past_head() {
            true => None,
            false => self.end_of_head(bytes),
        };
        match (self.cut.map(|cut| cut.point), end) {
            (Some(CutPoint::Body(_)), Some(end)) => self.written = (bytes.len() - end) as u64,
            _ => self.written += bytes.len() as u64,
        }
        self.seen = bytes
            .iter()
            .fold(self.seen, |seen, byte| advance(seen, *byte));
    }

    fn is_past_head(&self) -> bool {
        self.seen == END_OF_HEAD.len()
    }

    /// Where in these bytes the head ends.
    fn end_of_head(&self, bytes: &[u8]) -> Option<usize> {
        let mut seen = self.seen;
        let last = bytes.iter().position(|byte| {
            seen = advance(seen, *byte);
            seen == END_OF_HEAD.len()
        });
        last.map(|last| last + 1)
    }

    fn reached_cut(&self) -> Option<CutKind> {
        let cut = self.cut?;
        let is_reached = match cut.point {
            CutPoint::Head(most) => self.written >= most,
            CutPoint::Body(most) => self.is_past_head() && self.written >= most,
        };
        is_reached.then_some(cut.kind)
    }
}

/// Advances the search for the end of a head, which may come in pieces.
fn advance(seen: usize, byte: u8) -> usize {
    match END_OF_HEAD.get(seen) {
        None => seen,
        Some(expected) if *expected == byte => seen + 1,
        Some(_) => usize::from(byte == b'\r'),
    }
}

/// A connection that breaks where its [`CutHandle`] is told to.
pub struct CutStream {
    stream: TcpStream,
    handle: CutHandle,
}

impl CutStream {
    pub fn new(stream: TcpStream, handle: CutHandle) -> Self {
        Self { stream, handle }
    }

    /// An error if the connection is to break now, which makes the server drop it.
    fn check(&self) -> io::Result<()> {
        match self.handle.0.lock().reached_cut() {
            None => Ok(()),
            Some(kind) => {
                if kind == CutKind::Reset {
                    self.stream.set_zero_linger()?;
                }
                Err(io::ErrorKind::ConnectionAborted.into())
            }
        }
    }
}

impl AsyncRead for CutStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for CutStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        let allowed = self.handle.0.lock().allowed(bytes);
        let written = Pin::new(&mut self.stream).poll_write(context, &bytes[..allowed]);
        if let Poll::Ready(Ok(written)) = written {
            self.handle.0.lock().wrote(&bytes[..written]);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How much of a reply passes, written in pieces of some length.
    fn passes(point: CutPoint, reply: &[u8], piece: usize) -> usize {
        let cut = Some(Cut {
            point,
            kind: CutKind::Close,
        });
        let mut state = State {
            cut,
            ..State::default()
        };
        let mut passed = 0;
        while passed < reply.len() && state.reached_cut().is_none() {
            let bytes = &reply[passed..reply.len().min(passed + piece)];
            let allowed = state.allowed(bytes);
            state.wrote(&bytes[..allowed]);
            passed += allowed;
        }
        passed
    }

    #[test]
    fn a_cut_is_exact_however_the_reply_is_written() {
        let reply = b"HTTP/1.1 200 OK\r\nA: b\r\r\n\r\n0123456789";
        let head = reply.len() - 10;
        let cases = [
            (CutPoint::Head(0), 0),
            (CutPoint::Head(7), 7),
            (CutPoint::Head(30), 30),
            (CutPoint::Body(0), head),
            (CutPoint::Body(3), head + 3),
            (CutPoint::Body(10), head + 10),
            (CutPoint::Body(11), head + 10),
        ];
        for (point, expected) in cases {
            for piece in 1..=reply.len() {
                assert_eq!(passes(point, reply, piece), expected, "{point:?}, {piece}");
            }
        }
    }
}
