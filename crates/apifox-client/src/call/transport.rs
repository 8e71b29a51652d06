//! Carries a call through: its turn, its attempts, and the pauses between them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use apifox_runtime::is_bodiless_method;
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, COOKIE, HeaderMap, HeaderName, HeaderValue,
    PROXY_AUTHORIZATION,
};
use reqwest::{Body, Method, Request, Url};

use super::deadline::Deadline;
use super::receive::{Answer, Terms, receive};
use super::retries::Retries;
use super::send_guard::guard;
use crate::api::Api;
use crate::connect::SystemProxies;
use crate::effect::Effect;
use crate::error::{Earlier, Error};
use crate::hook::{Attempt, Hook, Pause};
use crate::key::Keys;
use crate::limit::{LimitRequest, LimitScope, Limiter, Permit};
use crate::stage::Stage;
use crate::stop::StopSignal;

/// What calls are made with.
#[derive(Clone)]
pub(crate) struct Transport {
    pub http: reqwest::Client,
    pub base: Url,
    pub api: Arc<dyn Api>,
    pub keys: Arc<Keys>,
    pub hooks: Arc<[Arc<dyn Hook>]>,
    pub retries: Retries,
    pub deadline: Option<Duration>,
    pub limiter: Option<Limiter>,
    /// The most bytes of a reply's body that are taken in.
    pub largest_reply: usize,
    /// The most values of a reply's body that a tree is made of.
    pub most_values: usize,
    pub proxy: ProxyName,
    /// Has calls end where nothing is under way.
    pub stop: Option<StopSignal>,
}

/// Which proxy requests go by, as far as that is known.
#[derive(Clone, Debug)]
pub(crate) enum ProxyName {
    None,
    Always(String),
    System(SystemProxies),
}

impl ProxyName {
    fn name_for(&self, url: &Url) -> Option<String> {
        match self {
            Self::None => None,
            Self::Always(name) => Some(name.clone()),
            Self::System(proxies) => proxies.proxy_for(url),
        }
    }
}

/// What has to be known of a call to carry it through.
pub(crate) struct Call<'a> {
    /// What it is called in hooks.
    pub name: &'a str,
    pub effect: Effect,
    /// Whether the body of a reply that reports success has to be JSON.
    pub expects_json: bool,
    /// The statuses for which that does not hold.
    pub bodiless: &'static [u16],
    /// Whether what comes is read as it comes, where the reply is a stream.
    pub is_stream: bool,
    pub limit: Option<LimitScope>,
}

/// The attempts of a call so far.
#[derive(Clone, Copy, Default)]
struct Attempts {
    count: u32,
    earlier: Earlier,
}

impl Attempts {
    fn note(self, error: Error, effect: Effect) -> Error {
        error.after_attempts(effect, self.count).after(self.earlier)
    }
}

impl Transport {
    /// Sends copies of `request` until a reply reports success or the failure is final. The
    /// permit counts as a request under way until it is dropped.
    pub async fn exchange(
        &self,
        call: &Call<'_>,
        request: &Request,
    ) -> Result<(Answer, Permit), Error> {
        let terms = Terms {
            expects_json: call.expects_json && !is_bodiless_method(request.method().as_str()),
            ..self.terms(call)
        };
        let mut attempts = Attempts::default();
        loop {
            let permit = self.admitted(call, request, &terms.deadline).await;
            let permit = permit.map_err(|error| attempts.note(error, call.effect))?;
            let sent = self.prepared(request);
            let sent = sent.map_err(|error| attempts.note(error, call.effect))?;
            attempts.count += 1;
            let error = match self.attempt(call, sent, &terms, attempts).await {
                Ok(answer) => return Ok((answer, permit)),
                Err(error) => error,
            };
            // Others may go while this one pauses.
            drop(permit);
            match self.retries.pause(&error) {
                Some(length) if terms.deadline.allows(length) && !self.is_stopped() => {
                    tracing::info!(%error, pause = ?length, "trying again");
                    let pause = Pause {
                        error: &error,
                        next: attempts.count + 1,
                        most: self.retries.most(),
                        length,
                    };
                    self.hooks.iter().for_each(|hook| hook.pausing(&pause));
                    tokio::select! {
                        () = self.stopped() => return Err(error),
                        () = tokio::time::sleep(length) => {}
                    }
                }
                _ => return Err(error),
            }
            let earlier = &mut attempts.earlier;
            earlier.doubtful |=
                error.stage() == Stage::OutcomeUnknown && error.may_have_been_taken();
            // Only what might help once more is tried again.
            earlier.refused |= error.stage() == Stage::Refused;
        }
    }

    pub fn terms(&self, call: &Call<'_>) -> Terms {
        Terms {
            api: Arc::clone(&self.api),
            effect: call.effect,
            expects_json: call.expects_json,
            bodiless: call.bodiless,
            is_stream: call.is_stream,
            deadline: Deadline::after(self.deadline),
            largest: self.largest_reply,
            most_values: self.most_values,
            keys: Arc::clone(&self.keys),
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
            key: self.keys.account(),
            scope,
        };
        let admitted = deadline.run(limiter.admit(request));
        let admitted = tokio::select! {
            biased;
            admitted = admitted => admitted,
            () = self.stopped() => return Err(stopped_unsent()),
        };
        admitted.map_err(|passed| {
            let message = format!("{passed} while the request waited for its turn");
            Error::new(Stage::NotSent, message)
        })
    }

    fn is_stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(StopSignal::is_given)
    }

    /// Waits until calls are to end.
    async fn stopped(&self) {
        match &self.stop {
            Some(stop) => stop.given().await,
            None => std::future::pending().await,
        }
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
                self.keys.redact_error(refused(&message).caused_by(error))
            })?;
        }
        if copy.method() == Method::TRACE {
            remove_credentials(copy.headers_mut());
        }
        if is_empty(&copy) && has_use_for_content(copy.method()) {
            let nothing = HeaderValue::from_static("0");
            copy.headers_mut().insert(CONTENT_LENGTH, nothing);
        }
        // What comes compressed all the same is decoded.
        let identity = HeaderValue::from_static("identity");
        copy.headers_mut()
            .entry(ACCEPT_ENCODING)
            .or_insert(identity);
        // The request carries the key.
        match copy.url().origin() == self.base.origin() {
            true => Ok(copy),
            false => Err(refused("the request leads to another host than the API's")),
        }
    }

    async fn attempt(
        &self,
        call: &Call<'_>,
        request: Request,
        terms: &Terms,
        attempts: Attempts,
    ) -> Result<Answer, Error> {
        let start = Instant::now();
        let proxy = self.proxy.name_for(request.url());
        let result = self.answer(request, terms).await;
        let result = match result {
            Ok(answer) => Ok(answer.after_attempts(attempts.count)),
            Err(mut error) => {
                if let Some(proxy) = proxy {
                    error.add_note(format!("by the proxy {proxy}"));
                }
                Err(attempts.note(self.keys.redact_error(error), call.effect))
            }
        };
        let attempt = Attempt {
            operation: call.name,
            number: attempts.count,
            status: match &result {
                Ok(answer) => Some(answer.status()),
                Err(error) => error.status(),
            },
            error: result.as_ref().err(),
            duration: start.elapsed(),
        };
        self.hooks.iter().for_each(|hook| hook.after(&attempt));
        result
    }

    /// Sends a request once, and reads the reply.
    async fn answer(&self, request: Request, terms: &Terms) -> Result<Answer, Error> {
        let url = || self.keys.redact(request.url().to_string());
        tracing::debug!(method = %request.method(), url = url(), "sending");
        if self.is_stopped() {
            return Err(stopped_unsent());
        }
        let (request, guard) = guard(request);
        // Informational replies (1xx) without end hold up others too until the deadline, which then
        // passes somewhat late: hyper skips them in one go, until nothing is left to read or tokio
        // has it yield after 128 reads. They can't be counted from here: hyper does tell of each by
        // `hyper::ext::on_informational`, but reqwest passes no extensions of a request on to it.
        let sending = terms.deadline.run(self.http.execute(request));
        tokio::pin!(sending);
        let sent = tokio::select! {
            biased;
            sent = &mut sending => sent,
            () = self.stopped() => match guard.abort() {
                true => return Err(stopped_unsent()),
                // It was sent, and is waited for.
                false => sending.await,
            },
        };
        match sent {
            Ok(Ok(response)) => receive(response, terms).await,
            Ok(Err(error)) => Err(terms.unanswered(error, guard.abort())),
            Err(passed) => Err(terms.late(passed, guard.abort())),
        }
    }
}

fn is_empty(request: &Request) -> bool {
    let bytes = request.body().map(Body::as_bytes);
    bytes.is_none_or(|bytes| bytes.is_some_and(<[u8]>::is_empty))
}

/// Whether a request with this method says how long its content is even where it has none, as
/// [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-8.6) has it.
fn has_use_for_content(method: &Method) -> bool {
    matches!(method.as_str(), "POST" | "PUT" | "PATCH" | "QUERY")
}

/// Removes what shows who sends a request. A server sends back what comes with `TRACE`, so
/// [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.8) forbids it there.
fn remove_credentials(headers: &mut HeaderMap) {
    let secret = headers.iter().filter(|(_, value)| value.is_sensitive());
    let secret: Vec<HeaderName> = secret.map(|(name, _)| name.clone()).collect();
    for name in [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE]
        .iter()
        .chain(&secret)
    {
        headers.remove(name);
    }
}

/// The error of a call that was to end before anything was sent.
fn stopped_unsent() -> Error {
    Error::new(Stage::NotSent, "interrupted before anything was sent")
}
