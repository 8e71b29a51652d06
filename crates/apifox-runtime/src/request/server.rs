//! Where an operation can be reached.

use std::fmt;

/// A server of an API, as in OpenAPI's
/// [Server Object](https://spec.openapis.org/oas/v3.1.1.html#server-object).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its URL, with variables as `{name}`. It may be relative, to where the document is.
    pub url: &'static str,
    /// What the document says of it.
    pub description: &'static str,
    /// The variables of its URL.
    pub variables: &'static [ServerVariable],
}

/// A variable in the URL of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerVariable {
    /// Its name.
    pub name: &'static str,
    /// Its value unless another is given.
    pub default: &'static str,
    /// The values that it may have; any where there are none.
    pub allowed: &'static [&'static str],
}

/// Why there is no URL for a server with these variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnknownServer {
    /// The server has no variable of this name.
    NoVariable(String),
    /// The variable may not have the value that was given.
    NotAllowed {
        /// The variable.
        name: &'static str,
        /// The values that it may have.
        allowed: &'static [&'static str],
    },
    /// The URL has a placeholder of this name, which is no variable of it.
    Undeclared(String),
}

impl Server {
    /// Its URL where variables have these values, and the others their defaults.
    ///
    /// # Errors
    ///
    /// When a variable does not exist, or may not have its value; and when the document
    /// does not declare a variable of the URL.
    pub fn url(&self, values: &[(&str, &str)]) -> Result<String, UnknownServer> {
        let is_known = |name: &str| self.variables.iter().any(|known| known.name == name);
        if let Some((name, _)) = values.iter().find(|(name, _)| !is_known(name)) {
            return Err(UnknownServer::NoVariable((*name).to_owned()));
        }
        let (mut url, mut rest) = (String::new(), self.url);
        while let Some((text, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                break;
            };
            url.push_str(text);
            url.push_str(self.value(name, values)?);
            rest = after;
        }
        Ok(url + rest)
    }

    fn value<'v>(&self, name: &str, values: &[(&str, &'v str)]) -> Result<&'v str, UnknownServer> {
        let mut variables = self.variables.iter();
        let Some(variable) = variables.find(|variable| variable.name == name) else {
            return Err(UnknownServer::Undeclared(name.to_owned()));
        };
        let given = values.iter().find(|(given, _)| *given == name);
        let value = given.map_or(variable.default, |(_, value)| *value);
        let ServerVariable { name, allowed, .. } = *variable;
        match allowed.is_empty() || allowed.contains(&value) {
            true => Ok(value),
            false => Err(UnknownServer::NotAllowed { name, allowed }),
        }
    }
}

impl fmt::Display for UnknownServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoVariable(name) => write!(f, "the server has no variable `{name}`"),
            Self::NotAllowed { name, allowed } => {
                write!(f, "`{name}` has to be one of {}", allowed.join(", "))
            }
            Self::Undeclared(name) => {
                write!(
                    f,
                    "the document does not declare the variable `{name}` of the URL"
                )
            }
        }
    }
}

impl std::error::Error for UnknownServer {}

#[cfg(test)]
mod tests {
    use super::{Server, ServerVariable};

    #[test]
    fn variables_have_their_values() {
        let server = Server {
            url: "https://{region}.example.com:{port}/v1{",
            description: "",
            variables: &[
                ServerVariable {
                    name: "region",
                    default: "eu",
                    allowed: &["eu", "us"],
                },
                ServerVariable {
                    name: "port",
                    default: "443",
                    allowed: &[],
                },
            ],
        };
        let url = |values: &[(&str, &str)]| server.url(values).map_err(|error| error.to_string());
        assert_eq!(url(&[]), Ok("https://eu.example.com:443/v1{".into()));
        assert_eq!(
            url(&[("port", "8"), ("region", "us")]),
            Ok("https://us.example.com:8/v1{".into())
        );
        assert_eq!(
            url(&[("region", "cn")]),
            Err("`region` has to be one of eu, us".into())
        );
        assert_eq!(
            url(&[("host", "a")]),
            Err("the server has no variable `host`".into())
        );
        let bare = Server {
            variables: &[],
            ..server
        };
        let refused = bare.url(&[]).map_err(|error| error.to_string());
        let expected = "the document does not declare the variable `region` of the URL";
        assert_eq!(refused, Err(expected.to_owned()));
    }
}
