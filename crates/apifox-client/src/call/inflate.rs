//! Decodes a body that comes compressed, although nobody asked for that.

use std::io::{self, Write as _};

use flate2::write::{DeflateDecoder, GzDecoder, ZlibDecoder};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

/// What a body goes through, piece by piece.
pub(crate) enum Decoder {
    Plain,
    /// Said to be compressed; its first byte tells whether it is.
    Announced(Encoding),
    Gzip(GzDecoder<Vec<u8>>),
    Zlib(ZlibDecoder<Vec<u8>>),
    Raw(DeflateDecoder<Vec<u8>>),
}

/// How a body is said to be compressed.
#[derive(Clone, Copy)]
pub(crate) enum Encoding {
    Gzip,
    Deflate,
}

/// The first byte of what gzip compressed.
const GZIP: u8 = 0x1f;

impl Decoder {
    /// What the body of a reply with these headers goes through.
    pub fn new(headers: &HeaderMap) -> Self {
        let encoding = headers.get(CONTENT_ENCODING);
        let encoding = encoding.and_then(|encoding| encoding.to_str().ok());
        let encoding = encoding.unwrap_or_default().trim().to_ascii_lowercase();
        match encoding.as_str() {
            "gzip" | "x-gzip" => Self::Announced(Encoding::Gzip),
            "deflate" => Self::Announced(Encoding::Deflate),
            _ => Self::Plain,
        }
    }

    pub fn is_plain(&self) -> bool {
        matches!(self, Self::Plain)
    }

    /// What a piece stands for, together with those before it. A piece of 16 KiB stands for
    /// 16 MiB at most.
    pub fn decode(&mut self, piece: &[u8]) -> io::Result<Vec<u8>> {
        if let (Self::Announced(encoding), [first, ..]) = (&self, piece) {
            *self = match (encoding, *first) {
                (Encoding::Gzip, GZIP) => Self::Gzip(GzDecoder::new(Vec::new())),
                // Some say so, and send the text as it is.
                (Encoding::Gzip, _) | (_, b'{' | b'[' | b' ' | b'\n' | b'<') => Self::Plain,
                // With a header as RFC 9110 wants it, or without, as some servers send it.
                (Encoding::Deflate, first) if first & 0x0f == 8 => {
                    Self::Zlib(ZlibDecoder::new(Vec::new()))
                }
                (Encoding::Deflate, _) => Self::Raw(DeflateDecoder::new(Vec::new())),
            };
        }
        match self {
            Self::Plain | Self::Announced(_) => Ok(piece.to_vec()),
            Self::Gzip(decoder) => {
                let written = decoder.write_all(piece);
                kept(written, decoder.get_mut())
            }
            Self::Zlib(decoder) => {
                let written = decoder.write_all(piece);
                kept(written, decoder.get_mut())
            }
            Self::Raw(decoder) => {
                let written = decoder.write_all(piece);
                kept(written, decoder.get_mut())
            }
        }
    }

    /// What is left when nothing more comes; an error where the end is missing.
    pub fn finish(&mut self) -> (Vec<u8>, io::Result<()>) {
        let (finished, left) = match self {
            Self::Plain | Self::Announced(_) => return (Vec::new(), Ok(())),
            Self::Gzip(decoder) => (decoder.try_finish(), decoder.get_mut()),
            Self::Zlib(decoder) => (decoder.try_finish(), decoder.get_mut()),
            Self::Raw(decoder) => (decoder.try_finish(), decoder.get_mut()),
        };
        (std::mem::take(left), finished)
    }
}

fn kept(written: io::Result<()>, decoded: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    written.map(|()| std::mem::take(decoded))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use reqwest::header::{CONTENT_ENCODING, HeaderMap};

    use super::Decoder;

    fn decoder(encoding: &str) -> Decoder {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, encoding.parse().expect("a header"));
        Decoder::new(&headers)
    }

    #[test]
    fn what_was_compressed_comes_out_as_it_was() {
        let text = "a cat on a windowsill, ".repeat(5000).into_bytes();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&text).expect("written");
        zlib.write_all(&text).expect("written");
        raw.write_all(&text).expect("written");
        let cases = [
            ("gzip", gzip.finish().expect("gzip")),
            ("X-GZIP", {
                let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
                gzip.write_all(&text).expect("written");
                gzip.finish().expect("gzip")
            }),
            ("deflate", zlib.finish().expect("zlib")),
            ("deflate", raw.finish().expect("deflate")),
            ("identity", text.clone()),
            ("br", text.clone()),
            // Not compressed, whatever is said.
            ("gzip", text.clone()),
            ("deflate", b"{\"a\":1}".repeat(20_000)),
        ];
        for (encoding, body) in cases {
            let mut decoder = decoder(encoding);
            let mut decoded = Vec::new();
            for piece in body.chunks(7) {
                decoded.extend(decoder.decode(piece).expect("decoded"));
            }
            let (left, finished) = decoder.finish();
            decoded.extend(left);
            finished.expect("the end");
            let expected = if body[0] == b'{' { &body } else { &text };
            assert!(decoded == *expected, "{encoding}");
        }
    }
}
