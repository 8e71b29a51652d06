//! Bytes as text: in hexadecimal digits, which may be random, or as a part of a URL.

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
