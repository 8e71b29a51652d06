//! The members of an object, one after another.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

/// The members that are still to come, and the key of the next.
#[derive(Debug)]
pub struct Entries<'de, A> {
    access: A,
    key: Key<'de>,
}

/// The key of the next member.
#[derive(Debug)]
enum Next<'de> {
    /// There are no more members.
    End,
    Borrowed(&'de str),
    /// It is in `Key::text`, since it could not be borrowed.
    Owned,
}

#[derive(Debug)]
struct Key<'de> {
    next: Next<'de>,
    text: String,
}

// Functions that all types share are not inlined into each of them: programs get
// smaller, and more of their code stays in the processor's cache.
impl<'de, A: MapAccess<'de>> Entries<'de, A> {
    /// All members, once there is an [`advance`](Self::advance) to the first.
    #[inline]
    pub(crate) fn new(access: A) -> Self {
        let key = Key {
            next: Next::End,
            text: String::new(),
        };
        Self { access, key }
    }

    /// The key of the next member; `None` where there are no more.
    #[must_use]
    #[inline]
    pub fn key(&self) -> Option<&str> {
        match self.key.next {
            Next::End => None,
            Next::Borrowed(key) => Some(key),
            Next::Owned => Some(&self.key.text),
        }
    }

    /// The same, taken out.
    pub(crate) fn take_key(&mut self) -> Option<Cow<'de, str>> {
        match std::mem::replace(&mut self.key.next, Next::End) {
            Next::End => None,
            Next::Borrowed(key) => Some(Cow::Borrowed(key)),
            Next::Owned => Some(Cow::Owned(std::mem::take(&mut self.key.text))),
        }
    }

    /// Goes on to the next member, once the value of this one is read.
    ///
    /// # Errors
    ///
    /// The deserializer's.
    #[inline(never)]
    pub fn advance(&mut self) -> Result<(), A::Error> {
        if self.access.next_key_seed(&mut self.key)?.is_none() {
            self.key.next = Next::End;
        }
        Ok(())
    }

    /// Reads the value of the next member.
    #[inline]
    pub(crate) fn value<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.access.next_value_seed(seed)
    }
}

impl<'de> DeserializeSeed<'de> for &mut Key<'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for &mut Key<'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<(), E> {
        self.next = Next::Borrowed(value);
        Ok(())
    }

    // In a function of its own: most keys are borrowed, and need no registers for this.
    #[inline(never)]
    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<(), E> {
        self.next = Next::Owned;
        self.text = value;
        Ok(())
    }
}
