//! A connection that remembers whether it broke: hyper takes that for an end while it waits for
//! the next request.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A connection, and whether it broke.
pub struct Watched {
    stream: TcpStream,
    is_broken: bool,
}

impl Watched {
    pub fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            is_broken: false,
        }
    }

    /// Ends it once the other side does, or after `most`; returns whether it broke.
    pub async fn end(mut self, most: Duration) -> bool {
        // Where this fails it is known to be broken.
        let _ = self.shutdown().await;
        let rest = async {
            // What comes now is no request any more.
            let mut bytes = [0; 1 << 10];
            while self.read(&mut bytes).await.is_ok_and(|read| read > 0) {}
        };
        // Who is still there by then has had its time.
        let _ = timeout(most, rest).await;
        self.is_broken
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
        let read = Pin::new(&mut self.stream).poll_read(context, bytes);
        self.watched(read)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watched(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.watched(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.watched(flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(context);
        self.watched(shut)
    }
}
