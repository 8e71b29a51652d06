//! Pictures for tests that look at nothing but their structure.

#![expect(clippy::panic, reason = "a failed test may panic")]

/// A picture of one pixel, a PNG in base64.
pub const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// What is built as a PNG is, of `length` bytes; `seed` tells it from others.
///
/// # Panics
///
/// If it is shorter than what such a file needs, or longer than one may be.
#[must_use]
pub fn of_length(seed: u8, length: usize) -> Vec<u8> {
    const END: &[u8] = b"\0\0\0\0IEND\xaeB`\x82";
    let mut bytes =
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x04\0\0\0\x03\0\x08\x06\0\0\0\0\0\0\0".to_vec();
    // Beside the data there are its length, its name and its sum.
    let data = u32::try_from(length - bytes.len() - 12 - END.len());
    let data = data.unwrap_or_else(|error| panic!("{length}: {error}"));
    bytes.extend(data.to_be_bytes());
    bytes.extend(b"IDAT");
    bytes.resize(length - END.len(), seed);
    bytes.extend(END);
    bytes
}
