//! The placeholders that stand in a text for pictures, and the pictures that they stand for.

use std::io::{self, Write};

use apifox_client::Body;
use memchr::memmem;

use super::raw;
use super::spooled::Spooled;

/// How a placeholder begins. All of its characters are base64's, in whole groups, so
/// that what a document says of such a string holds for it as well; what it decodes
/// to starts as no picture does.
const NAME: &str = "inkstone/spooled/";

/// How many digits the number of a picture has.
const DIGITS: usize = 6;

/// More than can be numbered.
const TOO_MANY: usize = 10_usize.pow(DIGITS as u32);

/// The pictures that left a reply.
#[derive(Debug)]
pub(crate) struct Spools {
    /// What no server can know: no reply has a placeholder that was not put there.
    nonce: u64,
    files: Vec<Spooled>,
}

impl Spools {
    /// Those of a reply that no picture left.
    pub fn none() -> &'static Self {
        static NONE: Spools = Spools {
            nonce: 0,
            files: Vec::new(),
        };
        &NONE
    }

    /// The pictures that left the body of a reply.
    pub fn attached_to(body: &Body) -> &Self {
        body.attachment().unwrap_or(Self::none())
    }

    pub fn new() -> Self {
        Self {
            nonce: fastrand::u64(..),
            files: Vec::new(),
        }
    }

    /// The pictures, in the order of the text.
    pub fn files(&self) -> &[Spooled] {
        &self.files
    }

    pub fn is_full(&self) -> bool {
        self.files.len() >= TOO_MANY
    }

    /// What stands in place of the next picture.
    pub fn next_placeholder(&self) -> String {
        format!("{}{:0DIGITS$}", self.prefix(), self.files.len())
    }

    /// The next picture.
    pub fn push(&mut self, spooled: Spooled) {
        self.files.push(spooled);
    }

    /// The picture that a placeholder stands for.
    pub fn find(&self, text: &str) -> Option<&Spooled> {
        let digits = text.strip_prefix(&self.prefix())?;
        let is_number =
            digits.len() == DIGITS && digits.bytes().all(|digit| digit.is_ascii_digit());
        self.files
            .get(digits.parse::<usize>().ok().filter(|_| is_number)?)
    }

    /// Writes `text` with the pictures in place of their placeholders.
    pub fn restore(&self, mut text: &[u8], to: &mut impl Write) -> io::Result<()> {
        let prefix = self.prefix();
        let length = prefix.len() + DIGITS;
        let finder = memmem::Finder::new(&prefix);
        while let Some(at) = finder.find(text).filter(|_| !self.files.is_empty()) {
            let end = (at + length).min(text.len());
            let placeholder = std::str::from_utf8(&text[at..end]).unwrap_or_default();
            match self.find(placeholder) {
                Some(spooled) => {
                    to.write_all(&text[..at])?;
                    raw::write(&spooled.open()?, spooled.length(), spooled.form(), to)?;
                }
                None => to.write_all(&text[..end])?,
            }
            text = &text[end..];
        }
        to.write_all(text)
    }

    fn prefix(&self) -> String {
        format!("{NAME}{:016x}/", self.nonce)
    }
}
