//! The JSON that a text stands for, by the types that a schema allows.

use std::ptr;

use apifox_document::pointer::decoded;
use apifox_runtime::{Serialization, Style};
use serde_json::{Map, Value};

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
    /// are all names and texts. `None` where it is not among them.
    pub fn named(
        &self,
        name: &str,
        style: Serialization,
        pairs: &[(String, String)],
    ) -> Option<Vec<Value>> {
        let texts: Vec<&str> = pairs
            .iter()
            .filter(|(own, _)| own == name || own.strip_suffix("[]") == Some(name))
            .map(|(_, text)| text.as_str())
            .collect();
        if style.style == Style::DeepObject {
            return self.deep(name, pairs).map(|object| vec![object]);
        }
        let is_spread = style.explode && matches!(style.style, Style::Form | Style::Cookie);
        if self.has("object") && is_spread && texts.is_empty() {
            return self.spread(pairs).map(|object| vec![object]);
        }
        let (first, separator) = (*texts.first()?, separator(style.style));
        if style.style == Style::Json {
            return Some(vec![json(first)]);
        }
        if self.has("array") {
            let items = self.below("items", "");
            let split: Vec<&str> = match style.explode || texts.len() > 1 {
                true => texts.clone(),
                false => first.split(separator).collect(),
            };
            let items: Value = split.iter().map(|text| items.scalar(text)).collect();
            let json = (texts.len() == 1)
                .then(|| serde_json::from_str(first).ok())
                .flatten();
            let whole = json.filter(Value::is_array);
            let lists = [Some(items), whole].into_iter().flatten();
            return Some(lists.chain(self.readings(first)).collect());
        }
        if self.has("object") && !first.starts_with('{') {
            return Some(vec![self.joined(first, separator, style.explode)]);
        }
        Some(self.readings(first))
    }

    /// The values of a text that stands for itself, as in a path or a header.
    pub fn alone(&self, name: &str, text: &str, style: Serialization) -> Vec<Value> {
        let text = match style.style {
            Style::Label => text.strip_prefix('.').unwrap_or(text),
            Style::Matrix => {
                let own = text.strip_prefix(';').unwrap_or(text);
                own.strip_prefix(&format!("{name}=")).unwrap_or(own)
            }
            _ => text,
        };
        let separator = match (style.style, style.explode) {
            (Style::Label, true) => ".".to_owned(),
            (Style::Matrix, true) => format!(";{name}="),
            _ => ",".to_owned(),
        };
        if style.style == Style::Json {
            return vec![json(text)];
        }
        if self.has("array") {
            let items = self.below("items", "");
            let split = text.split(&separator);
            return vec![split.map(|item| items.scalar(item)).collect()];
        }
        match self.has("object") {
            true => vec![self.joined(text, &separator, style.explode)],
            false => self.readings(text),
        }
    }

    /// The text of a member as a value.
    fn member(&self, name: &str, text: &str) -> Value {
        self.below("properties", name).scalar(text)
    }

    /// The likeliest value of a member that is given by name.
    fn named_member(&self, name: &str, style: Style, pairs: &[(String, String)]) -> Option<Value> {
        let values = self.below("properties", name);
        values
            .named(name, style.exploded(), pairs)?
            .into_iter()
            .next()
    }

    /// An object as `x,1,y,2` or, exploded, `x=1,y=2`.
    fn joined(&self, text: &str, separator: &str, explode: bool) -> Value {
        let mut words = text.split(separator);
        let mut members = Map::new();
        while let Some(word) = words.next() {
            let (name, value) = match explode {
                true => word.split_once('=').unwrap_or((word, "")),
                false => (word, words.next().unwrap_or_default()),
            };
            members.insert(name.to_owned(), self.member(name, value));
        }
        members.into()
    }

    /// An object as `name[x]=1&name[y]=2`.
    fn deep(&self, name: &str, pairs: &[(String, String)]) -> Option<Value> {
        let mut members = Map::new();
        for (key, text) in pairs {
            let inner = key
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('['));
            let Some(inner) = inner.and_then(|rest| rest.strip_suffix(']')) else {
                continue;
            };
            members.insert(inner.to_owned(), self.member(inner, text));
        }
        (!members.is_empty()).then(|| members.into())
    }

    /// An object whose members are parameters of their own.
    fn spread(&self, pairs: &[(String, String)]) -> Option<Value> {
        let mut members = Map::new();
        for name in self.names() {
            if let Some((_, text)) = pairs.iter().find(|(own, _)| own == name) {
                members.insert(name.to_owned(), self.member(name, text));
            }
        }
        (!members.is_empty()).then(|| members.into())
    }

    /// A form as an object: each field by the schema of its member.
    pub fn form(&self, pairs: &[(String, String)]) -> Value {
        let mut members = Map::new();
        for (key, text) in pairs {
            let name = key.strip_suffix("[]").unwrap_or(key);
            if members.contains_key(name) {
                continue;
            }
            if let Some((outer, _)) = name.split_once('[')
                && let Some(value) = self.named_member(outer, Style::DeepObject, pairs)
            {
                members.insert(outer.to_owned(), value);
                continue;
            }
            let value = self.named_member(name, Style::Form, pairs);
            let value = value.unwrap_or_else(|| text.as_str().into());
            members.insert(name.to_owned(), value);
        }
        members.into()
    }
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

/// The names and texts of a query or of a form in its form.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |text: &str| decoded(&text.replace('+', "%20"));
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let split = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    split
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}
