//! A type for each format of strings.
//!
//! Each keeps the text as it is written: what was received is sent on unchanged.

use core::net::{Ipv4Addr, Ipv6Addr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::format::named::Format;
use crate::value::json_view::{JsonRef, JsonView};

macro_rules! types {
    ($($(#[$docs:meta])* $name:ident = $format:ident;)*) => {$(
        $(#[$docs])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(String);

        $crate::text! {
            $name: format: Some(Format::$format), min_length: 0, max_length: None,
            pattern: None, truncated_length: None
        }
        $crate::from_text! {
            $name: |text| Self::rules().check_built(text).map(|()| Self(text.to_owned()))
        }

        impl JsonView for $name {
            fn as_json(&self) -> JsonRef<'_> {
                self.0.as_json()
            }
        }
    )*};
}

types! {
    /// A date and a time with its offset from UTC, as RFC 3339 writes them.
    ///
    /// With the feature `jiff` it converts to and from what jiff has for it.
    ///
    /// ```
    /// use apifox_runtime::DateTime;
    ///
    /// let noon: DateTime = "2024-02-29T12:00:00+08:00".parse()?;
    /// assert_eq!(noon.as_str(), "2024-02-29T12:00:00+08:00");
    /// assert_eq!(
    ///     "2024-02-30T12:00:00Z".parse::<DateTime>().unwrap_err().to_string(),
    ///     "(root): format: expected a date and time such as 2024-02-29T12:00:00Z, \
    ///      found \"2024-02-30T12:00:00Z\""
    /// );
    /// # Ok::<(), apifox_runtime::Invalid>(())
    /// ```
    DateTime = DateTime;
    /// A date, as RFC 3339 writes it. With the feature `jiff` it converts to and from a
    /// `jiff::civil::Date`.
    Date = Date;
    /// A time with its offset from UTC, as RFC 3339 writes it. With the feature `jiff` it
    /// has a `jiff::civil::Time` and a `jiff::tz::Offset`.
    Time = Time;
    /// A duration such as `P1DT12H`, of RFC 3339. With the feature `jiff` it converts to and
    /// from a `jiff::Span`.
    Duration = Duration;
    /// A UUID with hyphens. With the feature `uuid` it converts to and from a `uuid::Uuid`.
    Uuid = Uuid;
    /// A URI with a scheme, of RFC 3986. With the feature `url` it converts to and from a
    /// `url::Url`.
    Uri = Uri;
    /// A mailbox of RFC 5321: `mimi@example.com`.
    Email = Email;
    /// An address of IPv4.
    Ipv4 = Ipv4;
    /// An address of IPv6.
    Ipv6 = Ipv6;
    /// Bytes, which JSON holds in base64.
    ///
    /// ```
    /// use apifox_runtime::Bytes;
    ///
    /// let bytes = Bytes::from(&b"mimi"[..]);
    /// assert_eq!(bytes.as_str(), "bWltaQ==");
    /// assert_eq!(bytes.decoded(), b"mimi");
    /// assert!(Bytes::try_from("bWltaQ").is_err());
    /// ```
    Bytes = Byte;
}

macro_rules! addresses {
    ($($name:ident($of:ident)),*) => {$(
        impl $name {
            /// The address.
            #[must_use]
            // The format is what this reads.
            pub fn get(&self) -> $of {
                self.0.parse().expect("an address")
            }
        }

        impl From<$of> for $name {
            fn from(value: $of) -> Self {
                Self(value.to_string())
            }
        }

        impl From<$name> for $of {
            fn from(value: $name) -> Self {
                value.get()
            }
        }
    )*};
}

addresses! { Ipv4(Ipv4Addr), Ipv6(Ipv6Addr) }

impl Bytes {
    /// The bytes themselves.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the format is what this reads")]
    pub fn decoded(&self) -> Vec<u8> {
        STANDARD.decode(&self.0).expect("base64")
    }
}

impl From<&[u8]> for Bytes {
    fn from(value: &[u8]) -> Self {
        Self(STANDARD.encode(value))
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(value: Vec<u8>) -> Self {
        Self::from(&value[..])
    }
}

impl Uuid {
    /// The UUID of a text that is known to be one.
    #[cfg(feature = "uuid")]
    pub(super) fn known(text: String) -> Self {
        Self(text)
    }
}
