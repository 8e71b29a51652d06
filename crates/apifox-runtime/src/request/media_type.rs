//! Media types as documents and headers write them
//! ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1)).

/// A media type without its parameters, in small letters.
///
/// ```
/// use apifox_runtime::media_type;
///
/// let media = "Text/CSV; header=present; charset=\"GBK\"";
/// assert_eq!(media_type::plain(media), "text/csv");
/// assert_eq!(media_type::parameter(media, "Header").as_deref(), Some("present"));
/// assert_eq!(media_type::charset(media).as_deref(), Some("gbk"));
/// ```
#[must_use]
pub fn plain(media: &str) -> String {
    let kind = media.split(';').next().unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

/// The parameters of a media type, as they are written; one in quotes may hold semicolons.
pub fn parameters(media: &str) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let parts = media.split(move |letter| {
        let was_escaped = std::mem::take(&mut is_escaped);
        match letter {
            '"' if !was_escaped => is_quoted = !is_quoted,
            '\\' => is_escaped = is_quoted && !was_escaped,
            _ => {}
        }
        letter == ';' && !is_quoted
    });
    let parameters = parts.skip(1).map(str::trim);
    parameters.filter(|parameter| !parameter.is_empty())
}

/// The value of the parameter of this name, in any case; without its quotes.
#[must_use]
pub fn parameter(media: &str, name: &str) -> Option<String> {
    let value = |parameter: &str| {
        let (own, value) = parameter.split_once('=')?;
        let is_meant = own.trim().eq_ignore_ascii_case(name);
        is_meant.then(|| unquoted(value.trim()))
    };
    let found = parameters(media).find_map(value);
    // Where quotes never end, what follows them is not within.
    let is_open = !media.matches('"').count().is_multiple_of(2);
    found.or_else(|| media.split(';').skip(1).find_map(value).filter(|_| is_open))
}

/// The encoding that a media type states for its text, in small letters.
#[must_use]
pub fn charset(media: &str) -> Option<String> {
    let charset = parameter(media, "charset")?.to_ascii_lowercase();
    (!charset.is_empty()).then_some(charset)
}

/// Whether a body of this media type is JSON.
#[must_use]
pub fn is_json(media: &str) -> bool {
    let plain = plain(media);
    matches!(plain.as_str(), "application/json" | "text/json") || plain.ends_with("+json")
}

/// Whether a media type is within a range such as `image/*`, whatever their parameters are.
#[must_use]
pub fn is_within(media: &str, range: &str) -> bool {
    let (media, range) = (plain(media), plain(range));
    match range.strip_suffix('*') {
        Some("*/" | "") => true,
        Some(start) => media.starts_with(start),
        None => media == range,
    }
}

fn unquoted(value: &str) -> String {
    let Some(quoted) = value.strip_prefix('"') else {
        return value.to_owned();
    };
    let quoted = quoted.strip_suffix('"').unwrap_or(quoted);
    let mut is_escaped = false;
    let kept = quoted.chars().filter(|letter| {
        is_escaped = *letter == '\\' && !is_escaped;
        !is_escaped
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::{charset, is_json, is_within, parameter, parameters, plain};

    #[test]
    fn parameters_are_taken_apart_also_where_they_are_quoted() {
        let cases: [(&str, &str, &[&str]); 7] = [
            ("a/b", "a/b", &[]),
            (" A/B ; C=d;e = F ", "a/b", &["C=d", "e = F"]),
            ("a/b;", "a/b", &[]),
            ("a/b;;c=d", "a/b", &["c=d"]),
            ("a/b; c=\"x;y\"; d=e", "a/b", &["c=\"x;y\"", "d=e"]),
            (r#"a/b; c="x\";y"; d=e"#, "a/b", &[r#"c="x\";y""#, "d=e"]),
            ("a/b; c=\"x;y", "a/b", &["c=\"x;y"]),
        ];
        for (media, kind, expected) in cases {
            assert_eq!(plain(media), kind, "{media}");
            assert_eq!(parameters(media).collect::<Vec<_>>(), expected, "{media}");
        }
    }

    #[test]
    fn a_parameter_is_found_by_its_name() {
        let cases = [
            ("a/b; c=d", "C", Some("d")),
            ("a/b; c = d ", "c", Some("d")),
            ("a/b; c=\"x; charset=y\"", "charset", None),
            (r#"a/b; c="x\"\\y""#, "c", Some(r#"x"\y"#)),
            ("a/b; c=", "c", Some("")),
            ("a/b; c=\"x; charset=y", "charset", Some("y")),
            ("a/b; c", "c", None),
        ];
        for (media, name, expected) in cases {
            assert_eq!(parameter(media, name).as_deref(), expected, "{media}");
        }
        assert_eq!(charset("a/b; Charset=\"UTF-8\"").as_deref(), Some("utf-8"));
        assert_eq!(charset("a/b; charset="), None);
    }

    #[test]
    fn a_range_is_of_one_kind() {
        let cases = [
            ("image/png", "image/png", true),
            ("image/png", "IMAGE/*", true),
            ("image/png", "*/*", true),
            ("text/plain; charset=utf-8", "text/plain", true),
            ("image/png", "image/jpeg", false),
            ("multipart/form-data", "image/*", false),
        ];
        for (media, range, expected) in cases {
            assert_eq!(is_within(media, range), expected, "{range}");
        }
        for (media, expected) in [
            ("application/problem+JSON; charset=utf-8", true),
            ("text/json", true),
            ("application/jsonl", false),
        ] {
            assert_eq!(is_json(media), expected, "{media}");
        }
    }
}
