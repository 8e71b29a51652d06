//! Decodes a body that comes compressed, although nobody asked for that.

use std::io::{self, Write as _};

use bytes::Bytes;
use flate2::write::{DeflateDecoder, GzDecoder, ZlibDecoder};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

/// What a body goes through, piece by piece, where its headers say that it is compressed.
#[derive(Debug)]
pub struct Decoder(State);

#[derive(Debug)]
enum State {
    Plain,
    /// Said to be compressed; its first byte tells whether it is.
    Announced(Encoding),
    /// Not said to be compressed; its first bytes tell whether it is.
    Unannounced,
    Gzip(GzDecoder<Vec<u8>>),
    Zlib(ZlibDecoder<Vec<u8>>),
    Raw(DeflateDecoder<Vec<u8>>),
}

/// How a body is said to be compressed.
#[derive(Clone, Copy, Debug)]
enum Encoding {
    Gzip,
    Deflate,
}

/// The first byte of what gzip compressed.
const GZIP: u8 = 0x1f;

/// And the second.
const GZIP_TOO: u8 = 0x8b;

/// How many compressed bytes are decoded at a time. As one stands for 1032 at most, these stand
/// for some 16 MiB.
const PIECE: usize = 16 << 10;

impl Decoder {
    /// What the body of a reply with these headers goes through: gzip, deflate, or nothing. The
    /// header that says so is taken away, as it does not hold for what comes out.
    #[must_use]
    pub fn new(headers: &mut HeaderMap) -> Self {
        let encoding = headers.get(CONTENT_ENCODING);
        let encoding = encoding.and_then(|encoding| encoding.to_str().ok());
        let encoding = encoding.unwrap_or_default().trim().to_ascii_lowercase();
        let announced = match encoding.as_str() {
            "gzip" | "x-gzip" => Encoding::Gzip,
            "deflate" => Encoding::Deflate,
            _ => return Self(State::Plain),
        };
        headers.remove(CONTENT_ENCODING);
        Self(State::Announced(announced))
    }

    /// This one; or where nothing says that the body is compressed, one that takes its first bytes'
    /// word: for what has to be text, which gzip never is.
    #[must_use]
    pub fn or_unannounced(self) -> Self {
        match self.0 {
            State::Plain => Self(State::Unannounced),
            _ => self,
        }
    }

    /// Takes everything as it is.
    #[must_use]
    pub fn plain() -> Self {
        Self(State::Plain)
    }

    /// Whether what comes is taken as it is.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        matches!(self.0, State::Plain)
    }

    /// Takes a piece off the bytes that came, so small that limits can be looked at between
    /// two, and decodes it together with those before it.
    ///
    /// # Errors
    ///
    /// What came is damaged.
    pub fn decode(&mut self, bytes: &mut Bytes) -> io::Result<Bytes> {
        self.begin(bytes);
        let mut piece = || bytes.split_to(bytes.len().min(PIECE));
        let (written, decoded) = match &mut self.0 {
            State::Plain | State::Announced(_) | State::Unannounced => {
                return Ok(std::mem::take(bytes));
            }
            State::Gzip(decoder) => (decoder.write_all(&piece()), decoder.get_mut()),
            State::Zlib(decoder) => (decoder.write_all(&piece()), decoder.get_mut()),
            State::Raw(decoder) => (decoder.write_all(&piece()), decoder.get_mut()),
        };
        written.map(|()| std::mem::take(decoded).into())
    }

    /// Looks at the first bytes of a body that may be compressed.
    fn begin(&mut self, bytes: &[u8]) {
        if let (State::Unannounced, [first, rest @ ..]) = (&self.0, bytes) {
            self.0 = match (*first, rest) {
                (GZIP, [] | [GZIP_TOO, ..]) => State::Gzip(GzDecoder::new(Vec::new())),
                _ => State::Plain,
            };
        }
        /// How pictures begin: PNG, JPEG, GIF, WebP.
        const PICTURES: [&[u8]; 4] = [b"\x89P", b"\xff\xd8", b"GI", b"RI"];
        if let (State::Announced(encoding), [first, ..]) = (&self.0, bytes) {
            self.0 = match (encoding, *first) {
                _ if PICTURES.iter().any(|start| bytes.starts_with(start)) => State::Plain,
                (Encoding::Gzip, GZIP) => State::Gzip(GzDecoder::new(Vec::new())),
                // Some say so, and send it as it is.
                (Encoding::Gzip, _) | (_, b'{' | b'[' | b' ' | b'\n' | b'<') => State::Plain,
                // With a header as RFC 9110 wants it, or without, as some servers send it.
                (Encoding::Deflate, first) if first & 0x0f == 8 => {
                    State::Zlib(ZlibDecoder::new(Vec::new()))
                }
                (Encoding::Deflate, _) => State::Raw(DeflateDecoder::new(Vec::new())),
            };
        }
    }

    /// What is left when nothing more comes; an error where the end is missing.
    pub fn finish(&mut self) -> (Vec<u8>, io::Result<()>) {
        let (finished, left) = match &mut self.0 {
            State::Plain | State::Announced(_) | State::Unannounced => {
                return (Vec::new(), Ok(()));
            }
            State::Gzip(decoder) => (decoder.try_finish(), decoder.get_mut()),
            State::Zlib(decoder) => (decoder.try_finish(), decoder.get_mut()),
            State::Raw(decoder) => (decoder.try_finish(), decoder.get_mut()),
        };
        (std::mem::take(left), finished)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use bytes::Bytes;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use reqwest::header::{CONTENT_ENCODING, HeaderMap};

    use super::Decoder;

    fn decoder_of(encoding: &str) -> Decoder {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, encoding.parse().expect("a header"));
        Decoder::new(&mut headers)
    }

    #[test]
    fn what_is_compressed_without_a_word_is_decoded_where_that_is_wanted() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(b"{\"a\":1}").expect("written");
        let gzip = gzip.finish().expect("gzip");
        let through = |mut decoder: Decoder, body: &[u8], piece: usize| {
            let mut decoded = Vec::new();
            for piece in body.chunks(piece) {
                let mut piece = Bytes::copy_from_slice(piece);
                decoded.extend(decoder.decode(&mut piece).expect("decoded"));
            }
            let (left, finished) = decoder.finish();
            finished.expect("the end");
            [decoded, left].concat()
        };
        let of_nothing = || Decoder::new(&mut HeaderMap::new());
        for piece in [1, 2, 3, 1000] {
            let decoder = of_nothing().or_unannounced();
            assert_eq!(through(decoder, &gzip, piece), b"{\"a\":1}");
            assert_eq!(through(of_nothing(), &gzip, piece), gzip);
            let decoder = decoder_of("gzip").or_unannounced();
            assert_eq!(through(decoder, &gzip, piece), b"{\"a\":1}");
            for plain in [&b"{\"a\":1}"[..], b"\x89PNG", b""] {
                let decoder = of_nothing().or_unannounced();
                assert_eq!(through(decoder, plain, piece), plain);
            }
        }
    }

    #[test]
    fn a_header_is_taken_away_that_no_longer_holds() {
        for (encoding, is_left) in [("gzip", false), ("Deflate", false), ("br", true)] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_ENCODING, encoding.parse().expect("a header"));
            assert_eq!(Decoder::new(&mut headers).is_plain(), is_left);
            assert_eq!(
                headers.contains_key(CONTENT_ENCODING),
                is_left,
                "{encoding}"
            );
        }
    }

    /// What comes at once may be a third of a megabyte, and may stand for a thousand times that.
    #[test]
    fn what_stands_for_a_lot_is_decoded_piece_by_piece() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&vec![b' '; 200 << 20]).expect("written");
        let mut bytes = Bytes::from(gzip.finish().expect("gzip"));
        assert!(bytes.len() > 10 * super::PIECE);
        let mut decoder = decoder_of("gzip");
        let mut length = 0;
        while !bytes.is_empty() {
            let decoded = decoder.decode(&mut bytes).expect("decoded");
            assert!(decoded.len() < 18 << 20, "{}", decoded.len());
            length += decoded.len();
        }
        let (left, finished) = decoder.finish();
        finished.expect("the end");
        assert_eq!(length + left.len(), 200 << 20);
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
            let mut decoder = decoder_of(encoding);
            let mut decoded = Vec::new();
            for piece in body.chunks(7) {
                let mut piece = Bytes::copy_from_slice(piece);
                decoded.extend(decoder.decode(&mut piece).expect("decoded"));
                assert!(piece.is_empty());
            }
            let (left, finished) = decoder.finish();
            decoded.extend(left);
            finished.expect("the end");
            let expected = if body[0] == b'{' { &body } else { &text };
            assert!(decoded == *expected, "{encoding}");
        }
    }
}
