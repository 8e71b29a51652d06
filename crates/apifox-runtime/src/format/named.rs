//! The formats that a string can be held to.

use core::net::{Ipv4Addr, Ipv6Addr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::format::{duration, email, rfc3339, uri};

/// A format that a string is held to by the keyword `x-format`.
///
/// JSON Schema's own `format` is only a remark: it restricts nothing.
///
/// ```
/// use apifox_runtime::Format;
///
/// assert_eq!(Format::named("date"), Some(Format::Date));
/// assert!(Format::Date.accepts("2024-02-29"));
/// assert!(!Format::Date.accepts("2023-02-29"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A date and a time with its offset from UTC, of RFC 3339: `2024-02-29T12:00:00Z`
    DateTime,
    /// A date, of RFC 3339: `2024-02-29`
    Date,
    /// A time with its offset from UTC, of RFC 3339: `12:00:00+08:00`
    Time,
    /// A duration, of RFC 3339's appendix A: `P1DT12H`
    Duration,
    /// A UUID, of RFC 4122: `f81d4fae-7dec-11d0-a765-00a0c91e6bf6`
    Uuid,
    /// A URI with a scheme, of RFC 3986: `https://example.com/a?b#c`
    Uri,
    /// A mailbox, of RFC 5321: `mimi@example.com`
    Email,
    /// An address of IPv4, in four numbers: `192.0.2.1`
    Ipv4,
    /// An address of IPv6, of RFC 4291: `2001:db8::1`
    Ipv6,
    /// Bytes in base64 with padding, of RFC 4648: `bWltaQ==`
    Byte,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::DateTime,
        Self::Date,
        Self::Time,
        Self::Duration,
        Self::Uuid,
        Self::Uri,
        Self::Email,
        Self::Ipv4,
        Self::Ipv6,
        Self::Byte,
    ];

    /// The format that schemas call `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// What schemas call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.texts().0
    }

    /// What a string of it is, with an article.
    #[must_use]
    pub const fn described(self) -> &'static str {
        self.texts().1
    }

    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::DateTime => ("date-time", "a date and time such as 2024-02-29T12:00:00Z"),
            Self::Date => ("date", "a date such as 2024-02-29"),
            Self::Time => ("time", "a time such as 12:00:00Z"),
            Self::Duration => ("duration", "a duration such as P1DT12H"),
            Self::Uuid => (
                "uuid",
                "a UUID such as f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            ),
            Self::Uri => ("uri", "a URI such as https://example.com/"),
            Self::Email => ("email", "an e-mail address such as mimi@example.com"),
            Self::Ipv4 => ("ipv4", "an IPv4 address such as 192.0.2.1"),
            Self::Ipv6 => ("ipv6", "an IPv6 address such as 2001:db8::1"),
            Self::Byte => ("byte", "base64 such as bWltaQ=="),
        }
    }

    /// Whether a string is of this format.
    #[must_use]
    pub fn accepts(self, text: &str) -> bool {
        match self {
            Self::DateTime => rfc3339::is_date_time(text),
            Self::Date => rfc3339::is_date(text),
            Self::Time => rfc3339::is_time(text),
            Self::Duration => duration::is_duration(text),
            Self::Uuid => is_uuid(text),
            Self::Uri => uri::is_uri(text),
            Self::Email => email::is_mailbox(text),
            Self::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
            Self::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
            Self::Byte => STANDARD.decode(text).is_ok(),
        }
    }
}

fn is_uuid(text: &str) -> bool {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    let mut groups = text.split('-');
    let is_group = |length: usize| {
        let digits = groups.next().filter(|group| group.len() == length);
        digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    GROUPS.into_iter().all(is_group) && groups.next().is_none()
}
