//! Macros for generated types that wrap another without rules of its own, and for what makes a
//! list or a map of a type.

/// Has a type that wraps a `Vec` or a `BTreeMap` be one: `any` of those without rules, which may
/// be changed; `checked` of those with rules, which keep to them and are only looked at.
///
/// ```
/// # use apifox_runtime as rt;
/// struct Words(Vec<String>);
///
/// rt::collection! { any list Words(String) }
///
/// let mut words: Words = ["a", "b"].map(str::to_owned).into_iter().collect();
/// words.push("c".to_owned());
/// words.iter_mut().for_each(|word| word.push('!'));
/// assert_eq!((words.len(), &*words[0]), (3, "a!"));
/// assert_eq!(words.into_iter().last().as_deref(), Some("c!"));
///
/// struct Scores(std::collections::BTreeMap<String, i64>);
///
/// rt::collection! { checked map Scores(i64) }
///
/// let scores = Scores([("a".to_owned(), 1)].into());
/// assert_eq!((scores["a"], scores.get("b")), (1, None));
/// assert_eq!(scores.into_iter().next(), Some(("a".to_owned(), 1)));
/// ```
#[macro_export]
macro_rules! collection {
    (any list $name:ident($of:ty)) => {
        $crate::collection! { @deref $name Vec<$of> }
        $crate::collection! { @read list $name $of }
        $crate::collection! { @change list $name $of }
    };
    (checked list $name:ident($of:ty)) => {
        $crate::collection! { @deref $name [$of] }
        $crate::collection! { @read list $name $of }
    };
    (any map $name:ident($of:ty)) => {
        $crate::collection! { @deref $name ::std::collections::BTreeMap<String, $of> }
        $crate::collection! { @read map $name $of }
        $crate::collection! { @change map $name $of }
    };
    (checked map $name:ident($of:ty)) => {
        $crate::collection! { @deref $name ::std::collections::BTreeMap<String, $of> }
        $crate::collection! { @read map $name $of }
    };
    (@deref $name:ident $target:ty) => {
        impl ::std::ops::Deref for $name {
            type Target = $target;
            #[inline]
            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }
    };
    (@read list $name:ident $of:ty) => {
        impl IntoIterator for $name {
            type Item = $of;
            type IntoIter = ::std::vec::IntoIter<$of>;
            #[inline]
            fn into_iter(self) -> Self::IntoIter {
                self.0.into_iter()
            }
        }
        impl<'items> IntoIterator for &'items $name {
            type Item = &'items $of;
            type IntoIter = ::std::slice::Iter<'items, $of>;
            #[inline]
            fn into_iter(self) -> Self::IntoIter {
                self.0.iter()
            }
        }
    };
    (@read map $name:ident $of:ty) => {
        impl IntoIterator for $name {
            type Item = (String, $of);
            type IntoIter = ::std::collections::btree_map::IntoIter<String, $of>;
            #[inline]
            fn into_iter(self) -> Self::IntoIter {
                self.0.into_iter()
            }
        }
        impl<'items> IntoIterator for &'items $name {
            type Item = (&'items String, &'items $of);
            type IntoIter = ::std::collections::btree_map::Iter<'items, String, $of>;
            #[inline]
            fn into_iter(self) -> Self::IntoIter {
                self.0.iter()
            }
        }
    };
    (@change list $name:ident $of:ty) => {
        $crate::collection! { @made $name $of }
        impl<'items> IntoIterator for &'items mut $name {
            type Item = &'items mut $of;
            type IntoIter = ::std::slice::IterMut<'items, $of>;
            #[inline]
            fn into_iter(self) -> Self::IntoIter {
                self.0.iter_mut()
            }
        }
    };
    (@change map $name:ident $of:ty) => {
        $crate::collection! { @made $name (String, $of) }
        impl<'items> IntoIterator for &'items mut $name {
            type Item = (&'items String, &'items mut $of);
            type IntoIter = ::std::collections::btree_map::IterMut<'items, String, $of>;
            #[inline]
            fn into_iter(self) -> Self::IntoIter {
                self.0.iter_mut()
            }
        }
    };
    (@made $name:ident $item:ty) => {
        impl ::std::ops::DerefMut for $name {
            #[inline]
            fn deref_mut(&mut self) -> &mut Self::Target {
                &mut self.0
            }
        }
        impl FromIterator<$item> for $name {
            #[inline]
            fn from_iter<I: IntoIterator<Item = $item>>(items: I) -> Self {
                Self(items.into_iter().collect())
            }
        }
        impl Extend<$item> for $name {
            #[inline]
            fn extend<I: IntoIterator<Item = $item>>(&mut self, items: I) {
                self.0.extend(items);
            }
        }
    };
}

/// Implements a type that wraps another one and adds no rules to it.
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(Debug, PartialEq)]
/// struct Name(String);
///
/// rt::transparent! { Name(String) }
///
/// assert_eq!(serde_json::from_str::<Name>(r#""a""#)?, "a".to_owned().into());
/// assert_eq!(serde_json::to_string(&Name("a".to_owned()))?, r#""a""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! transparent {
    ($name:ident($of:ty)) => {
        impl From<$of> for $name {
            #[inline]
            fn from(value: $of) -> Self {
                Self(value)
            }
        }
        $crate::into_inner! { $name($of) }
        impl $crate::Decode for $name {
            #[inline]
            fn decode(
                node: &$crate::Node<'_>,
                at: $crate::Path<'_>,
                report: &mut $crate::Report,
            ) -> Option<Self> {
                match $crate::Decode::decode(node, at, report) {
                    Some(value) => Some(Self(value)),
                    None => None,
                }
            }

            #[inline]
            fn read<'de, D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
                place: &mut Option<Self>,
            ) -> Result<$crate::Rejected<'de>, D::Error> {
                $crate::read_checked(deserializer, place, |_: &$of| true, Self)
            }
        }
        $crate::serialize_inner! { $name }
        $crate::impl_deserialize! { $name }
    };
}
