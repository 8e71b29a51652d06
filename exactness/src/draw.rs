//! Draws schemas and instances at random, from a seed.

use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Map, Value, json};

/// A source of random choices.
pub struct Draw {
    choices: TestRng,
    /// Whether schemas have formats, and instances texts of them.
    formats: bool,
}

const NAMES: &[&str] = &["a", "b", "c", "foo-bar", "foo_bar", "A", "type", "类目", ""];
const TEXTS: &[&str] = &[
    "", "a", "ab", "abc", "aab", "1", "10", "é", "😀😀", "null", "a b",
];
/// Formats of strings, and texts of them or almost so.
const FORMATS: &[(&str, &[&str])] = &[
    ("date", &["2024-02-29", "2023-02-29", "2024-1-1"]),
    (
        "date-time",
        &[
            "2024-02-29T12:00:00Z",
            "2024-02-29t12:00:00.5+08:00",
            "2024-02-29T12:00:00",
        ],
    ),
    ("time", &["12:00:00Z", "23:59:60Z", "12:00:00"]),
    ("duration", &["P1D", "PT1H30M", "P1"]),
    (
        "uuid",
        &[
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
            "f81d4fae",
        ],
    ),
    ("uri", &["https://example.com/a?b#c", "a:b", "//a"]),
    ("email", &["a@b", "mimi@example.com", "@b"]),
    ("ipv4", &["127.0.0.1", "01.2.3.4"]),
    ("ipv6", &["::1", "1::", ":1"]),
];
const INTEGERS: &[&str] = &[
    "int8", "int16", "int32", "int64", "uint8", "uint32", "uint64",
];
const PATTERNS: &[&str] = &["^a", "b$", "^[a-c]*$", "\\d", "^.{2}$", "a|1", "^\\S+$"];

impl Draw {
    /// Choices that follow from `seed` alone.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self {
            choices: TestRng::from_seed(RngAlgorithm::ChaCha, &bytes),
            formats: false,
        }
    }

    /// The same with formats.
    #[must_use]
    pub fn with_formats(self) -> Self {
        Self {
            formats: true,
            ..self
        }
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        use proptest::prelude::Rng as _;
        self.choices.next_u32() as usize % bound.max(1)
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// A schema of the keywords that API documents use.
    pub fn schema(&mut self) -> Value {
        let mut schema = self.subschema(3);
        let Value::Object(keywords) = &mut schema else {
            return schema;
        };
        let mut definitions = Map::new();
        for name in ["x", "y"] {
            // Definitions refer to nothing, so that none leads in a circle.
            let definition = self.leaf_or_object(1, false);
            definitions.insert(name.into(), definition);
        }
        keywords.insert("$defs".into(), Value::Object(definitions));
        schema
    }

    fn subschema(&mut self, depth: usize) -> Value {
        self.leaf_or_object(depth, true)
    }

    fn leaf_or_object(&mut self, depth: usize, may_refer: bool) -> Value {
        let mut schema = Map::new();
        match self.below(if depth == 0 { 60 } else { 100 }) {
            0..4 => return self.chance(80).into(),
            4..12 if may_refer => {
                let name = self.pick(&["x", "y"]);
                schema.insert("$ref".into(), format!("#/$defs/{name}").into());
                if self.chance(70) {
                    return schema.into();
                }
            }
            12..20 => {
                let values: Vec<Value> = (0..=self.below(4)).map(|_| self.any(1)).collect();
                schema.insert("enum".into(), values.into());
            }
            20..25 => {
                schema.insert("const".into(), self.any(1));
            }
            60..75 => {
                let keyword = self.pick(&["anyOf", "oneOf", "allOf"]);
                let count = 1 + self.below(3);
                let schemas: Vec<Value> = (0..count)
                    .map(|_| self.leaf_or_object(depth - 1, may_refer))
                    .collect();
                schema.insert(keyword.into(), schemas.into());
                if self.chance(60) {
                    return schema.into();
                }
            }
            _ => {}
        }
        self.type_and_keywords(&mut schema, depth, may_refer);
        if self.chance(10) {
            schema.insert("default".into(), self.any(1));
        }
        schema.into()
    }

    /// A type or none, and keywords of these types or any.
    fn type_and_keywords(
        &mut self,
        schema: &mut Map<String, Value>,
        depth: usize,
        may_refer: bool,
    ) {
        if !self.chance(85) {
            let mut any = || self.below(2) == 0;
            let (number, string, array, object) = (any(), any(), any(), any());
            self.keywords(schema, depth, may_refer, number, string, array, object);
            return;
        }
        let types = [
            "null", "boolean", "integer", "number", "string", "array", "object",
        ];
        let one = self.pick(&types);
        let mut names = vec![one];
        let is_list = self.chance(20);
        if is_list {
            for name in types {
                if name != one && self.chance(25) {
                    names.push(name);
                }
            }
        }
        schema.insert(
            "type".into(),
            if is_list { json!(names) } else { json!(one) },
        );
        let number = names.contains(&"integer") || names.contains(&"number");
        let [string, array, object] =
            ["string", "array", "object"].map(|kind| names.contains(&kind));
        self.keywords(schema, depth, may_refer, number, string, array, object);
    }

    #[expect(
        clippy::too_many_arguments,
        clippy::fn_params_excessive_bools,
        reason = "one flag a type"
    )]
    fn keywords(
        &mut self,
        schema: &mut Map<String, Value>,
        depth: usize,
        may_refer: bool,
        number: bool,
        string: bool,
        array: bool,
        object: bool,
    ) {
        if number {
            self.number_keywords(schema);
        }
        if string {
            self.string_keywords(schema);
        }
        if array {
            self.array_keywords(schema, depth, may_refer);
        }
        if object {
            self.object_keywords(schema, depth, may_refer);
        }
    }

    /// A text, of a format now and then.
    fn text(&mut self) -> &'static str {
        if self.formats && self.chance(80) {
            let (_, texts) = self.pick(FORMATS);
            return self.pick(texts);
        }
        self.pick(TEXTS)
    }

    fn number_keywords(&mut self, schema: &mut Map<String, Value>) {
        if self.formats && self.chance(50) {
            schema.insert("format".into(), self.pick(INTEGERS).into());
        }
        let bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
        for keyword in bounds {
            if self.chance(25) {
                let limits = [
                    json!(0),
                    json!(-1),
                    json!(2),
                    json!(2.0),
                    json!(1.5),
                    json!(10),
                    json!(-3.5),
                ];
                schema.insert(keyword.into(), self.pick(&limits));
            }
        }
        if self.chance(15) {
            // The witness rounds integers past 2^53 before it divides them by a
            // fraction: 1.5 would tell the two apart, and the witness is wrong.
            let divisors = [json!(1), json!(2), json!(0.5), json!(0.1), json!(3)];
            schema.insert("multipleOf".into(), self.pick(&divisors));
        }
    }

    fn string_keywords(&mut self, schema: &mut Map<String, Value>) {
        if self.formats && self.chance(70) {
            schema.insert("format".into(), self.pick(FORMATS).0.into());
            if self.chance(60) {
                return;
            }
        }
        if self.chance(30) {
            schema.insert(
                "minLength".into(),
                self.pick(&[json!(0), json!(1), json!(2), json!(2.0)]),
            );
        }
        if self.chance(30) {
            schema.insert(
                "maxLength".into(),
                self.pick(&[json!(1), json!(2), json!(3), json!(3.0)]),
            );
        }
        if self.chance(25) {
            schema.insert("pattern".into(), self.pick(PATTERNS).into());
        }
    }

    fn array_keywords(&mut self, schema: &mut Map<String, Value>, depth: usize, may_refer: bool) {
        if depth > 0 && self.chance(70) {
            let items = self.leaf_or_object(depth - 1, may_refer);
            schema.insert("items".into(), items);
        }
        if self.chance(30) {
            schema.insert(
                "minItems".into(),
                self.pick(&[json!(0), json!(1), json!(2), json!(1.0)]),
            );
        }
        if self.chance(30) {
            schema.insert(
                "maxItems".into(),
                self.pick(&[json!(1), json!(2), json!(3)]),
            );
        }
        if self.chance(25) {
            schema.insert("uniqueItems".into(), self.chance(85).into());
        }
    }

    fn object_keywords(&mut self, schema: &mut Map<String, Value>, depth: usize, may_refer: bool) {
        if depth > 0 && self.chance(85) {
            let mut properties = Map::new();
            for _ in 0..=self.below(4) {
                let property = self.leaf_or_object(depth - 1, may_refer);
                properties.insert(self.pick(NAMES).into(), property);
            }
            schema.insert("properties".into(), properties.into());
        }
        if self.chance(50) {
            let mut names: Vec<_> = (0..=self.below(2)).map(|_| self.pick(NAMES)).collect();
            names.sort_unstable();
            names.dedup();
            schema.insert("required".into(), json!(names));
        }
        if self.chance(40) {
            let additional = if depth > 0 && self.chance(50) {
                self.leaf_or_object(depth - 1, may_refer)
            } else {
                false.into()
            };
            schema.insert("additionalProperties".into(), additional);
        }
    }

    /// An instance that takes its bearings from the schema, so that about half
    /// of them are valid.
    pub fn instance(&mut self, root: &Value) -> Value {
        let aimed = self.aimed(root, root, 6);
        if self.chance(35) {
            return self.spoiled(aimed);
        }
        aimed
    }

    /// Any value.
    pub fn any(&mut self, depth: usize) -> Value {
        let numbers = [
            json!(0),
            json!(1),
            json!(1.0),
            json!(-1),
            json!(2),
            json!(1.5),
            json!(0.3),
            json!(3),
            json!(10),
            json!(-3.5),
            // Neither this nor the double that it is kept as, which the witness divides, is a
            // multiple of 3.
            json!(1e302),
            json!(u64::MAX),
            json!(i64::MIN),
            json!(-0.0),
            json!(9_007_199_254_740_993_i64),
        ];
        match self.below(if depth == 0 { 8 } else { 12 }) {
            0 => Value::Null,
            1 | 2 => self.chance(50).into(),
            3..=5 => self.pick(&numbers),
            6 | 7 => self.text().into(),
            8 | 9 => (0..self.below(4)).map(|_| self.any(depth - 1)).collect(),
            _ => (0..self.below(4))
                .map(|_| (self.pick(NAMES).to_owned(), self.any(depth - 1)))
                .collect::<Map<_, _>>()
                .into(),
        }
    }

    fn aimed(&mut self, schema: &Value, root: &Value, depth: usize) -> Value {
        let Value::Object(keywords) = schema else {
            return self.any(1);
        };
        if depth == 0 {
            return self.any(0);
        }
        if let Some(target) = keywords.get("$ref").and_then(Value::as_str) {
            let target = root.pointer(&target[1..]).cloned().unwrap_or(Value::Null);
            return self.aimed(&target, root, depth - 1);
        }
        if let Some(value) = keywords.get("const") {
            return value.clone();
        }
        if let Some(Value::Array(values)) = keywords.get("enum") {
            return self.pick(values);
        }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            if let Some(Value::Array(schemas)) = keywords.get(keyword)
                && self.chance(85)
            {
                let schema = self.pick(schemas);
                return self.aimed(&schema, root, depth - 1);
            }
        }
        let one = match &schema["type"] {
            Value::Array(names) => self.pick(names),
            Value::Null => self.pick(&["number", "string", "array", "object"]).into(),
            name => name.clone(),
        };
        match one.as_str().unwrap_or_default() {
            "null" => Value::Null,
            "boolean" => self.chance(50).into(),
            "integer" => self.pick(&[
                json!(0),
                json!(1),
                json!(2.0),
                json!(3),
                json!(6),
                json!(-1),
                json!(10),
                json!(1e20),
            ]),
            "number" => self.pick(&[
                json!(0),
                json!(1.5),
                json!(2),
                json!(3.0),
                json!(0.3),
                json!(9),
                json!(-2.5),
            ]),
            "string" => self.aimed_text(keywords).into(),
            "array" => {
                let items = keywords.get("items").cloned().unwrap_or(true.into());
                (0..self.below(4))
                    .map(|_| self.aimed(&items, root, depth - 1))
                    .collect()
            }
            _ => self.aimed_object(keywords, root, depth),
        }
    }

    fn aimed_text(&mut self, keywords: &Map<String, Value>) -> &'static str {
        let named = keywords.get("format").and_then(Value::as_str);
        let known = FORMATS.iter().find(|(name, _)| Some(*name) == named);
        match known {
            Some((_, texts)) if self.chance(85) => self.pick(texts),
            _ => self.text(),
        }
    }

    fn aimed_object(&mut self, schema: &Map<String, Value>, root: &Value, depth: usize) -> Value {
        let mut members = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        let required = schema.get("required").and_then(Value::as_array);
        let is_required = |name: &str| required.is_some_and(|names| names.contains(&json!(name)));
        for (name, property) in properties.into_iter().flatten() {
            if is_required(name) || self.chance(60) {
                members.insert(name.clone(), self.aimed(property, root, depth - 1));
            }
        }
        let open = json!(true);
        let additional = schema.get("additionalProperties").unwrap_or(&open);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) && self.chance(95) {
                members.insert(name.into(), self.aimed(additional, root, depth - 1));
            }
        }
        if additional != &Value::Bool(false) && self.chance(30) {
            let name = self.pick(NAMES);
            let is_known = properties.is_some_and(|members| members.contains_key(name));
            if !is_known {
                members.insert(name.into(), self.aimed(additional, root, depth - 1));
            }
        }
        members.into()
    }

    /// The value with one thing changed.
    pub fn spoiled(&mut self, mut value: Value) -> Value {
        match &mut value {
            Value::Array(items) if !items.is_empty() && self.chance(70) => {
                let at = self.below(items.len());
                match self.below(3) {
                    0 => items[at] = self.any(1),
                    1 => items.push(items[at].clone()),
                    _ => items[at] = self.spoiled(items[at].clone()),
                }
                value
            }
            Value::Object(members) if !members.is_empty() && self.chance(70) => {
                let names: Vec<String> = members.keys().cloned().collect();
                let name = self.pick(&names);
                match self.below(4) {
                    0 => {
                        members.remove(&name);
                    }
                    1 => {
                        members.insert(self.pick(NAMES).into(), self.any(1));
                    }
                    2 => {
                        members.insert(name, self.any(1));
                    }
                    _ => {
                        let old = members[&name].clone();
                        members.insert(name, self.spoiled(old));
                    }
                }
                value
            }
            _ => self.any(2),
        }
    }
}
