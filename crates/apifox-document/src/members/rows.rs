//! The rows of each kind of object, and the row of a member.

use super::kind::{ObjectKind, kinds};
use super::member::{Member, note};
use super::table::{openapi, project, security, swagger};

macro_rules! rows {
    ($($kind:ident $name:literal $members:path;)*) => {
        /// Its name, and its members.
        const fn row(self) -> (&'static str, &'static [Member]) {
            match self {
                $(Self::$kind => ($name, $members),)*
            }
        }
    };
}

impl ObjectKind {
    /// Its name, as messages and the table have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// Its members.
    #[must_use]
    pub const fn members(self) -> &'static [Member] {
        self.row().1
    }

    kinds!(rows);

    /// The row of a member; `None` for one that the table does not have.
    #[must_use]
    pub fn member(self, name: &str) -> Option<&'static Member> {
        let members = self.members();
        let named = members.iter().find(|member| member.name == name);
        // The names of security schemes are the document's own.
        if named.is_none() && name.starts_with("x-") && self != Self::SecurityRequirement {
            let is_status = |member: &&Member| member.name == STATUS && is_named_status(name);
            return Some(members.iter().find(is_status).unwrap_or(&EXTENSION));
        }
        let is_matched = |member: &&Member| match member.name {
            "*" => true,
            STATUS => is_status(name),
            _ => false,
        };
        named.or_else(|| members.iter().find(is_matched))
    }
}

/// An extension: an annotation, unless a table has it.
const EXTENSION: Member = note("x-…");

/// The row that stands for every HTTP status.
const STATUS: &str = "HTTP status";

/// Whether a name is a status, or a range of them such as `4XX`.
fn is_status(name: &str) -> bool {
    let rest = name.strip_prefix(|first: char| ('1'..='5').contains(&first));
    rest.is_some_and(|rest| {
        rest == "XX" || rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Whether a name is a status and a name for it, as Apifox writes a second response of a
/// status: `x-200:name`.
fn is_named_status(name: &str) -> bool {
    let named = name
        .strip_prefix("x-")
        .and_then(|rest| rest.split_once(':'));
    named.is_some_and(|(status, _)| is_status(status))
}
