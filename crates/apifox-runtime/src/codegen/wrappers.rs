//! Macros for generated types with rules of their own: a generated module only states
//! the rules.
//!
//! `decode` is compiled for every type, used or not. It has `match` where `map` or `?`
//! would do: that makes compiling generated code a fifth faster.

/// Implements `FromStr` with a function, and `TryFrom<&str>` and `TryFrom<String>` with
/// that.
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Debug, PartialEq)]
/// struct Word(String);
///
/// static WORD: rt::Text = rt::Text {
///     format: None,
///     min_length: 1,
///     max_length: None,
///     pattern: None,
///     truncated_length: None,
/// };
///
/// rt::from_text! { Word: |text| WORD.check_built(text).map(|()| Self(text.to_owned())) }
///
/// assert_eq!("a".parse(), Ok(Word("a".to_owned())));
/// assert_eq!(
///     Word::try_from("").unwrap_err().to_string(),
///     r#"(root): minLength: expected at least 1 character, found """#
/// );
/// ```
#[macro_export]
macro_rules! from_text {
    ($name:ident: |$text:ident| $read:expr) => {
        $crate::from_str! { $name: |$text| $read }
        impl TryFrom<String> for $name {
            type Error = $crate::Invalid;
            #[inline]
            fn try_from(text: String) -> Result<Self, $crate::Invalid> {
                text.parse()
            }
        }
    };
}

/// Implements `FromStr` with a function, and `TryFrom<&str>` with that.
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Debug, PartialEq)]
/// struct Word(String);
///
/// rt::from_str! { Word: |text| Ok(Self(text.to_owned())) }
///
/// assert_eq!(Word::try_from("a"), "a".parse());
/// ```
#[macro_export]
macro_rules! from_str {
    ($name:ident: |$text:ident| $read:expr) => {
        impl ::std::str::FromStr for $name {
            type Err = $crate::Invalid;
            #[inline]
            fn from_str($text: &str) -> Result<Self, $crate::Invalid> {
                $read
            }
        }
        impl TryFrom<&str> for $name {
            type Error = $crate::Invalid;
            #[inline]
            fn try_from(text: &str) -> Result<Self, $crate::Invalid> {
                text.parse()
            }
        }
    };
}

/// Implements a type that wraps another one and is checked by a [guard](crate::Guard), which says
/// yes or no as it `accepts`, as `accepts_encoded`, by a function `satisfies` of the type, or
/// `always`, where it only warns.
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Debug)]
/// struct Even(rt::Integer);
///
/// const EVEN: rt::SchemaText = rt::SchemaText::new(r#"{"multipleOf": 2}"#);
///
/// rt::guarded! { Even(rt::Integer): new(EVEN, "", rt::Draft::Latest), accepts }
///
/// assert_eq!(Even::try_from(rt::Integer::from(4))?.get().as_i64(), Some(4));
/// assert_eq!(
///     Even::try_from(rt::Integer::from(5)).unwrap_err().to_string(),
///     "(root): multipleOf: expected a multiple of 2, found 5"
/// );
/// # Ok::<(), rt::Invalid>(())
/// ```
#[macro_export]
macro_rules! guarded {
    ($name:ident($of:ty): $new:ident($($schema:expr),* $(,)?), $accepts:ident) => {
        impl $crate::Decode for $name {
            const IS_COMPOSITE: bool = <$of as $crate::Decode>::IS_COMPOSITE;

            #[inline]
            fn decode(
                node: &$crate::Node<'_>,
                at: $crate::Path<'_>,
                report: &mut $crate::Report,
            ) -> Option<Self> {
                $crate::guarded!(@ $new node node at at report report)
            }

            #[inline]
            fn read<'de, D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
                place: &mut Option<Self>,
            ) -> Result<$crate::Rejected<'de>, D::Error> {
                let accepts = |value: &$of| $crate::guarded!(@accepts $accepts value);
                $crate::read_checked(deserializer, place, accepts, Self)
            }
        }
        impl $name {
            #[inline]
            fn guard() -> &'static $crate::Guard {
                static GUARD: $crate::Guard = $crate::Guard::$new($($schema),*);
                &GUARD
            }

            /// The value.
            #[must_use]
            #[inline]
            pub const fn get(&self) -> &$of {
                &self.0
            }
        }
        impl TryFrom<$of> for $name {
            type Error = $crate::Invalid;
            #[inline]
            fn try_from(value: $of) -> Result<Self, $crate::Invalid> {
                Self::guard().check_built(&value).map(|()| Self(value))
            }
        }
        $crate::into_inner! { $name($of) }
        $crate::serialize_inner! { $name }
        $crate::impl_deserialize! { $name }
    };
    (@accepts satisfies $value:ident) => { Self::satisfies($value) };
    (@accepts always $value:ident) => {{
        let _ = $value;
        true
    }};
    (@accepts $accepts:ident $value:ident) => { Self::guard().$accepts($value) };
    (@ new node $node:ident at $at:ident report $report:ident) => {{
        let checked = Self::guard().check($node, $at, $report);
        match checked {
            Some(()) => match $crate::Decode::decode($node, $at, $report) {
                Some(value) => Some(Self(value)),
                None => None,
            },
            None => None,
        }
    }};
    (@ cross_field_only node $node:ident at $at:ident report $report:ident) => {{
        let value = $crate::Decode::decode($node, $at, $report);
        match (Self::guard().check($node, $at, $report), value) {
            (Some(()), Some(value)) => Some(Self(value)),
            _ => None,
        }
    }};
}

/// Implements a type that wraps a `Vec` and obeys [rules](crate::Items); `or` says that one item
/// makes one as well.
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Debug)]
/// struct Pair(Vec<bool>);
///
/// rt::items! {
///     Pair(bool): min_items: 2, max_items: Some(2)
/// }
///
/// let pair = Pair::try_from(vec![true, false])?;
/// assert_eq!((pair[0], pair.iter().count()), (true, 2));
/// assert_eq!(pair.into_iter().next(), Some(true));
/// assert_eq!(
///     Pair::try_from(vec![true]).unwrap_err().to_string(),
///     "(root): minItems: expected at least 2 items, found [true]"
/// );
/// # Ok::<(), rt::Invalid>(())
/// ```
#[macro_export]
macro_rules! items {
    ($name:ident($of:ty) or $one:ty: $($rules:tt)*) => {
        $crate::items! { $name($of): $($rules)* }
        impl From<$one> for $name {
            #[inline]
            fn from(value: $one) -> Self {
                Self(vec![value])
            }
        }
    };
    ($name:ident($of:ty): $($rule:ident: $value:expr),* $(,)?) => {
        impl $name {
            const RULES: $crate::Items<$of> = $crate::Items { $($rule: $value,)* ..$crate::Items::ANY };

            /// The items.
            #[must_use]
            #[inline]
            pub fn as_slice(&self) -> &[$of] {
                &self.0
            }
        }
        impl TryFrom<Vec<$of>> for $name {
            type Error = $crate::Invalid;
            #[inline]
            fn try_from(items: Vec<$of>) -> Result<Self, $crate::Invalid> {
                Self::RULES.check_built(&items).map(|()| Self(items))
            }
        }
        $crate::into_inner! { $name(Vec<$of>) }
        $crate::collection! { checked list $name($of) }
        impl $crate::Decode for $name {
            #[inline]
            fn decode(
                node: &$crate::Node<'_>,
                at: $crate::Path<'_>,
                report: &mut $crate::Report,
            ) -> Option<Self> {
                let checked = Self::RULES.check(node, at, report);
                match (checked, $crate::Decode::decode(node, at, report)) {
                    (Some(()), Some(items)) => Some(Self(items)),
                    _ => None,
                }
            }

            #[inline]
            fn read<'de, D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
                place: &mut Option<Self>,
            ) -> Result<$crate::Rejected<'de>, D::Error> {
                let accepts = |items: &Vec<$of>| Self::RULES.accepts(items);
                $crate::read_checked(deserializer, place, accepts, Self)
            }
        }
        $crate::serialize_inner! { $name }
        $crate::impl_deserialize! { $name }
    };
}

/// Implements a type that wraps a `String` and obeys [rules](crate::Text): one that is made of
/// `any` string, or of one that is `checked`.
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Debug, PartialEq)]
/// struct Word(String);
///
/// rt::text! {
///     checked Word: min_length: 1, max_length: Some(9), pattern: None, truncated_length: None
/// }
///
/// assert_eq!("a".parse::<Word>()?.as_str(), "a");
/// assert!(Word::try_from("").is_err());
/// # Ok::<(), rt::Invalid>(())
/// ```
#[macro_export]
macro_rules! text {
    (checked $name:ident: $($rules:tt)*) => {
        $crate::text! { $name: $($rules)* }
        $crate::from_text! {
            $name: |text| Self::rules().check_built(text).map(|()| Self(text.to_owned()))
        }
    };
    (any $name:ident: $($rules:tt)*) => {
        $crate::text! { $name: $($rules)* }
        impl From<String> for $name {
            #[inline]
            fn from(text: String) -> Self {
                Self(text)
            }
        }
        impl From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
    ($name:ident: min_length: $($rest:tt)*) => {
        $crate::text! { $name: format: None, min_length: $($rest)* }
    };
    ($name:ident: $($rule:ident: $value:expr),* $(,)?) => {
        impl $name {
            #[inline]
            fn rules() -> &'static $crate::Text {
                static RULES: $crate::Text = $crate::Text { $($rule: $value),* };
                &RULES
            }

            /// The text.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        $crate::into_inner! { $name(String) }
        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        $crate::decode_scalar! {
            $name: |node, at, report| Self::rules().decode(node, at, report),
            |text| Self(text)
        }
        $crate::serialize_inner! { $name }
        $crate::display_inner! { $name }
        $crate::impl_deserialize! { $name }
    };
}

/// Implements a type that wraps [`Dimensions`](crate::Dimensions) and obeys
/// [rules](crate::SizeRules).
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Debug)]
/// struct Size(rt::Dimensions);
///
/// rt::size! {
///     Size: separators: &['x'], min_area: 0, max_area: 1_000_000, min_side: 8, max_side: 4096,
///     min_ratio: None, max_ratio: None
/// }
///
/// assert_eq!(Size::new(64, 32)?.to_string(), "64x32");
/// assert_eq!("64x32".parse::<Size>()?.width(), 64);
/// assert_eq!(
///     Size::try_from("4x32").unwrap_err().to_string(),
///     r#"(root): x-side: expected from 8 to 4096 pixels a side, found "4x32""#
/// );
/// # Ok::<(), rt::Invalid>(())
/// ```
#[macro_export]
macro_rules! size {
    ($name:ident: $($rule:ident: $value:expr),* $(,)?) => {
        impl $name {
            const RULES: $crate::SizeRules = $crate::SizeRules { $($rule: $value),* };

            /// A size in pixels.
            ///
            /// # Errors
            ///
            /// Every rule that it breaks.
            #[inline]
            pub fn new(width: u64, height: u64) -> Result<Self, $crate::Invalid> {
                Self::RULES.build(width, height).map(Self)
            }

            /// In pixels.
            #[must_use]
            #[inline]
            pub const fn width(&self) -> u64 {
                self.0.width()
            }

            /// In pixels.
            #[must_use]
            #[inline]
            pub const fn height(&self) -> u64 {
                self.0.height()
            }
        }
        $crate::from_text! { $name: |text| Self::RULES.parse(text).map(Self) }
        $crate::decode_scalar! {
            $name: |node, at, report| Self::RULES.check(node, at, report),
            |size| Self(size)
        }
        $crate::serialize_inner! { $name }
        $crate::display_inner! { $name }
        $crate::impl_deserialize! { $name }
    };
}

/// Implements a type that wraps an `i64` and obeys [rules](crate::BoundedInt).
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Debug)]
/// struct Seconds(i64);
///
/// rt::bounded_int! { Seconds: minimum: 1, maximum: 15, multiple_of: 1 }
///
/// assert_eq!(Seconds::try_from(3_i64)?.get(), 3);
/// assert_eq!(
///     Seconds::try_from(0_i64).unwrap_err().to_string(),
///     "(root): minimum: expected at least 1, found 0"
/// );
/// # Ok::<(), rt::Invalid>(())
/// ```
#[macro_export]
macro_rules! bounded_int {
    ($name:ident: minimum: $minimum:expr, maximum: $maximum:expr, multiple_of: $multiple_of:expr) => {
        impl $name {
            const RULES: $crate::BoundedInt = $crate::BoundedInt {
                minimum: $minimum,
                maximum: $maximum,
                multiple_of: $multiple_of,
            };
            /// The smallest value allowed.
            pub const MINIMUM: i64 = $minimum;
            /// The largest value allowed.
            pub const MAXIMUM: i64 = $maximum;

            /// The value.
            #[must_use]
            #[inline]
            pub const fn get(self) -> i64 {
                self.0
            }
        }
        impl TryFrom<i64> for $name {
            type Error = $crate::Invalid;
            #[inline]
            fn try_from(value: i64) -> Result<Self, $crate::Invalid> {
                Self::RULES.check_built(value).map(|()| Self(value))
            }
        }
        $crate::try_from! { $name: i32, u32, u64, usize, $crate::Integer }
        $crate::into_inner! { $name(i64) }
        impl From<$name> for $crate::Integer {
            #[inline]
            fn from(value: $name) -> Self {
                value.0.into()
            }
        }
        $crate::decode_scalar! {
            $name: |node, at, report| Self::RULES.check(node, at, report),
            |value| Self(value)
        }
        $crate::serialize_inner! { $name }
        $crate::display_inner! { $name }
        $crate::impl_deserialize! { $name }
    };
}

/// Implements a type that wraps an [`Integer`](crate::Integer) or a
/// [`Number`](serde_json::Number) and obeys [rules](crate::Bounds): an `integer` or a `number`,
/// which numbers of Rust convert to.
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Debug)]
/// struct Pixel(rt::Integer);
///
/// rt::bounded! { integer Pixel: minimum: Integer(0), multiple_of: Float(0.5) }
///
/// assert_eq!(Pixel::try_from(4)?.get().as_i64(), Some(4));
/// assert_eq!(
///     Pixel::try_from(rt::Integer::from(-1)).unwrap_err().to_string(),
///     "(root): minimum: expected at least 0, found -1"
/// );
/// # Ok::<(), rt::Invalid>(())
/// ```
#[macro_export]
macro_rules! bounded {
    (integer $name:ident: $($rules:tt)*) => {
        $crate::bounded! { $name($crate::Integer): $($rules)* }
        $crate::try_from! { $name: i32, i64, u32, u64, usize }
        $crate::display_inner! { $name }
    };
    (number $name:ident: $($rules:tt)*) => {
        $crate::bounded! { $name($crate::codegen::Number): $($rules)* }
        $crate::try_from! { $name: i32, i64, u32, u64, f64 }
        $crate::display_inner! { $name }
    };
    ($name:ident($of:ty): $($rule:ident: $kind:ident($limit:expr)),* $(,)?) => {
        impl $name {
            const RULES: &'static $crate::Bounds = &$crate::Bounds {
                $($rule: Some($crate::Limit::$kind($limit)),)*
                ..$crate::Bounds::NONE
            };

            /// The value.
            #[must_use]
            #[inline]
            pub const fn get(&self) -> &$of {
                &self.0
            }
        }
        impl TryFrom<$of> for $name {
            type Error = $crate::Invalid;
            #[inline]
            fn try_from(value: $of) -> Result<Self, $crate::Invalid> {
                Self::RULES.check_built(&value).map(|()| Self(value))
            }
        }
        $crate::into_inner! { $name($of) }
        $crate::decode_scalar! {
            $name: |node, at, report| $crate::decode_bounded(Self::RULES, node, at, report),
            |value| Self(value)
        }
        $crate::serialize_inner! { $name }
        $crate::impl_deserialize! { $name }
    };
}

/// Implements `TryFrom` numbers of Rust for a type of numbers.
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Debug)]
/// struct Seconds(i64);
///
/// rt::bounded_int! { Seconds: minimum: 1, maximum: 15, multiple_of: 1 }
///
/// assert_eq!(Seconds::try_from(3u64)?.get(), 3);
/// assert!(Seconds::try_from(u64::MAX).is_err());
/// assert!(Seconds::try_from(rt::Integer::from(16)).is_err());
/// # Ok::<(), rt::Invalid>(())
/// ```
#[macro_export]
macro_rules! try_from {
    ($name:ident: $($of:ty),* $(,)?) => {$(
        impl TryFrom<$of> for $name {
            type Error = $crate::Invalid;
            #[inline]
            fn try_from(value: $of) -> Result<Self, $crate::Invalid> {
                $crate::Decode::decode_root(&$crate::Node::from(value))
            }
        }
    )*};
}

/// Implements an enum whose variants stand for constants; with braces, for strings, which it
/// is read from.
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Clone, Copy, Debug, PartialEq)]
/// enum Format {
///     Png,
///     Jpeg,
/// }
///
/// rt::constants! { Format: Png = Text("png"), Jpeg = Text("jpeg") }
///
/// assert_eq!(Format::ALL, [Format::Png, Format::Jpeg]);
/// assert_eq!(Format::Png.to_string(), "png");
///
/// #[derive(Clone, Copy, Debug, PartialEq)]
/// enum Kind {
///     Cat,
/// }
///
/// rt::constants! { Kind { Cat = "cat" } }
///
/// assert_eq!(("cat".parse(), Kind::Cat.as_str()), (Ok(Kind::Cat), "cat"));
/// assert!(Kind::try_from("dog").is_err());
/// ```
#[macro_export]
macro_rules! constants {
    ($name:ident { $($variant:ident = $value:literal),* $(,)? }) => {
        $crate::constants! { $name: $($variant = Text($value)),* }
        $crate::from_text! {
            $name: |text| $crate::parse_constant(Self::ALL, Self::CONSTANTS, text)
        }
        impl $name {
            /// The text.
            #[must_use]
            #[inline]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $value),*
                }
            }
        }
        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }
    };
    ($name:ident: $($variant:ident = $kind:ident $(($value:expr))?),* $(,)?) => {
        impl $name {
            const CONSTANTS: &'static [$crate::Constant] =
                &[$($crate::Constant::$kind $(($value))?),*];
            /// Every value, in the order of the document.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            #[inline]
            const fn constant(self) -> $crate::Constant {
                Self::CONSTANTS[self as usize]
            }
        }
        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.constant().fmt_plain(f)
            }
        }
        $crate::decode_scalar! {
            $name: |node, at, report| $crate::decode_constant(Self::CONSTANTS, node, at, report),
            // Both lists have the same length.
            |index| Self::ALL[index]
        }
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                $crate::serde::Serialize::serialize(&self.constant(), serializer)
            }
        }
        $crate::impl_deserialize! { $name }
    };
}

/// Declares a type of one string.
///
/// ```
/// # use apifox_runtime as rt;
/// rt::constant! { pub enum Kind { Cat = "cat" } }
///
/// assert_eq!((Kind::default(), Kind::Cat.to_string()), (Kind::Cat, "cat".to_owned()));
/// assert!(serde_json::from_str::<Kind>(r#""dog""#).is_err());
/// ```
#[macro_export]
macro_rules! constant {
    (pub enum $name:ident { $variant:ident = $value:literal }) => {
        #[doc = concat!("Always `\"", $value, "\"`.")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub enum $name {
            #[doc = concat!("`\"", $value, "\"`")]
            #[default]
            $variant,
        }

        $crate::constants! { $name { $variant = $value } }
    };
}

/// Implements [`Decode`](crate::Decode) for a type that is made of what a scalar decodes to.
#[doc(hidden)]
#[macro_export]
macro_rules! decode_scalar {
    (
        $name:ident: |$node:ident, $at:ident, $report:ident| $decoded:expr,
        |$value:ident| $made:expr
    ) => {
        impl $crate::Decode for $name {
            const IS_COMPOSITE: bool = false;

            #[inline]
            fn decode(
                $node: &$crate::Node<'_>,
                $at: $crate::Path<'_>,
                $report: &mut $crate::Report,
            ) -> Option<Self> {
                match $decoded {
                    Some($value) => Some($made),
                    None => None,
                }
            }
        }
    };
}

/// Gives the value that a type wraps.
#[doc(hidden)]
#[macro_export]
macro_rules! into_inner {
    ($name:ident($of:ty)) => {
        impl From<$name> for $of {
            #[inline]
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

/// Displays a type as the value that it wraps.
///
/// ```
/// # use apifox_runtime as rt;
/// struct Word(String);
///
/// rt::display_inner! { Word }
///
/// assert_eq!(Word("a".to_owned()).to_string(), "a");
/// ```
#[macro_export]
macro_rules! display_inner {
    ($name:ident) => {
        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

/// Serializes a type as the value that it wraps.
///
/// ```
/// # use apifox_runtime as rt;
/// struct Word(String);
///
/// rt::serialize_inner! { Word }
///
/// assert_eq!(serde_json::to_string(&Word("a".to_owned()))?, r#""a""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! serialize_inner {
    ($name:ident) => {
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                $crate::serde::Serialize::serialize(&self.0, serializer)
            }
        }
    };
}

/// Implements `Deserialize` with [`Decode`](crate::Decode).
///
/// ```
/// # use apifox_runtime as rt;
/// struct Word(String);
///
/// impl rt::Decode for Word {
///     fn decode(node: &rt::Node<'_>, at: rt::Path<'_>, report: &mut rt::Report) -> Option<Self> {
///         rt::Decode::decode(node, at, report).map(Self)
///     }
/// }
///
/// rt::impl_deserialize! { Word }
///
/// assert_eq!(serde_json::from_str::<Word>(r#""a""#)?.0, "a");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! impl_deserialize {
    ($name:ident) => {
        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::deserialize(deserializer)
            }
        }
    };
}

/// The function that [recodes](crate::recode) a type, with the feature `recode`.
///
/// Only tests need it, and it would have the serialization of all types compiled, which is
/// about a quarter of LLVM's work on generated code.
///
/// ```
/// # use apifox_runtime as rt;
/// let recode: Option<rt::Recode> = rt::recoded!(String);
/// assert_eq!(recode.is_some(), cfg!(feature = "recode"));
/// ```
#[cfg(feature = "recode")]
#[macro_export]
macro_rules! recoded {
    ($of:ty) => {
        Some($crate::recode::<$of>)
    };
}

/// The function that [recodes](crate::recode) a type, with the feature `recode`.
///
/// Only tests need it, and it would have the serialization of all types compiled, which is
/// about a quarter of LLVM's work on generated code.
#[cfg(not(feature = "recode"))]
#[macro_export]
macro_rules! recoded {
    ($of:ty) => {
        None
    };
}
