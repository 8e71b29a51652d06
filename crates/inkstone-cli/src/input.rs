//! Reads the file of a command, or standard input for `-`.

use std::fmt::{self, Display, Formatter};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use inkstone::Node;
use serde_json::Value;
use tr::tr;

use crate::error::CliError;

/// The file's name in messages.
pub fn name(file: &Path) -> String {
    match is_stdin(file) {
        true => tr!("standard input"),
        false => file.display().to_string(),
    }
}

/// How large a file may be, in bytes: a device such as `/dev/zero` never ends.
const LARGEST: u64 = 256 << 20;

/// Fails where there is no such file or directory, or it can't be read, as every command does.
pub fn check_readable(path: &Path) -> Result<(), CliError> {
    let opened = match is_stdin(path) {
        true => Ok(()),
        false => File::open(path).map(drop),
    };
    opened.map_err(|error| unreadable(path, &error))
}

/// The error of a file that can't be read.
pub fn unreadable(file: &Path, error: &io::Error) -> CliError {
    let name = name(file);
    let failed = CliError::usage(tr!("{name} can't be read: {error}", name, error));
    match error.kind() {
        io::ErrorKind::NotFound => failed.hint(tr!("check the path and the directory")),
        _ => failed,
    }
}

pub fn bytes(file: &Path) -> Result<Vec<u8>, CliError> {
    let read = match is_stdin(file) {
        true => all(io::stdin().lock()),
        false => File::open(file).and_then(all),
    };
    let bytes = read.map_err(|error| unreadable(file, &error))?;
    if bytes.len() as u64 > LARGEST {
        let (name, most) = (name(file), LARGEST >> 20);
        let message = tr!("{name} is larger than {most} MiB", name, most);
        return Err(CliError::invalid(message));
    }
    Ok(bytes)
}

/// What can be read up to the limit, and a byte more if there is more.
fn all(from: impl io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

pub fn text(file: &Path) -> Result<String, CliError> {
    String::from_utf8(bytes(file)?).map_err(|error| {
        let name = name(file);
        let message = tr!("{name} is not UTF-8: {error}", name, error);
        CliError::invalid(message).hint(tr!("save the file as UTF-8"))
    })
}

/// A control character in a text that a user wrote: no prompt has any, but a file in another
/// encoding may seem to.
#[derive(Clone, Copy, Debug)]
pub struct ControlCharacter {
    /// Its line in the text, from 1.
    pub line: usize,
    character: char,
}

/// The first control character of a text, but for those that white space consists of.
pub fn control_character(text: &str) -> Option<ControlCharacter> {
    let is_wrong = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let at = text.find(is_wrong)?;
    let (before, after) = text.split_at(at);
    Some(ControlCharacter {
        line: before.matches('\n').count() + 1,
        character: after.chars().next()?,
    })
}

impl Display for ControlCharacter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let code = format!("U+{:04X}", u32::from(self.character));
        f.write_str(&tr!("has the control character {code}", code))
    }
}

impl ControlCharacter {
    /// What to do about it.
    pub fn hint(self) -> String {
        match self.character {
            // In UTF-16 every other byte of a plain text is zero.
            '\0' => tr!("the file may be UTF-16: save it as UTF-8"),
            _ => tr!("remove it"),
        }
    }
}

/// What follows the mark that some editors put before UTF-8.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The JSON in `bytes`, which were read from `file`.
pub fn json(file: &Path, bytes: &[u8]) -> Result<Value, CliError> {
    let parsed = Node::parse(without_mark(bytes)).map(|node| node.to_value());
    parsed.map_err(|error| {
        let name = name(file);
        CliError::invalid(tr!("{name} is not JSON: {error}", name, error))
    })
}

pub fn is_stdin(file: &Path) -> bool {
    file.as_os_str() == "-"
}
