//! The path of an operation, and what the path of a request has in place of its parameters.

use percent_encoding::percent_decode_str;

/// A path with parameters as `{name}`, which may be only a part of a segment.
#[derive(Debug, Clone)]
pub struct Template {
    /// As the document writes it.
    pub text: String,
    segments: Vec<Vec<Piece>>,
    /// What a request's query has to have as well, where the document writes it in the path.
    query: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Parameter(String),
}

/// The values of a path's parameters, as they are written, still encoded.
pub type PathValues = Vec<(String, String)>;

impl Template {
    pub fn new(text: &str) -> Self {
        // What follows a # is never sent.
        let path = without_host(text).split('#').next().unwrap_or_default();
        let (path, query) = match path.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (path, None),
        };
        let path = path.trim_start_matches('/');
        Self {
            text: text.to_owned(),
            segments: path.split('/').map(pieces).collect(),
            query,
        }
    }

    /// Whether a path, without its first slash, and a query are for this template, and the
    /// values that they have.
    pub fn values(&self, path: &str, query: &str) -> Option<PathValues> {
        let wanted = self
            .query
            .as_deref()
            .into_iter()
            .flat_map(|all| all.split('&'));
        if !wanted
            .clone()
            .all(|pair| query.split('&').any(|given| given == pair))
        {
            return None;
        }
        let given: Vec<&str> = path.split('/').collect();
        if given.len() != self.segments.len() {
            return None;
        }
        let mut values = PathValues::new();
        for (pieces, segment) in self.segments.iter().zip(given) {
            segment_values(pieces, segment, &mut values)?;
        }
        Some(values)
    }

    /// Templates with more that is literal, from the left on, are before others.
    pub fn rank(&self) -> Vec<usize> {
        let parameters = |pieces: &Vec<Piece>| match pieces.as_slice() {
            [Piece::Literal(_)] | [] => 0,
            [Piece::Parameter(_)] => 2,
            _ => 1,
        };
        self.segments.iter().map(parameters).collect()
    }

    /// Its last segment's parameter, where that is all of the segment.
    pub fn last_parameter(&self) -> Option<&str> {
        match self.segments.last()?.as_slice() {
            [Piece::Parameter(name)] => Some(name),
            _ => None,
        }
    }
}

/// A path without the address of a server before it.
fn without_host(text: &str) -> &str {
    match text.split_once("://") {
        Some((scheme, rest)) if !scheme.contains('/') => {
            rest.find('/').map_or("", |slash| &rest[slash..])
        }
        _ => text,
    }
}

/// The path of a server's address, without slashes around it.
pub fn server_path(url: &str) -> String {
    let path = without_host(url)
        .split(['?', '#'])
        .next()
        .unwrap_or_default();
    path.trim_matches('/').to_owned()
}

fn pieces(segment: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = segment;
    while let Some((before, name, after)) = parameter(rest) {
        if !before.is_empty() {
            pieces.push(Piece::Literal(decoded(before)));
        }
        pieces.push(Piece::Parameter(name.to_owned()));
        rest = after;
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Literal(decoded(rest)));
    }
    pieces
}

fn parameter(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

/// The values in a segment: each parameter takes as little as what follows it allows.
fn segment_values(pieces: &[Piece], segment: &str, values: &mut PathValues) -> Option<()> {
    let mut rest = segment;
    let mut open: Option<&String> = None;
    for piece in pieces {
        match piece {
            Piece::Parameter(name) => {
                if let Some(before) = open.replace(name) {
                    // Nothing says where one of two parameters ends: it has one letter.
                    let first = first_letter(rest)?;
                    values.push((before.clone(), first.to_owned()));
                    rest = &rest[first.len()..];
                }
            }
            Piece::Literal(text) => match open.take() {
                None if pieces.len() == 1 => return (decoded(rest) == *text).then_some(()),
                None => rest = rest.strip_prefix(text.as_str())?,
                Some(name) => {
                    let at = rest.char_indices().skip(1).map(|(at, _)| at);
                    let mut at = at.chain([rest.len()]);
                    let at = at.find(|at| rest[*at..].starts_with(text.as_str()))?;
                    values.push((name.clone(), rest[..at].to_owned()));
                    rest = &rest[at + text.len()..];
                }
            },
        }
    }
    match open {
        Some(_) if rest.is_empty() => None,
        Some(name) => {
            values.push((name.clone(), rest.to_owned()));
            Some(())
        }
        None => rest.is_empty().then_some(()),
    }
}

/// The first letter of a part of a path, as it is written.
fn first_letter(text: &str) -> Option<&str> {
    const ENCODED: usize = 3;
    let wide = text.chars().next()?.len_utf8();
    let length = if text.starts_with('%') { ENCODED } else { wide };
    text.get(..length)
}

pub fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_by_their_templates() {
        let cases = [
            ("/pets", "pets", "", Some(vec![])),
            ("/pets/{id}", "pets/a%2Fb", "", Some(vec![("id", "a%2Fb")])),
            ("/pets/{id}", "pets/", "", None),
            (
                "/pets/{id}.json",
                "pets/5.json",
                "",
                Some(vec![("id", "5")]),
            ),
            (
                "/c/{base}...{head}",
                "c/a.b...c",
                "",
                Some(vec![("base", "a.b"), ("head", "c")]),
            ),
            (
                "/v1/m/{name}:run",
                "v1/m/x:run",
                "",
                Some(vec![("name", "x")]),
            ),
            (
                "/c/{a}{b}",
                "c/%E4x",
                "",
                Some(vec![("a", "%E4"), ("b", "x")]),
            ),
            ("/c/{a}{b}", "c/x", "", None),
            ("https://api.example/v2/x", "v2/x", "", Some(vec![])),
            ("/i.php?s=/login", "i.php", "a=1&s=/login", Some(vec![])),
            ("/i.php?s=/login", "i.php", "s=/out", None),
            ("/中 文", "%E4%B8%AD%20%E6%96%87", "", Some(vec![])),
            ("/y#stream", "y", "", Some(vec![])),
            ("/y?a=1#stream", "y", "a=1", Some(vec![])),
            ("/y#stream", "y%23stream", "", None),
            ("/y%23stream", "y%23stream", "", Some(vec![])),
            ("", "", "", Some(vec![])),
        ];
        for (template, path, query, expected) in cases {
            let expected = expected.map(|values| {
                let owned = values
                    .iter()
                    .map(|(name, value)| (name.to_string(), value.to_string()));
                owned.collect::<PathValues>()
            });
            assert_eq!(
                Template::new(template).values(path, query),
                expected,
                "{template} {path}"
            );
        }
    }

    #[test]
    fn the_path_of_a_server_is_found() {
        let cases = [
            ("https://api.example.com/v1/", "v1"),
            ("https://api.example.com", ""),
            ("/api/v3", "api/v3"),
            ("", ""),
        ];
        for (url, expected) in cases {
            assert_eq!(server_path(url), expected, "{url}");
        }
    }
}
