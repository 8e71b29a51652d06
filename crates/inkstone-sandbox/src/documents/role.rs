//! What a route is for.

/// What a route is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It answers with pictures.
    Generate,
    /// It answers with a task.
    Submit,
    Query,
    List,
    Cancel,
    /// It lists the models.
    Models,
    /// It says how a file is uploaded.
    Policy,
    /// It takes a file.
    Store,
}

impl Role {
    /// Whether it is for requests that have pictures made.
    pub fn makes_pictures(self) -> bool {
        matches!(self, Self::Generate | Self::Submit)
    }
}
