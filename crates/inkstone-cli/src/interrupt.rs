//! Ctrl-C: what was begun is dropped, and with it every unfinished file.

use std::pin::Pin;

/// Waits for ctrl-C; one that comes between two waits is not lost.
pub struct Interrupt(Pin<Box<dyn Future<Output = ()>>>);

/// Work that ctrl-C put an end to.
pub struct Interrupted;

impl Interrupt {
    pub fn new() -> Self {
        Self(Box::pin(async {
            if tokio::signal::ctrl_c().await.is_err() {
                // The system ends the program by itself then.
                std::future::pending::<()>().await;
            }
        }))
    }

    /// Runs `work` until it ends or ctrl-C comes.
    pub async fn or<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Interrupted> {
        tokio::select! {
            biased;
            () = &mut self.0 => {
                // Whoever asks next is to hear of it as well.
                self.0 = Box::pin(std::future::ready(()));
                Err(Interrupted)
            }
            done = work => Ok(done),
        }
    }

    /// Waits for it.
    pub async fn wait(self) {
        self.0.await;
    }
}
