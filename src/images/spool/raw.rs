//! Writes a spooled picture back as the text that it was.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::spooled::Form;

/// As much as is read at once: whole groups of three bytes, which four characters
/// stand for.
const PIECE: usize = 48 << 10;

/// Writes the characters that the first `length` bytes of a file stand for.
pub(super) fn write(
    mut file: &File,
    length: u64,
    form: Form,
    to: &mut impl Write,
) -> io::Result<()> {
    file.rewind()?;
    let mut left = length;
    let mut piece = vec![0; PIECE];
    let mut text = String::new();
    while left > 0 {
        let size = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
        let piece = &mut piece[..size];
        file.read_exact(piece)?;
        match form {
            Form::Text => to.write_all(piece)?,
            Form::Decoded => {
                text.clear();
                STANDARD.encode_string(piece, &mut text);
                to.write_all(text.as_bytes())?;
            }
        }
        left -= size as u64;
    }
    Ok(())
}
