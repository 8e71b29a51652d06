//! Draws schemas that apply other schemas, in any way and one within the other.

use serde_json::{Map, Value, json};

use crate::draw::Draw;

const NAMES: &[&str] = &["a", "b", "c"];
const REFERENCES: &[&str] = &["#", "#/$defs/x", "#/$defs/y", "#/properties/a"];

/// A schema; it may refer to itself without end.
pub fn schema(draw: &mut Draw) -> Value {
    let mut keywords = object(draw, 3);
    let definitions = json!({"x": subschema(draw, 2), "y": subschema(draw, 1)});
    keywords.insert("$defs".into(), definitions);
    keywords.into()
}

/// An object whose fields have types of their own, and rules across them.
pub fn guarded(draw: &mut Draw) -> Value {
    let mut schema = fields(draw, 2);
    let rules: Vec<Value> = (0..=draw.below(2)).map(|_| rule(draw)).collect();
    schema.insert("allOf".into(), rules.into());
    // Neither refers to the other: a circle would be refused.
    let definitions = json!({"x": asked(draw), "y": asked(draw)});
    schema.insert("$defs".into(), definitions);
    schema.into()
}

/// What is asked of an object, and not of its type alone.
fn rule(draw: &mut Draw) -> Value {
    let mut about = || {
        let name = draw.pick(NAMES);
        let asked = match draw.below(16) {
            0 | 1 => json!(draw.chance(30)),
            2 | 3 => json!({"$ref": draw.pick(&["#/$defs/x", "#/$defs/y"])}),
            4 => json!({"items": asked(draw)}),
            5 => json!({"contains": asked(draw), "maxContains": draw.below(3)}),
            6 => json!({"properties": {draw.pick(NAMES): asked(draw)}}),
            7 => object(draw, 1).into(),
            _ => asked(draw).into(),
        };
        let mut about = json!({"properties": {name: asked}});
        if draw.chance(50) {
            about["required"] = json!([draw.pick(NAMES)]);
        }
        about
    };
    let (first, second, third) = (about(), about(), about());
    match draw.below(6) {
        0 => json!({"if": first, "then": second}),
        1 => json!({"if": first, "then": second, "else": third}),
        2 => json!({"anyOf": [first, second]}),
        3 => json!({"oneOf": [first, second, third]}),
        4 => json!({"not": first}),
        _ => json!({"anyOf": [first, {"not": second}]}),
    }
}

fn fields(draw: &mut Draw, depth: usize) -> Map<String, Value> {
    let properties: Map<String, Value> = NAMES
        .iter()
        .map(|name| ((*name).to_owned(), field(draw, depth)))
        .collect();
    let mut schema = members(json!({"type": "object", "properties": properties}));
    if draw.chance(40) {
        schema.insert("required".into(), json!([draw.pick(NAMES)]));
    }
    if draw.chance(50) {
        schema.insert("additionalProperties".into(), false.into());
    }
    schema
}

/// The schema of a field: a type of its own.
fn field(draw: &mut Draw, depth: usize) -> Value {
    match draw.below(if depth == 0 { 5 } else { 9 }) {
        0 => json!({"type": "integer", "minimum": 0, "maximum": 3}),
        1 => json!({"type": "integer", "minimum": 0}),
        2 => json!({"type": "string", "enum": ["a", "b", "ab"]}),
        3 => json!({"type": "string"}),
        4 => json!({"type": "boolean"}),
        5 | 6 => json!({"type": "array", "items": field(draw, depth - 1)}),
        7 => json!({"anyOf": [field(draw, 0), {"type": "null"}]}),
        _ => fields(draw, depth - 1).into(),
    }
}

/// A value of as few kinds as schemas speak of.
pub fn instance(draw: &mut Draw, depth: usize) -> Value {
    match draw.below(if depth == 0 { 6 } else { 14 }) {
        0 => Value::Null,
        1 => draw.chance(50).into(),
        2..5 => draw.below(4).into(),
        5 => draw.pick(&["a", "b", "ab"]).into(),
        6..9 => {
            let count = draw.below(4);
            (0..count).map(|_| instance(draw, depth - 1)).collect()
        }
        _ => {
            let names = NAMES.iter().filter(|_| draw.chance(55));
            let names: Vec<&&str> = names.collect();
            let member = |name: &&str| ((*name).to_owned(), instance(draw, depth - 1));
            names.into_iter().map(member).collect::<Map<_, _>>().into()
        }
    }
}

fn subschema(draw: &mut Draw, depth: usize) -> Value {
    match draw.below(20) {
        0 => draw.chance(60).into(),
        1 | 2 => json!({"$ref": draw.pick(REFERENCES)}),
        _ => object(draw, depth).into(),
    }
}

fn object(draw: &mut Draw, depth: usize) -> Map<String, Value> {
    let mut keywords = Map::new();
    for _ in 0..=draw.below(3) {
        keywords.extend(match depth {
            0 => asked(draw),
            _ if draw.chance(35) => asked(draw),
            depth => applied(draw, depth - 1),
        });
    }
    keywords
}

/// Keywords that apply no schema.
fn asked(draw: &mut Draw) -> Map<String, Value> {
    let asked = match draw.below(12) {
        0 => json!({"const": draw.below(3)}),
        1 => json!({"enum": [draw.below(3), "a", null]}),
        2 => json!({"type": draw.pick(&["object", "array", "integer", "string"])}),
        3 => json!({"type": ["object", "array", "boolean"]}),
        4 => json!({"minimum": draw.below(3)}),
        5 => json!({"exclusiveMaximum": draw.below(4)}),
        6 => json!({"minItems": draw.below(3), "uniqueItems": draw.chance(50)}),
        7 => json!({"maxLength": 1, "pattern": "^a"}),
        8 => json!({"maxProperties": draw.below(3)}),
        9 => json!({"dependentRequired": {"a": ["b"]}}),
        10 => json!({"required": ["a", draw.pick(&["b", "c"])]}),
        _ => json!({"required": [draw.pick(NAMES)]}),
    };
    members(asked)
}

/// Keywords that apply schemas.
fn applied(draw: &mut Draw, depth: usize) -> Map<String, Value> {
    let count = 1 + draw.below(3);
    let several: Vec<Value> = (0..count).map(|_| subschema(draw, depth)).collect();
    let mut one = || subschema(draw, depth);
    let (first, second, third) = (one(), one(), one());
    members(match draw.below(17) {
        0 => json!({"allOf": several}),
        1 => json!({"anyOf": several}),
        2 => json!({"oneOf": several}),
        3 => json!({"not": first}),
        4 => json!({"if": first, "then": second}),
        5 => json!({"if": first, "else": second}),
        6 => json!({"if": first, "then": second, "else": third}),
        7 => json!({"items": first}),
        8 => json!({"prefixItems": several}),
        9 => json!({"prefixItems": several, "items": first}),
        10 => json!({"contains": first}),
        11 => json!({"contains": first, "minContains": draw.below(3), "maxContains": 2}),
        12 => json!({"dependentSchemas": {draw.pick(NAMES): first}}),
        13 => json!({"properties": {"a": first}, "additionalProperties": second}),
        14 => json!({"patternProperties": {"[ab]": first}, "properties": {"c": second}}),
        15 => json!({"properties": {"a": first, "b": second, "c": third}}),
        _ => json!({"properties": {draw.pick(NAMES): first}, "required": [draw.pick(NAMES)]}),
    })
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
