//! Values that are drawn from schemas.

use inkstone_sandbox::{draw, validator};
use serde_json::{Value, json};

fn drawn(schema: &Value, seed: u64) -> Option<Value> {
    draw(schema, seed).unwrap_or_else(|error| panic!("{schema}: {error}"))
}

#[test]
fn what_is_drawn_is_valid_and_the_same_for_the_same_seed() {
    let node = json!({"type": "object", "required": ["name", "child"], "properties": {
        "name": {"type": "string"},
        "child": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
        "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
    }});
    let cases = [
        json!(true),
        json!({}),
        json!({"type": "integer", "minimum": 5, "exclusiveMaximum": 7}),
        json!({"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 0.03}),
        json!({"type": "number", "exclusiveMinimum": -1, "maximum": -0.5}),
        json!({"type": "integer", "maximum": -3}),
        json!({"type": "integer", "multipleOf": 7, "minimum": 100, "maximum": 110}),
        json!({"type": "string", "minLength": 50, "maxLength": 50}),
        json!({"type": "string", "maxLength": 0}),
        json!({"type": "string", "pattern": "^[A-Z]{2}\\d{4}(-[a-f]+)?$"}),
        json!({"type": "string", "pattern": "^(\\d{4})-(0[1-9]|1[0-2])$", "maxLength": 7}),
        json!({"type": "string", "pattern": "^[\\w-.]{3}[+-\\d][[\\s-z]-\\${{[a-c]{2,3}}}$"}),
        json!({"type": ["null", "string"], "enum": [null, "a", 5]}),
        json!({"enum": ["a", "b"], "const": "b"}),
        json!({"type": "array", "minItems": 3, "uniqueItems": true, "items": {"enum": [1, 2, 3]}}),
        json!({"type": "array", "prefixItems": [{"const": 1}, {"type": "string"}], "items": false,
            "minItems": 2}),
        json!({"type": "array", "contains": {"const": 4}, "minContains": 2}),
        json!({"type": "object", "minProperties": 3, "additionalProperties": {"type": "integer"}}),
        json!({"type": "object", "minProperties": 1, "propertyNames": {"pattern": "^x-[a-z]+$"}}),
        json!({"type": "object", "maxProperties": 1,
            "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}),
        json!({"type": "object", "patternProperties": {"^n_": {"type": "integer"}},
            "additionalProperties": false, "minProperties": 1}),
        json!({"allOf": [
            {"type": "object", "required": ["a"], "properties": {"a": {"minimum": 5}}},
            {"properties": {"a": {"type": "integer", "maximum": 5}, "b": true}},
        ], "unevaluatedProperties": false}),
        json!({"oneOf": [
            {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "a"}}},
            {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "b"}}},
        ]}),
        json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "boolean"}},
            "if": {"properties": {"a": {"const": true}}},
            "then": {"required": ["b"], "properties": {"b": {"type": "integer"}}},
            "else": {"required": ["c"], "properties": {"c": {"type": "string"}}}}),
        json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
            "not": {"required": ["a", "b"]}}),
        json!({"type": "object", "properties": {"a": {}, "b": {"type": "integer"}},
            "dependentRequired": {"a": ["b"]}, "required": ["a"]}),
        json!({"type": "string", "example": 5, "minLength": 1}),
        json!({"$ref": "#/$defs/node", "$defs": {"node": node}}),
        json!({"x-area": {"maximum": 4194304}, "type": "string"}),
    ];
    for case in &cases {
        let schema = validator(case).unwrap();
        for seed in 0..20 {
            let value = drawn(case, seed).unwrap_or_else(|| panic!("nothing for {case}"));
            assert!(schema.is_valid(&value), "{case}: {value}");
            assert_eq!(drawn(case, seed).as_ref(), Some(&value), "{case}");
        }
    }
}

#[test]
fn examples_come_first_and_what_nothing_follows_is_not_drawn() {
    let told = json!({"type": "object", "example": {"a": 5}});
    assert_eq!(drawn(&told, 1), Some(json!({"a": 5})));
    let endless = json!({"$defs": {"n": {"type": "object", "required": ["n"],
        "properties": {"n": {"$ref": "#/$defs/n"}}}}, "$ref": "#/$defs/n"});
    for impossible in [
        json!(false),
        json!({"allOf": [{"const": 1}, {"const": 2}]}),
        endless,
    ] {
        assert_eq!(drawn(&impossible, 1), None, "{impossible}");
    }
}

#[test]
fn a_schema_that_branches_into_itself_costs_no_more_than_its_bound() {
    let branch = json!({"$ref": "#/$defs/n"});
    let many: Vec<_> = (0..20).map(|_| branch.clone()).collect();
    let node = json!({"type": "object", "required": ["a", "b", "c"], "properties": {
        "a": {"anyOf": many}, "b": {"type": "array", "items": branch, "minItems": 9}, "c": branch,
    }});
    let schema = json!({"$defs": {"n": node}, "$ref": "#/$defs/n"});
    let start = std::time::Instant::now();
    assert_eq!(drawn(&schema, 1), None);
    // Without a bound it would never end; a busy machine takes several seconds.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
