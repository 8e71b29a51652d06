//! What is sent: what is built as a picture, and is noise.

/// How long each is.
pub const LENGTH: usize = 48 << 20;

/// The picture with this number.
pub fn bytes(number: usize) -> Vec<u8> {
    const END: &[u8] = b"\0\0\0\0IEND\xaeB`\x82";
    // Of the one chunk of data: its length, its name and its sum.
    const AROUND: usize = 12;
    let mut bytes =
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x10\0\0\0\x10\0\x08\x06\0\0\0\0\0\0\0".to_vec();
    let data = (LENGTH - bytes.len() - AROUND - END.len()) as u32;
    bytes.extend(data.to_be_bytes());
    bytes.extend(b"IDAT");
    let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ (number as u64 + 1);
    while bytes.len() < LENGTH {
        // xorshift64: noise that nothing compresses.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(LENGTH - END.len());
    bytes.extend(END);
    bytes
}
