//! The types of JSON, as the keyword `type` names them.

use serde_json::Value;

use super::keywords::Applies;

/// The types of JSON, as `type` names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number without a fraction.
    Integer,
    /// Any number.
    Number,
    /// Text.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl JsonType {
    /// All of them; an integer is a number.
    pub const ALL: [Self; 6] = [
        Self::Null,
        Self::Boolean,
        Self::Number,
        Self::String,
        Self::Array,
        Self::Object,
    ];

    fn parse(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter().chain([Self::Integer]);
        all.find(|one| one.name() == name)
    }

    /// Its name in JSON Schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// The types that the value of `type` names, each once; an integer is left
    /// out where numbers are in.
    pub fn list(value: &Value) -> Option<Vec<Self>> {
        let names = match value {
            Value::Array(names) if !names.is_empty() => &names[..],
            name => std::slice::from_ref(name),
        };
        let mut types = Vec::with_capacity(names.len());
        for name in names {
            let one = Self::parse(name.as_str()?)?;
            if !types.contains(&one) {
                types.push(one);
            }
        }
        if types.contains(&Self::Number) {
            types.retain(|one| *one != Self::Integer);
        }
        Some(types)
    }

    /// Whether keywords that apply to `applies` restrict values of this type.
    pub fn heeds(self, applies: Applies) -> bool {
        match applies {
            Applies::Any => true,
            Applies::Number => matches!(self, Self::Integer | Self::Number),
            Applies::String => self == Self::String,
            Applies::Array => self == Self::Array,
            Applies::Object => self == Self::Object,
        }
    }

    /// Whether `value` is of this type.
    pub fn is_type_of(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null)
            | (Self::Boolean, Value::Bool(_))
            | (Self::Number, Value::Number(_))
            | (Self::String, Value::String(_))
            | (Self::Array, Value::Array(_))
            | (Self::Object, Value::Object(_)) => true,
            (Self::Integer, Value::Number(number)) => {
                number.is_i64()
                    || number.is_u64()
                    || number.as_f64().is_some_and(|float| float.fract() == 0.0)
            }
            _ => false,
        }
    }
}
