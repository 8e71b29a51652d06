//! Tells of members that an object has more than once.

use std::ops::Range;

use serde::de::IgnoredAny;
use serde_json::Deserializer;

use crate::diagnostics::Diagnostic;
use crate::text::values::RepeatedMembers;
use crate::text::{Lines, Text};

/// That a member of JSON is repeated: the last one counts, and what the others hold is lost.
pub(crate) fn warnings(file: &str, text: &mut Text, members: &RepeatedMembers) -> Vec<Diagnostic> {
    let message = |first| format!("is written twice; the first, in line {first}, is ignored");
    let found = diagnostics(file, text, members, message);
    for member in &members.listed {
        let [first, again] = &member.names;
        let ends = [first, again].map(|name| value_end(&text.text, name.end));
        // Where both are equal nothing is lost.
        let value = |name: &Range<usize>, end: usize| text.text.get(name.end..end);
        if value(first, ends[0]) != value(again, ends[1]) {
            text.leave_unread(first.start..ends[0], "is written twice");
        }
    }
    if members.more > 0 {
        text.leave_unread(0..text.text.len(), "members are written twice");
    }
    found
}

/// Where the value of a member of JSON ends whose name ends at `name_end`.
fn value_end(text: &str, name_end: usize) -> usize {
    let rest = text.get(name_end..).unwrap_or_default();
    let Some((before, value)) = rest.split_once(':') else {
        return name_end;
    };
    let mut values = Deserializer::from_str(value).into_iter::<IgnoredAny>();
    let _ = values.next();
    name_end + before.len() + 1 + values.byte_offset()
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
