//! A schema in its document, and what kind of schema it is.

use apifox_runtime::Draft;
use serde_json::{Map, Value};

use apifox_document::pointer::JsonPointerExt as _;
use apifox_document::schema::keywords::{Applies, applies};
use apifox_document::schema::{JsonType, SchemaRef};

use crate::model::Docs;

/// A schema, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Schema<'d> {
    pub value: &'d Value,
    pub pointer: String,
    pub draft: Draft,
    /// What is looked at: all of it, or less.
    pub view: View,
}

/// How much of a schema is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct View {
    /// Only what it says of one type, as if `type` named that alone.
    pub only: Option<JsonType>,
    /// Only what types of Rust can say; a guard sees to the rest.
    pub weakened: bool,
    /// The schema was merged from others and stands nowhere in the document.
    pub merged: bool,
}

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
    pub fn new(value: &'d Value, pointer: String) -> Self {
        Self {
            value,
            pointer,
            draft: Draft::Latest,
            view: View::default(),
        }
    }

    /// The schema and its place, as `apifox-document` knows them.
    pub fn located(&self) -> SchemaRef<'_> {
        SchemaRef {
            value: self.value,
            pointer: &self.pointer,
        }
    }

    /// The same schema, looked at less closely.
    pub fn viewed(&self, view: View) -> Self {
        let view = View {
            only: view.only.or(self.view.only),
            weakened: view.weakened || self.view.weakened,
            merged: view.merged || self.view.merged,
        };
        Self {
            view,
            ..self.clone()
        }
    }

    /// The keyword `name`'s value.
    pub fn get(&self, name: &str) -> Option<&'d Value> {
        self.value.get(name)
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The schema that is the value of the keyword `name`.
    pub fn child(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name)?;
        Some(self.at(value, name))
    }

    /// The count that is the value of the keyword `name`, such as `minItems`; JSON
    /// Schema lets it be written `2.0`.
    pub fn count(&self, name: &str) -> Option<u64> {
        let value = self.get(name)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count too large for 64 bits is as good as the largest"
        )]
        let rounded = |float| float as u64;
        value.as_u64().or_else(|| value.as_f64().map(rounded))
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
            let step = name.child(key);
            (key.as_str(), self.at(value, &step))
        };
        members.iter().map(at).collect()
    }

    fn at(&self, value: &'d Value, step: &str) -> Self {
        Self {
            value,
            pointer: format!("{}/{step}", self.pointer),
            draft: self.draft,
            view: View {
                merged: self.view.merged,
                ..View::default()
            },
        }
    }

    /// The keywords of a schema that is an object; none of one that is a boolean.
    pub fn keywords(&self) -> impl Iterator<Item = &'d str> + use<'d> {
        let keywords = self.value.as_object().into_iter().flat_map(Map::keys);
        keywords.map(String::as_str)
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

    /// The types that `type` names, all where it is missing.
    pub fn types(&self) -> Vec<JsonType> {
        let named = self.get("type").and_then(JsonType::list);
        let named = named.unwrap_or_else(|| JsonType::ALL.to_vec());
        match self.view.only {
            Some(only) => vec![only],
            None => named,
        }
    }

    fn names_a_type(&self) -> bool {
        self.has("type") || self.view.only.is_some()
    }

    /// Whether the type that is made of this schema's type and parts, seen alone,
    /// enforces `type`, and `properties`, `required` and `additionalProperties` of an
    /// object and `items` of an array, so that the rest may be checked without them.
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
            self.get("properties")
                .is_some_and(|it| it.get(name).is_some())
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
            Some(_) if self.is_passed_over(name) => true,
            Some(applies) => !kind.heeds(applies) || kind.enforces(name, self.draft),
        });
        (kind, is_enforced && !self.is_unsuited())
    }

    fn kind(&self) -> Kind<'d> {
        let reference = self.get("$ref").and_then(Value::as_str);
        let has_siblings = self.asserts().any(|name| name != "$ref");
        if self.view.weakened {
            return self.kind_by_type();
        }
        match reference {
            Some(target) if self.draft == Draft::Seven || !has_siblings => {
                return Kind::Reference(target);
            }
            Some(_) => return Kind::Conjunction,
            None => {}
        }
        if self.has("const") || self.has("enum") {
            return Kind::Constants;
        }
        if self.has("allOf") {
            return Kind::Conjunction;
        }
        let only_beside_type = |keyword: &str| {
            self.has(keyword) && self.asserts().all(|name| name == keyword || name == "type")
        };
        if only_beside_type("anyOf") {
            return Kind::AnyOf;
        }
        if only_beside_type("oneOf") {
            return Kind::OneOf;
        }
        self.kind_by_type()
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
            .filter(|name| applies(name).is_some() && !self.is_passed_over(name))
    }

    /// Whether the draft, or the view, makes nothing of a keyword.
    fn is_passed_over(&self, name: &str) -> bool {
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

    /// The schemas of an array's items, where there is one for each and no more
    /// and no fewer items may be there.
    pub fn tuple(&self) -> Option<Vec<Self>> {
        let (prefix, rest) = match self.draft {
            Draft::Latest => ("prefixItems", "items"),
            Draft::Seven => ("items", "additionalItems"),
        };
        let items = self.children(prefix);
        let length = items.len() as f64;
        let count = |name| self.get(name).and_then(Value::as_f64);
        let is_full = count("minItems") == Some(length);
        let is_closed = self.get(rest) == Some(&Value::Bool(false));
        let is_bounded = count("maxItems") == Some(length)
            || is_closed && count("maxItems").is_none_or(|most| most >= length);
        let is_plain = !self.has("contains") && self.get("uniqueItems") != Some(&true.into());
        (!items.is_empty() && is_full && is_bounded && is_plain).then_some(items)
    }

    fn is_size(&self) -> bool {
        let rules = ["x-area", "x-aspect-ratio", "x-side"];
        rules.iter().any(|name| self.has(name))
    }

    /// Whether `x-apifox-enum` lists `true` and `false`, to document them.
    fn names_both_booleans(&self) -> bool {
        let listed = self.get("x-apifox-enum").and_then(Value::as_array);
        let lists = |value| listed.is_some_and(|it| it.iter().any(|it| it["value"] == value));
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
        let enforced: &[&str] = match self {
            Self::Any | Self::Opaque => &[],
            Self::Reference(_) => &["$ref"],
            // Merging and sorting out values look at every keyword there is.
            Self::Conjunction | Self::Constants => return true,
            Self::AnyOf => &["anyOf", "type"],
            Self::OneOf => &["oneOf", "type"],
            // Each type sees to what is said of it.
            Self::Types(_) => return applies(name) != Some(Applies::Any) || name == "type",
            Self::Size => &["type", "pattern", "x-area", "x-aspect-ratio", "x-side"],
            Self::Type(one) => match one {
                JsonType::Null | JsonType::Boolean => &["type"],
                JsonType::Number | JsonType::Integer => &[
                    "type",
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "multipleOf",
                ],
                JsonType::String => &["type", "minLength", "maxLength", "pattern"],
                JsonType::Array if draft == Draft::Seven => &[
                    "type",
                    "items",
                    "minItems",
                    "maxItems",
                    "uniqueItems",
                    "contains",
                    "additionalItems",
                ],
                JsonType::Array => &[
                    "prefixItems",
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
}
