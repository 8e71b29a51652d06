//! Decodes a body that comes compressed, although nobody asked for that.

use std::io::{self, Write as _};

use flate2::write::{DeflateDecoder, GzDecoder, ZlibDecoder};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

/// What a body goes through, piece by piece.
pub(super) enum Decoder {
    Plain,
    /// Compressed, in a way that its first byte tells.
    Deflate,
    Gzip(GzDecoder<Vec<u8>>),
    Zlib(ZlibDecoder<Vec<u8>>),
    Raw(DeflateDecoder<Vec<u8>>),
}

impl Decoder {
    /// What the body of a reply with these headers goes through.
    pub fn new(headers: &HeaderMap) -> Self {
        let encoding = headers.get(CONTENT_ENCODING);
        let encoding = encoding.and_then(|encoding| encoding.to_str().ok());
        let encoding = encoding.unwrap_or_default().trim().to_ascii_lowercase();
        match encoding.as_str() {
            "gzip" | "x-gzip" => Self::Gzip(GzDecoder::new(Vec::new())),
            "deflate" => Self::Deflate,
            _ => Self::Plain,
        }
    }

    pub fn is_plain(&self) -> bool {
        matches!(self, Self::Plain)
    }

    /// What a piece stands for, together with those before it. A piece of 16 KiB stands for
    /// 16 MiB at most.
    pub fn decode(&mut self, piece: &[u8]) -> io::Result<Vec<u8>> {
        if let (Self::Deflate, [first, ..]) = (&self, piece) {
            // With a header as RFC 9110 wants it, or without, as some servers send it.
            *self = match first & 0x0f {
                8 => Self::Zlib(ZlibDecoder::new(Vec::new())),
                _ => Self::Raw(DeflateDecoder::new(Vec::new())),
            };
        }
        match self {
            Self::Plain | Self::Deflate => Ok(piece.to_vec()),
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
            Self::Plain | Self::Deflate => return (Vec::new(), Ok(())),
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
            assert_eq!(decoded, text, "{encoding}");
        }
    }
}
