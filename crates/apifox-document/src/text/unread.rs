//! What stands in the text of a file and was not read.

use std::ops::Range;

/// A part of a text that was not read, because something is wrong with it.
#[derive(Clone, Copy, Debug)]
pub struct Unread<'t> {
    /// The JSON pointer to it, where it was omitted from a document that could be parsed.
    pub pointer: &'t str,
    /// The line that it starts on, from 1.
    pub line: usize,
    /// What is wrong.
    pub why: &'t str,
    /// The part.
    pub text: &'t str,
}

/// What a text keeps of such a part.
#[derive(Clone, Debug)]
pub(super) struct UnreadBytes {
    pub bytes: Range<usize>,
    pub pointer: String,
    pub why: String,
}
