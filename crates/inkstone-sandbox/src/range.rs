//! Which part of a file does a request want?

use std::ops::Range;

use hyper::header::{HeaderMap, IF_RANGE, RANGE};

#[derive(Debug, PartialEq)]
pub enum Wanted {
    All,
    /// At least a byte, all of which there are.
    Part(Range<usize>),
    /// What lies past the end.
    Impossible,
}

/// What the header `Range` wants of a file. What it can't mean, and what
/// `If-Range` ties to another file, is ignored, as HTTP has it.
pub fn wanted(headers: &HeaderMap, etag: &str, length: usize) -> Wanted {
    let is_same = headers.get(IF_RANGE).is_none_or(|tag| tag == etag);
    let range = headers.get(RANGE).and_then(|range| range.to_str().ok());
    match range.and_then(|range| range.strip_prefix("bytes=")) {
        Some(range) if is_same => part(range, length).unwrap_or(Wanted::All),
        _ => Wanted::All,
    }
}

fn part(range: &str, length: usize) -> Option<Wanted> {
    let (first, last) = range.trim().split_once('-')?;
    let range = match (first, last) {
        ("", last) => length.saturating_sub(number(last)?)..length,
        (first, "") => number(first)?..length,
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            first..last.saturating_add(1).min(length)
        }
    };
    Some(match range.start < range.end {
        true => Wanted::Part(range),
        false => Wanted::Impossible,
    })
}

fn number(digits: &str) -> Option<usize> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // What has more digits than a number can have is past any end.
    is_number.then(|| digits.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderValue;

    #[test]
    fn ranges_are_read_as_http_has_them() {
        use Wanted::{All, Impossible, Part};
        let cases = [
            ("bytes=0-3", Part(0..4)),
            ("bytes=4-", Part(4..10)),
            ("bytes=-3", Part(7..10)),
            ("bytes=-30", Part(0..10)),
            ("bytes=8-99999999999999999999999", Part(8..10)),
            ("bytes=10-", Impossible),
            ("bytes=-0", Impossible),
            ("bytes=4-3", All),
            ("bytes=0-1,3-4", All),
            ("bytes=", All),
            ("bytes=a-b", All),
            ("lines=0-1", All),
        ];
        for (text, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(RANGE, HeaderValue::from_static(text));
            assert_eq!(wanted(&headers, "\"a\"", 10), expected, "{text}");
            headers.insert(IF_RANGE, HeaderValue::from_static("\"b\""));
            assert_eq!(wanted(&headers, "\"a\"", 10), All, "{text}");
        }
        assert_eq!(wanted(&HeaderMap::new(), "", 10), All);
    }
}
