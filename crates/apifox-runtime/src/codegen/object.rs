//! Macros for generated objects: a generated module only lists their fields.

/// Implements [`Decode`](crate::Decode), `Serialize` and `Deserialize` for an object
/// with fields.
///
/// Each field has a presence (`required`, `optional` or `or_empty`), its name in Rust and
/// its name in JSON. The field for members that the schema does not name, if there may be
/// any, comes last.
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Debug, PartialEq)]
/// struct Pet {
///     name: String,
///     class: Option<String>,
///     additional: rt::Additional<Pet>,
/// }
///
/// rt::object! { Pet { required name = "name", optional class = "class", .. additional } }
///
/// let pet: Pet = serde_json::from_str(r#"{"class": "cat", "name": "mimi"}"#)?;
/// assert_eq!(serde_json::to_string(&pet)?, r#"{"name":"mimi","class":"cat"}"#);
/// let error = serde_json::from_str::<Pet>(r#"{"class": null}"#).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     r#"(root): required: expected the field "name", found {"class":null}; "#.to_owned()
///         + "/class: type: expected a string, found null"
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! object {
    ($name:ident as JsonView { $($fields:tt)* }) => {
        $crate::object!($name { $($fields)* });
        $crate::json_view!($name { $($fields)* });
    };
    ($name:ident { $($presence:ident $field:ident = $key:literal),* $(,)? }) => {
        $crate::object!(@ $name ($($field $presence $key)*) () nothing_else);
    };
    ($name:ident { $($presence:ident $field:ident = $key:literal,)* .. $additional:ident }) => {
        $crate::object!(@ $name ($($field $presence $key)*) ($additional) rest);

        impl $crate::Named for $name {
            const NAMES: &'static [&'static str] = &[$($key),*];
        }
    };
    (@ $name:ident ($($field:ident $presence:ident $key:literal)*) ($($rest:ident)?) $end:ident) => {
        impl $crate::Decode for $name {
            const IS_COMPOSITE: bool = true;

            #[inline]
            fn decode(
                node: &$crate::Node<'_>,
                at: $crate::Path<'_>,
                report: &mut $crate::Report,
            ) -> Option<Self> {
                match $crate::Fields::new(node, at, report) {
                    Some(mut fields) => {
                        $(let $field = fields.$presence($key, report);)*
                        match ($($field,)* fields.$end(report)) {
                            ($(Some($field),)* Some(_rest)) => {
                                Some(Self { $($field,)* $($rest: _rest,)? })
                            }
                            _ => None,
                        }
                    }
                    None => None,
                }
            }

            #[inline]
            fn read<'de, D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<$crate::Read<'de, Self>, D::Error> {
                $crate::read_object(deserializer)
            }
        }

        impl $crate::ReadObject for $name {
            #[inline]
            fn read_members<'de, A: $crate::serde::de::MapAccess<'de>>(
                entries: &mut $crate::Entries<'de, A>,
            ) -> Result<$crate::Read<'de, Self>, A::Error> {
                use $crate::Slot as _;
                $(let mut $field = $crate::codegen::slot::$presence();)*
                let mut rest = $crate::codegen::slot::$end();
                let mut unclaimed = $crate::Unclaimed::default();
                while let Some(key) = entries.key() {
                    match key {
                        $($key => $field.take(entries, &mut unclaimed)?,)*
                        _ => rest.take(entries, &mut unclaimed)?,
                    }
                    entries.advance()?;
                }
                if !unclaimed.is_empty() $(|| $field.is_missing())* {
                    $($field.restore($key, &mut unclaimed);)*
                    rest.restore("", &mut unclaimed);
                    return Ok($crate::Read::Rejected(unclaimed.into_node()));
                }
                let whole = || Some(Self {
                    $($field: $field.into_value()?,)*
                    $($rest: rest.into_value()?,)?
                });
                Ok($crate::Read::from_option(whole()))
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                let mut map = $crate::serde::Serializer::serialize_map(serializer, None)?;
                $($crate::codegen::fields::$presence(&mut map, $key, &self.$field)?;)*
                $(self.$rest.serialize_into(&mut map)?;)?
                $crate::serde::ser::SerializeMap::end(map)
            }
        }

        $crate::impl_deserialize! { $name }
    };
}

/// Implements [`JsonView`](crate::JsonView) for an object, given as to [`object!`]: for
/// objects that a guard checks, or that are part of what it checks.
#[macro_export]
macro_rules! json_view {
    ($name:ident { $($presence:ident $field:ident = $key:literal),* $(,)? $(..$rest:ident)? }) => {
        impl $crate::JsonView for $name {
            #[inline]
            fn as_json(&self) -> $crate::JsonRef<'_> {
                $crate::JsonRef::Object(self)
            }

            #[inline]
            fn members(&self) -> Option<&dyn $crate::Members> {
                Some(self)
            }
        }

        impl $crate::Members for $name {
            #[inline]
            fn count(&self) -> usize {
                let fields: &[Option<&dyn $crate::JsonView>] = &[
                    $($crate::codegen::view::$presence(&self.$field)),*
                ];
                fields.iter().flatten().count() $(+ self.$rest.len())?
            }

            #[inline]
            fn member(&self, name: &str) -> Option<&dyn $crate::JsonView> {
                match name {
                    $($key => return $crate::codegen::view::$presence(&self.$field),)*
                    _ => {}
                }
                $(
                    if let Some(value) = self.$rest.get(name) {
                        return Some(value);
                    }
                )?
                None
            }

            #[inline]
            fn for_each<'v>(&'v self, visit: &mut dyn FnMut(&'v str, &'v dyn $crate::JsonView)) {
                $(
                    if let Some(value) = $crate::codegen::view::$presence(&self.$field) {
                        visit($key, value);
                    }
                )*
                $(
                    for (name, value) in self.$rest.iter() {
                        visit(name, value);
                    }
                )?
            }
        }
    };
}

/// Implements a method for each optional field that gives it a value: `into` converts the
/// value, and `try_into` returns what is wrong with it.
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Debug)]
/// struct Seconds(i64);
///
/// rt::bounded_int! { Seconds: minimum: 1, maximum: 15, multiple_of: 1 }
///
/// #[derive(Default)]
/// struct Film {
///     title: Option<String>,
///     length: Option<Seconds>,
/// }
///
/// rt::setters! { Film { into title: title = String, try_into length: length = Seconds } }
///
/// let film = Film::default().title("a cat").length(5)?;
/// assert_eq!(film.title.as_deref(), Some("a cat"));
/// assert!(Film::default().length(16).is_err());
/// # Ok::<(), rt::Invalid>(())
/// ```
#[macro_export]
macro_rules! setters {
    ($name:ident { $($how:ident $setter:ident: $field:ident = $of:ty),* $(,)? }) => {
        impl $name {
            $($crate::setters! { @ $how $setter $field $of })*
        }
    };
    (@ into $setter:ident $field:ident $of:ty) => {
        #[doc = concat!("With [`", stringify!($field), "`](Self#structfield.", stringify!($field), ").")]
        #[must_use]
        #[inline]
        pub fn $setter(mut self, value: impl Into<$of>) -> Self {
            let value: $of = value.into();
            self.$field = Some(value.into());
            self
        }
    };
    (@ try_into $setter:ident $field:ident $of:ty) => {
        #[doc = concat!("With [`", stringify!($field), "`](Self#structfield.", stringify!($field), ").")]
        ///
        /// # Errors
        ///
        /// The rules that the value breaks.
        #[inline]
        pub fn $setter<V: TryInto<$of>>(mut self, value: V) -> Result<Self, V::Error> {
            let value: $of = value.try_into()?;
            self.$field = Some(value.into());
            Ok(self)
        }
    };
}

/// Implements `new`, which takes the fields that are listed in parentheses; the others are
/// as by default. Where there are none to take, it implements `Default` as well.
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Debug, PartialEq)]
/// struct Pet {
///     name: String,
///     class: Option<String>,
/// }
///
/// rt::constructor! { Pet(name: String) class }
///
/// assert_eq!(Pet::new("mimi".to_owned()).class, None);
///
/// struct Nothing {
///     tag: Option<String>,
/// }
///
/// rt::constructor! { Nothing() tag }
///
/// assert_eq!(Nothing::default().tag, Nothing::new().tag);
/// ```
#[macro_export]
macro_rules! constructor {
    ($name:ident() $($other:ident),* $(,)?) => {
        $crate::constructor! { @ $name() $($other)* }

        impl Default for $name {
            #[inline]
            fn default() -> Self {
                Self::new()
            }
        }
    };
    ($name:ident($($given:ident: $of:ty),+ $(,)?) $($other:ident),* $(,)?) => {
        $crate::constructor! { @ $name($($given: $of),+) $($other)* }
    };
    (@ $name:ident($($given:ident: $of:ty),*) $($other:ident)*) => {
        impl $name {
            /// With the required fields; those that have only one value are filled in.
            #[must_use]
            #[inline]
            #[allow(clippy::too_many_arguments, reason = "an object may require any number")]
            pub fn new($($given: $of),*) -> Self {
                Self {
                    $($given,)*
                    $($other: ::std::default::Default::default(),)*
                }
            }
        }
    };
}
