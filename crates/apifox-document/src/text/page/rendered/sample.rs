//! The sample below the fields of a rendered page.

use serde_json::Value;

/// The lines above a sample.
const HEADINGS: [&str; 4] = ["示例", "example", "examples", "响应示例"];

/// The JSON below the heading of a sample between two lines, and the line where the fields end.
pub(super) fn sample(lines: &[&str], start: usize, end: usize) -> (Option<Value>, usize) {
    let is_heading = |at: &usize| {
        let line = lines[*at].trim().to_lowercase();
        let next = (*at + 1..end).find(|next| !lines[*next].trim().is_empty());
        HEADINGS.contains(&line.as_str())
            && next.is_some_and(|next| lines[next].trim_start().starts_with(['{', '[']))
    };
    let Some(heading) = (start..end).find(is_heading) else {
        return (None, end);
    };
    let text = lines[heading + 1..end].join("\n");
    let mut values = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
    (values.next().and_then(Result::ok), heading)
}
