//! Bytes as text: in hexadecimal digits, or as a part of a URL.

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes as a part of a URL, in which letters, digits and `plain` stand for themselves.
pub fn percent_encoded(bytes: &[u8], plain: &[u8]) -> String {
    let encode = |byte: &u8| match byte.is_ascii_alphanumeric() || plain.contains(byte) {
        true => char::from(*byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    bytes.iter().map(encode).collect()
}
