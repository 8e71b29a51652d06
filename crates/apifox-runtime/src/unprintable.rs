//! Which characters deceive whoever reads a text.

/// Whether a character commands a terminal, or has text shown in another order than it
/// stands in: controls, and the overrides, embeddings, isolates and marks of direction.
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    let is_direction = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    // They end a line, for some terminals and for JavaScript.
    c.is_control() || is_direction || matches!(c, '\u{2028}' | '\u{2029}')
}
