//! What kind of type a schema makes, and whether that enforces all of it.

use apifox_document::schema::JsonType;
use apifox_document::schema::keywords::{Applies, applies};
use apifox_runtime::Draft;
use serde_json::Value;

use crate::schema::Schema;

/// What kind of type a schema makes; decided once, before anything is lowered.
#[derive(Debug, PartialEq)]
pub(crate) enum Kind<'d> {
    Any,
    Reference(&'d str),
    /// `$ref` with siblings, or `allOf`: several schemas at once.
    Conjunction,
    Constants,
    AnyOf,
    OneOf,
    Types(Vec<JsonType>),
    Type(JsonType),
    Size,
    /// What no type says better than a checked JSON value.
    Opaque,
}

impl<'d> Schema<'d> {
    /// Whether the type for the schema's `type` and parts enforces `type`, `properties`,
    /// `required`, `additionalProperties` and `items`, so that a guard need not.
    pub fn enforces_parts(&self) -> bool {
        let (kind, _) = self.classify();
        // Draft 7 looks at nothing beside a reference.
        if self.draft == Draft::Seven && self.has("$ref") {
            return false;
        }
        match kind {
            Kind::Type(JsonType::Object) => self.enforces_fields(),
            Kind::Type(JsonType::Array) => self.enforces_items(),
            Kind::Type(_) => true,
            _ => false,
        }
    }

    fn enforces_items(&self) -> bool {
        // The one says what others have left over, the other what stands before.
        let others = ["prefixItems", "unevaluatedItems"];
        let is_tuple = self.get("items").is_some_and(Value::is_array);
        !is_tuple && !others.iter().any(|name| self.has(name))
    }

    fn enforces_fields(&self) -> bool {
        // These look at what the others have left over.
        let others = ["patternProperties", "unevaluatedProperties"];
        let is_closed = self.get("additionalProperties") == Some(&Value::Bool(false));
        let names = self.get("required").and_then(Value::as_array);
        let declares = |name: &Value| {
            let name = name.as_str().unwrap_or_default();
            let properties = self.get("properties");
            properties.is_some_and(|properties| properties.get(name).is_some())
        };
        !others.iter().any(|name| self.has(name))
            // A struct has a field for each name that is required, allowed or not.
            && (!is_closed || names.is_none_or(|names| names.iter().all(declares)))
    }

    /// What kind of schema this is, and whether a type of that kind enforces
    /// all of it.
    pub fn classify(&self) -> (Kind<'d>, bool) {
        match self.value {
            Value::Bool(true) => return (Kind::Any, true),
            Value::Object(_) => {}
            _ => return (Kind::Opaque, false),
        }
        let kind = self.kind();
        let is_enforced = self.keywords().all(|name| match applies(name) {
            None => true,
            Some(_) if self.is_ignored(name) => true,
            Some(applies) => !kind.heeds(applies) || kind.enforces(name, self.draft),
        });
        (kind, is_enforced && !self.is_unsuited())
    }

    fn kind(&self) -> Kind<'d> {
        if self.view.weakened {
            return self.kind_by_type();
        }
        if let Some(target) = self.get("$ref").and_then(Value::as_str) {
            let is_alone = self.asserts().all(|name| name == "$ref");
            return match self.draft == Draft::Seven || is_alone {
                true => Kind::Reference(target),
                false => Kind::Conjunction,
            };
        }
        let is_alone = |keyword: &str| {
            self.has(keyword) && self.asserts().all(|name| name == keyword || name == "type")
        };
        if self.has("const") || self.has("enum") {
            Kind::Constants
        } else if self.has("allOf") {
            Kind::Conjunction
        } else if is_alone("anyOf") {
            Kind::AnyOf
        } else if is_alone("oneOf") {
            Kind::OneOf
        } else {
            self.kind_by_type()
        }
    }

    /// The kind that `type` and what goes with each type make.
    fn kind_by_type(&self) -> Kind<'d> {
        let types = self.types();
        if !self.names_a_type() {
            // Objects are worth a struct even where anything else is let in as well.
            return match self.asserts().next() {
                None => Kind::Any,
                Some(_) if self.has("properties") => Kind::Types(types),
                Some(_) => Kind::Opaque,
            };
        }
        match types[..] {
            [JsonType::Boolean] if self.names_both_booleans() => Kind::Constants,
            [JsonType::String] if self.is_size() => Kind::Size,
            [one] => Kind::Type(one),
            _ => Kind::Types(types),
        }
    }

    /// The keywords that restrict something.
    fn asserts(&self) -> impl Iterator<Item = &'d str> + use<'d, '_> {
        self.keywords()
            .filter(|name| applies(name).is_some() && !self.is_ignored(name))
    }

    /// Whether the draft or the view ignores a keyword.
    fn is_ignored(&self, name: &str) -> bool {
        let beside_ref = self.draft == Draft::Seven && self.has("$ref") && name != "$ref";
        let alone = match name {
            "then" | "else" => !self.has("if"),
            "minContains" | "maxContains" => !self.has("contains"),
            "additionalItems" => !matches!(self.get("items"), Some(Value::Array(_))),
            "uniqueItems" => self.get(name) == Some(&Value::Bool(false)),
            _ => false,
        };
        let is_guarded = self.view.weakened && applies(name) == Some(Applies::Any);
        beside_ref || alone || is_guarded && name != "type"
    }

    /// Whether a keyword's value is more than its kind takes on.
    fn is_unsuited(&self) -> bool {
        let by_place =
            self.has("prefixItems") || matches!(self.get("items"), Some(Value::Array(_)));
        let is_mixed = by_place && self.types() == [JsonType::Array] && self.tuple().is_none();
        // No type warns of itself; a guard does.
        is_mixed || self.has("x-warning")
    }

    fn is_size(&self) -> bool {
        SIZE_RULES.iter().any(|name| self.has(name))
    }

    /// Whether `x-apifox-enum` lists `true` and `false`, to document them.
    fn names_both_booleans(&self) -> bool {
        let listed = self.get("x-apifox-enum").and_then(Value::as_array);
        let lists = |value| {
            let mut entries = listed.into_iter().flatten();
            entries.any(|entry| entry["value"] == value)
        };
        lists(true) && lists(false)
    }
}

impl Kind<'_> {
    /// Whether keywords that apply to `applies` restrict a schema of this kind.
    fn heeds(&self, applies: Applies) -> bool {
        match self {
            Self::Type(one) => one.heeds(applies),
            Self::Size => JsonType::String.heeds(applies),
            Self::Types(types) => types.iter().any(|one| one.heeds(applies)),
            _ => true,
        }
    }

    /// Whether a type of this kind enforces the keyword `name`.
    fn enforces(&self, name: &str, draft: Draft) -> bool {
        match self {
            Self::Any | Self::Opaque => false,
            Self::Reference(_) => name == "$ref",
            // Every keyword is merged, or asked about each value.
            Self::Conjunction | Self::Constants => true,
            Self::AnyOf => matches!(name, "anyOf" | "type"),
            Self::OneOf => matches!(name, "oneOf" | "type"),
            // Each type enforces what is said of it.
            Self::Types(_) => applies(name) != Some(Applies::Any) || name == "type",
            Self::Size => name == "type" || name == "pattern" || SIZE_RULES.contains(&name),
            Self::Type(one) => name == "type" || enforced(*one, draft).contains(&name),
        }
    }
}

const SIZE_RULES: [&str; 3] = ["x-area", "x-aspect-ratio", "x-side"];
/// What a schema may say of numbers. The first two are the bounds that a type may have of itself.
pub const NUMBER_RULES: [&str; 5] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];
const ARRAY_RULES_OF_7: [&str; 6] = [
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "additionalItems",
];
const ARRAY_RULES: [&str; 8] = [
    "prefixItems",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
];

/// The keywords beside `type` that a type of this kind of value enforces.
fn enforced(one: JsonType, draft: Draft) -> &'static [&'static str] {
    match (one, draft) {
        (JsonType::Null | JsonType::Boolean, _) => &[],
        (JsonType::Number | JsonType::Integer, _) => &NUMBER_RULES,
        (JsonType::String, _) => &["minLength", "maxLength", "pattern", "x-format"],
        (JsonType::Array, Draft::Seven) => &ARRAY_RULES_OF_7,
        (JsonType::Array, Draft::Latest) => &ARRAY_RULES,
        (JsonType::Object, _) => &["properties", "required", "additionalProperties"],
    }
}
