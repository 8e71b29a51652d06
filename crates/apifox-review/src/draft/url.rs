//! The URL of a curl command: the server, the path with its parameters, and the query.

/// A URL in its parts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Url {
    pub server: String,
    /// The path with parameters as `{name}`.
    pub path: String,
    pub parameters: Vec<String>,
    pub query: Vec<(String, String)>,
}

impl Url {
    pub fn read(url: &str) -> Self {
        let url = url.trim().split('#').next().unwrap_or_default();
        let (url, query) = url.split_once('?').unwrap_or((url, ""));
        let host = url.find("://").map_or(0, |at| at + "://".len());
        let slash = url[host..].find('/').map_or(url.len(), |at| host + at);
        let (server, path) = url.split_at(slash);
        let mut parameters = Vec::new();
        let segments = path.split('/').map(|segment| match variable(segment) {
            Some(name) => {
                parameters.push(name.clone());
                format!("{{{name}}}")
            }
            None => segment.to_owned(),
        });
        let path = segments.collect::<Vec<_>>().join("/");
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Self {
            server: server.to_owned(),
            path: if path.is_empty() {
                "/".to_owned()
            } else {
                path
            },
            parameters,
            query: pairs
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }
}

impl Url {
    /// Whether two commands may call the same operation: their paths differ only where one of
    /// them has a parameter.
    pub fn may_be(&self, other: &Self) -> bool {
        let (own, others) = (self.path.split('/'), other.path.split('/'));
        let is_parameter = |segment: &str| segment.starts_with('{');
        own.clone().count() == others.clone().count()
            && own
                .zip(others)
                .all(|(a, b)| a == b || is_parameter(a) || is_parameter(b))
    }
}

/// The name of the variable that a segment is: `{id}`, `:id`, `$ID`, `${ID}`, `<id>`.
fn variable(segment: &str) -> Option<String> {
    let inner = segment
        .strip_prefix(['{', '<', '$', ':'])
        .map(|rest| rest.trim_matches(['{', '}', '<', '>', '$', ' ']))?;
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let name: String = inner
        .chars()
        .map(|c| if c == ' ' { '_' } else { c })
        .collect();
    let is_valid = !name.is_empty() && name.chars().all(is_name);
    is_valid.then(|| name.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::Url;

    #[test]
    fn variables_of_a_path_are_parameters() {
        let cases = [
            ("https://a.example/v1/x?b=1&c", "https://a.example", "/v1/x"),
            ("https://a.example", "https://a.example", "/"),
            (
                "https://a.example/t/{id}/:x/$TASK_ID/${A}/<b c>",
                "https://a.example",
                "/t/{id}/{x}/{task_id}/{a}/{b_c}",
            ),
            ("/v1/m:generate", "", "/v1/m:generate"),
        ];
        for (url, server, path) in cases {
            let read = Url::read(url);
            assert_eq!(
                (read.server.as_str(), read.path.as_str()),
                (server, path),
                "{url}"
            );
        }
        assert_eq!(Url::read("/x?b=1&c").query.len(), 2);
    }
}
