//! Whether a request was meant for this server. A web page can have its own name lead to
//! this machine (DNS rebinding), and would read the answers then: its requests have that
//! name as their host.

use std::net::IpAddr;

use hyper::header::{HOST, HeaderMap};

/// Whether the `Host` of a request is an address, or this machine. A program that sends none
/// is not a web page.
pub fn is_own(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(HOST) else {
        return true;
    };
    host.to_str().is_ok_and(is_own_name)
}

fn is_own_name(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or(rest, |(name, _)| name),
        None => host.split(':').next().unwrap_or_default(),
    };
    let name = name.trim_end_matches('.');
    name.parse::<IpAddr>().is_ok() || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::is_own_name;

    #[test]
    fn addresses_and_this_machine_are_own_hosts() {
        for host in [
            "127.0.0.1:8080",
            "127.0.0.1",
            "[::1]:1",
            "localhost:1",
            "LOCALHOST.",
            "10.0.0.7",
        ] {
            assert!(is_own_name(host), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example:1",
            "127.0.0.1.evil.example",
            "",
            "sandbox",
        ] {
            assert!(!is_own_name(host), "{host}");
        }
    }
}
