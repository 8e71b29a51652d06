//! The boundary between the parts of a multipart body.

use std::collections::BTreeSet;

/// How every boundary starts; a number of [`DIGITS`] hexadecimal digits follows.
const START: &[u8] = b"--------apifox-";
const DIGITS: usize = 16;

/// A boundary that occurs in none of `texts`, and is the same for the same texts.
pub(super) fn boundary<'t>(texts: impl IntoIterator<Item = &'t [u8]>) -> String {
    let taken: BTreeSet<u64> = texts.into_iter().flat_map(numbers).collect();
    let mut free = 0;
    for number in taken {
        // They come in order: the first gap is free.
        if number != free {
            break;
        }
        free += 1;
    }
    format!("{}{free:0DIGITS$x}", String::from_utf8_lossy(START))
}

/// The numbers of all boundaries that occur in `text`, in one pass over it.
fn numbers(text: &[u8]) -> impl Iterator<Item = u64> {
    text.windows(START.len() + DIGITS).filter_map(|window| {
        let digits = window.strip_prefix(START)?;
        let digits = std::str::from_utf8(digits).ok()?;
        u64::from_str_radix(digits, 16).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::boundary;

    #[test]
    fn occurs_nowhere() {
        let mut text = String::new();
        for _ in 0..40 {
            let chosen = boundary([text.as_bytes()]);
            assert!(!text.contains(&chosen), "{chosen} in {text}");
            assert_eq!(chosen, boundary([text.as_bytes()]));
            // Without a line break: boundaries that overlap count too.
            text.push_str(&chosen);
        }
    }
}
