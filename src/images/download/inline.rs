//! Decodes a picture that stands in the reply itself.

use std::io::{self, Read};

use base64::read::DecoderReader;

use super::sink::{Sink, Store};
use crate::error::Error;
use crate::images::encoding::{LENIENT, Unescaped};
use crate::stage::Stage;

/// As much as is decoded before others get a turn.
const CHUNK: usize = 64 << 10;

/// Decodes `text` to `sink`, chunk by chunk: it may be large, and is never copied.
pub(super) async fn decode(text: &str, sink: &mut Sink<impl Store>) -> Result<(), Error> {
    decode_from(Unescaped::plain(text.as_bytes()), sink).await
}

/// Decodes what `text` reads, which has no white space and one alphabet.
pub(super) async fn decode_from(text: impl Read, sink: &mut Sink<impl Store>) -> Result<(), Error> {
    copy(DecoderReader::new(text, &LENIENT), sink, undecodable).await
}

/// Writes all that `reader` has to `sink`; `failed` says why it can't be read.
pub(super) async fn copy(
    mut reader: impl Read,
    sink: &mut Sink<impl Store>,
    failed: fn(io::Error) -> Error,
) -> Result<(), Error> {
    let mut chunk = vec![0; CHUNK];
    loop {
        match reader.read(&mut chunk).map_err(failed)? {
            0 => return Ok(()),
            length => sink.write(&chunk[..length])?,
        }
        tokio::task::yield_now().await;
    }
}

pub(super) fn undecodable(error: io::Error) -> Error {
    let message = format!("the picture in the reply is not base64: {error}");
    Error::new(Stage::Download, message).caused_by(error)
}
