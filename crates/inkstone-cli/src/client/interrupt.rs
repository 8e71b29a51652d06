//! Ctrl-c, and the signals by which a system ends a program.

use std::time::Duration;

use inkstone::StopSignal;
use tokio::time::{Instant, sleep_until};

/// How long work of which nothing is under way may take to end.
const SETTLE: Duration = Duration::from_millis(200);

/// Waits for a signal. One between two waits is not lost. The default is one that never comes, for
/// work that somebody else stops.
#[derive(Default)]
pub struct Interrupt {
    #[cfg(unix)]
    signals: Vec<(Signal, tokio::signal::unix::Signal)>,
    /// The signal that came, until [`rearm`](Self::rearm).
    given: Option<Signal>,
}

/// A signal to end the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Somebody is there, and can press it again.
    CtrlC,
    /// SIGTERM or SIGHUP: what comes next may be a kill.
    Terminate,
}

/// A signal came before the work ended.
pub struct Interrupted;

impl Interrupt {
    #[cfg(unix)]
    pub fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [
            (Signal::CtrlC, SignalKind::interrupt()),
            (Signal::Terminate, SignalKind::terminate()),
            (Signal::Terminate, SignalKind::hangup()),
        ];
        let wanted = kinds
            .into_iter()
            .filter(|(_, kind)| *kind != SignalKind::hangup() || !is_hangup_ignored());
        // Without a handler, the system ends the program by itself.
        let signals = wanted.filter_map(|(name, kind)| Some((name, signal(kind).ok()?)));
        Self {
            signals: signals.collect(),
            given: None,
        }
    }

    #[cfg(not(unix))]
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `work` until it ends or a signal comes.
    pub async fn or<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Interrupted> {
        tokio::select! {
            biased;
            _ = self.wait() => Err(Interrupted),
            done = work => Ok(done),
        }
    }

    /// Runs `work` until it ends; if a signal comes, only as far as it has something under
    /// way that can't be given up, and no longer than a moment.
    pub async fn or_settled<T>(
        &mut self,
        stop: &StopSignal,
        work: impl Future<Output = T>,
    ) -> Result<T, Interrupted> {
        tokio::pin!(work);
        match self.or(&mut work).await {
            Ok(done) => Ok(done),
            Err(Interrupted) => {
                stop.give();
                let settled = tokio::time::timeout(SETTLE, work).await;
                settled.map_err(|_| Interrupted)
            }
        }
    }

    /// Waits for a signal. Once one came, this ends at once.
    pub async fn wait(&mut self) -> Signal {
        let signal = match self.given {
            Some(signal) => signal,
            None => self.next().await,
        };
        self.given = Some(signal);
        signal
    }

    #[cfg(unix)]
    async fn next(&mut self) -> Signal {
        std::future::poll_fn(|context| {
            let mut signals = self.signals.iter_mut();
            let came = signals.find_map(|(name, signal)| match signal.poll_recv(context) {
                std::task::Poll::Ready(Some(())) => Some(*name),
                _ => None,
            });
            came.map_or(std::task::Poll::Pending, std::task::Poll::Ready)
        })
        .await
    }

    #[cfg(not(unix))]
    async fn next(&mut self) -> Signal {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Signal::CtrlC
    }

    /// The signal that came, if one did.
    pub fn given(&self) -> Option<Signal> {
        self.given
    }

    /// Waits for the next signal from now on.
    pub fn rearm(&mut self) {
        self.given = None;
    }
}

/// Ends at this time, or never.
pub async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Whether the program was started so that it outlives its terminal, as by `nohup`. Only
/// Linux tells.
#[cfg(unix)]
fn is_hangup_ignored() -> bool {
    const HANGUP: u64 = 1;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & HANGUP != 0)
}
