//! A reply with its pictures.

use std::borrow::Cow;
use std::{fmt, io, ops};

use apifox_client::{Received, lenient};

use crate::images::find;
use crate::images::image::Image;
use crate::images::shortfall::shortfall;
use crate::images::spool::{Spooled, Spools};
use crate::tasks::place;

/// A reply to a request: as it came, as its document has it, and with its pictures.
///
/// It is an [`apifox_client::Reply`] as well. Where the client
/// [spools](crate::Builder::spool), `body` and `json` have a placeholder for each picture
/// that is in a [file](Self::spooled) instead; [`write_body`](Self::write_body) has all of
/// it.
pub struct Reply<T>(apifox_client::Reply<T>);

impl<T> From<apifox_client::Reply<T>> for Reply<T> {
    fn from(reply: apifox_client::Reply<T>) -> Self {
        Self(reply)
    }
}

impl<T> ops::Deref for Reply<T> {
    type Target = apifox_client::Reply<T>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("reply", &self.0)
            .field("images", &self.images().len())
            .field("spooled", &self.spooled())
            .finish()
    }
}

impl<T> Reply<T> {
    /// The reply as it came, alone.
    pub(crate) fn into_received(self) -> Received {
        self.0.into_received()
    }

    fn spools(&self) -> &Spools {
        Spools::attached_to(&self.received().body)
    }

    /// Every picture in the reply, in order, even where the rest of it is not
    /// what the document promises.
    #[must_use]
    pub fn images(&self) -> Vec<Image> {
        find::find(self.body().clone(), self.spools())
    }

    /// The same picture in another form, where its item has it in two: for where the first is
    /// of no use.
    #[must_use]
    pub fn fallback(&self, image: &Image) -> Option<Image> {
        find::fallback(image, self.body().clone(), self.spools())
    }

    /// The id of the task that the reply names: some APIs answer with a task instead of
    /// pictures.
    #[must_use]
    pub fn task_id(&self) -> Option<String> {
        place::id(&self.received().json)
    }

    /// Why pictures are missing, of so many that were asked for: a reason for each. What the
    /// reply itself counts as failed is missing, however many were asked for.
    #[must_use]
    pub fn shortfall(&self, asked: usize) -> Vec<String> {
        let json = &self.received().json;
        // What is not quite JSON may have something to say as well.
        let read = json
            .is_null()
            .then(|| lenient::value(self.body(), find::MOST_VALUES));
        let json = read.flatten().map_or(Cow::Borrowed(json), Cow::Owned);
        shortfall(
            &json,
            find::count(self.body().clone(), self.spools()),
            asked,
        )
    }

    /// The pictures that are in files instead of the body, in its order: none unless
    /// the client [spools](crate::Builder::spool).
    #[must_use]
    pub fn spooled(&self) -> &[Spooled] {
        self.spools().files()
    }

    /// Writes the whole body, with the pictures that were spooled in their places.
    ///
    /// It is what came, byte for byte, save that in those pictures a slash is never
    /// escaped.
    ///
    /// # Errors
    ///
    /// When it can't be written, or a file not be read.
    pub fn write_body(&self, to: &mut impl io::Write) -> io::Result<()> {
        self.restore(self.body(), to)
    }

    /// Writes a text that holds some of the body or of its JSON, with the pictures that
    /// were spooled in their places.
    ///
    /// # Errors
    ///
    /// As [`write_body`](Self::write_body).
    pub fn restore(&self, text: &[u8], to: &mut impl io::Write) -> io::Result<()> {
        self.spools().restore(text, to)
    }
}
