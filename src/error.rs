//! The one error: at which stage a call failed, and all that came back.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::Path;
use std::time::Duration;

use apifox_runtime::Invalid;
use bytes::Bytes;

use crate::spool::{Spooled, Spools};

/// How far a call got.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The client is set up wrong: no key, an address that can't be, plain http
    /// to another machine. Nothing was sent.
    Configuration,
    /// The request breaks rules of its document. Nothing was sent.
    Invalid,
    /// Nothing of the request left this machine: there was no address, no
    /// connection or no TLS, or the deadline passed before.
    NotSent,
    /// The API refused the request: sending it again would not help, except where
    /// it could not fetch an input; see [`Error::is_retryable`].
    Refused,
    /// The API refused the key or the account: unknown, not allowed, out of credit.
    Account,
    /// The API had too much to do, and did not take the request.
    Throttled,
    /// The request was sent, and what became of it can't be told: no reply came,
    /// or one that reports a failure on the API's side. It may have been billed.
    OutcomeUnknown,
    /// A reply that reports success came, and can't be read. It was likely billed;
    /// [`Error::body`] has what came.
    Unreadable,
    /// A task had not come to an end when the deadline passed. It goes on, and
    /// [`Error::task_id`] has its id.
    Unfinished,
    /// A picture could not be fetched or decoded; its source is still there.
    Download,
    /// A picture is not on its server any more: its URL was valid for 24 hours.
    Expired,
    /// A picture could not be written to disk; its source is still there.
    File,
}

/// Why a call failed.
///
/// `Display` says what happened in a line or two, with the body cut to 512
/// bytes; neither it nor `Debug` ever shows the key. [`body`](Self::body) has what
/// the API said, whole and unaltered, save for pictures that are in
/// [files](Self::spooled).
pub struct Error {
    stage: Stage,
    message: String,
    reply: Option<Box<ErrorReply>>,
    invalid: Option<Invalid>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    call: Call,
    task_id: Option<Box<str>>,
    kept: Option<Box<Path>>,
}

/// What a request does when it is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Nature {
    /// It has pictures made, which costs money.
    #[default]
    Submission,
    /// It changes something, and is free.
    Command,
    /// It asks for something, and is free.
    Query,
    /// It waits for what was submitted before: asking is free, the task is not.
    Wait,
}

/// The call that failed.
#[derive(Clone, Copy, Debug, Default)]
struct Call {
    nature: Nature,
    attempts: u32,
    /// An attempt before the last one may have been taken.
    doubtful: bool,
}

/// What came back with an error.
#[derive(Debug, Default)]
pub(crate) struct ErrorReply {
    pub status: u16,
    pub code: Option<String>,
    pub request_id: Option<String>,
    pub retry_after: Option<Duration>,
    /// Refused, but trying once more may help.
    pub once_more: bool,
    pub body: Bytes,
    pub spools: Spools,
}

impl Error {
    pub(crate) fn new(stage: Stage, message: impl Into<String>) -> Self {
        Self {
            stage,
            message: message.into(),
            reply: None,
            invalid: None,
            source: None,
            call: Call::default(),
            task_id: None,
            kept: None,
        }
    }

    pub(crate) fn invalid(operation: &str, invalid: Invalid) -> Self {
        let message = format!("the request breaks the rules of {operation}: {invalid}");
        Self {
            invalid: Some(invalid),
            ..Self::new(Stage::Invalid, message)
        }
    }

    pub(crate) fn with_reply(mut self, reply: ErrorReply) -> Self {
        self.reply = Some(Box::new(reply));
        self
    }

    pub(crate) fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Says where what came of a picture is kept.
    pub(crate) fn kept_at(mut self, path: &Path) -> Self {
        self.message += &format!("; what came is kept in {}", path.display());
        self.kept = Some(path.into());
        self
    }

    /// Says what the call was, how many attempts were made, and whether one before
    /// the last may have been taken.
    pub(crate) fn made_by(mut self, nature: Nature, attempts: u32, doubtful: bool) -> Self {
        self.call = Call {
            nature,
            attempts,
            doubtful,
        };
        self
    }

    /// Says that the call was waiting for this task.
    pub(crate) fn while_waiting_for(mut self, id: &str) -> Self {
        self.call.nature = Nature::Wait;
        self.of_task(id)
    }

    /// Says which task the call was about.
    pub(crate) fn of_task(mut self, id: &str) -> Self {
        self.task_id = Some(id.into());
        self
    }

    /// Blanks a secret that an API or a proxy may have quoted.
    pub(crate) fn without(mut self, secret: &str) -> Self {
        let blank = |text: &mut String| *text = redacted(text, secret);
        blank(&mut self.message);
        if let Some(reply) = &mut self.reply {
            reply.code.iter_mut().for_each(blank);
            reply.request_id.iter_mut().for_each(blank);
        }
        self
    }

    /// How far the call got.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The HTTP status of the reply, where one came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.reply.as_ref().map(|reply| reply.status)
    }

    /// The API's own code for the error; a number is given as its digits.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.reply.as_ref()?.code.as_deref()
    }

    /// The id that the API gave the request, to ask its support about.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.reply.as_ref()?.request_id.as_deref()
    }

    /// The whole body of the reply, where one came; but with a placeholder for each
    /// picture that was [spooled](Self::spooled): [`write_body`](Self::write_body) has
    /// all of it.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.reply.as_ref().map(|reply| &reply.body)
    }

    /// The pictures that came, whole or in part, and are in files instead of the body,
    /// in its order: none unless the client [spools](crate::Builder::spool). They are
    /// there as long as the error is.
    #[must_use]
    pub fn spooled(&self) -> &[Spooled] {
        let reply = self.reply.as_ref();
        reply.map_or(&[], |reply| reply.spools.files())
    }

    /// The file that holds what came of a picture, where that ended too early: see
    /// [`Client::save`](crate::Client::save).
    #[must_use]
    pub fn kept(&self) -> Option<&Path> {
        self.kept.as_deref()
    }

    /// Writes all of the body that came, with the pictures that were spooled in their
    /// places; nothing where no reply came.
    ///
    /// It is what came, byte for byte, save that in those pictures a slash is never
    /// escaped.
    ///
    /// # Errors
    ///
    /// When it can't be written, or a file not be read.
    pub fn write_body(&self, to: &mut impl io::Write) -> io::Result<()> {
        match &self.reply {
            Some(reply) => reply.spools.restore(&reply.body, to),
            None => Ok(()),
        }
    }

    /// The rules that the request breaks, at [`Stage::Invalid`].
    #[must_use]
    pub fn violations(&self) -> &[apifox_runtime::Violation] {
        self.invalid.as_ref().map_or(&[], Invalid::violations)
    }

    /// Whether the same call may be made again without being billed twice, and with
    /// a chance to succeed.
    ///
    /// That is so where the API did not take the request; where it could not fetch
    /// an input, for one more attempt; and where the call only asks about a task,
    /// whatever went wrong. Waiting for a task goes on where it broke off. A download
    /// was tried again already where that could help.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let call = &self.call;
        match self.stage {
            Stage::NotSent | Stage::Throttled => !call.doubtful,
            Stage::OutcomeUnknown | Stage::Unreadable => {
                matches!(call.nature, Nature::Query | Nature::Wait)
            }
            Stage::Unfinished => true,
            Stage::Refused => {
                let once_more = self.reply.as_ref().is_some_and(|reply| reply.once_more);
                once_more && call.attempts < 2 && !call.doubtful
            }
            Stage::Configuration
            | Stage::Invalid
            | Stage::Account
            | Stage::Download
            | Stage::Expired
            | Stage::File => false,
        }
    }

    /// How long the API asks to wait, from its header `Retry-After`, in seconds or
    /// as a date.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.reply.as_ref()?.retry_after
    }

    /// How often sending the request was attempted: 0 where the call failed before
    /// that.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.call.attempts
    }

    /// The task that the call was about: it can still be
    /// [waited for](crate::Client::wait).
    #[must_use]
    pub fn task_id(&self) -> Option<&str> {
        self.task_id.as_deref()
    }

    /// Whether something may have been billed although this error came: by any of
    /// the attempts, if there were several.
    ///
    /// Asking about a task and cancelling it is free. A failed
    /// [`wait`](crate::Client::wait) speaks for the task, which goes on, and may be
    /// billed.
    #[must_use]
    pub fn may_have_been_billed(&self) -> bool {
        if self.call.nature == Nature::Wait {
            return true;
        }
        match self.stage {
            Stage::Unfinished | Stage::Download | Stage::Expired | Stage::File => true,
            Stage::OutcomeUnknown | Stage::Unreadable => self.call.nature == Nature::Submission,
            Stage::Configuration
            | Stage::Invalid
            | Stage::NotSent
            | Stage::Refused
            | Stage::Account
            | Stage::Throttled => self.call.doubtful,
        }
    }

    /// What can be told in a word each, beside the message.
    fn facts(&self) -> Vec<String> {
        let mut facts = Vec::new();
        if let Some(reply) = &self.reply {
            facts.push(format!("HTTP {}", reply.status));
            let codes = reply.code.iter().map(|it| format!("code {}", word(it)));
            let ids = reply.request_id.iter();
            facts.extend(codes.chain(ids.map(|it| format!("request id {}", word(it)))));
        }
        let task_id = self.task_id.iter();
        facts.extend(task_id.map(|it| format!("task id {}", word(it))));
        if self.call.attempts > 1 {
            facts.push(format!("{} attempts", self.call.attempts));
        }
        if self.call.doubtful {
            facts.push("an earlier one may have been billed".into());
        }
        facts
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        let facts = self.facts();
        if facts.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", facts.join(", "))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("stage", &self.stage)
            .field("message", &self.to_string())
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}

/// The start of a body as text fit for an error.
pub(crate) fn excerpt(body: &[u8]) -> String {
    excerpt_without(body, "")
}

/// The start of a body as text fit for an error, with no part of the secret in it.
pub(crate) fn excerpt_without(body: &[u8], secret: &str) -> String {
    start(body, 512, secret)
}

/// A code or an id as text fit for an error: an API may send any text as one.
pub(crate) fn word(text: &str) -> String {
    start(text.as_bytes(), 128, "")
}

/// The first `longest` bytes of a text on one line, without the secret.
fn start(body: &[u8], longest: usize, secret: &str) -> String {
    // Blanked before it is cut, so that no cut leaves half a secret behind.
    let window = &body[..body
        .len()
        .min(longest + secret.len() + char::MAX.len_utf8())];
    let text = redacted(&String::from_utf8_lossy(window), secret);
    let fits = |(at, c): &(usize, char)| at + c.len_utf8() <= longest;
    let text: String = text
        .char_indices()
        .take_while(fits)
        .map(|(_, c)| c)
        .collect();
    let shown = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| word.chars().map(shown).collect())
        .collect();
    let printable = words.join(" ");
    if body.len() <= longest {
        printable
    } else {
        format!("{printable}… ({} bytes in all)", body.len())
    }
}

/// `text` without the secret, nor a start of it that was cut off at the end.
pub(crate) fn redacted(text: &str, secret: &str) -> String {
    /// A start shorter than this gives nothing away.
    const HARMLESS: usize = 4;
    if secret.is_empty() {
        return text.to_owned();
    }
    let whole = text.replace(secret, "…");
    let mut starts = (HARMLESS..secret.len())
        .rev()
        .filter_map(|end| secret.get(..end));
    match starts.find_map(|start| whole.strip_suffix(start)) {
        Some(kept) => format!("{kept}…"),
        None => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, ErrorReply, Nature, Stage, excerpt_without};

    /// Whether each stage is worth another attempt, and may have cost something.
    #[test]
    fn what_to_do_follows_from_the_stage_and_what_the_call_was() {
        use Stage::*;
        let cases = [
            // Stage; of a submission; of a question.
            (Configuration, (false, false), (false, false)),
            (Invalid, (false, false), (false, false)),
            (NotSent, (true, false), (true, false)),
            (Refused, (false, false), (false, false)),
            (Account, (false, false), (false, false)),
            (Throttled, (true, false), (true, false)),
            (OutcomeUnknown, (false, true), (true, false)),
            (Unreadable, (false, true), (true, false)),
            (Unfinished, (true, true), (true, true)),
            (Download, (false, true), (false, true)),
            (File, (false, true), (false, true)),
        ];
        for (stage, submission, query) in cases {
            let says = |nature, doubtful| {
                let error = Error::new(stage, "").made_by(nature, 1, doubtful);
                (error.is_retryable(), error.may_have_been_billed())
            };
            assert_eq!(says(Nature::Submission, false), submission, "{stage:?}");
            assert_eq!(says(Nature::Query, false), query, "{stage:?}");
            // Cancelling is free, and what came of it is for a question to find out.
            let command = (submission.0, query.1);
            assert_eq!(says(Nature::Command, false), command, "{stage:?}");
            // The task that is waited for goes on.
            assert_eq!(says(Nature::Wait, false), (query.0, true), "{stage:?}");
            // What an attempt before may have cost, none after it takes back.
            let again = stage == Unfinished;
            assert_eq!(says(Nature::Submission, true), (again, true), "{stage:?}");
        }
    }

    #[test]
    fn what_could_not_be_fetched_is_worth_one_more_attempt() {
        for (attempts, doubtful, again) in [(1, false, true), (2, false, false), (1, true, false)] {
            let error = Error::new(Stage::Refused, "")
                .with_reply(ErrorReply {
                    once_more: true,
                    ..ErrorReply::default()
                })
                .made_by(Nature::Submission, attempts, doubtful);
            assert_eq!(error.is_retryable(), again, "{attempts} {doubtful}");
        }
    }

    #[test]
    fn no_cut_of_an_excerpt_leaves_a_part_of_the_secret() {
        let secret = "sk-0123456789abcdef";
        for before in 0..600 {
            let body = format!("{}{secret}{}", "x".repeat(before), "y".repeat(30));
            let excerpt = excerpt_without(body.as_bytes(), secret);
            assert!(!excerpt.contains("sk-0"), "{before}: {excerpt}");
            assert!(excerpt.len() < 560, "{before}: {excerpt}");
        }
        for end in 4..secret.len() {
            let body = format!("the key {}", &secret[..end]);
            assert_eq!(excerpt_without(body.as_bytes(), secret), "the key …");
        }
    }

    #[test]
    fn an_excerpt_is_one_line_of_printable_text() {
        let cases: &[(&[u8], &str)] = &[
            (b"a\r\n\t b", "a b"),
            (b"a\x1b[2Jb", "a\u{fffd}[2Jb"),
            (b"\xff", "\u{fffd}"),
            ("猫".as_bytes(), "猫"),
            (b"", ""),
        ];
        for (body, expected) in cases {
            assert_eq!(excerpt_without(body, "sk"), *expected);
        }
        let long = "猫".repeat(200);
        let expected = format!("{}… (600 bytes in all)", "猫".repeat(170));
        assert_eq!(excerpt_without(long.as_bytes(), "sk"), expected);
    }

    #[test]
    fn no_code_and_no_id_is_longer_than_a_word_or_commands_a_terminal() {
        let any = format!("\n\x1b[31m{}", "c".repeat(100_000));
        let reply = ErrorReply {
            code: Some(any.clone()),
            request_id: Some(any.clone()),
            ..ErrorReply::default()
        };
        let error = Error::new(Stage::Refused, "no")
            .with_reply(reply)
            .of_task(&any);
        let shown = error.to_string();
        assert!(shown.len() < 600, "{shown}");
        assert!(!shown.contains(char::is_control), "{shown:?}");
        assert_eq!(error.code(), Some(any.as_str()));
    }
}
