//! Tells of members that an object has more than once.

use crate::diagnostics::Diagnostic;
use crate::text::values::RepeatedMembers;
use crate::text::{Lines, Text};

/// That a member of JSON is repeated: the last one counts, and what the others hold is lost.
pub(crate) fn warnings(file: &str, text: &Text, members: &RepeatedMembers) -> Vec<Diagnostic> {
    let message = |first| format!("is written twice; the first, in line {first}, is ignored");
    diagnostics(file, text, members, message)
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
