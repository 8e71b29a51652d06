//! Formats that say of a value that it is an option or a newtype, which JSON does not.

use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde_json::Value;

/// What a format says of each value.
#[derive(Clone, Copy, Debug)]
pub enum Wrap {
    Newtype,
    Option,
    /// Nothing, even where an option is asked for.
    Nothing,
}

/// A value in such a format.
#[derive(Clone, Copy)]
pub struct Wrapped<'a>(pub &'a Value, pub Wrap);

/// The same, without what is said of the value itself.
struct Bare<'a>(Wrapped<'a>);

impl<'de> IntoDeserializer<'de, Error> for Wrapped<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Wrapped<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.1 {
            Wrap::Newtype => visitor.visit_newtype_struct(Bare(self)),
            Wrap::Option => visitor.visit_some(Bare(self)),
            Wrap::Nothing => Bare(self).deserialize_any(visitor),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> Deserializer<'de> for Bare<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Wrapped(value, wrap) = self.0;
        let wrapped = |value| Wrapped(value, wrap);
        match value {
            Value::Null => visitor.visit_none(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (.., number) => visitor.visit_f64(number.unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => {
                visitor.visit_seq(SeqDeserializer::new(items.iter().map(wrapped)))
            }
            Value::Object(members) => {
                let members = members
                    .iter()
                    .map(|(key, value)| (key.as_str(), wrapped(value)));
                visitor.visit_map(MapDeserializer::new(members))
            }
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
