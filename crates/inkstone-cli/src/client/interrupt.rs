//! Ctrl-c: drops the work, and with it every unfinished file.

use std::pin::Pin;

/// Waits for ctrl-c. A ctrl-c between two waits is not lost.
pub struct Interrupt(Pin<Box<dyn Future<Output = ()>>>);

/// Ctrl-c came before the work ended.
pub struct Interrupted;

impl Interrupt {
    pub fn new() -> Self {
        Self(Box::pin(async {
            if tokio::signal::ctrl_c().await.is_err() {
                // Without a handler, the system ends the program by itself.
                std::future::pending::<()>().await;
            }
        }))
    }

    /// Runs `work` until it ends or ctrl-c comes.
    pub async fn or<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Interrupted> {
        tokio::select! {
            biased;
            () = &mut self.0 => {
                // The next wait has to end at once, too.
                self.0 = Box::pin(std::future::ready(()));
                Err(Interrupted)
            }
            done = work => Ok(done),
        }
    }

    /// Waits for ctrl-c.
    pub async fn wait(self) {
        self.0.await;
    }
}
