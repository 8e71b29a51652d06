//! A macro for objects of many required fields: a generated module only lists these.

/// Implements `builder`, which takes the required fields one by one, each once and in any
/// order, and has a `build` once all are there: that is checked when it is compiled.
///
/// A field is given by what converts to its type (`into`), or may fail to (`try_into`). The
/// fields behind the braces are as by default.
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Debug, PartialEq)]
/// pub struct Pet {
///     name: String,
///     legs: i64,
///     tag: Option<String>,
/// }
///
/// rt::builder! { Pet by PetBuilder { into name: A = String, try_into legs: B = i64 } tag }
///
/// let pet = Pet::builder().legs(4_u64)?.name("mimi").build();
/// assert_eq!(pet, Pet { name: "mimi".to_owned(), legs: 4, tag: None });
/// # Ok::<(), std::num::TryFromIntError>(())
/// ```
///
/// ```compile_fail
/// # use apifox_runtime as rt;
/// # pub struct Pet { name: String, legs: i64 }
/// rt::builder! { Pet by PetBuilder { into name: A = String, into legs: B = i64 } }
/// let pet = Pet::builder().name("mimi").build();
/// ```
#[macro_export]
macro_rules! builder {
    ($name:ident by $builder:ident {
        $($how:ident $field:ident: $param:ident = $of:ty),+ $(,)?
    } $($other:ident),* $(,)?) => {
        #[doc = concat!("Makes a [`", stringify!($name), "`] of its required fields, one by one.")]
        #[derive(Clone, Debug)]
        #[must_use]
        pub struct $builder<$($param = ()),+> {
            $($field: $param),+
        }

        impl $name {
            /// Takes the required fields one by one, and then has a `build`.
            #[inline]
            pub fn builder() -> $builder {
                $builder { $($field: ()),+ }
            }
        }

        impl $builder<$($of),+> {
            /// With all required fields.
            #[must_use]
            #[inline]
            pub fn build(self) -> $name {
                $name {
                    $($field: self.$field,)+
                    $($other: ::std::default::Default::default(),)*
                }
            }
        }

        $crate::builder! { @ $builder [] [$($how $field: $param = $of),+] }
    };
    (@ $builder:ident [$($done:ident: $dp:ident,)*] []) => {};
    (@ $builder:ident [$($done:ident: $dp:ident,)*] [
        into $field:ident: $param:ident = $of:ty
        $(, $how:ident $rest:ident: $rp:ident = $ro:ty)*
    ]) => {
        impl<$($dp,)* $($rp),*> $builder<$($dp,)* (), $($rp),*> {
            #[doc = concat!("With the field `", stringify!($field), "`.")]
            #[inline]
            pub fn $field(self, value: impl Into<$of>) -> $builder<$($dp,)* $of, $($rp),*> {
                $builder {
                    $($done: self.$done,)*
                    $field: value.into(),
                    $($rest: self.$rest,)*
                }
            }
        }

        $crate::builder! {
            @ $builder [$($done: $dp,)* $field: $param,] [$($how $rest: $rp = $ro),*]
        }
    };
    (@ $builder:ident [$($done:ident: $dp:ident,)*] [
        try_into $field:ident: $param:ident = $of:ty
        $(, $how:ident $rest:ident: $rp:ident = $ro:ty)*
    ]) => {
        impl<$($dp,)* $($rp),*> $builder<$($dp,)* (), $($rp),*> {
            #[doc = concat!("With the field `", stringify!($field), "`.")]
            ///
            /// # Errors
            ///
            /// The rules that the value breaks.
            #[inline]
            #[allow(clippy::type_complexity, reason = "it has a parameter for each field")]
            pub fn $field<V: TryInto<$of>>(
                self,
                value: V,
            ) -> Result<$builder<$($dp,)* $of, $($rp),*>, V::Error> {
                Ok($builder {
                    $($done: self.$done,)*
                    $field: value.try_into()?,
                    $($rest: self.$rest,)*
                })
            }
        }

        $crate::builder! {
            @ $builder [$($done: $dp,)* $field: $param,] [$($how $rest: $rp = $ro),*]
        }
    };
}
