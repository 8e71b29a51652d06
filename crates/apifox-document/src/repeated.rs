//! Tells of members that an object has more than once.

use crate::diagnostics::Diagnostic;
use crate::text::values::RepeatedMembers;
use crate::text::{Lines, Text};

/// That a member of JSON is repeated: the last one counts, and what the others hold is lost.
pub(crate) fn warnings(file: &str, text: &mut Text, members: &RepeatedMembers) -> Vec<Diagnostic> {
    let message = |first| format!("is written twice; the first, in line {first}, is ignored");
    let found = diagnostics(file, text, members, message);
    for member in &members.listed {
        let [first, again] = &member.names;
        text.leave_unread(first.start..again.start, "is written twice");
    }
    if members.more > 0 {
        text.leave_unread(0..text.text.len(), "members are written twice");
    }
    found
}

/// That a key of YAML is repeated, which YAML forbids.
pub(crate) fn errors(file: &str, text: &Text, members: &RepeatedMembers) -> Vec<Diagnostic> {
    let message = |first| format!("is written twice; the first is in line {first}");
    diagnostics(file, text, members, message)
}

fn diagnostics(
    file: &str,
    text: &Text,
    members: &RepeatedMembers,
    message: impl Fn(usize) -> String,
) -> Vec<Diagnostic> {
    if members.listed.is_empty() {
        return Vec::new();
    }
    let lines = Lines::new(&text.text);
    let help = "merge the two into one, or rename one of them";
    let listed = members.listed.iter().map(|member| {
        let [first, again] = &member.names;
        Diagnostic::new(file, &member.pointer, message(lines.at(first.start)), help)
            .at(lines.location(again))
    });
    let more = (members.more > 0).then(|| {
        let message = format!("{} more members are written twice", members.more);
        Diagnostic::new(file, "", message, help)
    });
    listed.chain(more).collect()
}
