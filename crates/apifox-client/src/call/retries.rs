//! What is tried again, how often, and after how long.

use std::time::Duration;

use crate::error::Error;
use crate::stage::Stage;

/// What a [`Client`](crate::Client) tries again by itself, and how.
///
/// By default a request is tried up to 4 times, and only where that cannot have it carried
/// out twice:
///
/// | Effect | no connection, throttled | no reply, a failure of the API (5xx) |
/// |---|---|---|
/// | [safe](crate::Effect::Safe): `GET`, `HEAD`, `OPTIONS`, `TRACE`, `QUERY` | again | again |
/// | [idempotent](crate::Effect::Idempotent): `PUT`, `DELETE` | again | again |
/// | others, such as `POST` and `PATCH` | again | not, unless [`retry_unknown`](Self::retry_unknown) |
///
/// An [`Api`](crate::Api) may say otherwise of an operation: where each `PUT` may be billed, it is
/// one of the others.
///
/// Pauses grow exponentially and are drawn at random from nothing to the full length
/// ("full jitter"), so that many clients that failed at once do not come back at once.
/// `Retry-After` is waited for, up to a cap.
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

    /// These retries with up to `attempts` in all, the first one included.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Also tries again where nobody knows what became of a request that is not
    /// [repeatable](crate::Effect::is_repeatable): no reply came, or it broke off, or the
    /// server failed. **Each attempt may be carried out.** Off by default. A reply that
    /// [brings](crate::ErrorReply::brings_result) what was asked for is an answer.
    #[must_use]
    pub fn retry_unknown(mut self, retry: bool) -> Self {
        self.unknown = retry;
        self
    }

    /// The longest that the first pause can be, and any: 1 and 30 seconds by default. From
    /// one attempt to the next it doubles.
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// The longest `Retry-After` that is waited for: 60 seconds by default. Beyond it the
    /// error is returned at once; some servers ask for weeks.
    #[must_use]
    pub fn patience(mut self, longest: Duration) -> Self {
        self.patience = longest;
        self
    }

    /// How long to pause after this failure; `None` when it is final.
    pub(crate) fn pause(&self, error: &Error) -> Option<Duration> {
        // A request that may have been taken never becomes one that is safe to send again;
        // whoever asked for that gets it.
        let is_answered = error.reply().is_some_and(|reply| reply.brings_result);
        let is_asked_for = self.unknown
            && !is_answered
            && matches!(
                error.stage(),
                Stage::OutcomeUnknown | Stage::NotSent | Stage::Throttled
            );
        match error.is_retryable() || is_asked_for {
            true => self.pause_after(error.attempts(), error.retry_after()),
            false => None,
        }
    }

    /// How long to pause after so many attempts, the last of which was answered with this
    /// `Retry-After`; `None` when there were enough, or nobody has the patience for it.
    #[must_use]
    pub fn pause_after(&self, attempts: u32, retry_after: Option<Duration>) -> Option<Duration> {
        if attempts >= self.attempts || self.is_beyond_patience(retry_after) {
            return None;
        }
        // Jitter, so that clients that were told the same time don't all return at it.
        let asked_for = retry_after.unwrap_or_default();
        Some(asked_for.saturating_add(self.draw(attempts)))
    }

    /// How many attempts are made in all.
    pub(crate) fn most(&self) -> u32 {
        self.attempts
    }

    /// Whether this `Retry-After` is longer than there is patience for.
    #[must_use]
    pub fn is_beyond_patience(&self, retry_after: Option<Duration>) -> bool {
        retry_after.is_some_and(|wait| wait > self.patience)
    }

    fn draw(&self, attempts: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempts.saturating_sub(1));
        let full = self.first.saturating_mul(doubled).min(self.longest);
        full.mul_f64(fastrand::f64())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Retries;
    use crate::effect::Effect;
    use crate::error::{Error, ErrorReply};
    use crate::stage::Stage::{self, *};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn pauses_are_drawn_from_nothing_to_twice_the_last() {
        let retries = Retries::new(100).backoff(SECOND, 10 * SECOND);
        fastrand::seed(7);
        for (attempts, full) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (60, 10)] {
            let pause = || retries.pause_after(attempts, None).expect("a pause");
            let drawn: Vec<_> = (0..1000).map(|_| pause()).collect();
            let full = full * SECOND;
            let (least, most) = (drawn.iter().min(), drawn.iter().max());
            let is_low = least.is_some_and(|least| *least < full / 50);
            assert!(is_low, "{attempts}: {least:?}");
            let is_high = most.is_some_and(|most| *most < full && *most > full - full / 50);
            assert!(is_high, "{attempts}: {most:?}");
            let mean = drawn.iter().sum::<Duration>() / 1000;
            assert!(mean > full * 2 / 5 && mean < full * 3 / 5, "{mean:?}");
        }
    }

    #[test]
    fn retry_after_is_honoured_up_to_the_cap() {
        let retries = Retries::default().backoff(SECOND, SECOND);
        let cases = [
            (Duration::ZERO, true),
            (7 * SECOND, true),
            (60 * SECOND, true),
            (61 * SECOND, false),
            (21 * 24 * 3600 * SECOND, false),
            (Duration::MAX, false),
        ];
        for (wait, waits) in cases {
            let pause = retries.pause_after(1, Some(wait));
            assert_eq!(pause.is_some(), waits, "{wait:?}");
            let is_right = pause.is_none_or(|pause| pause >= wait && pause < wait + SECOND);
            assert!(is_right, "{pause:?}");
        }
        let endless = retries.patience(Duration::MAX);
        let pause = endless.pause_after(1, Some(Duration::MAX));
        assert_eq!(pause, Some(Duration::MAX));
    }

    #[test]
    fn nothing_is_asked_for_again_that_came_with_an_error() {
        for brings_result in [true, false] {
            let reply = ErrorReply {
                brings_result,
                ..ErrorReply::default()
            };
            let error = Error::new(OutcomeUnknown, "").with_reply(reply);
            let error = error.after_attempts(Effect::MayCost, 1);
            let retries = Retries::default().retry_unknown(true);
            assert_eq!(retries.pause(&error).is_none(), brings_result);
        }
    }

    #[test]
    fn only_what_can_not_be_carried_out_twice_is_tried_again_unless_asked() {
        let cases: [(Stage, [bool; 4]); 8] = [
            // By default: safe, idempotent, neither; and neither with unknown outcomes.
            (Configuration, [false, false, false, false]),
            (Invalid, [false, false, false, false]),
            (NotSent, [true, true, true, true]),
            (Refused, [false, false, false, false]),
            (Account, [false, false, false, false]),
            (Throttled, [true, true, true, true]),
            (OutcomeUnknown, [true, true, false, true]),
            (Unreadable, [true, false, false, false]),
        ];
        for (stage, [safe, idempotent, neither, asked]) in cases {
            let again = |retries: Retries, effect, attempts| {
                let error = Error::new(stage, "").after_attempts(effect, attempts);
                retries.pause(&error).is_some()
            };
            let unknown = || Retries::default().retry_unknown(true);
            for (effect, expected) in [
                (Effect::Safe, safe),
                (Effect::Idempotent, idempotent),
                (Effect::NonIdempotent, neither),
                (Effect::MayCost, neither),
            ] {
                for attempts in [1, 3] {
                    let found = again(Retries::default(), effect, attempts);
                    assert_eq!(found, expected, "{stage:?} {effect:?}");
                }
                assert!(!again(Retries::default(), effect, 4), "{stage:?}");
                assert!(!again(Retries::none(), effect, 1), "{stage:?}");
                assert!(!again(Retries::new(0), effect, 1), "{stage:?}");
            }
            assert_eq!(again(unknown(), Effect::MayCost, 1), asked, "{stage:?}");
            assert_eq!(
                again(unknown(), Effect::NonIdempotent, 1),
                asked,
                "{stage:?}"
            );
        }
    }
}
