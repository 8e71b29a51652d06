//! What is wrong with a page.

use std::fmt;

/// The end of the message about a block that is not JSON.
pub(crate) const AGAIN: &str = "; copy the page again, with the whole block";

/// What the title of a page is called.
pub(super) const TITLE: &str = "title";

/// What the line below it is called.
pub(super) const ROUTE: &str = "METHOD /path";

/// What is wrong with a page, and where.
#[derive(Debug, PartialEq)]
pub struct PageError {
    /// The page, as the caller named it.
    pub page: String,
    /// The heading of the block, where the fault lies in one.
    pub block: Option<String>,
    /// The line in the page, from 1.
    pub line: usize,
    /// The column in that line, in characters from 1.
    pub column: usize,
    /// What was found, and what to do.
    pub message: String,
    /// What is left out because of it.
    pub omitted: Omitted,
}

/// What is left out because of what is wrong with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Omitted {
    /// The block.
    Block,
    /// The block, which is not there.
    Absent,
    /// What the message says.
    Field,
    /// The operation, which would not be what the page describes.
    Operation,
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.page, self.line, self.column)?;
        if let Some(block) = &self.block {
            write!(f, "block {block}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for PageError {}

impl PageError {
    /// `line` counts from 1, `column` in characters from 1.
    pub(super) fn new(
        page: &str,
        block: Option<&str>,
        (line, column): (usize, usize),
        message: impl Into<String>,
    ) -> Self {
        Self {
            page: page.to_owned(),
            block: block.map(str::to_owned),
            line,
            column,
            message: message.into(),
            omitted: Omitted::Block,
        }
    }

    /// Whether the title is missing, or the line of method and path.
    pub(super) fn is_of_head(&self) -> bool {
        matches!(self.block.as_deref(), Some(TITLE | ROUTE))
    }

    /// The same, for which this is left out.
    pub(super) fn omitting(self, omitted: Omitted) -> Self {
        Self { omitted, ..self }
    }
}
