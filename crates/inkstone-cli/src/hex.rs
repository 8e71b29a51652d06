//! Bytes as text: in hexadecimal digits, which may be random or a hash, or as a part of a URL.

use std::io::{self, Write};

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tr::tr;

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half & 0xf)]);
    let digits = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(*byte)]);
    digits.collect()
}

/// Identifies a request by names and its body, in which white space and the order of fields do not
/// count. What it gives is stored: it has to stay the same.
pub fn request_hash(names: &[&str], body: &mut Value) -> String {
    body.sort_all_objects();
    let mut hash = Sha256::new();
    for name in names {
        hash.update(name);
        hash.update([0]);
    }
    // Neither the hash nor JSON that was read can fail to be written.
    let _ = serde_json::to_writer(HashWriter(&mut hash), body);
    hex(&hash.finalize())
}

struct HashWriter<'a>(&'a mut Sha256);

impl Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A text that nobody guesses: so many random bytes.
pub fn hex_text(bytes: usize) -> Result<String, String> {
    let mut random = vec![0; bytes];
    let filled = getrandom::fill(&mut random);
    filled.map_err(|error| tr!("the system has no random numbers: {error}", error))?;
    Ok(hex(&random))
}

/// Bytes as a part of a URL, in which letters, digits and `plain` stand for themselves.
pub fn percent_encoded(bytes: &[u8], plain: &[u8]) -> String {
    let encode = |byte: &u8| match byte.is_ascii_alphanumeric() || plain.contains(byte) {
        true => char::from(*byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    bytes.iter().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sha2::{Digest as _, Sha256};

    use super::{hex, request_hash};

    #[test]
    fn the_hash_of_a_request_is_of_these_bytes() {
        let mut body = json!({"prompt": "a \u{1f431}", "n": 1, "input": {"b": [2.5], "a": null}});
        let bytes =
            "gateway\0wan\0{\"input\":{\"a\":null,\"b\":[2.5]},\"n\":1,\"prompt\":\"a \u{1f431}\"}";
        let expected = hex(&Sha256::digest(bytes));
        assert_eq!(request_hash(&["gateway", "wan"], &mut body), expected);
    }
}
