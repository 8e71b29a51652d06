//! A macro for values that a document names beside all others: a generated module only lists
//! these.

/// Implements an enum of values that a document names, and all others of their type: of strings
/// (`text`) or of integers (`integer`). A value that is named never becomes another.
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Clone, Debug, PartialEq)]
/// enum Kind {
///     Cat,
///     Dog,
///     Other(String),
/// }
///
/// rt::suggestions! { text Kind { Cat = "cat", Dog = "dog" } else Other }
///
/// assert_eq!(Kind::from("dog"), Kind::Dog);
/// assert_eq!(serde_json::from_str::<Kind>(r#""fox""#)?, Kind::Other("fox".to_owned()));
/// assert_eq!((Kind::Cat.to_string(), Kind::Cat.as_str()), ("cat".to_owned(), "cat"));
/// assert_eq!(Kind::KNOWN, [Kind::Cat, Kind::Dog]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! suggestions {
    (text $name:ident { $($variant:ident = $value:literal),* $(,)? } else $other:ident) => {
        $crate::suggestions! {
            @ $name (String) $other $($variant Text $value)*
        }

        impl $name {
            /// The text.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::$other(value) => value,
                }
            }
        }
        impl From<String> for $name {
            #[inline]
            fn from(value: String) -> Self {
                match value.as_str() {
                    $($value => Self::$variant,)*
                    _ => Self::$other(value),
                }
            }
        }
        impl From<&str> for $name {
            #[inline]
            fn from(value: &str) -> Self {
                Self::from(value.to_owned())
            }
        }
    };
    (integer $name:ident { $($variant:ident = $value:literal),* $(,)? } else $other:ident) => {
        $crate::suggestions! {
            @ $name ($crate::Integer) $other $($variant Integer $value)*
        }

        impl From<$crate::Integer> for $name {
            #[inline]
            fn from(value: $crate::Integer) -> Self {
                match value.as_i64() {
                    $(Some($value) => Self::$variant,)*
                    _ => Self::$other(value),
                }
            }
        }
        impl From<i64> for $name {
            #[inline]
            fn from(value: i64) -> Self {
                Self::from($crate::Integer::from(value))
            }
        }
    };
    (@ $name:ident ($of:ty) $other:ident $($variant:ident $kind:ident $value:literal)*) => {
        impl $name {
            /// The values that the document names, in its order.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];
        }
        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    $(Self::$variant => $crate::Constant::$kind($value).fmt_plain(f),)*
                    Self::$other(value) => ::std::fmt::Display::fmt(value, f),
                }
            }
        }
        $crate::decode_scalar! {
            $name: |node, at, report| <$of as $crate::Decode>::decode(node, at, report),
            |value| Self::from(value)
        }
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                use $crate::serde::Serialize as _;
                match self {
                    $(Self::$variant => $crate::Constant::$kind($value).serialize(serializer),)*
                    Self::$other(value) => value.serialize(serializer),
                }
            }
        }
        $crate::impl_deserialize! { $name }
    };
}
