//! Macros for what generated code has several of: alternatives of an enum, and replies of an
//! operation. A generated module only lists these.

/// Implements an enum of which a value is any of several alternatives (`any_of`), or just one
/// of them (`one_of`).
///
/// Each alternative has its variant and the type in it; `from` and `boxed` ones can be made of
/// that type. Variants whose type was named before (`again`) and those for `null` come after
/// them. With `reads` the name of an object's first member tells which alternative it is, and
/// `by status` has the status of a reply say which alternative its body is.
///
/// ```
/// # use apifox_runtime as rt;
/// # use apifox_runtime::Decode as _;
/// #[derive(Debug, PartialEq)]
/// enum Reply {
///     Status200(String),
///     Status201(bool),
///     Status204,
/// }
///
/// rt::alternatives! {
///     any_of Reply { from Status200(String), from Status201(bool) }
///     null { Status204 }
///     by status { 200 => value Status200, 201 => value Status201, 204 => null Status204, _ => no Status204 }
/// }
///
/// assert_eq!(serde_json::from_str::<Reply>("true")?, true.into());
/// assert_eq!(serde_json::to_string(&Reply::Status204)?, "null");
/// let text = rt::Node::String("a".into());
/// assert_eq!(Reply::decode_reply(200, &text), Ok(Reply::Status200("a".to_owned())));
/// assert!(Reply::decode_reply(201, &text).is_err());
/// assert!(Reply::decode_reply(500, &text).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! alternatives {
    ($decide:ident $name:ident { $($kind:ident $variant:ident($of:ty)),* $(,)? }
        $(again { $($again:ident),* $(,)? })?
        $(null { $($null:ident),* $(,)? })?
        $(reads { $($hold:ident $read:ident: $($key:literal)|+),* $(,)? })?
        $(by status { $($status:pat => $how:ident $meant:ident),* $(,)? })?
    ) => {
        impl $crate::Decode for $name {
            $crate::alternatives! { @read $($($hold $read: $($key)|+),*)? }

            #[inline]
            fn decode(
                node: &$crate::Node<'_>,
                at: $crate::Path<'_>,
                report: &mut $crate::Report,
            ) -> Option<Self> {
                let alternatives: &[$crate::Alternative<Self>] = &[
                    $($crate::alternatives!(@decode value $variant),)*
                    $($($crate::alternatives!(@decode null $null),)*)?
                ];
                $crate::$decide(node, at, report, alternatives)
            }

            $(
                fn decode_reply(
                    status: u16,
                    node: &$crate::Node<'_>,
                ) -> Result<Self, $crate::Invalid> {
                    match status {
                        $($status => $crate::alternatives!(@reply $how status node $meant),)*
                    }
                }
            )?
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => $crate::serde::Serialize::serialize(value, serializer),)*
                    $($(Self::$again(value) => $crate::serde::Serialize::serialize(value, serializer),)*)?
                    $($(Self::$null => serializer.serialize_unit(),)*)?
                }
            }
        }

        $($crate::alternatives! { @from $kind $name $variant($of) })*
        $crate::impl_deserialize! { $name }
    };
    (@read) => { const IS_COMPOSITE: bool = false; };
    (@read $($hold:ident $read:ident: $($key:literal)|+),+) => {
        #[inline]
        fn read<'de, D: $crate::serde::Deserializer<'de>>(
            deserializer: D,
            place: &mut Option<Self>,
        ) -> Result<$crate::Rejected<'de>, D::Error> {
            $crate::read_object(deserializer, place)
        }

        #[inline]
        fn read_members<'de, A: $crate::serde::de::MapAccess<'de>>(
            entries: &mut $crate::Entries<'de, A>,
            place: &mut Option<Self>,
        ) -> Result<$crate::Rejected<'de>, A::Error> {
            match entries.key() {
                $(Some($($key)|+) => $crate::read_members_as(entries, place, |value| {
                    Self::$read($crate::alternatives!(@hold $hold value))
                }),)+
                _ => $crate::read_members_as_tree(entries, place),
            }
        }
    };
    (@hold boxed $value:ident) => { Box::new($value) };
    (@hold from $value:ident) => { $value };
    (@decode null $variant:ident) => {
        |node, at, report| {
            <$crate::Null as $crate::Decode>::decode(node, at, report).map(|()| Self::$variant)
        }
    };
    (@decode value $variant:ident) => {
        |node, at, report| $crate::Decode::decode(node, at, report).map(Self::$variant)
    };
    (@reply value $status:ident $node:ident $variant:ident) => {
        $crate::Decode::decode_root($node).map(Self::$variant)
    };
    (@reply null $status:ident $node:ident $variant:ident) => { Ok(Self::$variant) };
    (@reply no $status:ident $node:ident $variant:ident) => { $crate::undescribed_status($status) };
    (@from from $name:ident $variant:ident($of:ty)) => {
        impl From<$of> for $name {
            #[inline]
            fn from(value: $of) -> Self {
                Self::$variant(value)
            }
        }
    };
    (@from boxed $name:ident $variant:ident($of:ty)) => {
        impl From<$of> for $name {
            #[inline]
            fn from(value: $of) -> Self {
                Self::$variant(Box::new(value))
            }
        }
    };
    (@from $kind:ident $name:ident $variant:ident($of:ty)) => {};
}

/// The replies of an operation whose places in its document begin alike: each with its status,
/// what its place ends with if that is not the status, whether it is a range, whether it is text,
/// and its name. The place that they begin with may be told in two parts.
///
/// ```
/// # use apifox_runtime as rt;
/// const REPLIES: &[rt::Response] = rt::responses! {
///     "/paths/~1pets/get/responses/":
///     200 => Vec<String>, 400 at "4XX" is range as text => bool, 0 at "default" named "others" => ()
/// };
/// assert_eq!(REPLIES[0].pointer, "/paths/~1pets/get/responses/200");
/// assert_eq!((REPLIES[1].pointer, REPLIES[1].is_range), ("/paths/~1pets/get/responses/4XX", true));
/// assert_eq!((REPLIES[0].is_text, REPLIES[1].is_text), (false, true));
/// assert_eq!((REPLIES[2].status, REPLIES[2].name), (0, "others"));
/// ```
#[macro_export]
macro_rules! responses {
    ($base:tt: $(
        $status:literal $(at $key:literal)? $(is $range:ident)? $(as $text:ident)?
            $(named $name:literal)? => $of:ty
    ),* $(,)?) => {
        &[$($crate::Response {
            status: $status,
            is_range: $crate::responses!(@is $($range)?),
            name: concat!("" $(, $name)?),
            pointer: $crate::responses!(@pointer $base $($key)? $status),
            is_text: $crate::responses!(@is $($text)?),
            check: $crate::check::<$of>,
        }),*]
    };
    (@is range) => { true };
    (@is text) => { true };
    (@is) => { false };
    (@pointer ($($base:literal),+) $key:literal $($status:literal)?) => { concat!($($base,)+ $key) };
    (@pointer $base:literal $key:literal $($status:literal)?) => { concat!($base, $key) };
}
