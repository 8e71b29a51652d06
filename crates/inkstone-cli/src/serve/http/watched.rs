//! A connection that remembers whether it broke, and whether the other side was heard of after what
//! was sent to it: hyper takes the one for an end, and reads ahead of what it answers.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep, timeout};

/// How long the rest of a request may take to come that was answered before, in all.
pub const UNREAD: Duration = Duration::from_secs(10);

/// How long nothing may come of it.
const QUIET: Duration = Duration::from_secs(1);

/// How much of it is read, in bytes.
const LONGEST_DISCARDED: usize = 1 << 30;

/// How much of it is read at a time, in bytes.
const PIECE: usize = 64 << 10;

/// How long the other side may take nothing of what is sent to it.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection, and what became of it.
pub struct Watched {
    stream: TcpStream,
    is_broken: bool,
    hearing: Hearing,
    patience: Duration,
    /// Until when more has to be taken, where something waits for that.
    stalled: Option<Pin<Box<Sleep>>>,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HungUp {
    /// The other side closed it in order.
    Closed,
    /// It broke.
    Broken,
    /// The other side did neither in time.
    Unknown,
}

/// Whether the other side was heard of after what was sent to it. What it sent before says nothing
/// of what it has had.
#[derive(Clone, Default)]
pub struct Hearing(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    /// Whether something is still to be sent.
    is_due: bool,
    /// How many bytes had come, and were not read, when the last was sent.
    earlier: u64,
    is_heard: bool,
}

impl Hearing {
    /// More is to be sent, of which nothing can be heard yet.
    pub fn begin(&self) {
        let mut heard = self.heard();
        (heard.is_due, heard.is_heard) = (true, false);
    }

    /// Whether something came that was sent after all that was sent from here had left.
    pub fn is_heard(&self) -> bool {
        self.heard().is_heard
    }

    /// Whether something is still to be sent.
    pub fn is_due(&self) -> bool {
        self.heard().is_due
    }

    fn wrote(&self, earlier: u64) {
        self.begin();
        self.heard().earlier = earlier;
    }

    /// All that was to be sent has left.
    pub fn flushed(&self) {
        self.heard().is_due = false;
    }

    fn read(&self, bytes: u64) {
        let mut heard = self.heard();
        heard.is_heard |= !heard.is_due && bytes > heard.earlier;
        heard.earlier = heard.earlier.saturating_sub(bytes);
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many bytes have come that are not read yet, where the system tells.
#[cfg(unix)]
fn waiting(stream: &TcpStream) -> u64 {
    rustix::io::ioctl_fionread(stream).unwrap_or_default()
}

#[cfg(not(unix))]
fn waiting(_: &TcpStream) -> u64 {
    0
}

impl Watched {
    pub fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            is_broken: false,
            hearing: Hearing::default(),
            patience: PATIENCE,
            stalled: None,
        }
    }

    pub fn hearing(&self) -> Hearing {
        self.hearing.clone()
    }

    /// Ends it after an answer to a request that may not have come whole. Who is still sending it
    /// would be cut off, and many then take no notice of the answer; what comes after `most` is
    /// not waited for.
    pub async fn end_unread(mut self, most: Duration) {
        if self.is_broken || self.shutdown().await.is_err() {
            return;
        }
        let rest = async {
            let mut bytes = vec![0; PIECE];
            let mut discarded = 0;
            while let Ok(Ok(read @ 1..)) = timeout(QUIET, self.read(&mut bytes)).await {
                discarded += read;
                if discarded > LONGEST_DISCARDED {
                    break;
                }
            }
        };
        // Whoever is late has had its time.
        let _ = timeout(most, rest).await;
    }

    /// Ends it once the other side does, or after `most`.
    pub async fn end(mut self, most: Duration) -> HungUp {
        if self.is_broken {
            return HungUp::Broken;
        }
        // Where this fails it is known to be broken.
        let _ = self.shutdown().await;
        let rest = async {
            // What comes now is no request any more.
            let mut bytes = [0; 1 << 10];
            while self.read(&mut bytes).await.is_ok_and(|read| read > 0) {}
        };
        let is_over = timeout(most, rest).await.is_ok();
        match (self.is_broken, is_over) {
            (true, _) => HungUp::Broken,
            (false, true) => HungUp::Closed,
            // Its system may have taken all of it while it reads nothing.
            (false, false) => HungUp::Unknown,
        }
    }

    /// Gives up what the other side takes nothing of.
    fn written(
        &mut self,
        context: &mut Context<'_>,
        done: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if done.is_ready() {
            self.stalled = None;
            return self.watched(done);
        }
        let patience = self.patience;
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(sleep(patience)));
        std::task::ready!(stalled.as_mut().poll(context));
        self.watched(Poll::Ready(Err(io::ErrorKind::TimedOut.into())))
    }

    /// Remembers that it broke, if it did.
    fn watched<T>(&mut self, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        self.is_broken |= matches!(done, Poll::Ready(Err(_)));
        done
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = bytes.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, bytes);
        // `usize` is never longer.
        self.hearing.read((bytes.filled().len() - before) as u64);
        self.watched(read)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.hearing.wrote(waiting(&self.stream));
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.hearing.wrote(waiting(&self.stream));
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.written(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        if matches!(flushed, Poll::Ready(Ok(()))) {
            self.hearing.flushed();
        }
        self.watched(flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(context);
        self.watched(shut)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::time::sleep;

    use super::{HungUp, Watched};

    async fn connection() -> (TcpStream, Watched) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (caller, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
        (caller.unwrap(), Watched::new(accepted.unwrap().0))
    }

    #[tokio::test]
    async fn an_end_in_order_is_told_from_silence_and_from_a_break() {
        let second = Duration::from_secs(1);
        let (caller, watched) = connection().await;
        drop(caller);
        assert_eq!(watched.end(second).await, HungUp::Closed);
        let (caller, watched) = connection().await;
        assert_eq!(watched.end(Duration::ZERO).await, HungUp::Unknown);
        drop(caller);
        // Who leaves with an answer unread breaks the connection.
        let (caller, mut watched) = connection().await;
        watched.write_all(b"answer").await.unwrap();
        sleep(Duration::from_millis(50)).await;
        drop(caller);
        assert_eq!(watched.end(second).await, HungUp::Broken);
    }

    #[tokio::test]
    async fn who_takes_nothing_of_what_is_sent_is_given_up() {
        let (mut caller, mut watched) = connection().await;
        watched.patience = Duration::from_millis(300);
        // More than the system keeps for both sides, and taken slowly: there is progress.
        let long = vec![0; 32 << 20];
        let taking = async {
            let mut bytes = vec![0; 4 << 20];
            for _ in 0..8 {
                sleep(Duration::from_millis(100)).await;
                caller.read_exact(&mut bytes).await.unwrap();
            }
        };
        let (written, ()) = tokio::join!(watched.write_all(&long), taking);
        written.unwrap();
        let error = watched.write_all(&long).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
        assert_eq!(watched.end(Duration::from_secs(9)).await, HungUp::Broken);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_came_before_the_last_byte_was_sent_is_not_heard() {
        let (mut caller, mut watched) = connection().await;
        let hearing = watched.hearing();
        let mut bytes = [0; 2];
        caller.write_all(b"abcdef").await.unwrap();
        watched.read_exact(&mut bytes).await.unwrap();
        assert!(hearing.is_heard());
        hearing.begin();
        // It was there before, and is read before, or after, the answer is sent.
        watched.read_exact(&mut bytes).await.unwrap();
        watched.write_all(b"answer").await.unwrap();
        watched.flush().await.unwrap();
        watched.read_exact(&mut bytes).await.unwrap();
        assert!(!hearing.is_heard());
        caller.write_all(b"gh").await.unwrap();
        watched.read_exact(&mut bytes).await.unwrap();
        assert!(hearing.is_heard());
    }
}
