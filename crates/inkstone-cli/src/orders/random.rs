//! Texts that nobody guesses.

/// So many random bytes, in hexadecimal digits.
pub fn hex_text(bytes: usize) -> Result<String, String> {
    let mut random = vec![0; bytes];
    let filled = getrandom::fill(&mut random);
    filled.map_err(|error| format!("the system has no random numbers: {error}"))?;
    Ok(hex(&random))
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
