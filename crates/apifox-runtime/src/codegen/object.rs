//! Macros for generated objects: a generated module only lists their fields.

/// Implements [`Decode`](crate::Decode), `Serialize` and `Deserialize` for an object
/// with fields, `new`, and methods that give optional fields a value.
///
/// Each field has a presence (`required`, `optional` or `or_empty`), its name in Rust and, where
/// that is another, its name in JSON. The field for members that the schema does not name, if
/// there may be any, comes last.
///
/// - `new` takes the required fields whose type is told; the others are as by default. Where it
///   takes none, `default` says so.
/// - There is a method for each optional field whose type is told: `into` converts a value to
///   it, and `try_into` returns what is wrong with it. What follows `as` is its name, where that
///   is not the field's.
/// - With `as JsonView` guards can look at it.
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Debug, PartialEq)]
/// struct Pet {
///     name: String,
///     class: Option<String>,
///     new: Option<bool>,
///     additional: rt::Additional<Pet>,
/// }
///
/// rt::object! {
///     Pet {
///         required(String) name, optional class = "kind": into String,
///         optional new: into bool as with_new, .. additional
///     }
/// }
///
/// let pet: Pet = serde_json::from_str(r#"{"kind": "cat", "name": "mimi"}"#)?;
/// assert_eq!(pet, Pet::new("mimi".to_owned()).class("cat"));
/// assert_eq!(serde_json::to_string(&pet)?, r#"{"name":"mimi","kind":"cat"}"#);
/// let error = serde_json::from_str::<Pet>(r#"{"kind": null}"#).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     r#"(root): required: expected the field "name", found {"kind":null}; "#.to_owned()
///         + "/kind: type: expected a string, found null"
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! object {
    ($name:ident as JsonView { $($fields:tt)* }) => {
        $crate::object! { $name { $($fields)* } }
        $crate::json_view! { $name { $($fields)* } }
    };
    ($name:ident default as JsonView { $($fields:tt)* }) => {
        $crate::object! { $name default { $($fields)* } }
        $crate::json_view! { $name { $($fields)* } }
    };
    ($name:ident $($default:ident)? {
        $($presence:ident $(($given:ty))? $field:ident $(= $key:literal)?
            $(: $how:ident $of:ty $(as $setter:ident)?)?),* $(,)?
    }) => {
        $crate::object! {
            @codec $name ($($field $presence [$crate::key! { $field $(= $key)? }])*) () nothing_else
            &[$($crate::key! { $field $(= $key)? }),*]
        }
        $crate::object! { @new $name $($default)? { $($field $(($given))?)* } () }
        impl $name {
            $($($crate::object! { @$how $field $of, $field $($setter)? })?)*
        }
    };
    ($name:ident $($default:ident)? {
        $($presence:ident $(($given:ty))? $field:ident $(= $key:literal)?
            $(: $how:ident $of:ty $(as $setter:ident)?)?,)*
        .. $additional:ident
    }) => {
        impl $crate::Named for $name {
            const NAMES: &'static [&'static str] = &[$($crate::key! { $field $(= $key)? }),*];
        }
        $crate::object! {
            @codec $name ($($field $presence [$crate::key! { $field $(= $key)? }])*) ($additional) rest
            <Self as $crate::Named>::NAMES
        }
        $crate::object! { @new $name $($default)? { $($field $(($given))?)* } ($additional) }
        impl $name {
            $($($crate::object! { @$how $field $of, $field $($setter)? })?)*
        }
    };
    (@new $name:ident default { $($field:ident)* } ($($rest:ident)?)) => {
        $crate::object! { @new $name { $($field)* } ($($rest)?) }

        impl Default for $name {
            #[inline]
            fn default() -> Self {
                Self::new()
            }
        }
    };
    (@new $name:ident { $($field:ident $(($given:ty))?)* } ($($rest:ident)?)) => {
        impl $name {
            /// With the required fields; those that have only one value are filled in.
            #[must_use]
            #[inline]
            #[allow(clippy::too_many_arguments, reason = "an object may require any number")]
            pub fn new($($($field: $given,)?)*) -> Self {
                Self {
                    $($field: $crate::object! { @value $field $($given)? },)*
                    $($rest: ::std::default::Default::default(),)?
                }
            }
        }
    };
    (@value $field:ident $given:ty) => { $field };
    (@value $field:ident) => { ::std::default::Default::default() };
    (@into $field:ident $of:ty, $same:ident $setter:ident) => {
        $crate::object! { @into $field $of, $setter }
    };
    (@into $field:ident $of:ty, $setter:ident) => {
        #[doc = concat!("With [`", stringify!($field), "`](Self#structfield.", stringify!($field), ").")]
        #[must_use]
        #[inline]
        pub fn $setter(mut self, value: impl Into<$of>) -> Self {
            let value: $of = value.into();
            self.$field = Some(value.into());
            self
        }
    };
    (@try_into $field:ident $of:ty, $same:ident $setter:ident) => {
        $crate::object! { @try_into $field $of, $setter }
    };
    (@try_into $field:ident $of:ty, $setter:ident) => {
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
    (@slots $a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident
        $($more:ident)+; $end:ident) => {
        (
            $crate::codegen::slot::$a(), $crate::codegen::slot::$b(), $crate::codegen::slot::$c(),
            $crate::codegen::slot::$d(), $crate::codegen::slot::$e(), $crate::codegen::slot::$f(),
            $crate::codegen::slot::$g(), $crate::codegen::slot::$h(),
            $crate::object! { @slots $($more)+; $end },
        )
    };
    (@slots $($presence:ident)*; $end:ident) => {
        ($($crate::codegen::slot::$presence(),)* $crate::codegen::slots::$end(),)
    };
    (@values $a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident
        $($more:ident)+; $($rest:ident)?) => {
        ($a, $b, $c, $d, $e, $f, $g, $h, $crate::object! { @values $($more)+; $($rest)? },)
    };
    (@values $($field:ident)*; $rest:ident) => { ($($field,)* $rest,) };
    (@values $($field:ident)*;) => { ($($field,)* (),) };
    (@codec $name:ident ($($field:ident $presence:ident [$($key:tt)+])*) ($($rest:ident)?) $end:ident $names:expr) => {
        impl $crate::Decode for $name {
            #[inline]
            fn make<S: $crate::Source<Self>>(source: S) -> S::Made {
                source.object(
                    $names,
                    // Names that are known here are compared without a call.
                    |name| {
                        let mut place = 0;
                        $(
                            if let $($key)+ = name {
                                return place;
                            }
                            place += 1;
                        )*
                        place
                    },
                    $crate::object! { @slots $($presence)*; $end },
                    |$crate::object! { @values $($field)*; $($rest)? }| Self {
                        $($field,)* $($rest)?
                    },
                )
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                let mut map = $crate::serde::Serializer::serialize_map(serializer, None)?;
                $($crate::codegen::fields::$presence(&mut map, $($key)+, &self.$field)?;)*
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
    ($name:ident {
        $($presence:ident $(($given:ty))? $field:ident $(= $key:literal)?
            $(: $how:ident $of:ty $(as $setter:ident)?)?,)*
        $(..$rest:ident)?
    }) => {
        impl $crate::JsonView for $name {
            #[inline]
            fn as_json(&self) -> $crate::JsonRef<'_> {
                $crate::JsonRef::Object(self)
            }

            #[inline]
            fn lookup(&self, name: &str) -> Option<Option<&dyn $crate::JsonView>> {
                Some($crate::Members::member(self, name))
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
                    $($crate::key! { $field $(= $key)? } => return $crate::codegen::view::$presence(&self.$field),)*
                    _ => {}
                }
                $(
                    if let Some(value) = $crate::codegen::view::additional(&self.$rest, name) {
                        return Some(value);
                    }
                )?
                None
            }

            #[inline]
            fn for_each<'v>(&'v self, visit: &mut dyn FnMut(&'v str, &'v dyn $crate::JsonView)) {
                $(
                    if let Some(value) = $crate::codegen::view::$presence(&self.$field) {
                        visit($crate::key! { $field $(= $key)? }, value);
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

/// The name of a field in JSON: that which it has in Rust, unless another is given.
///
/// ```
/// # use apifox_runtime as rt;
/// assert_eq!((rt::key!(name), rt::key!(type_ = "type")), ("name", "type"));
/// ```
#[macro_export]
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident = $key:literal) => {
        $key
    };
}
