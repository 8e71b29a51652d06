//! A picture whose characters are still coming.

use std::io::{self, Write as _};
use std::path::Path;

use base64_simd::{Out, STANDARD};

use super::raw;
use super::spooled::{Form, Spooled};
use crate::images::new_file::NewFile;

/// How many characters are decoded at once; whole groups of four.
const BLOCK: usize = 64 << 10;

/// A file that the characters of a string go to: as the bytes that they stand for as
/// long as they are plain base64, and as they are once they are not.
pub(super) struct Incoming {
    file: NewFile,
    form: Form,
    /// How many bytes are in the file for certain.
    written: u64,
    /// What is not in the file yet, as it stands in the text.
    pending: Vec<u8>,
    /// Padding was seen: nothing may follow.
    is_over: bool,
    block: Vec<u8>,
    /// How many bytes the disk takes.
    #[cfg(test)]
    room: u64,
}

impl Incoming {
    pub fn create(directory: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(directory)?;
        Ok(Self {
            file: NewFile::create(directory)?,
            form: Form::Decoded,
            written: 0,
            pending: Vec::with_capacity(BLOCK),
            is_over: false,
            block: Vec::new(),
            #[cfg(test)]
            room: u64::MAX,
        })
    }

    /// Takes characters that stand for themselves.
    pub fn plain(&mut self, mut text: &[u8]) -> io::Result<()> {
        while !text.is_empty() {
            let room = BLOCK.saturating_sub(self.pending.len()).max(1);
            let (now, later) = text.split_at(room.min(text.len()));
            self.pending.extend_from_slice(now);
            text = later;
            if self.pending.len() >= BLOCK
                && let Err(error) = self.flush()
            {
                // Nothing that came is lost where the disk is full.
                self.pending.extend_from_slice(text);
                return Err(error);
            }
        }
        Ok(())
    }

    /// Takes the character after a backslash.
    pub fn escaped(&mut self, character: u8) -> io::Result<()> {
        match (self.form, character) {
            // Some escape every slash; it means the same.
            (Form::Decoded, b'/') => self.plain(b"/"),
            (Form::Decoded, _) => {
                let became = self.become_text();
                self.pending.extend([b'\\', character]);
                became
            }
            (Form::Text, _) => self.plain(&[b'\\', character]),
        }
    }

    /// Writes the last characters: all of them came.
    pub fn settle(&mut self) -> io::Result<()> {
        self.flush()?;
        if !self.pending.is_empty() {
            // Base64 comes in groups of four characters.
            self.become_text()?;
            self.flush()?;
        }
        Ok(())
    }

    /// The file, as far as it was written.
    pub fn close(self) -> Spooled {
        Spooled::new(self.file.into_path(), self.written, self.form)
    }

    /// The file of what came, and the characters that did not make it there, such as
    /// those that don't make a whole byte.
    pub fn cut(mut self) -> (Spooled, Vec<u8>) {
        if let Err(error) = self.flush() {
            tracing::warn!(%error, "the end of a picture is kept in memory");
        }
        let left = std::mem::take(&mut self.pending);
        (self.close(), left)
    }

    /// All the characters that came, where the file can't take more.
    pub fn text(&self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        raw::write(self.file.contents(), self.written, self.form, &mut text)?;
        text.extend_from_slice(&self.pending);
        Ok(text)
    }

    /// Writes what is pending, as far as it can be written.
    fn flush(&mut self) -> io::Result<()> {
        if self.form == Form::Decoded && !self.decode()? {
            self.become_text()?;
        }
        if self.form == Form::Text {
            self.check_room(self.pending.len())?;
            self.file.write_all(&self.pending)?;
            self.written += self.pending.len() as u64;
            self.pending.clear();
        }
        Ok(())
    }

    /// Decodes whole groups of what is pending; `false` if they are not plain base64.
    fn decode(&mut self) -> io::Result<bool> {
        let whole = self.pending.len() / 4 * 4;
        if whole == 0 {
            return Ok(true);
        }
        let groups = &self.pending[..whole];
        if self.is_over {
            return Ok(false);
        }
        self.block.resize(whole / 4 * 3, 0);
        let Ok(decoded) = STANDARD.decode(groups, Out::from_slice(&mut self.block)) else {
            return Ok(false);
        };
        let length = decoded.len();
        self.check_room(length)?;
        self.file.write_all(&self.block[..length])?;
        self.written += length as u64;
        self.is_over = groups.ends_with(b"=");
        self.pending.drain(..whole);
        Ok(true)
    }

    #[cfg(test)]
    pub fn with_room(self, room: u64) -> Self {
        Self { room, ..self }
    }

    /// Fails where a full disk would, which no test can bring about otherwise.
    #[cfg(test)]
    fn check_room(&self, length: usize) -> io::Result<()> {
        match self.written + length as u64 > self.room {
            true => Err(io::ErrorKind::StorageFull.into()),
            false => Ok(()),
        }
    }

    /// A disk says by itself that it is full.
    #[cfg(not(test))]
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "tests fail here"
    )]
    fn check_room(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    /// Puts the characters in place of the bytes that they were decoded to.
    fn become_text(&mut self) -> io::Result<()> {
        let mut file = NewFile::create(self.file.directory())?;
        raw::write(self.file.contents(), self.written, self.form, &mut file)?;
        self.written = file.contents().metadata()?.len();
        self.file = file;
        self.form = Form::Text;
        Ok(())
    }
}
