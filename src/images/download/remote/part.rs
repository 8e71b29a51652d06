//! The part of a picture that is here, and whether an answer goes on from it.

use reqwest::header::{
    CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderValue, IF_RANGE, RANGE,
};

/// What the server said of the picture whose start is here.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// What tells this version of the picture from any other.
    tag: Option<HeaderValue>,
    /// How many bytes the whole picture has.
    pub total: Option<u64>,
}

impl Part {
    /// What an answer with all of the picture says of it.
    pub fn announced_by(headers: &HeaderMap) -> Self {
        let tag = headers.get(ETAG).filter(|tag| is_strong(tag));
        Self {
            tag: tag.cloned(),
            total: number(headers.get(CONTENT_LENGTH)),
        }
    }

    /// The headers that ask for what comes after `length` bytes of the same
    /// version; none where the server has not said how to tell versions apart.
    pub fn rest(&self, length: u64) -> Option<HeaderMap> {
        let tag = self.tag.as_ref().filter(|_| length > 0)?;
        let range = HeaderValue::from_str(&format!("bytes={length}-")).ok()?;
        Some(HeaderMap::from_iter([
            (RANGE, range),
            (IF_RANGE, tag.clone()),
        ]))
    }

    /// Whether the answer with `headers`, a part, goes on after `length` bytes.
    pub fn goes_on(&self, headers: &HeaderMap, length: u64) -> bool {
        let Some(range) = headers
            .get(CONTENT_RANGE)
            .and_then(|range| range.to_str().ok())
        else {
            return false;
        };
        let is_same = headers
            .get(ETAG)
            .is_none_or(|tag| Some(tag) == self.tag.as_ref());
        match content_range(range) {
            Some((first, last, total)) => {
                is_same
                    && first == length
                    && last >= first
                    && total.is_none_or(|total| last < total)
                    && (self.total.is_none() || total.is_none() || total == self.total)
            }
            None => false,
        }
    }
}

/// A weak tag does not promise the same bytes (RFC 9110, 8.8.1).
fn is_strong(tag: &HeaderValue) -> bool {
    tag.as_bytes().starts_with(b"\"")
}

fn number(value: Option<&HeaderValue>) -> Option<u64> {
    value?.to_str().ok()?.trim().parse().ok()
}

/// `bytes <first>-<last>/<total>`, where the total may be `*`.
fn content_range(text: &str) -> Option<(u64, u64, Option<u64>)> {
    let (range, total) = text.strip_prefix("bytes ")?.trim().split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let total = match total {
        "*" => None,
        digits => Some(digits.parse().ok()?),
    };
    Some((first.parse().ok()?, last.parse().ok()?, total))
}

#[cfg(test)]
mod tests {
    use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName};

    use super::Part;

    fn headers(list: &[(HeaderName, &'static str)]) -> HeaderMap {
        let list = list.iter().cloned();
        list.map(|(name, value)| (name, value.parse().expect("a header")))
            .collect()
    }

    #[test]
    fn only_the_same_version_is_asked_for() {
        let tagged = Part::announced_by(&headers(&[(ETAG, "\"a\"")]));
        let asked = tagged.rest(7).expect("headers");
        assert_eq!(asked["range"], "bytes=7-");
        assert_eq!(asked["if-range"], "\"a\"");
        assert!(tagged.rest(0).is_none());
        assert!(
            Part::announced_by(&headers(&[(ETAG, "W/\"a\"")]))
                .rest(7)
                .is_none()
        );
        assert!(Part::default().rest(7).is_none());
    }

    #[test]
    fn only_what_goes_on_is_taken() {
        let part = Part::announced_by(&headers(&[(ETAG, "\"a\""), (CONTENT_LENGTH, "10")]));
        let cases = [
            ("bytes 7-9/10", true),
            ("bytes 7-7/10", true),
            ("bytes 7-9/*", true),
            ("bytes 7-9/11", false),
            ("bytes 7-10/10", false),
            ("bytes 6-9/10", false),
            ("bytes 8-9/10", false),
            ("bytes 7-6/10", false),
            ("bytes */10", false),
            ("bytes 7-9", false),
            ("chunks 7-9/10", false),
            ("bytes 99999999999999999999-9/10", false),
        ];
        for (range, expected) in cases {
            let answer = headers(&[(CONTENT_RANGE, range)]);
            assert_eq!(part.goes_on(&answer, 7), expected, "{range}");
        }
        assert!(!part.goes_on(&HeaderMap::new(), 7));
        let other = headers(&[(CONTENT_RANGE, "bytes 7-9/10"), (ETAG, "\"b\"")]);
        assert!(!part.goes_on(&other, 7));
    }
}
