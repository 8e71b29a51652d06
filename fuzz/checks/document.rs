//! Is every text, in every form that documents have, generated from or refused?
//!
//! Used by the fuzz target and by the test that replays its corpus.

/// What a document's name may end with; without any, its text says what it is.
const ENDINGS: [&str; 5] = [".json", ".yaml", ".md", ".txt", ""];

/// The first byte chooses the ending, the others are the text.
pub fn check(data: &[u8]) {
    let Some((first, text)) = data.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    let ending = ENDINGS[usize::from(*first) % ENDINGS.len()];
    let made = apifox_build::rust_text(&format!("document{ending}"), text, "Root");
    let Err(problems) = made else {
        return;
    };
    assert!(!problems.0.is_empty(), "refused without a reason");
    let told = problems.to_string();
    // The message where the generated code is not Rust, or typify refuses the types.
    assert!(!told.contains("a fault of apifox-build"), "{told}");
}
