//! What is tried again, how often, and after how long.

use std::time::Duration;

use crate::error::{Error, Stage};

/// What a [`Client`](crate::Client) tries again by itself, and how.
///
/// By default a request is tried up to 4 times, and only where it is known that the
/// API did not take it: no connection could be made, it was throttled, or a model
/// was reported unavailable by one of the codes that the vendors document. So no
/// retry can bill twice. Questions about tasks are free: they are asked again
/// whatever went wrong.
///
/// Pauses grow exponentially and are drawn at random from nothing to the full
/// length ("full jitter"), so that many clients that failed at once do not come
/// back at once. `Retry-After` is waited for, up to a cap.
#[derive(Clone, Debug)]
pub struct Retries {
    attempts: u32,
    unknown: bool,
    first: Duration,
    longest: Duration,
    patience: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Self::new(4)
    }
}

impl Retries {
    /// Up to `attempts` in all, the first one included: at least one is made.
    #[must_use]
    pub fn new(attempts: u32) -> Self {
        Self {
            attempts,
            unknown: false,
            first: Duration::from_secs(1),
            longest: Duration::from_secs(30),
            patience: Duration::from_secs(60),
        }
    }

    /// Nothing is tried again.
    #[must_use]
    pub fn none() -> Self {
        Self::new(1)
    }

    /// As often in all, the first attempt included.
    pub(crate) fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Also tries again where nobody can tell what became of a request: a reply
    /// that never came or broke off, a server that failed. **Each attempt may be
    /// billed.** Off unless said otherwise.
    #[must_use]
    pub fn retry_unknown(mut self, retry: bool) -> Self {
        self.unknown = retry;
        self
    }

    /// The longest that the first pause can be, and any: 1 and 30 seconds unless
    /// said otherwise. From one attempt to the next it doubles.
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// The longest `Retry-After` that is waited for: 60 seconds unless said
    /// otherwise. Beyond it the error is returned at once; exhausted plans have
    /// been seen to ask for three weeks.
    #[must_use]
    pub fn patience(mut self, longest: Duration) -> Self {
        self.patience = longest;
        self
    }

    /// How long to pause after this failure; `None` when it is final.
    pub(crate) fn pause(&self, error: &Error, random: &mut fastrand::Rng) -> Option<Duration> {
        // A request that was taken once, perhaps, is no safe one to send again, nor
        // ever becomes one; who asked for that gets it.
        let asked = self.unknown
            && matches!(
                error.stage(),
                Stage::OutcomeUnknown | Stage::NotSent | Stage::Throttled
            );
        match error.is_retryable() || asked {
            true => self.another(error, random),
            false => None,
        }
    }

    /// How long to pause before another attempt that is free; `None` when there were
    /// enough, or nobody has the patience for it.
    pub(crate) fn another(&self, error: &Error, random: &mut fastrand::Rng) -> Option<Duration> {
        if error.attempts() >= self.attempts || self.is_beyond_patience(error) {
            return None;
        }
        let backoff = self.draw(error.attempts(), random);
        // Those who were all told the same moment should not come back at it.
        let asked_for = error.retry_after().unwrap_or_default();
        Some(asked_for.saturating_add(backoff))
    }

    /// Whether the API asks for more than there is patience for.
    pub(crate) fn is_beyond_patience(&self, error: &Error) -> bool {
        error.retry_after().is_some_and(|wait| wait > self.patience)
    }

    fn draw(&self, attempts: u32, random: &mut fastrand::Rng) -> Duration {
        let doubled = 2_u32.saturating_pow(attempts.saturating_sub(1));
        let full = self.first.saturating_mul(doubled).min(self.longest);
        full.mul_f64(random.f64())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Retries;
    use crate::error::{Error, ErrorReply, Nature, Stage};

    const SECOND: Duration = Duration::from_secs(1);

    fn error(stage: Stage, attempts: u32) -> Error {
        Error::new(stage, "").made_by(Nature::Submission, attempts, false)
    }

    fn asks_for(wait: Duration) -> Error {
        error(Stage::Throttled, 1).with_reply(ErrorReply {
            retry_after: Some(wait),
            ..ErrorReply::default()
        })
    }

    #[test]
    fn pauses_are_drawn_from_nothing_to_twice_the_last() {
        let retries = Retries::new(100).backoff(SECOND, 10 * SECOND);
        let mut random = fastrand::Rng::with_seed(7);
        for (attempts, full) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (60, 10)] {
            let mut pauses = || {
                let pause = retries.pause(&error(Stage::Throttled, attempts), &mut random);
                pause.expect("a pause")
            };
            let drawn: Vec<_> = (0..1000).map(|_| pauses()).collect();
            let full = full * SECOND;
            let (least, most) = (drawn.iter().min(), drawn.iter().max());
            assert!(
                least.is_some_and(|it| *it < full / 50),
                "{attempts}: {least:?}"
            );
            assert!(
                most.is_some_and(|it| *it < full && *it > full - full / 50),
                "{attempts}: {most:?}"
            );
            let mean = drawn.iter().sum::<Duration>() / 1000;
            assert!(mean > full * 2 / 5 && mean < full * 3 / 5, "{mean:?}");
        }
    }

    #[test]
    fn retry_after_is_honoured_up_to_the_cap() {
        let retries = Retries::default().backoff(SECOND, SECOND);
        let mut random = fastrand::Rng::with_seed(7);
        let cases = [
            (Duration::ZERO, true),
            (7 * SECOND, true),
            (60 * SECOND, true),
            (61 * SECOND, false),
            (21 * 24 * 3600 * SECOND, false),
            (Duration::MAX, false),
        ];
        for (wait, waits) in cases {
            let pause = retries.pause(&asks_for(wait), &mut random);
            assert_eq!(pause.is_some(), waits, "{wait:?}");
            assert!(
                pause.is_none_or(|it| it >= wait && it < wait + SECOND),
                "{pause:?}"
            );
        }
        let endless = retries.patience(Duration::MAX);
        let pause = endless.pause(&asks_for(Duration::MAX), &mut random);
        assert_eq!(pause, Some(Duration::MAX));
    }

    #[test]
    fn only_what_was_not_taken_is_tried_again_unless_asked() {
        use Stage::*;
        let cases = [
            // Stage, by default, with unknown outcomes, for a question.
            (Configuration, false, false, false),
            (Invalid, false, false, false),
            (NotSent, true, true, true),
            (Refused, false, false, false),
            (Account, false, false, false),
            (Throttled, true, true, true),
            (OutcomeUnknown, false, true, true),
            (Unreadable, false, false, true),
        ];
        let mut random = fastrand::Rng::with_seed(7);
        for (stage, by_default, asked, question) in cases {
            let mut again = |retries: Retries, nature, attempts| {
                let error = Error::new(stage, "").made_by(nature, attempts, false);
                retries.pause(&error, &mut random).is_some()
            };
            let unknown = || Retries::default().retry_unknown(true);
            let submission = Nature::Submission;
            assert_eq!(
                again(Retries::default(), submission, 1),
                by_default,
                "{stage:?}"
            );
            assert_eq!(
                again(Retries::default(), submission, 3),
                by_default,
                "{stage:?}"
            );
            assert!(!again(Retries::default(), submission, 4), "{stage:?}");
            assert!(!again(Retries::none(), submission, 1), "{stage:?}");
            assert!(!again(Retries::new(0), submission, 1), "{stage:?}");
            assert_eq!(again(unknown(), submission, 1), asked, "{stage:?}");
            assert_eq!(
                again(Retries::default(), Nature::Query, 1),
                question,
                "{stage:?}"
            );
        }
    }
}
