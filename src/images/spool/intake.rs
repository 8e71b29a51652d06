//! Takes in a reply's body as it comes: what stays in memory, and what goes to files.

use std::io;
use std::ops::Range;
use std::path::Path;

use apifox_client::{Body, BodyReader};
use bytes::Bytes;
use memchr::{memchr, memchr2};

use super::duplicates::Distinct;
use super::incoming::Incoming;
use super::placeholder::Spools;
use super::spooled::Spooled;
use crate::images::fields::base64_start;

/// The longest picture, in characters, that stays in the text.
const LONGEST: usize = 64 << 10;

/// A body on its way in. It does not have to be JSON: what isn't stays as it is.
pub(crate) struct Intake<'a> {
    directory: Option<&'a Path>,
    longest: usize,
    text: Vec<u8>,
    state: State,
    /// The next byte belongs to the backslash before it.
    is_escaped: bool,
    /// The last byte outside strings that is not white space.
    before: u8,
    /// The last string in the text.
    last: Range<usize>,
    spools: Spools,
    distinct: Distinct,
    #[cfg(test)]
    room: u64,
}

/// What the next byte belongs to.
enum State {
    Outside,
    Within(Text),
    /// In a picture, whose placeholder starts there.
    Spooling(Incoming, usize),
}

/// A string in the text.
struct Text {
    /// Where its characters start.
    start: usize,
    /// Whether it may still turn out to be a long picture.
    is_open: bool,
    /// Whether it may be an item of a list, which has no name.
    is_item: bool,
}

impl<'a> Intake<'a> {
    /// Spools long pictures to a directory; without one, all of the body stays.
    pub fn new(directory: Option<&'a Path>) -> Self {
        Self {
            directory,
            longest: LONGEST,
            text: Vec::new(),
            state: State::Outside,
            is_escaped: false,
            before: 0,
            last: 0..0,
            spools: Spools::new(),
            distinct: Distinct::default(),
            #[cfg(test)]
            room: u64::MAX,
        }
    }

    /// One for tests: shorter pictures are long, and the disk has so much room for each.
    #[cfg(test)]
    pub fn tested(directory: &'a Path, longest: usize, room: u64) -> Self {
        Self {
            longest,
            room,
            ..Self::new(Some(directory))
        }
    }

    /// Takes in what came next.
    pub fn take(&mut self, chunk: &[u8]) {
        let mut rest = chunk;
        while !rest.is_empty() {
            let taken = match self.state {
                State::Spooling(..) => self.spooling(rest),
                _ if self.directory.is_none() => self.keep(rest),
                State::Outside => self.outside(rest),
                State::Within(_) => self.within(rest),
            };
            rest = &rest[taken..];
        }
    }

    /// The text and the pictures that left it, when nothing more comes: whole
    /// or broken off.
    pub fn finish(mut self) -> (Bytes, Spools) {
        if let State::Spooling(incoming, _) = std::mem::replace(&mut self.state, State::Outside) {
            self.end(incoming);
            if self.is_escaped {
                self.text.push(b'\\');
            }
        }
        (self.text.into(), self.spools)
    }

    fn is_spooling(&self) -> bool {
        matches!(self.state, State::Spooling(..))
    }

    fn keep(&mut self, bytes: &[u8]) -> usize {
        self.text.extend_from_slice(bytes);
        bytes.len()
    }

    /// Up to the next string.
    fn outside(&mut self, rest: &[u8]) -> usize {
        let end = memchr(b'"', rest);
        let between = &rest[..end.unwrap_or(rest.len())];
        let mut visible = between
            .iter()
            .rev()
            .filter(|byte| !byte.is_ascii_whitespace());
        self.before = visible.next().copied().unwrap_or(self.before);
        let taken = self.keep(&rest[..between.len() + usize::from(end.is_some())]);
        if end.is_some() {
            let is_item = matches!(self.before, b'[' | b',');
            self.state = State::Within(Text {
                start: self.text.len(),
                is_open: is_item || self.before == b':',
                is_item,
            });
        }
        taken
    }

    /// Up to the end of a string, an escape, or where it turns out to be a picture.
    fn within(&mut self, rest: &[u8]) -> usize {
        if std::mem::take(&mut self.is_escaped) {
            return self.keep(&rest[..1]);
        }
        let end = memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
        if end > 0 {
            let taken = self.keep(&rest[..end]);
            self.judge();
            return taken;
        }
        if rest[0] == b'\\' {
            self.is_escaped = true;
        } else {
            self.close();
        }
        self.keep(&rest[..1])
    }

    /// A string of the text is over, all but for its quote.
    fn close(&mut self) {
        if let State::Within(text) = std::mem::replace(&mut self.state, State::Outside) {
            self.last = text.start..self.text.len();
        }
        self.before = b'"';
    }

    /// Begins to spool the string that is coming, if it is a long picture.
    fn judge(&mut self) {
        let (State::Within(text), Some(directory)) = (&mut self.state, self.directory) else {
            return;
        };
        if !text.is_open || self.text.len() - text.start <= self.longest {
            return;
        }
        text.is_open = false;
        let start = text.start;
        let name = match text.is_item {
            // It says itself what it is.
            true => b"image".as_slice(),
            false => &self.text[self.last.clone()],
        };
        let Some(skipped) = base64_start(name, &self.text[start..]) else {
            return;
        };
        if self.spools.is_full() {
            return;
        }
        match Incoming::create(directory) {
            Ok(incoming) => self.divert(incoming, start + skipped),
            Err(error) => self.give_up(&error),
        }
    }

    /// Moves the characters from `start` on to a file.
    fn divert(&mut self, incoming: Incoming, start: usize) {
        #[cfg(test)]
        let incoming = incoming.with_room(self.room);
        let characters = self.text.split_off(start);
        self.text.extend(self.spools.next_placeholder().bytes());
        self.state = State::Spooling(incoming, start);
        let mut rest = &characters[..];
        while !rest.is_empty() && self.is_spooling() {
            rest = &rest[self.spooling(rest)..];
        }
        // There are some left where the file took no more of them.
        self.text.extend_from_slice(rest);
    }

    /// Up to the end of a picture, or an escape.
    fn spooling(&mut self, rest: &[u8]) -> usize {
        let State::Spooling(incoming, _) = &mut self.state else {
            return 0;
        };
        if std::mem::take(&mut self.is_escaped) {
            let written = incoming.escaped(rest[0]);
            self.keep_if_unwritable(written);
            return 1;
        }
        let end = memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
        if end > 0 {
            let written = incoming.plain(&rest[..end]);
            self.keep_if_unwritable(written);
            return end;
        }
        if rest[0] == b'\\' {
            self.is_escaped = true;
            return 1;
        }
        let settled = incoming.settle();
        self.keep_if_unwritable(settled);
        // Where that failed, the quote ends a string of the text.
        self.settled(rest)
    }

    /// A picture is over.
    fn settled(&mut self, rest: &[u8]) -> usize {
        match std::mem::replace(&mut self.state, State::Outside) {
            State::Spooling(incoming, _) => {
                self.push(incoming.close());
                self.before = b'"';
                self.keep(&rest[..1])
            }
            other => {
                self.state = other;
                0
            }
        }
    }

    /// Takes a picture back into the text where its file can't be written.
    fn keep_if_unwritable(&mut self, written: io::Result<()>) {
        let Err(error) = written else {
            return;
        };
        let state = std::mem::replace(&mut self.state, State::Outside);
        if let State::Spooling(incoming, start) = state {
            match incoming.text() {
                Ok(characters) => {
                    self.text.truncate(start);
                    self.text.extend(characters);
                }
                // What is in the file stays there.
                Err(_) => self.end(incoming),
            }
        }
        self.give_up(&error);
    }

    /// Nothing more of a picture goes to its file.
    fn end(&mut self, incoming: Incoming) {
        let (spooled, left) = incoming.cut();
        self.push(spooled);
        self.text.extend(left);
    }

    /// Adds a picture; one with the same bytes as one before shares its file.
    fn push(&mut self, spooled: Spooled) {
        self.spools.push(self.distinct.shared(spooled));
    }

    /// Keeps the rest in memory.
    fn give_up(&mut self, error: &io::Error) {
        tracing::warn!(%error, "pictures stay in memory: they can't be spooled");
        self.directory = None;
    }
}

impl BodyReader for Intake<'_> {
    fn take(&mut self, chunk: &[u8]) {
        Intake::take(self, chunk);
    }

    fn finish(self: Box<Self>) -> Body {
        let (text, spools) = Intake::finish(*self);
        let body = Body::new(text);
        match spools.files().is_empty() {
            true => body,
            false => body.with_attachment(spools),
        }
    }
}
