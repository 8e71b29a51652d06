//! Mailboxes of RFC 5321.

use core::net::{Ipv4Addr, Ipv6Addr};

const LONGEST_LOCAL_PART: usize = 64;
/// What 255 bytes on the wire hold as text.
const LONGEST_DOMAIN: usize = 253;
const LONGEST_LABEL: usize = 63;

/// Whether a text is a `Mailbox`.
pub(super) fn is_mailbox(text: &str) -> bool {
    // A quoted local part may hold any number of `@`; a domain holds none.
    text.rsplit_once('@')
        .is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain))
}

fn is_local_part(text: &str) -> bool {
    let quoted = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    let is_well_formed = match quoted {
        Some(quoted) => is_quoted(quoted),
        None => text.split('.').all(is_atom),
    };
    is_well_formed && text.len() <= LONGEST_LOCAL_PART
}

fn is_atom(text: &str) -> bool {
    let is_text = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_text)
}

/// Whether a text is what may stand between quotes.
fn is_quoted(text: &str) -> bool {
    let is_printable = |byte: u8| (32..=126).contains(&byte);
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let is_allowed = match byte {
            b'\\' => bytes.next().is_some_and(is_printable),
            b'"' => false,
            byte => is_printable(byte),
        };
        if !is_allowed {
            return false;
        }
    }
    true
}

fn is_domain(text: &str) -> bool {
    let literal = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let Some(literal) = literal else {
        return text.len() <= LONGEST_DOMAIN && text.split('.').all(is_label);
    };
    match literal.split_at_checked(5) {
        Some((tag, address)) if tag.eq_ignore_ascii_case("IPv6:") => {
            address.parse::<Ipv6Addr>().is_ok()
        }
        _ => literal.parse::<Ipv4Addr>().is_ok(),
    }
}

fn is_label(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=LONGEST_LABEL).contains(&text.len())
        && text.bytes().all(is_inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}
