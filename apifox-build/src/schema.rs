//! A schema in its document, and what kind of schema it is.

use serde_json::{Map, Value};

use crate::keywords::{Applies, Treatment, treatment};
use crate::model::Docs;
use crate::problem::Problem;

/// The types of JSON, as `type` names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonType {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

/// A schema, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Schema<'d> {
    pub value: &'d Value,
    pub pointer: String,
}

/// What kind of type a schema makes; decided once, before anything is lowered.
#[derive(Debug, PartialEq)]
pub(crate) enum Kind<'d> {
    Any,
    Reference(&'d str),
    Constants,
    AnyOf,
    OneOf,
    Types(Vec<JsonType>),
    Type(JsonType),
    Size,
}

impl JsonType {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::Null,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::String,
            "array" => Self::Array,
            "object" => Self::Object,
            _ => return None,
        })
    }

    /// Whether keywords that apply to `applies` say anything of this type.
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
                    || number.as_f64().is_some_and(|it| it.fract() == 0.0)
            }
            _ => false,
        }
    }
}

impl<'d> Schema<'d> {
    /// The keyword `name`'s value.
    pub fn get(&self, name: &str) -> Option<&'d Value> {
        self.value.get(name)
    }

    /// The schema that is the value of the keyword `name`.
    pub fn child(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name)?;
        Some(self.at(value, name))
    }

    /// The schemas in the array that is the value of the keyword `name`.
    pub fn children(&self, name: &str) -> Vec<Self> {
        let items = self.get(name).and_then(Value::as_array);
        let items = items.map_or(&[][..], Vec::as_slice);
        let at = |(index, value)| self.at(value, &format!("{name}/{index}"));
        items.iter().enumerate().map(at).collect()
    }

    /// The members of the object that is the value of the keyword `name`.
    pub fn members(&self, name: &str) -> Vec<(&'d str, Self)> {
        let Some(members) = self.get(name).and_then(Value::as_object) else {
            return Vec::new();
        };
        let at = |(key, value): (&'d String, &'d Value)| {
            let step = format!("{name}/{}", escaped(key));
            (key.as_str(), self.at(value, &step))
        };
        members.iter().map(at).collect()
    }

    fn at(&self, value: &'d Value, step: &str) -> Self {
        let pointer = format!("{}/{step}", self.pointer);
        Self { value, pointer }
    }

    /// The keywords of a schema that is an object; none of one that is a boolean.
    pub fn keywords(&self) -> Option<&'d Map<String, Value>> {
        self.value.as_object()
    }

    pub fn docs(&self) -> Docs {
        let text = |name| {
            let text = self.get(name).and_then(Value::as_str).map(str::trim);
            text.filter(|it| !it.is_empty()).map(str::to_owned)
        };
        Docs {
            title: text("title"),
            description: text("description"),
            default: self.get("default").cloned(),
            pointer: self.pointer.clone(),
        }
    }

    /// The types that `type` names.
    ///
    /// # Errors
    ///
    /// What stands there instead.
    pub fn types(&self) -> Result<Vec<JsonType>, Fault> {
        let fault = || {
            Fault::new("type", "names no type of JSON")
                .remedy("write null, boolean, integer, number, string, array or object")
        };
        let one = |value: &Value| value.as_str().and_then(JsonType::parse).ok_or_else(fault);
        match self.get("type") {
            None => Ok(Vec::new()),
            Some(Value::Array(names)) if !names.is_empty() => names.iter().map(one).collect(),
            Some(name) => one(name).map(|it| vec![it]),
        }
    }

    /// What kind of schema this is.
    ///
    /// # Errors
    ///
    /// The keyword that keeps it from being of any kind that can be generated.
    pub fn classify(&self) -> Result<Kind<'d>, Fault> {
        let Some(keywords) = self.keywords() else {
            return match self.value {
                Value::Bool(true) => Ok(Kind::Any),
                Value::Bool(false) => Err(Fault::new("false", "no value fits this schema")
                    .remedy("leave out what can't be, or correct the schema")),
                _ => Err(Fault::new("", "a schema is an object or a boolean")
                    .remedy("correct the document")),
            };
        };
        let types = self.types()?;
        let kind = if let Some(target) = keywords.get("$ref") {
            let target = target.as_str().ok_or_else(|| {
                Fault::new("$ref", "is not a string").remedy("correct the document")
            })?;
            Kind::Reference(target)
        } else if keywords.contains_key("const") || keywords.contains_key("enum") {
            Kind::Constants
        } else if keywords.contains_key("anyOf") {
            Kind::AnyOf
        } else if keywords.contains_key("oneOf") {
            Kind::OneOf
        } else {
            match types[..] {
                [] => Kind::Any,
                [JsonType::Boolean] if self.names_both_booleans() => Kind::Constants,
                [JsonType::String] if self.is_size() => Kind::Size,
                [one] => Kind::Type(one),
                _ => Kind::Types(types),
            }
        };
        self.every_keyword_is_heeded(&kind)?;
        Ok(kind)
    }

    fn is_size(&self) -> bool {
        self.get("x-area").is_some() || self.get("x-aspect-ratio").is_some()
    }

    /// Whether `x-apifox-enum` lists `true` and `false`, to document them.
    fn names_both_booleans(&self) -> bool {
        let listed = self.get("x-apifox-enum").and_then(Value::as_array);
        let lists = |value| listed.is_some_and(|it| it.iter().any(|it| it["value"] == value));
        lists(true) && lists(false)
    }

    /// That no keyword is passed over that restricts a schema of this kind.
    fn every_keyword_is_heeded(&self, kind: &Kind<'_>) -> Result<(), Fault> {
        for name in self.keywords().into_iter().flat_map(Map::keys) {
            let applies = match treatment(name) {
                Some(Treatment::Annotation | Treatment::Identifier) => continue,
                Some(Treatment::Enforced(applies)) => applies,
                Some(Treatment::Refused(applies)) if !kind.heeds(applies) => continue,
                Some(Treatment::Refused(_)) => {
                    return Err(Fault::new(name, "can't be enforced by a generated type")
                        .remedy("express it by other keywords in a correction"));
                }
                None => {
                    return Err(Fault::new(name, "is no keyword of JSON Schema")
                        .remedy("if it is an extension, its name has to start with x-"));
                }
            };
            if kind.heeds(applies) && !kind.enforces(name) {
                let kind = kind.name();
                return Err(Fault::new(name, format!("can't be enforced beside {kind}"))
                    .remedy("merge the two in a correction"));
            }
        }
        Ok(())
    }
}

impl Kind<'_> {
    /// Whether keywords that apply to `applies` restrict a schema of this kind.
    fn heeds(&self, applies: Applies) -> bool {
        match self {
            Self::Type(one) => one.heeds(applies),
            Self::Size => JsonType::String.heeds(applies),
            Self::Types(types) => types.iter().any(|one| one.heeds(applies)),
            Self::Any | Self::Reference(_) | Self::Constants | Self::AnyOf | Self::OneOf => true,
        }
    }

    /// Whether lowering a schema of this kind looks at the keyword `name`.
    fn enforces(&self, name: &str) -> bool {
        let enforced: &[&str] = match self {
            Self::Any => &[],
            Self::Reference(_) => &["$ref"],
            Self::Constants => &["const", "enum", "type"],
            Self::AnyOf => &["anyOf", "type"],
            Self::OneOf => &["oneOf", "type"],
            Self::Types(_) => &["type"],
            Self::Size => &["type", "pattern", "x-area", "x-aspect-ratio"],
            Self::Type(one) => match one {
                JsonType::Null | JsonType::Boolean | JsonType::Number => &["type"],
                JsonType::Integer => &[
                    "type",
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "multipleOf",
                ],
                JsonType::String => &["type", "minLength", "maxLength", "pattern"],
                JsonType::Array => &[
                    "type",
                    "items",
                    "minItems",
                    "maxItems",
                    "uniqueItems",
                    "contains",
                    "minContains",
                    "maxContains",
                ],
                JsonType::Object => &["type", "properties", "required", "additionalProperties"],
            },
        };
        enforced.contains(&name)
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Any => "a missing `type`",
            Self::Reference(_) => "`$ref`",
            Self::Constants => "`const` or `enum`",
            Self::AnyOf => "`anyOf`",
            Self::OneOf => "`oneOf`",
            Self::Types(_) => "several types",
            Self::Type(_) => "this `type`",
            Self::Size => "`x-area` or `x-aspect-ratio`",
        }
    }
}

/// What is wrong with a schema, before its place is added.
#[derive(Debug)]
pub(crate) struct Fault {
    keyword: String,
    message: String,
    remedy: String,
}

impl Fault {
    pub fn new(keyword: &str, message: impl Into<String>) -> Self {
        Self {
            keyword: keyword.to_owned(),
            message: message.into(),
            remedy: String::new(),
        }
    }

    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// The fault as a problem of the schema at `pointer` of `file`.
    pub fn at(self, file: &str, pointer: &str) -> Problem {
        Problem {
            file: file.to_owned(),
            pointer: pointer.to_owned(),
            keyword: Some(self.keyword).filter(|it| !it.is_empty()),
            message: self.message,
            remedy: self.remedy,
        }
    }
}

/// A reference token of a JSON pointer.
pub(crate) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
