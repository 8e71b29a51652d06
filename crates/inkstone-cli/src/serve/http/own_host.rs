//! Whether a request was meant for this server. A web page can have its own name lead to
//! this machine (DNS rebinding), or send requests here from a browser: those have that name
//! as their host, or the page as their origin.

use std::net::IpAddr;

use hyper::header::{HOST, HeaderMap, HeaderValue, ORIGIN};

/// The names that this server goes by.
#[derive(Debug, Default)]
pub struct OwnNames(pub Vec<String>);

impl OwnNames {
    /// Whether the `Host` of a request is an address, this machine, or another own name. A
    /// program that sends none is not a web page.
    pub fn has_host(&self, headers: &HeaderMap) -> bool {
        headers.get(HOST).is_none_or(|host| self.is_own(host))
    }

    /// Whether a request comes from no web page, or from one of this server.
    pub fn has_origin(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(ORIGIN) else {
            return true;
        };
        let origin = origin.to_str().unwrap_or_default();
        let host = origin.split_once("://").map_or("", |(_, host)| host);
        HeaderValue::from_str(host).is_ok_and(|host| self.is_own(&host))
    }

    fn is_own(&self, host: &HeaderValue) -> bool {
        host.to_str().is_ok_and(|host| self.is_own_name(host))
    }

    fn is_own_name(&self, host: &str) -> bool {
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split_once(']').map_or(rest, |(name, _)| name),
            None => host.split(':').next().unwrap_or_default(),
        };
        let name = name.trim_end_matches('.');
        let is_given = |own: &String| own.eq_ignore_ascii_case(name);
        name.parse::<IpAddr>().is_ok()
            || name.eq_ignore_ascii_case("localhost")
            || self.0.iter().any(is_given)
    }
}

#[cfg(test)]
mod tests {
    use hyper::header::{HOST, HeaderMap, ORIGIN};

    use super::OwnNames;

    #[test]
    fn pages_of_others_are_told_from_programs() {
        let names = OwnNames(vec!["pictures.internal".to_owned()]);
        let cases = [
            (None, None, true),
            (Some("127.0.0.1:8788"), None, true),
            (Some("[::1]:1"), None, true),
            (Some("LOCALHOST.:1"), Some("http://localhost:1"), true),
            (Some("pictures.internal"), None, true),
            (Some("evil.example"), None, false),
            (Some("127.0.0.1.evil.example"), None, false),
            (Some(""), None, false),
            (Some("127.0.0.1"), Some("https://evil.example"), false),
            (Some("127.0.0.1"), Some("null"), false),
        ];
        for (host, origin, expected) in cases {
            let mut headers = HeaderMap::new();
            let given = [(HOST, host), (ORIGIN, origin)];
            for (name, value) in given {
                if let Some(value) = value {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            let is_own = names.has_host(&headers) && names.has_origin(&headers);
            assert_eq!(is_own, expected, "{host:?} {origin:?}");
        }
    }
}
