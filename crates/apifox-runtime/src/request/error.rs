//! Why a request can't be sent.

use std::fmt;

use crate::request::operation::Location;

/// A request that can't be expressed in HTTP, though its schema may accept it.
///
/// The message names the parameter and the problem, but never shows the value, which may
/// be a secret or a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsendable {
    subject: String,
    problem: String,
}

impl Unsendable {
    pub(super) fn new(subject: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            problem: problem.into(),
        }
    }

    /// A problem with the parameter `name`.
    pub(super) fn parameter(location: Location, name: &str, problem: impl Into<String>) -> Self {
        Self::new(format!("{} parameter `{name}`", location.name()), problem)
    }

    /// A problem with the field `name` of a form.
    pub(super) fn field(name: &str, problem: impl Into<String>) -> Self {
        Self::new(format!("the body's `{name}`"), problem)
    }

    /// A problem with the body.
    pub(super) fn body(problem: impl Into<String>) -> Self {
        Self::new("the body", problem)
    }
}

impl fmt::Display for Unsendable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.problem)
    }
}

impl std::error::Error for Unsendable {}
