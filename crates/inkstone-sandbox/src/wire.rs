//! Where does a connection break?

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The end that a reply comes to on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    pub place: Place,
    pub how: How,
}

/// After how many bytes the connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Counted from the status line on.
    Head(u64),
    /// Counted from the end of the head on, as the bytes are on the wire.
    Body(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The stream ends, as if the server had no more to say.
    Close,
    /// The connection is reset: RST instead of FIN.
    Reset,
}

/// What the handler of a request tells the connection that it came on.
#[derive(Clone, Default)]
pub struct Line(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    cut: Option<Cut>,
    /// How much of the end of a head has been seen.
    seen: usize,
    /// Bytes written since the cut was ordered, or since the head ended.
    written: u64,
}

const END_OF_HEAD: &[u8] = b"\r\n\r\n";

impl Line {
    /// Breaks the connection within the reply that is written next.
    pub fn cut(&self, cut: Cut) {
        *self.state() = State {
            cut: Some(cut),
            ..State::default()
        };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Its members are numbers, whole at any time.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How many of these bytes may still be written.
    fn allowed(&self, bytes: &[u8]) -> usize {
        let left = match self.cut.map(|cut| cut.place) {
            None => return bytes.len(),
            Some(Place::Head(most)) => most.saturating_sub(self.written),
            Some(Place::Body(most)) if self.is_past_head() => most.saturating_sub(self.written),
            Some(Place::Body(most)) => match self.end_of_head(bytes) {
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
        match (self.cut.map(|cut| cut.place), end) {
            (Some(Place::Body(_)), Some(end)) => self.written = (bytes.len() - end) as u64,
            _ => self.written += bytes.len() as u64,
        }
        self.seen = bytes.iter().fold(self.seen, |seen, byte| step(seen, *byte));
    }

    fn is_past_head(&self) -> bool {
        self.seen == END_OF_HEAD.len()
    }

    /// Where the head ends within these bytes.
    fn end_of_head(&self, bytes: &[u8]) -> Option<usize> {
        let mut seen = self.seen;
        let last = bytes.iter().position(|byte| {
            seen = step(seen, *byte);
            seen == END_OF_HEAD.len()
        });
        last.map(|last| last + 1)
    }

    fn is_over(&self) -> Option<How> {
        let cut = self.cut?;
        let is_over = match cut.place {
            Place::Head(most) => self.written >= most,
            Place::Body(most) => self.is_past_head() && self.written >= most,
        };
        is_over.then_some(cut.how)
    }
}

/// The automaton that finds the end of a head, however it is cut into pieces.
fn step(seen: usize, byte: u8) -> usize {
    match END_OF_HEAD.get(seen) {
        None => seen,
        Some(expected) if *expected == byte => seen + 1,
        Some(_) => usize::from(byte == b'\r'),
    }
}

/// A connection that breaks where its [`Line`] says.
pub struct Wire {
    stream: TcpStream,
    line: Line,
}

impl Wire {
    pub fn new(stream: TcpStream, line: Line) -> Self {
        Self { stream, line }
    }

    /// An error if the connection is to break now, which makes the server drop it.
    fn check(&self) -> io::Result<()> {
        match self.line.state().is_over() {
            None => Ok(()),
            Some(how) => {
                if how == How::Reset {
                    self.stream.set_zero_linger()?;
                }
                Err(io::ErrorKind::ConnectionAborted.into())
            }
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        let allowed = self.line.state().allowed(bytes);
        let written = Pin::new(&mut self.stream).poll_write(context, &bytes[..allowed]);
        if let Poll::Ready(Ok(written)) = written {
            self.line.state().wrote(&bytes[..written]);
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

    /// What of a reply passes, written in pieces of some length.
    fn passes(place: Place, reply: &[u8], piece: usize) -> usize {
        let cut = Some(Cut {
            place,
            how: How::Close,
        });
        let mut state = State {
            cut,
            ..State::default()
        };
        let mut passed = 0;
        while passed < reply.len() && state.is_over().is_none() {
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
            (Place::Head(0), 0),
            (Place::Head(7), 7),
            (Place::Head(30), 30),
            (Place::Body(0), head),
            (Place::Body(3), head + 3),
            (Place::Body(10), head + 10),
            (Place::Body(11), head + 10),
        ];
        for (place, expected) in cases {
            for piece in 1..=reply.len() {
                assert_eq!(passes(place, reply, piece), expected, "{place:?}, {piece}");
            }
        }
    }
}
