//! The table as text and as JSON.

use serde_json::{Value, json};

use super::kind::KINDS;
use super::member::{Fate, Member};
use crate::version::OpenApiVersion;

/// The table as text: the members of each kind of object, and what becomes of them.
#[must_use]
pub fn text() -> String {
    let row = |member: &Member| {
        let since = member
            .since
            .map(|version| format!(" (since {})", version.number()));
        let why = match member.fate {
            Fate::Reported { why, .. } => format!(": {why}"),
            Fate::Used | Fate::Annotation => String::new(),
        };
        let (name, fate) = (member.name, member.fate.name());
        format!("  {name:<26}  {fate}{}{why}\n", since.unwrap_or_default())
    };
    let section = |kind: &super::ObjectKind| {
        let rows: String = kind.members().iter().map(row).collect();
        format!("{}\n{rows}", kind.name())
    };
    let sections: Vec<String> = KINDS.iter().map(section).collect();
    sections.join("\n")
}

/// The table as JSON: an object for each row.
#[must_use]
pub fn json() -> Value {
    let rows = KINDS.iter().flat_map(|kind| {
        let row = |member: &Member| {
            let (why, help) = match member.fate {
                Fate::Reported { why, help } => (Some(why), Some(help)),
                Fate::Used | Fate::Annotation => (None, None),
            };
            json!({
                "object": kind.name(),
                "member": member.name,
                "fate": member.fate.name(),
                "holds": member.holds.to_string(),
                "required": member.is_required,
                "since": member.since.map(OpenApiVersion::number),
                "why": why,
                "help": help,
            })
        };
        kind.members().iter().map(row)
    });
    rows.collect()
}
