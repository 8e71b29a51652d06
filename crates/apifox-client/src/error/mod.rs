//! The error of a call: how far it got, and all that came back.

mod cause;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use apifox_runtime::{
    Decode, Endpoint, Invalid, Node, Operation, ReplyHeaders, Violation, text_value,
};
use bytes::Bytes;
use reqwest::header::HeaderMap;
use serde_json::Value;

pub use self::cause::{causes, innermost_cause};

use self::cause::Cause;
use crate::body::Body;
use crate::call::text;
use crate::effect::Effect;
use crate::excerpt::short_excerpt;
use crate::headers::typed_headers;
use crate::key::Key;
use crate::stage::Stage;

/// Why a call failed: at which [`Stage`], with all that came back.
///
/// `E` is the body of an error as the operation's document describes it. What was chosen
/// at run time has it as JSON.
///
/// `Display` says what happened in a line or two, with at most 512 bytes of the body;
/// neither it nor `Debug` ever shows the key.
pub struct Error<E = Value> {
    details: Box<Details>,
    typed: Option<Box<E>>,
}

struct Details {
    stage: Stage,
    message: String,
    notes: Vec<String>,
    reply: Option<ErrorReply>,
    invalid: Option<Invalid>,
    source: Option<Cause>,
    effect: Effect,
    attempts: u32,
    earlier: Earlier,
}

/// What came of the attempts before the last one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Earlier {
    /// One of them may have been carried out.
    pub doubtful: bool,
    /// One of them was refused, and once more might have helped.
    pub refused: bool,
}

/// What came back with an error.
#[derive(Clone, Debug, Default)]
pub struct ErrorReply {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The API's own code for the error.
    pub code: Option<String>,
    /// The id that the API gave the request.
    pub request_id: Option<String>,
    /// How long the API asks to wait.
    pub retry_after: Option<Duration>,
    /// Whether sending the same request once more may help, although it was refused.
    pub retry_once: bool,
    /// Whether it brings what was asked for all the same, so that the request is sent again
    /// in no case: see [`Api::salvages`](crate::Api::salvages).
    pub brings_result: bool,
    /// The body, as much of it as came.
    pub body: Body,
}

impl Error {
    /// An error at this stage, of a request that is sent again only where it was not
    /// taken, and with nothing that came back.
    pub fn new(stage: Stage, message: impl Into<String>) -> Self {
        Self {
            details: Box::new(Details {
                stage,
                message: message.into(),
                notes: Vec::new(),
                reply: None,
                invalid: None,
                source: None,
                effect: Effect::NonIdempotent,
                attempts: 0,
                earlier: Earlier::default(),
            }),
            typed: None,
        }
    }

    /// The error of a client that is set up wrongly.
    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(Stage::Configuration, message)
    }

    /// The error of a request that breaks the rules of its operation.
    pub(crate) fn invalid(operation: &Operation, invalid: Invalid) -> Self {
        let operation = format!("{}/{}", operation.api, operation.name);
        let message = format!("the request breaks the rules of {operation}: {invalid}");
        let mut error = Self::new(Stage::Invalid, message);
        error.details.invalid = Some(invalid);
        error
    }

    /// This error with what came back.
    #[must_use]
    pub fn with_reply(mut self, reply: ErrorReply) -> Self {
        self.details.reply = Some(reply);
        self
    }

    /// This error with the body that came back as JSON.
    pub(crate) fn with_json(mut self, json: Option<Value>) -> Self {
        self.typed = json.map(Box::new);
        self
    }

    /// This error with what caused it.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.details.source = Some(source.into());
        self
    }

    /// This error with the request's effect, and the number of its attempts.
    #[must_use]
    pub fn after_attempts(mut self, effect: Effect, attempts: u32) -> Self {
        self.details.effect = effect;
        self.details.attempts = attempts;
        self
    }

    /// This error after attempts of which this came.
    pub(crate) fn after(mut self, earlier: Earlier) -> Self {
        self.details.earlier = earlier;
        self
    }

    /// Blanks the key, which an API or a proxy may have quoted.
    #[must_use]
    pub fn without(mut self, key: &Key) -> Self {
        let blank = |text: &mut String| *text = key.redact(text);
        blank(&mut self.details.message);
        self.details.notes.iter_mut().for_each(blank);
        let source = self.details.source.take();
        self.details.source = source.map(|source| cause::without(source, key));
        if let Some(reply) = &mut self.details.reply {
            reply.code.iter_mut().for_each(blank);
            reply.request_id.iter_mut().for_each(blank);
            key.blank_reply(&mut reply.body.bytes, None, &mut reply.headers);
        }
        self
    }

    /// This error with its body as the document of the operation `E` has it.
    pub(crate) fn with_type_of<E: Endpoint>(self) -> Error<E::Error> {
        let status = self.status().unwrap_or_default();
        let is_described = E::OPERATION.describes_failure(status);
        let content = self.content(E::OPERATION).filter(|_| is_described);
        let typed = content.and_then(|content| E::Error::decode_reply(status, &content).ok());
        Error {
            details: self.details,
            typed: typed.map(Box::new),
        }
    }

    /// The body as a value: its JSON, or what its text stands for where the document describes
    /// that.
    fn content(&self, operation: &Operation) -> Option<Node<'_>> {
        let reply = self.reply()?;
        match operation.response(reply.status) {
            Some(described) if described.is_text => {
                let text = text(&reply.headers, &reply.body.bytes).ok()?;
                Some(text_value(text, described.check))
            }
            _ => self.typed.as_deref().map(Node::from),
        }
    }
}

impl<E> Error<E> {
    /// This error without its typed body: what every operation's error can be.
    #[must_use]
    pub fn untyped(self) -> Error {
        Error {
            details: self.details,
            typed: None,
        }
    }

    /// How far the call got.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.details.stage
    }

    /// What happened, without what is known of the reply.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.details.message
    }

    /// Adds to what happened.
    pub fn extend_message(&mut self, more: &str) {
        self.details.message += more;
    }

    /// Adds what is shown in parentheses, beside what is known of the reply.
    pub fn add_note(&mut self, note: impl Into<String>) {
        self.details.notes.push(note.into());
    }

    /// The body of the error as the document of the operation has it; `None` where no
    /// error came back, or one that is not as the document says. Where the document has
    /// bodies of several types, this is an enum with a variant for each status. The body of a
    /// status that the document does not describe, neither by itself nor by its hundred or by
    /// default, has no type, unless it describes none.
    #[must_use]
    pub fn typed(&self) -> Option<&E> {
        self.typed.as_deref()
    }

    /// The same body, owned.
    #[must_use]
    pub fn into_typed(self) -> Option<E> {
        self.typed.map(|typed| *typed)
    }

    /// What came back, where something did.
    #[must_use]
    pub fn reply(&self) -> Option<&ErrorReply> {
        self.details.reply.as_ref()
    }

    /// The HTTP status of the reply, where one came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.reply().map(|reply| reply.status)
    }

    /// The headers of the reply, where one came.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.reply().map(|reply| &reply.headers)
    }

    /// The headers that the document describes for a reply of its status; `None` where no reply
    /// came.
    ///
    /// ```
    /// # use apifox_client::Error;
    /// # use apifox_runtime as rt;
    /// # struct ResponseHeaders {
    /// #     retry_after: bool,
    /// # }
    /// # rt::object! { ResponseHeaders { required retry_after = "Retry-After" } }
    /// # rt::reply_headers! { ResponseHeaders: "Retry-After" => bool }
    /// # fn told(error: &Error) {
    /// // `ResponseHeaders` of the operation's module, or `Response429Headers` and so on.
    /// if let Some(Ok(headers)) = error.typed_headers::<ResponseHeaders>() {
    ///     println!("once more after {}", headers.retry_after);
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Where they deviate; [`headers`](Self::headers) has what came all the same.
    #[must_use]
    pub fn typed_headers<H: ReplyHeaders>(&self) -> Option<Result<H, Invalid>> {
        self.headers().map(typed_headers)
    }

    /// The body of the reply, as much of it as came, byte for byte.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.reply().map(|reply| &reply.body.bytes)
    }

    /// The API's own code for the error.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.reply()?.code.as_deref()
    }

    /// The id that the API gave the request, to ask its support about.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.reply()?.request_id.as_deref()
    }

    /// How long the API asks to wait, from its header `Retry-After`, in seconds or as a
    /// date.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.reply()?.retry_after
    }

    /// The rules that the request breaks, at [`Stage::Invalid`].
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        let invalid = self.details.invalid.as_ref();
        invalid.map_or(&[], Invalid::violations)
    }

    /// What the request does when it is taken.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.details.effect
    }

    /// How often sending the request was attempted: 0 where the call failed before that.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.details.attempts
    }

    /// Whether the same call may be made again without being carried out twice, and with a
    /// chance to succeed.
    ///
    /// That is so where the API did not take the request; where the API says that once
    /// more may help, for one more attempt; and where nobody knows what became of the
    /// request, if it is [safe](Effect::Safe) or [idempotent](Effect::Idempotent). A redirect is
    /// an answer.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let is_clean = !self.details.earlier.doubtful || self.effect().is_repeatable();
        match self.stage() {
            Stage::NotSent | Stage::Throttled => is_clean,
            Stage::OutcomeUnknown => match self.effect() {
                Effect::Safe => true,
                effect => effect.is_repeatable() && !self.is_redirect(),
            },
            // What was done is done; asking again may bring a reply that can be read.
            Stage::Unreadable => self.effect() == Effect::Safe,
            Stage::Refused => {
                let retry_once = self.reply().is_some_and(|reply| reply.retry_once);
                retry_once && !self.details.earlier.refused && is_clean
            }
            Stage::Configuration | Stage::Invalid | Stage::Account => false,
        }
    }

    fn is_redirect(&self) -> bool {
        self.status()
            .is_some_and(|status| (300..400).contains(&status))
    }

    /// Whether any attempt may have been carried out in spite of this error. Never so for a
    /// [safe](Effect::Safe) request, which changes nothing.
    #[must_use]
    pub fn may_have_been_taken(&self) -> bool {
        match self.stage() {
            Stage::OutcomeUnknown | Stage::Unreadable => self.effect() != Effect::Safe,
            _ => self.details.earlier.doubtful,
        }
    }

    /// What is known of the reply and the attempts, in a word each.
    fn facts(&self) -> Vec<String> {
        let mut facts = Vec::new();
        if let Some(reply) = self.reply() {
            facts.push(format!("HTTP {}", reply.status));
            let code = reply.code.iter().map(|code| ("code", code));
            // Many APIs put it into their message as well.
            let is_new = |id: &&String| !has_word(self.message(), id);
            let id = reply.request_id.iter().filter(is_new);
            let id = id.map(|id| ("request id", id));
            let shown = |(name, value): (_, &String)| format!("{name} {}", short_excerpt(value));
            facts.extend(code.chain(id).map(shown));
        }
        facts.extend(self.details.notes.iter().cloned());
        if self.attempts() > 1 {
            facts.push(format!("{} attempts", self.attempts()));
        }
        if self.details.earlier.doubtful {
            facts.push(self.effect().earlier().into());
        }
        facts
    }
}

/// Whether a text has this word, and not only as a part of another.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let is_apart = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
        is_apart(before) && is_apart(after)
    })
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())?;
        let facts = self.facts();
        if facts.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", facts.join(", "))
    }
}

impl<E> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("stage", &self.stage())
            .field("message", &self.to_string())
            .field("source", &self.details.source)
            .finish_non_exhaustive()
    }
}

impl<E> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.details.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as StdError;
    use std::fmt;

    use super::{Earlier, Error, ErrorReply};
    use crate::effect::Effect;
    use crate::key::Key;
    use crate::stage::Stage;

    /// Whether each stage is worth another attempt, and may have had something done.
    #[test]
    fn what_to_do_follows_from_the_stage_and_the_effect() {
        use Stage::*;
        let cases = [
            // Stage; safe; idempotent; neither.
            (Configuration, [(false, false); 3]),
            (Invalid, [(false, false); 3]),
            (NotSent, [(true, false); 3]),
            (Refused, [(false, false); 3]),
            (Account, [(false, false); 3]),
            (Throttled, [(true, false); 3]),
            (OutcomeUnknown, [(true, false), (true, true), (false, true)]),
            (Unreadable, [(true, false), (false, true), (false, true)]),
        ];
        for (stage, [safe, idempotent, neither]) in cases {
            let says = |effect, doubtful| {
                let error = Error::new(stage, "").after_attempts(effect, 1);
                let error = error.after(Earlier {
                    doubtful,
                    refused: false,
                });
                (error.is_retryable(), error.may_have_been_taken())
            };
            assert_eq!(says(Effect::Safe, false), safe, "{stage:?}");
            assert_eq!(says(Effect::Idempotent, false), idempotent, "{stage:?}");
            for effect in [Effect::NonIdempotent, Effect::MayCost] {
                assert_eq!(says(effect, false), neither, "{stage:?}");
                // What an attempt before may have done, none after it takes back.
                assert_eq!(says(effect, true), (false, true), "{stage:?}");
            }
            let again = (idempotent.0, true);
            assert_eq!(says(Effect::Idempotent, true), again, "{stage:?}");
        }
    }

    #[test]
    fn what_may_help_once_more_is_worth_one_more_attempt() {
        let cases = [
            (1, false, false, true),
            // Others came in between, such as that there was too much to do.
            (2, false, false, true),
            (2, false, true, false),
            (3, false, true, false),
            (2, true, false, false),
        ];
        for (attempts, doubtful, refused, again) in cases {
            let error = Error::new(Stage::Refused, "")
                .with_reply(ErrorReply {
                    retry_once: true,
                    ..ErrorReply::default()
                })
                .after_attempts(Effect::MayCost, attempts)
                .after(Earlier { doubtful, refused });
            assert_eq!(
                error.is_retryable(),
                again,
                "{attempts} {doubtful} {refused}"
            );
        }
    }

    /// A cause with a cause, which shows in `Display` and in `Debug` what it is told to.
    #[derive(Debug)]
    struct Because(String, Option<Box<Because>>);

    impl fmt::Display for Because {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(&self.0)
        }
    }

    impl StdError for Because {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            self.1.as_ref().map(|source| source.as_ref() as _)
        }
    }

    #[test]
    fn no_note_and_no_cause_shows_the_key() {
        for secret in ["sk-0123456789", "short", "quoted\"and\\escaped"] {
            let key = Key::new(secret).expect("a key");
            let said = || format!("signed with {secret} in vain");
            let inner = || Because(said(), None);
            let outer = Because("not signed".into(), Some(Box::new(inner())));
            for cause in [inner(), outer] {
                let first = cause.to_string();
                let mut error = Error::new(Stage::Configuration, "no").caused_by(cause);
                error.add_note(said());
                let error = error.without(&key);
                let mut shown = format!("{error} {error:?}");
                let mut next = error.source();
                assert_eq!(next.expect("a cause").to_string(), key.redact(&first));
                while let Some(source) = next {
                    shown += &format!(" {source} {source:?}");
                    next = source.source();
                }
                assert!(shown.contains("signed with … in vain"), "{shown}");
                assert!(!shown.contains(secret), "{shown}");
                let escaped = secret.escape_debug().to_string();
                assert!(!shown.contains(&escaped), "{shown}");
            }
        }
    }

    #[test]
    fn a_cause_that_shows_nothing_is_kept_as_it_is() {
        let key = Key::new("sk-0123456789").expect("a key");
        let cause = Because("no".into(), None);
        let error = Error::new(Stage::NotSent, "no").caused_by(cause);
        let error = error.without(&key);
        assert!(error.source().is_some_and(|source| source.is::<Because>()));
    }

    #[test]
    fn no_code_and_no_id_is_longer_than_a_word_or_commands_a_terminal() {
        let any = format!("\n\x1b[31m{}", "c".repeat(100_000));
        let reply = ErrorReply {
            code: Some(any.clone()),
            request_id: Some(any.clone()),
            ..ErrorReply::default()
        };
        let error = Error::new(Stage::Refused, "no").with_reply(reply);
        let shown = error.to_string();
        assert!(shown.len() < 600, "{shown}");
        assert!(!shown.contains(char::is_control), "{shown:?}");
        assert_eq!(error.code(), Some(any.as_str()));
    }
}
