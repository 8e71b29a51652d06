//! Paths with parameters, and the values that a path and a query give them.

use apifox_runtime::is_unprintable;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Whether a path matches a template, as `/tasks/1` does `/tasks/{task_id}`.
pub fn matches(template: &str, path: &str) -> bool {
    let (mut names, mut segments) = (template.split('/'), path.split('/'));
    loop {
        match (names.next(), segments.next()) {
            (None, None) => return true,
            (Some(name), Some(segment)) if name == segment => {}
            (Some(name), Some(segment)) if plain(name) == "{}" && !segment.is_empty() => {}
            _ => return false,
        }
    }
}

/// A segment of a template without the name of its parameter.
pub fn plain(segment: &str) -> &str {
    match segment.starts_with('{') && segment.ends_with('}') {
        true => "{}",
        false => segment,
    }
}

/// The value that a matching path has for a parameter of the template.
pub fn value(template: &str, path: &str, name: &str) -> Option<String> {
    let is_named = |segment: &str| {
        let inner = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        inner == Some(name)
    };
    segment(template, path, is_named)
}

/// The value that a matching path has for the first parameter of the template.
pub fn first_value(template: &str, path: &str) -> Option<String> {
    segment(template, path, |segment| plain(segment) == "{}")
}

fn segment(template: &str, path: &str, is_wanted: impl Fn(&str) -> bool) -> Option<String> {
    let mut pairs = template.split('/').zip(path.split('/'));
    let (_, segment) = pairs.find(|(segment, _)| is_wanted(segment))?;
    Some(percent_decode_str(segment).decode_utf8_lossy().into_owned())
}

/// A path as people read it: with the characters that clients have to encode because they are not
/// ASCII, as far as their bytes are UTF-8. What stands for ASCII, such as `%2F`, stays as it is; and
/// what commands a terminal or turns text around is encoded.
pub fn readable(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, others @ ..] = rest {
        let digits = match rest {
            [b'%', high, low, ..] => std::str::from_utf8(&[*high, *low])
                .ok()
                .and_then(|digits| u8::from_str_radix(digits, 16).ok()),
            _ => None,
        };
        match digits.filter(|byte| !byte.is_ascii()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &rest[3..];
            }
            None => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    let decoded = String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned());
    let mut shown = String::with_capacity(decoded.len());
    for c in decoded.chars() {
        match is_unprintable(c) {
            true => shown.extend(utf8_percent_encode(
                c.encode_utf8(&mut [0; 4]),
                NON_ALPHANUMERIC,
            )),
            false => shown.push(c),
        }
    }
    shown
}

/// The value of a query's parameter; the first, if there are several.
pub fn query(query: &str, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_ascii_is_read_as_it_was_meant() {
        for (path, expected) in [
            ("/%E5%AE%A0%e7%89%a9/1%2F2%20", "/宠物/1%2F2%20"),
            ("/pets/%", "/pets/%"),
            ("/%E5%AE", "/%E5%AE"),
            ("/宠物%E5%ZZ%+1", "/宠物%E5%ZZ%+1"),
            // A control of terminals, and what has the text after it run backwards.
            (
                "/%C2%9B31m%e2%80%aeevil/%E7%8C%AB",
                "/%C2%9B31m%E2%80%AEevil/猫",
            ),
            ("/\u{9b}31m\u{202e}evil", "/%C2%9B31m%E2%80%AEevil"),
            ("/%E5%AE/\u{202e}", "/%E5%AE/%E2%80%AE"),
        ] {
            assert_eq!(readable(path), expected);
        }
    }

    #[test]
    fn paths_match_templates_segment_by_segment() {
        let cases = [
            ("/tasks/{task_id}", "/tasks/1", Some("1")),
            ("/tasks/{task_id}", "/tasks/a%2Fb", Some("a/b")),
            ("/tasks/{task_id}/cancel", "/tasks/1/cancel", Some("1")),
            ("/tasks/{task_id}", "/tasks/", None),
            ("/tasks/{task_id}", "/tasks/1/cancel", None),
            ("/tasks/{task_id}/cancel", "/tasks/1", None),
        ];
        for (template, path, expected) in cases {
            assert_eq!(matches(template, path), expected.is_some(), "{path}");
            if expected.is_some() {
                assert_eq!(value(template, path, "task_id").as_deref(), expected);
            }
        }
    }

    #[test]
    fn queries_are_decoded() {
        let text = "a=1&b=x%20y+z&a=2&c";
        let cases = [
            ("a", Some("1")),
            ("b", Some("x y z")),
            ("c", Some("")),
            ("d", None),
        ];
        for (name, expected) in cases {
            assert_eq!(query(text, name).as_deref(), expected);
        }
    }
}
