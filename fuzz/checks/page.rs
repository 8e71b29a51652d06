//! Is every text read as a page, or refused, and is what was read JSON that types are
//! generated from or refused?
//!
//! Used by the fuzz target and by the test that replays its corpus.

pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let page = match apifox_document::text::page::read("page.txt", text) {
        Ok(page) => page,
        Err(fault) => return located(&fault, text),
    };
    page.faults.iter().for_each(|fault| located(fault, text));
    let json = serde_json::from_str(&page.json).expect("a page becomes JSON");
    if let Err(problems) = apifox_build::rust("page.txt", json, "Root") {
        let told = problems.to_string();
        assert!(!told.contains("a fault of apifox-build"), "{told}");
    }
}

/// An error lies in the page, or right behind its end.
fn located(fault: &apifox_document::text::page::PageError, text: &str) {
    let line = text.lines().nth(fault.line.saturating_sub(1));
    let longest = line.unwrap_or_default().chars().count() + 1;
    assert!(fault.line > 0 || text.is_empty(), "{fault}");
    assert!((1..=longest).contains(&fault.column), "{fault}");
}
