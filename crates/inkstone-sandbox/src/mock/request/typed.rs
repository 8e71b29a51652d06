//! The JSON that a text stands for, by the types that a schema allows.

use std::ptr;

use apifox_document::api::FieldEncoding;
use apifox_document::pointer::decoded;
use apifox_runtime::{Serialization, Style};
use serde_json::{Map, Value};

use crate::mock::request::text::{Pair, Text};

/// How many schemas are looked at for the types of one value.
const MOST_SCHEMAS: usize = 200;

/// What a schema says of a value's types: its own schema and all that are part of it.
pub struct Types<'s> {
    root: &'s Value,
    parts: Vec<&'s Value>,
}

impl<'s> Types<'s> {
    pub fn new(root: &'s Value, schema: &'s Value) -> Self {
        let mut parts: Vec<&Value> = Vec::new();
        let mut pending = vec![schema];
        while let Some(schema) = pending.pop() {
            let is_known = parts.iter().any(|part| ptr::eq(*part, schema));
            if is_known || parts.len() == MOST_SCHEMAS {
                continue;
            }
            parts.push(schema);
            let target = schema["$ref"]
                .as_str()
                .and_then(|target| target.strip_prefix('#'));
            pending.extend(target.and_then(|target| root.pointer(&decoded(target))));
            for combined in ["allOf", "anyOf", "oneOf"] {
                pending.extend(schema[combined].as_array().into_iter().flatten());
            }
        }
        Self { root, parts }
    }

    /// Whether it allows this type, by name.
    fn has(&self, kind: &str) -> bool {
        self.parts.iter().any(|part| match &part["type"] {
            Value::Array(types) => types.iter().any(|own| own == kind),
            own => own == kind,
        })
    }

    fn is_open(&self) -> bool {
        self.parts.iter().all(|part| part.get("type").is_none())
    }

    fn below(&self, keyword: &str, name: &str) -> Types<'s> {
        let found = self.parts.iter().find_map(|part| match name {
            "" => part.get(keyword),
            name => part[keyword].get(name),
        });
        Types::new(self.root, found.unwrap_or(&Value::Null))
    }

    /// The names of the members that it states.
    fn names(&self) -> Vec<&'s str> {
        let named = self
            .parts
            .iter()
            .filter_map(|part| part["properties"].as_object());
        named.flat_map(Map::keys).map(String::as_str).collect()
    }

    /// One text as a value.
    pub fn scalar(&self, text: &str) -> Value {
        let is_whole = self.has("integer") && text.parse::<f64>().is_ok_and(|n| n.fract() == 0.0);
        let json = || serde_json::from_str::<Value>(text).ok();
        let is_nested = self.has("object") || self.has("array");
        let typed = match json() {
            Some(Value::Number(number)) if self.has("number") || is_whole => Some(number.into()),
            Some(Value::Bool(truth)) if self.has("boolean") => Some(truth.into()),
            Some(value @ (Value::Object(_) | Value::Array(_))) if is_nested => Some(value),
            Some(Value::Null) if self.has("null") && !self.has("string") => Some(Value::Null),
            _ => None,
        };
        let is_text = self.has("string") && !text.starts_with(['{', '[']);
        match typed {
            Some(value) if !is_text => value,
            _ => text.into(),
        }
    }

    /// The values that a text may stand for, the likeliest first.
    pub fn readings(&self, text: &str) -> Vec<Value> {
        let mut readings = vec![self.scalar(text)];
        if self.has("string") || self.is_open() {
            let other = serde_json::from_str(text).ok();
            readings.extend(other.filter(|other| !readings.contains(other)));
        }
        readings
    }

    /// The values of a form's field, or of a parameter of the query, given by name: `pairs`
    /// are all names and texts, and `others` the names that are of other fields. `None` where
    /// it is not among them.
    pub fn named(
        &self,
        name: &str,
        style: Serialization,
        pairs: &[Pair],
        others: &[&str],
    ) -> Option<Vec<Value>> {
        let texts: Vec<&Text> = pairs
            .iter()
            .filter(|(own, _)| own == name || own.strip_suffix("[]") == Some(name))
            .map(|(_, text)| text)
            .collect();
        if style.style == Style::DeepObject
            && let Some(object) = self.deep(name, pairs)
        {
            return Some(vec![object]);
        }
        let is_spread = style.explode && matches!(style.style, Style::Form | Style::Cookie);
        if self.has("object") && is_spread && texts.is_empty() {
            return self.spread(pairs, others).map(|object| vec![object]);
        }
        let (first, separator) = (*texts.first()?, separator(style.style));
        let whole = first.decoded();
        if style.style == Style::Json {
            return Some(vec![json(&whole)]);
        }
        if self.has("array") {
            return Some(self.lists(style, &texts, &whole, separator));
        }
        if self.has("object") && !whole.starts_with('{') {
            return Some(vec![self.joined(first, separator, style.explode)]);
        }
        Some(self.readings(&whole))
    }

    /// The values that the texts of an array may stand for.
    fn lists(
        &self,
        style: Serialization,
        texts: &[&Text],
        whole: &str,
        separator: &str,
    ) -> Vec<Value> {
        let items = self.below("items", "");
        let list = |texts: Vec<String>| texts.iter().map(|text| items.scalar(text)).collect();
        let mut lists: Vec<Value> = Vec::new();
        match (style.explode, texts) {
            (false, [first]) => {
                lists.push(list(
                    first.split(separator).iter().map(Text::decoded).collect(),
                ));
                // Many a client encodes the separators as well.
                lists.push(list(whole.split(separator).map(str::to_owned).collect()));
            }
            _ => lists.push(list(texts.iter().map(|text| text.decoded()).collect())),
        }
        if let [_] = texts {
            let json: Option<Value> = serde_json::from_str(whole).ok();
            lists.extend(json.filter(Value::is_array));
        }
        lists.extend(self.readings(whole));
        lists
    }

    /// The values of a field that is sent as JSON: an array as one text, or each of its items.
    pub fn in_json(&self, name: &str, pairs: &[Pair]) -> Option<Vec<Value>> {
        let own = pairs.iter().filter(|(own, _)| own == name);
        let texts: Vec<Value> = own.map(|(_, text)| json(&text.decoded())).collect();
        match (&texts[..], self.has("array")) {
            ([], _) => None,
            ([only], true) if only.is_array() => Some(vec![texts.clone().into(), only.clone()]),
            (_, true) => Some(vec![texts.into()]),
            ([first, ..], false) => Some(vec![first.clone()]),
        }
    }

    /// The values of a text that stands for itself, as in a path or a header.
    pub fn alone(&self, name: &str, text: &Text, style: Serialization) -> Vec<Value> {
        let text = match style.style {
            Style::Label => text.without("."),
            Style::Matrix => text.without(";").without(&format!("{name}=")),
            _ => text.clone(),
        };
        let separator = match (style.style, style.explode) {
            (Style::Label, true) => ".".to_owned(),
            (Style::Matrix, true) => format!(";{name}="),
            _ => ",".to_owned(),
        };
        if style.style == Style::Json {
            return vec![json(&text.decoded())];
        }
        if self.has("array") {
            let items = self.below("items", "");
            let split = text.split(&separator);
            return vec![
                split
                    .iter()
                    .map(|item| items.scalar(&item.decoded()))
                    .collect(),
            ];
        }
        match self.has("object") {
            true => vec![self.joined(&text, &separator, style.explode)],
            false => self.readings(&text.decoded()),
        }
    }

    /// The text of a member as a value.
    fn member(&self, name: &str, text: &str) -> Value {
        match self.names().contains(&name) {
            true => self.below("properties", name).scalar(text),
            false => self.below("additionalProperties", "").scalar(text),
        }
    }

    /// The likeliest value of a member that is given by name.
    fn named_member(&self, name: &str, style: Serialization, pairs: &[Pair]) -> Option<Value> {
        let values = self.below("properties", name);
        let others = self.names();
        values
            .named(name, style, pairs, &others)?
            .into_iter()
            .next()
    }

    /// An object as `x,1,y,2` or, exploded, `x=1,y=2`.
    fn joined(&self, text: &Text, separator: &str, explode: bool) -> Value {
        let words = text.split(separator);
        let mut words = words.iter();
        let mut members = Map::new();
        while let Some(word) = words.next() {
            let (name, value) = match explode {
                true => word.halves(),
                false => (
                    word.decoded(),
                    words.next().map(Text::decoded).unwrap_or_default(),
                ),
            };
            let value = self.member(&name, &value);
            members.insert(name, value);
        }
        members.into()
    }

    /// An object as `name[x]=1&name[y]=2`.
    fn deep(&self, name: &str, pairs: &[Pair]) -> Option<Value> {
        let mut members = Map::new();
        for (key, text) in pairs {
            let inner = key
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('['));
            let Some(inner) = inner.and_then(|rest| rest.strip_suffix(']')) else {
                continue;
            };
            members.insert(inner.to_owned(), self.member(inner, &text.decoded()));
        }
        (!members.is_empty()).then(|| members.into())
    }

    /// An object whose members are parameters of their own: those that it states, and what is of
    /// no other field where it may have any.
    fn spread(&self, pairs: &[Pair], others: &[&str]) -> Option<Value> {
        let names = self.names();
        let is_open = self.is_open_object() || names.is_empty();
        let mut members = Map::new();
        for (name, text) in pairs {
            let is_own = names.contains(&&**name) || is_open && !others.contains(&&**name);
            if is_own && !members.contains_key(name) {
                members.insert(name.clone(), self.member(name, &text.decoded()));
            }
        }
        (!members.is_empty()).then(|| members.into())
    }

    /// Whether it says what other members than those that it states are.
    fn is_open_object(&self) -> bool {
        let mut others = self
            .parts
            .iter()
            .filter_map(|part| part.get("additionalProperties"));
        others.any(|schema| schema != false)
    }

    /// A form as an object: each field by the schema of its member, and as the document says that
    /// it is written.
    pub fn form(&self, encodings: &[FieldEncoding], pairs: &[Pair]) -> Value {
        let mut members = Map::new();
        let mut taken: Vec<String> = Vec::new();
        for encoding in encodings {
            let name = &encoding.name;
            let styled = encoding.serialization;
            let value = match styled {
                None if !is_json(encoding) => continue,
                None => {
                    let values = self.below("properties", name).in_json(name, pairs);
                    values.and_then(|values| values.into_iter().next())
                }
                Some(style) => self.named_member(name, style, pairs),
            };
            let Some(value) = value else { continue };
            let is_spread = !pairs.iter().any(|(own, _)| own == name);
            if let Some(object) = value.as_object().filter(|_| is_spread) {
                taken.extend(object.keys().cloned());
                taken.extend(object.keys().map(|key| format!("{name}[{key}]")));
            }
            members.insert(name.clone(), value);
        }
        for (key, text) in pairs.iter().filter(|(key, _)| !taken.contains(key)) {
            let name = key.strip_suffix("[]").unwrap_or(key);
            if members.contains_key(name) {
                continue;
            }
            if let Some((outer, _)) = name.split_once('[')
                && let Some(value) = self.named_member(outer, Style::DeepObject.exploded(), pairs)
            {
                members.insert(outer.to_owned(), value);
                continue;
            }
            let value = self.named_member(name, Style::Form.exploded(), pairs);
            let value = value.unwrap_or_else(|| text.decoded().into());
            members.insert(name.to_owned(), value);
        }
        members.into()
    }
}

/// Whether a field is sent as JSON. A range such as `text/*` is nothing that it could be sent as.
pub fn is_json(encoding: &FieldEncoding) -> bool {
    let mut stated = encoding.media.iter().filter(|media| !media.contains('*'));
    stated.next().is_some_and(|media| {
        let essence = media.split(';').next().unwrap_or_default();
        let essence = essence.trim().to_ascii_lowercase();
        is_json_type(&essence) || essence == "text/json"
    })
}

/// Whether a media type without parameters is JSON.
pub fn is_json_type(name: &str) -> bool {
    name == "application/json" || name.ends_with("+json")
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

fn separator(style: Style) -> &'static str {
    match style {
        Style::SpaceDelimited => " ",
        Style::PipeDelimited => "|",
        _ => ",",
    }
}
