//! Carries a call through: its turn, its attempts, and the pauses between them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::{Request, Url};

use super::deadline::Deadline;
use super::receive::{Terms, receive};
use super::retries::Retries;
use super::send_guard::guard;
use crate::api::Api;
use crate::connect::is_same_origin;
use crate::effect::Effect;
use crate::error::Error;
use crate::hook::{Attempt, Hook};
use crate::key::Key;
use crate::limit::{LimitRequest, LimitScope, Limiter, Permit};
use crate::reply::Received;
use crate::stage::Stage;

/// What calls are made with.
#[derive(Clone)]
pub(crate) struct Transport {
    pub http: reqwest::Client,
    pub base: Url,
    pub api: Arc<dyn Api>,
    pub key: Option<Key>,
    pub hooks: Arc<[Arc<dyn Hook>]>,
    pub retries: Retries,
    pub deadline: Option<Duration>,
    pub limiter: Option<Limiter>,
    /// The most bytes of a reply's body that are taken in.
    pub largest_reply: usize,
}

/// What has to be known of a call to carry it through.
pub(crate) struct Call<'a> {
    /// What it is called in hooks.
    pub name: &'a str,
    pub effect: Effect,
    /// Whether the body of a reply that reports success has to be JSON.
    pub expects_json: bool,
    pub limit: Option<LimitScope>,
}

/// The attempts of a call so far.
#[derive(Clone, Copy, Default)]
struct Attempts {
    count: u32,
    /// One of them may have been carried out.
    doubtful: bool,
}

impl Attempts {
    fn note(self, error: Error, effect: Effect) -> Error {
        error
            .after_attempts(effect, self.count)
            .doubtful(self.doubtful)
    }
}

impl Transport {
    /// Sends copies of `request` until a reply reports success or the failure is final. The
    /// permit counts as a request under way until it is dropped.
    pub async fn exchange(
        &self,
        call: &Call<'_>,
        request: &Request,
    ) -> Result<(Received, Permit), Error> {
        let terms = self.terms(call);
        let mut attempts = Attempts::default();
        loop {
            let permit = self.admitted(call, request, &terms.deadline).await;
            let permit = permit.map_err(|error| attempts.note(error, call.effect))?;
            let sent = self.prepared(request);
            let sent = sent.map_err(|error| attempts.note(error, call.effect))?;
            attempts.count += 1;
            let error = match self.attempt(call, sent, &terms, attempts).await {
                Ok(received) => return Ok((received, permit)),
                Err(error) => error,
            };
            // Others may go while this one pauses.
            drop(permit);
            match self.retries.pause(&error) {
                Some(pause) if terms.deadline.allows(pause) => {
                    tracing::info!(%error, ?pause, "trying again");
                    tokio::time::sleep(pause).await;
                }
                _ => return Err(error),
            }
            attempts.doubtful |=
                error.stage() == Stage::OutcomeUnknown && error.may_have_been_taken();
        }
    }

    pub fn terms<'a>(&'a self, call: &Call<'_>) -> Terms<'a> {
        Terms {
            api: &*self.api,
            effect: call.effect,
            expects_json: call.expects_json,
            deadline: Deadline::after(self.deadline),
            largest: self.largest_reply,
            key: self.key.as_ref(),
        }
    }

    /// Waits for the limiter, where there is one.
    async fn admitted(
        &self,
        call: &Call<'_>,
        request: &Request,
        deadline: &Deadline,
    ) -> Result<Permit, Error> {
        let (Some(limiter), Some(scope)) = (&self.limiter, &call.limit) else {
            return Ok(Permit::default());
        };
        let request = LimitRequest {
            host: request.url().authority(),
            key: self.key.as_ref().map(Key::text).unwrap_or_default(),
            scope,
        };
        let admitted = deadline.run(limiter.admit(request)).await;
        admitted.map_err(|passed| {
            let message = format!("{passed} while the request waited for its turn");
            Error::new(Stage::NotSent, message)
        })
    }

    /// A copy of the request as the hooks have it sent.
    fn prepared(&self, request: &Request) -> Result<Request, Error> {
        let refused = |message: &str| Error::new(Stage::Configuration, message);
        let mut copy = request
            .try_clone()
            .ok_or_else(|| refused("the body of the request is a stream, which can't be sent"))?;
        for hook in self.hooks.iter() {
            hook.before(&mut copy).map_err(|error| {
                let message = format!("a hook keeps the request from being sent: {error}");
                self.redacted(refused(&message).caused_by(error))
            })?;
        }
        // The request carries the key.
        match is_same_origin(copy.url(), &self.base) {
            true => Ok(copy),
            false => Err(refused("the request leads to another host than the API's")),
        }
    }

    async fn attempt(
        &self,
        call: &Call<'_>,
        request: Request,
        terms: &Terms<'_>,
        attempts: Attempts,
    ) -> Result<Received, Error> {
        let start = Instant::now();
        let result = self.answer(request, terms).await;
        let result = match result {
            Ok(received) => Ok(Received {
                attempts: attempts.count,
                ..received
            }),
            Err(error) => Err(attempts.note(self.redacted(error), call.effect)),
        };
        let attempt = Attempt {
            operation: call.name,
            number: attempts.count,
            status: match &result {
                Ok(received) => Some(received.status),
                Err(error) => error.status(),
            },
            error: result.as_ref().err(),
            duration: start.elapsed(),
        };
        self.hooks.iter().for_each(|hook| hook.after(&attempt));
        result
    }

    /// Sends a request once, and reads the reply.
    async fn answer(&self, request: Request, terms: &Terms<'_>) -> Result<Received, Error> {
        tracing::debug!(method = %request.method(), url = %request.url(), "sending");
        let (request, guard) = guard(request);
        match terms.deadline.run(self.http.execute(request)).await {
            Ok(Ok(response)) => receive(response, terms).await,
            Ok(Err(error)) => Err(terms.unanswered(error, guard.abort())),
            Err(passed) => Err(terms.late(passed, guard.abort())),
        }
    }

    /// An error without the key.
    pub fn redacted(&self, error: Error) -> Error {
        match &self.key {
            Some(key) => error.without(key),
            None => error,
        }
    }
}
