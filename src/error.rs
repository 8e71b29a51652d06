//! The one error: at which stage a call failed, and all that came back.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::ops;
use std::path::Path;

use apifox_client::{Effect, ErrorReply, Key, Received, lenient, short_excerpt};

use crate::images::find;
use crate::images::image::Image;
use crate::images::shortfall::shortfall;
use crate::images::spool::{Spooled, Spools};
use crate::stage::Stage;
use crate::tasks::place;

/// Why a call failed.
///
/// `Display` says what happened in a line or two, with the body cut to 512
/// bytes; neither it nor `Debug` ever shows the key. [`body`](apifox_client::Error::body)
/// has what the API said, whole and unaltered, save for the key, and with a placeholder
/// for each picture that is in a [file](Self::spooled): [`write_body`](Self::write_body)
/// has all of it.
pub struct Error {
    stage: Stage,
    call: apifox_client::Error,
    /// The call was waiting for a task, which goes on.
    waiting: bool,
    task_id: Option<Box<str>>,
    kept: Option<Box<Path>>,
}

impl<E> From<apifox_client::Error<E>> for Error {
    fn from(error: apifox_client::Error<E>) -> Self {
        Self {
            stage: error.stage().into(),
            call: error.untyped(),
            waiting: false,
            task_id: None,
            kept: None,
        }
    }
}

impl ops::Deref for Error {
    type Target = apifox_client::Error;

    fn deref(&self) -> &Self::Target {
        &self.call
    }
}

impl Error {
    pub(crate) fn new(stage: Stage, message: impl Into<String>) -> Self {
        let call = apifox_client::Error::new(stage.of_call(), message);
        Self {
            stage,
            ..Self::from(call.after_attempts(Effect::MayCost, 0))
        }
    }

    fn map(self, change: impl FnOnce(apifox_client::Error) -> apifox_client::Error) -> Self {
        Self {
            call: change(self.call),
            ..self
        }
    }

    pub(crate) fn with_reply(self, reply: ErrorReply) -> Self {
        self.map(|call| call.with_reply(reply))
    }

    pub(crate) fn caused_by(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.map(|call| call.caused_by(source))
    }

    /// This error of a request with this effect that was attempted so often.
    pub(crate) fn after_attempts(self, effect: Effect, attempts: u32) -> Self {
        self.map(|call| call.after_attempts(effect, attempts))
    }

    /// Blanks the key, which an API or a proxy may have quoted.
    pub(crate) fn without(self, key: Option<&Key>) -> Self {
        match key {
            Some(key) => self.map(|call| call.without(key)),
            None => self,
        }
    }

    /// Says where what came of a picture is kept.
    pub(crate) fn kept_at(mut self, path: &Path) -> Self {
        let kept = format!("; what came is kept in {}", path.display());
        self.call.extend_message(&kept);
        self.kept = Some(path.into());
        self
    }

    /// Says which proxy a picture was to come by.
    pub(crate) fn by_proxy(mut self, proxy: Option<String>) -> Self {
        if let Some(proxy) = proxy {
            self.call.add_note(format!("by the proxy {proxy}"));
        }
        self
    }

    /// Says that the call was waiting for this task.
    pub(crate) fn while_waiting_for(mut self, id: &str) -> Self {
        self.waiting = true;
        self.about_task(id)
    }

    /// Says which task the call was about.
    pub(crate) fn about_task(mut self, id: &str) -> Self {
        if self.task_id.is_none() {
            self.call.add_note(format!("task id {}", short_excerpt(id)));
            self.task_id = Some(id.into());
        }
        self
    }

    /// The error of a call, with the id of a task where that came all the same: the task is
    /// running then, and was paid for.
    pub(crate) fn of_call<E>(error: apifox_client::Error<E>) -> Self {
        let error = Self::from(error);
        let body = error
            .body()
            .and_then(|body| lenient::value(body, find::MOST_VALUES));
        match body.as_ref().and_then(place::id) {
            Some(id) => error.about_task(&id),
            None => error,
        }
    }

    fn spools(&self) -> &Spools {
        match self.call.reply() {
            Some(reply) => Spools::attached_to(&reply.body),
            None => Spools::none(),
        }
    }

    /// How far the call got.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The reply that came, as it came.
    pub(crate) fn received(&self) -> Option<Received> {
        let reply = self.call.reply()?;
        Some(Received {
            attempts: self.attempts(),
            status: reply.status,
            headers: reply.headers.clone(),
            request_id: reply.request_id.clone(),
            json: lenient::value(&reply.body.bytes, find::MOST_VALUES).unwrap_or_default(),
            body: reply.body.clone(),
            flaw: None,
        })
    }

    /// The pictures that came, whole or in part, and are in files instead of the body,
    /// in its order: none unless the client [spools](crate::Builder::spool). They are
    /// there as long as the error is.
    #[must_use]
    pub fn spooled(&self) -> &[Spooled] {
        self.spools().files()
    }

    /// Every picture that came with the error: whole ones of a reply that broke off, or of
    /// one that reports a failure all the same. They were paid for, and
    /// [`Client::save`](crate::Client::save) saves them.
    #[must_use]
    pub fn images(&self) -> Vec<Image> {
        match self.call.reply() {
            Some(reply) => {
                find::find_in_reply(reply.status, reply.body.bytes.clone(), self.spools())
            }
            None => Vec::new(),
        }
    }

    /// The same picture in another form, where its item has it in two: for where the first is
    /// of no use.
    #[must_use]
    pub fn fallback(&self, image: &Image) -> Option<Image> {
        find::fallback(image, self.body()?.clone(), self.spools())
    }

    /// Why pictures are missing that were asked for, as
    /// [`Reply::shortfall`](crate::Reply::shortfall) tells.
    #[must_use]
    pub fn shortfall(&self, asked: usize) -> Vec<String> {
        let body = self.body().cloned().unwrap_or_default();
        let json = lenient::value(&body, find::MOST_VALUES).unwrap_or_default();
        shortfall(&json, find::count(body, self.spools()), asked)
    }

    /// Writes a text that holds some of the body, with the pictures that were spooled in
    /// their places.
    ///
    /// # Errors
    ///
    /// As [`write_body`](Self::write_body).
    pub fn restore(&self, text: &[u8], to: &mut impl io::Write) -> io::Result<()> {
        self.spools().restore(text, to)
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
        match self.body() {
            Some(body) => self.spools().restore(body, to),
            None => Ok(()),
        }
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
        match self.stage {
            Stage::Unfinished => true,
            Stage::Download | Stage::Expired | Stage::File => false,
            _ => self.call.is_retryable(),
        }
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
        self.effect() == Effect::MayCost && self.may_have_been_taken()
    }

    /// What is done where the call is taken. A failed [`wait`](crate::Client::wait) and a
    /// failed download speak for what they are part of, which may cost something, not for the
    /// question or the fetch that broke off.
    #[must_use]
    pub fn effect(&self) -> Effect {
        match self.is_part() {
            true => Effect::MayCost,
            false => self.call.effect(),
        }
    }

    /// Whether something may have been done in spite of this error, by any of the attempts:
    /// always so where a task was waited for, or a picture was on its way.
    #[must_use]
    pub fn may_have_been_taken(&self) -> bool {
        self.is_part() || self.call.may_have_been_taken()
    }

    /// Whether the call that failed was a step after a request that was taken.
    fn is_part(&self) -> bool {
        self.waiting
            || matches!(
                self.stage,
                Stage::Unfinished | Stage::Download | Stage::Expired | Stage::File
            )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.call.fmt(f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("stage", &self.stage)
            .field("message", &self.to_string())
            .field("source", &self.call.source())
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.call.source()
    }
}

#[cfg(test)]
mod tests {
    use apifox_client::{Effect, ErrorReply};

    use super::{Error, Stage};

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
            (Expired, (false, true), (false, true)),
            (File, (false, true), (false, true)),
        ];
        for (stage, submission, query) in cases {
            let error = |effect| Error::new(stage, "").after_attempts(effect, 1);
            let says = |error: Error| (error.is_retryable(), error.may_have_been_billed());
            assert_eq!(says(error(Effect::MayCost)), submission, "{stage:?}");
            assert_eq!(says(error(Effect::Safe)), query, "{stage:?}");
            // Cancelling is free, and what came of it is for a question to find out.
            let command = (submission.0, query.1);
            assert_eq!(says(error(Effect::NonIdempotent)), command, "{stage:?}");
            // The task that is waited for goes on.
            let waiting = error(Effect::Safe).while_waiting_for("task-1");
            assert_eq!(says(waiting), (query.0, true), "{stage:?}");
        }
    }

    /// What is known of the call that failed never contradicts what is known of the task.
    #[test]
    fn whether_it_was_taken_is_said_of_the_task_that_is_waited_for() {
        let error = || Error::new(Stage::NotSent, "").after_attempts(Effect::Safe, 1);
        let says = |error: &Error| (error.effect(), error.may_have_been_taken());
        assert_eq!(says(&error()), (Effect::Safe, false));
        let waiting = error().while_waiting_for("task-1");
        assert_eq!(says(&waiting), (Effect::MayCost, true));
        assert!(waiting.may_have_been_billed());
        let download = Error::new(Stage::Download, "").after_attempts(Effect::Safe, 1);
        assert_eq!(says(&download), (Effect::MayCost, true));
        let lost = Error::new(Stage::OutcomeUnknown, "");
        let cancel = lost.after_attempts(Effect::NonIdempotent, 1);
        assert_eq!(says(&cancel), (Effect::NonIdempotent, true));
        assert!(!cancel.may_have_been_billed());
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
            .about_task(&any);
        let shown = error.to_string();
        assert!(shown.len() < 600, "{shown}");
        assert!(!shown.contains(char::is_control), "{shown:?}");
        assert_eq!(error.code(), Some(any.as_str()));
    }
}
