//! Values that a schema may well accept, with every member that it names.

use serde_json::{Map, Value, json};

/// How deep a value is made by a schema that contains itself.
const DEEPEST: usize = 6;
/// How many values one is made of: models that hold each other have no end.
const MOST: usize = 2_000;
/// The longest text that is made for a limit.
pub(crate) const LONGEST: u64 = 5_000;

/// Makes values by a schema.
pub(crate) struct Sampler<'s> {
    /// What references start from.
    root: &'s Value,
    /// How many more values are made.
    left: usize,
}

impl<'s> Sampler<'s> {
    pub fn new(root: &'s Value) -> Self {
        Self { root, left: MOST }
    }

    /// A value by the schema.
    pub fn made(&mut self) -> Value {
        self.sample(self.root, DEEPEST)
    }

    /// An example with every member that its schema names, so that each rule has a place where
    /// it can be broken: in it and in the level below.
    pub fn filled(&mut self, example: Value) -> Value {
        self.with_members(self.root, example, 1)
    }

    fn with_members(&mut self, schema: &'s Value, mut value: Value, levels: usize) -> Value {
        let schema = self.resolved(schema);
        if let Some(own) = value.as_object_mut() {
            let missing = self.members(schema, DEEPEST, |name| !own.contains_key(name));
            for (name, member) in own.iter_mut() {
                if let (Some(property), 1..) = (schema["properties"].get(name), levels) {
                    *member = self.with_members(property, member.take(), levels - 1);
                }
            }
            own.extend(missing);
        }
        value
    }

    /// The schema that a chain of references leads to.
    fn resolved(&self, schema: &'s Value) -> &'s Value {
        let mut schema = schema;
        for _ in 0..16 {
            let target = schema["$ref"]
                .as_str()
                .and_then(|target| target.strip_prefix('#'));
            let target = target.map(apifox_document::pointer::decoded);
            match target.and_then(|target| self.root.pointer(&target)) {
                Some(next) => schema = next,
                None => break,
            }
        }
        schema
    }

    fn sample(&mut self, schema: &'s Value, depth: usize) -> Value {
        let schema = self.resolved(schema);
        let depth = if self.left == 0 { 0 } else { depth };
        self.left = self.left.saturating_sub(1);
        for given in ["const", "default", "example"] {
            if let Some(value) = schema.get(given) {
                return value.clone();
            }
        }
        for listed in ["enum", "examples"] {
            if let Some(value) = schema[listed].as_array().and_then(|values| values.first()) {
                return value.clone();
            }
        }
        for combined in ["oneOf", "anyOf", "allOf"] {
            if let Some(part) = schema[combined].as_array().and_then(|parts| parts.first())
                && depth > 0
            {
                return self.sample(part, depth - 1);
            }
        }
        self.of_type(schema, depth)
    }

    fn of_type(&mut self, schema: &'s Value, depth: usize) -> Value {
        let named = match &schema["type"] {
            Value::Array(types) => types.first().and_then(Value::as_str),
            kind => kind.as_str(),
        };
        match named {
            Some("string") => {
                let length = schema["minLength"].as_u64().unwrap_or(1).clamp(1, LONGEST);
                "x".repeat(usize::try_from(length).unwrap_or(1)).into()
            }
            Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
            Some("boolean") => json!(true),
            Some("array") if depth > 0 => {
                let count = schema["minItems"].as_u64().unwrap_or(1).clamp(1, 8);
                (0..count)
                    .map(|_| self.sample(&schema["items"], depth - 1))
                    .collect()
            }
            Some("array") => json!([]),
            Some("object") if depth > 0 => self.members(schema, depth, |_| true).into(),
            None if schema["properties"].is_object() && depth > 0 => {
                self.members(schema, depth, |_| true).into()
            }
            Some("object") => json!({}),
            _ => json!(null),
        }
    }

    fn members(
        &mut self,
        schema: &'s Value,
        depth: usize,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Map<String, Value> {
        let properties = schema["properties"].as_object().into_iter().flatten();
        let wanted = properties.filter(|(name, _)| is_wanted(name));
        wanted
            .map(|(name, property)| (name.clone(), self.sample(property, depth - 1)))
            .collect()
    }
}
