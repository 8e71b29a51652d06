//! The changes of the journal that are made and not committed.

use std::cell::{Cell, RefCell};

use crate::batch::together::Together;

/// What is made and not committed.
#[derive(Default)]
pub struct Group {
    /// How many changes.
    pub changes: Cell<u64>,
    /// Why it can't be committed: the disk may be full at any statement.
    pub failure: RefCell<Option<String>>,
    pub commits: Together<Result<(), String>>,
}
