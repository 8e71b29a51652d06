//! Texts that nobody guesses.

use crate::hex::hex;

/// So many random bytes, in hexadecimal digits.
pub fn hex_text(bytes: usize) -> Result<String, String> {
    let mut random = vec![0; bytes];
    let filled = getrandom::fill(&mut random);
    filled.map_err(|error| format!("the system has no random numbers: {error}"))?;
    Ok(hex(&random))
}
