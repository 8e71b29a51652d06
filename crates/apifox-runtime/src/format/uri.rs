//! URIs of RFC 3986.

use core::net::Ipv6Addr;

/// Whether a text is a `URI`: it has a scheme.
pub(super) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let (rest, fragment) = cut(rest, '#');
    let (rest, query) = cut(rest, '?');
    let is_last_part = |part: Option<&str>| part.is_none_or(|part| is_of(part, ":@/?"));
    is_scheme(scheme) && is_hierarchy(rest) && is_last_part(query) && is_last_part(fragment)
}

/// What stands before and after the first `mark`.
fn cut(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

fn is_scheme(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.bytes().all(is_inner)
}

/// Whether a text is a `hier-part`: an authority and a path, or a path.
fn is_hierarchy(text: &str) -> bool {
    let Some(text) = text.strip_prefix("//") else {
        return is_of(text, ":@/");
    };
    let end = text.find('/').unwrap_or(text.len());
    let (authority, path) = text.split_at(end);
    is_authority(authority) && is_of(path, ":@/")
}

fn is_authority(text: &str) -> bool {
    let (user, host) = match text.split_once('@') {
        Some((user, host)) => (user, host),
        None => ("", text),
    };
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let is_host = match host.strip_prefix('[').and_then(|host| host.split_once(']')) {
        Some((address, port)) => {
            is_literal(address) && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
        }
        None => {
            let (name, port) = cut(host, ':');
            is_of(name, "") && port.is_none_or(is_port)
        }
    };
    is_of(user, ":") && is_host
}

/// Whether a text is what may stand between the brackets of an `IP-literal`.
fn is_literal(text: &str) -> bool {
    let Some(future) = text.strip_prefix(['v', 'V']) else {
        return text.parse::<Ipv6Addr>().is_ok();
    };
    future.split_once('.').is_some_and(|(version, address)| {
        let is_version = version.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_address = !address.contains('%') && is_of(address, ":");
        !version.is_empty() && is_version && !address.is_empty() && is_address
    })
}

/// Whether all characters are unreserved, sub-delimiters, percent-encoded, or of `others`.
fn is_of(text: &str, others: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let is_allowed = match byte {
            b'%' => {
                let mut is_digit = || bytes.next().is_some_and(|byte| byte.is_ascii_hexdigit());
                is_digit() && is_digit()
            }
            byte => {
                byte.is_ascii_alphanumeric()
                    || b"-._~!$&'()*+,;=".contains(&byte)
                    || others.as_bytes().contains(&byte)
            }
        };
        if !is_allowed {
            return false;
        }
    }
    true
}
