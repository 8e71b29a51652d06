//! What a request does when the API takes it.

/// What a request does when the API takes it. It decides when the request may be sent
/// again.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It only asks for something: it may be sent again whatever went wrong.
    Safe,
    /// Twice does the same as once: it may be sent again although an attempt before may
    /// have been carried out.
    Idempotent,
    /// Twice may do it twice: it is sent again only where it was not taken.
    NonIdempotent,
    /// As [`NonIdempotent`](Self::NonIdempotent), and the caller may have to pay for
    /// each time that it is taken.
    MayCost,
}

impl Effect {
    /// What [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-9.2) says of an HTTP
    /// method: `GET`, `HEAD`, `OPTIONS`, `TRACE` and `QUERY` are safe, `PUT` and `DELETE`
    /// idempotent, all others neither.
    #[must_use]
    pub fn from_method(method: &str) -> Self {
        match method {
            "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY" => Self::Safe,
            "PUT" | "DELETE" => Self::Idempotent,
            _ => Self::NonIdempotent,
        }
    }

    /// Whether the request may be sent again although it may have been carried out.
    #[must_use]
    pub fn is_repeatable(self) -> bool {
        matches!(self, Self::Safe | Self::Idempotent)
    }

    /// What an error adds where nobody knows whether the request was carried out.
    pub(crate) fn doubt(self) -> &'static str {
        match self {
            Self::Safe => "",
            Self::Idempotent | Self::NonIdempotent => "; the request may have been carried out",
            Self::MayCost => "; the request may have been carried out and billed",
        }
    }

    /// What an error says of an attempt before the last.
    pub(crate) fn earlier(self) -> &'static str {
        match self {
            Self::MayCost => "an earlier one may have been billed",
            _ => "an earlier one may have been carried out",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Effect::{self, Idempotent, NonIdempotent, Safe};

    #[test]
    fn methods_have_the_effects_of_the_standard() {
        let cases = [
            (Safe, &["GET", "HEAD", "OPTIONS", "TRACE", "QUERY"][..]),
            (Idempotent, &["PUT", "DELETE"]),
            (NonIdempotent, &["POST", "PATCH", "CONNECT", "LINK", "get"]),
        ];
        for (effect, methods) in cases {
            for method in methods {
                assert_eq!(Effect::from_method(method), effect, "{method}");
            }
        }
    }
}
