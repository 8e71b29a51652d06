//! What stands in the text of a file and was not read.

/// A part of a text that was not read, because something is wrong with it.
#[derive(Clone, Debug)]
pub struct Unread {
    /// The JSON pointer to it, where it was omitted from a document that could be parsed.
    pub pointer: String,
    /// The line that it starts on, from 1.
    pub line: usize,
    /// What is wrong.
    pub why: String,
    /// The part.
    pub text: String,
}
