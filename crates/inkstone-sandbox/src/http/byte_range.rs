//! The part of a file that a request asks for with `Range`.

use std::ops::Range;

use hyper::header::{HeaderMap, IF_RANGE, RANGE};

/// What a request asks for.
#[derive(Debug, PartialEq)]
pub enum ByteRange {
    Whole,
    /// Part of the file, not empty.
    Part(Range<usize>),
    /// Only bytes past the end.
    Unsatisfiable,
}

/// Reads the header `Range` for a file of some length. A malformed range, and one that
/// `If-Range` ties to another file, is ignored, as HTTP says.
pub fn requested(headers: &HeaderMap, etag: &str, length: usize) -> ByteRange {
    let is_same = headers.get(IF_RANGE).is_none_or(|tag| tag == etag);
    let range = headers.get(RANGE).and_then(|range| range.to_str().ok());
    match range.and_then(|range| range.strip_prefix("bytes=")) {
        Some(range) if is_same => part(range, length).unwrap_or(ByteRange::Whole),
        _ => ByteRange::Whole,
    }
}

fn part(range: &str, length: usize) -> Option<ByteRange> {
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
        true => ByteRange::Part(range),
        false => ByteRange::Unsatisfiable,
    })
}

fn number(digits: &str) -> Option<usize> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // A number of too many digits is past any end.
    is_number.then(|| digits.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderValue;

    #[test]
    fn ranges_are_read_as_http_says() {
        use ByteRange::{Part, Unsatisfiable, Whole};
        let cases = [
            ("bytes=0-3", Part(0..4)),
            ("bytes=4-", Part(4..10)),
            ("bytes=-3", Part(7..10)),
            ("bytes=-30", Part(0..10)),
            ("bytes=8-99999999999999999999999", Part(8..10)),
            ("bytes=10-", Unsatisfiable),
            ("bytes=-0", Unsatisfiable),
            ("bytes=4-3", Whole),
            ("bytes=0-1,3-4", Whole),
            ("bytes=", Whole),
            ("bytes=a-b", Whole),
            ("lines=0-1", Whole),
        ];
        for (text, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(RANGE, HeaderValue::from_static(text));
            assert_eq!(requested(&headers, "\"a\"", 10), expected, "{text}");
            headers.insert(IF_RANGE, HeaderValue::from_static("\"b\""));
            assert_eq!(requested(&headers, "\"a\"", 10), Whole, "{text}");
        }
        assert_eq!(requested(&HeaderMap::new(), "", 10), Whole);
    }
}
