//! A reply that reports success: never thrown away, whatever is in it.

use std::fmt;

use apifox_runtime::{
    Check, Decode, Invalid, Node, Operation, ReplyHeaders, Violation, Warning, check,
    is_bodiless_method, is_bodiless_status, text_value, undescribed_status,
};
use bytes::Bytes;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::body::Body;
use crate::call::{Deadline, is_large, offload, retry_after, text};
use crate::effect::Effect;
use crate::error::{Error, ErrorReply};
use crate::headers::typed_headers;
use crate::limit::Permit;
use crate::stage::Stage;

/// A reply that reports success, as it came.
#[derive(Clone)]
pub struct Received {
    /// How often the request was sent until this reply came.
    pub attempts: u32,
    /// The HTTP status: 200 to 299.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The id that the API gave the request.
    pub request_id: Option<String>,
    /// The body.
    pub body: Body,
    /// The body as JSON; `null` where it need not be JSON and is not, and where it is something
    /// else that [brings](crate::Api::salvages) what was asked for.
    pub json: Value,
    /// What is wrong with the body as a whole, where it was [read](crate::lenient) all the
    /// same.
    pub flaw: Option<String>,
}

/// What came of a request, before its reply is held against a document.
#[derive(Debug)]
pub struct Exchange {
    /// The reply.
    pub received: Received,
    /// What the request said in vain.
    pub warnings: Vec<Warning>,
    /// What the request does when it is taken.
    pub effect: Effect,
    /// The place of the request among those that may be under way at a time.
    pub permit: Permit,
}

/// A reply to a request, as it came and as its document has it.
pub struct Reply<T> {
    received: Received,
    typed: Result<T, Invalid>,
    warnings: Vec<Warning>,
}

// Headers hold what is nobody's business: they help nobody in a log.
impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("attempts", &self.attempts)
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("received", &self.received)
            .field("deviations", &self.deviations().len())
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

impl From<Received> for ErrorReply {
    fn from(received: Received) -> Self {
        Self {
            status: received.status,
            retry_after: retry_after(&received.headers),
            headers: received.headers,
            request_id: received.request_id,
            body: received.body,
            ..Self::default()
        }
    }
}

impl Received {
    /// The reply alone, without a document to check it against.
    #[must_use]
    pub fn unchecked(self) -> Reply<Value> {
        Reply {
            typed: Ok(self.json.clone()),
            received: self,
            warnings: Vec::new(),
        }
    }
}

impl Exchange {
    /// The body of a reply to `operation` as a value: its JSON, or what its text stands for.
    fn content(&self, operation: &Operation, check: Check) -> Result<Node<'_>, Invalid> {
        let received = &self.received;
        let is_text = operation.success_is_text(received.status);
        if !is_text || is_bodiless_status(received.status) {
            return Ok(Node::from(&received.json));
        }
        let text = text(&received.headers, &received.body.bytes)?;
        Ok(text_value(text, check))
    }

    /// The reply as the type `T` of the document of `operation` has it. One of a status that the
    /// document does not describe deviates.
    #[must_use]
    pub fn typed<T: Decode>(self, operation: &Operation) -> Reply<T> {
        let status = self.received.status;
        let typed = match operation.describes_success(status) {
            true => self
                .content(operation, check::<T>)
                .and_then(|content| T::decode_reply(status, &content)),
            false => undescribed_status(status),
        };
        Reply {
            typed,
            received: self.received,
            warnings: self.warnings,
        }
    }

    /// The reply as JSON, checked against the document of `operation`.
    #[must_use]
    pub fn checked(self, operation: &Operation) -> Reply<Value> {
        let status = self.received.status;
        let check = check_of(operation, status);
        let typed = match operation.describes_success(status) {
            true => self.content(operation, check).and_then(|content| {
                let report = check(&content);
                report.conclude(Some(content.to_value()))
            }),
            false => undescribed_status(status),
        };
        Reply {
            typed,
            received: self.received,
            warnings: self.warnings,
        }
    }

    /// What `decode` makes of it, by a deadline; a large body is not decoded on a thread of
    /// the async runtime.
    pub(crate) async fn decoded_by<T: Send + 'static>(
        self,
        deadline: &Deadline,
        decode: impl FnOnce(Self) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let received = &self.received;
        let body = received.body.bytes.clone();
        let bytes = body.len();
        if !is_large(bytes) {
            return Ok(decode(self));
        }
        let (effect, attempts) = (self.effect, received.attempts);
        let kept = ErrorReply::from(received.clone());
        let decoded = deadline.run(offload(&body, move || decode(self))).await;
        decoded.map_err(|passed| {
            let message = format!("{passed} while {bytes} bytes of the reply were decoded");
            let error = Error::new(Stage::Unreadable, message).with_reply(kept);
            error.after_attempts(effect, attempts)
        })
    }
}

/// The check of the body that comes with this status, which reports success.
fn check_of(operation: &Operation, status: u16) -> Check {
    if is_bodiless_method(operation.method) {
        return check::<Value>;
    }
    let mut responses = operation.responses.iter();
    if let Some(own) = responses.find(|one| !one.is_range && one.status == status) {
        return own.check;
    }
    if operation.bodiless.contains(&status) {
        return check::<Value>;
    }
    let described = operation.response(status);
    // The default is of failures: a success that has no schema may have any body.
    let described = described.filter(|response| response.status != 0);
    described.map_or(operation.check_response, |response| response.check)
}

impl<T> Reply<T> {
    /// How often the request was sent until this reply came: 1 unless it had to be tried
    /// again.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.received.attempts
    }

    /// The HTTP status: 200 to 299.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.received.status
    }

    /// The headers of the reply.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.received.headers
    }

    /// The headers that the document describes for a reply of its status.
    ///
    /// # Errors
    ///
    /// Where they deviate; [`headers`](Self::headers) has what came all the same.
    pub fn typed_headers<H: ReplyHeaders>(&self) -> Result<H, Invalid> {
        typed_headers(&self.received.headers)
    }

    /// The id that the API gave the request, to ask its support about.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.received.request_id.as_deref()
    }

    /// The bytes of the body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.received.body.bytes
    }

    /// The body as JSON; `null` where the document promises something else, and it is.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.received.json
    }

    /// What is wrong with the body as a whole, such as that it is not quite JSON, where it
    /// could be read all the same.
    #[must_use]
    pub fn flaw(&self) -> Option<&str> {
        self.received.flaw.as_deref()
    }

    /// The reply as its document has it.
    ///
    /// # Errors
    ///
    /// Where it deviates; [`json`](Self::json) has what came all the same.
    pub fn typed(&self) -> Result<&T, Invalid> {
        self.typed.as_ref().map_err(Invalid::clone)
    }

    /// The same, owned, where nothing else of the reply is wanted.
    ///
    /// # Errors
    ///
    /// Where it deviates.
    pub fn into_typed(self) -> Result<T, Invalid> {
        self.typed
    }

    /// Where the reply deviates from its document.
    #[must_use]
    pub fn deviations(&self) -> &[Violation] {
        match &self.typed {
            Ok(_) => &[],
            Err(invalid) => invalid.violations(),
        }
    }

    /// What the request said in vain, such as a text that the API cuts short.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The reply as it came.
    #[must_use]
    pub fn received(&self) -> &Received {
        &self.received
    }

    /// The reply as it came, alone.
    #[must_use]
    pub fn into_received(self) -> Received {
        self.received
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
    use serde_json::Value;

    use super::{Exchange, Received};
    use crate::body::Body;
    use crate::call::Deadline;
    use crate::effect::Effect;
    use crate::limit::Permit;

    #[tokio::test]
    async fn an_error_after_the_reply_knows_what_was_sent_and_how_often() {
        let cases = [
            (Effect::Safe, false),
            (Effect::Idempotent, true),
            (Effect::MayCost, true),
        ];
        for (effect, is_taken) in cases {
            let wait = (RETRY_AFTER, HeaderValue::from_static("5"));
            let exchange = Exchange {
                received: Received {
                    attempts: 2,
                    status: 200,
                    headers: HeaderMap::from_iter([wait]),
                    request_id: Some("r-7".into()),
                    body: Body::new(vec![b' '; 1 << 20]),
                    json: Value::Null,
                    flaw: None,
                },
                warnings: Vec::new(),
                effect,
                permit: Permit::default(),
            };
            let deadline = Deadline::after(Some(Duration::from_millis(20)));
            let slow = |_| std::thread::sleep(Duration::from_millis(200));
            let error = exchange.decoded_by(&deadline, slow).await;
            let error = error.expect_err("late");
            assert_eq!((error.effect(), error.attempts()), (effect, 2));
            assert_eq!(error.may_have_been_taken(), is_taken, "{effect:?}");
            assert_eq!(error.request_id(), Some("r-7"));
            assert_eq!(error.retry_after(), Some(Duration::from_secs(5)));
        }
    }
}
