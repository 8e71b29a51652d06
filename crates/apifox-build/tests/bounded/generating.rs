//! Documents of any size, of which Rust is generated, or which are refused.

use apifox_document::Document;
use serde_json::{Value, json};

use crate::Row;
use crate::schemas::{
    alias, all_of, any_of, api_of, chain, field, first_of, graph, guarded, inner, item, nested,
    not, nullable, overlapping, shared,
};

/// Generates Rust of a document; a refusal is fine as well.
fn generate(json: Value) {
    drop(apifox_build::rust("a.json", json, "Root"));
}

/// How many properties a large schema has.
const LARGE: usize = 1000;

/// Schemas that each mark a property of one with many.
fn marked_beside(n: usize) -> Value {
    let name = |at: usize| format!("p{at}");
    let properties: Value = (0..LARGE)
        .map(|at| (name(at), json!({"type": "string"})))
        .collect();
    let required: Vec<String> = (0..LARGE).map(name).collect();
    let big = json!({"type": "object", "properties": properties, "required": required});
    let marking = |at: usize| {
        let marked = json!({name(at): {"type": "string", "readOnly": true}});
        let all = json!([{"$ref": "#/components/schemas/Big"}]);
        (
            format!("M{at}"),
            json!({"properties": marked, "allOf": all}),
        )
    };
    let mut schemas: serde_json::Map<String, Value> = (0..n).map(marking).collect();
    schemas.insert("Big".to_owned(), big);
    let body = |at: usize| {
        let schema = json!({"$ref": format!("#/components/schemas/M{at}")});
        let content = json!({"application/json": {"schema": schema}});
        let replies = json!({"200": {"description": "", "content": content}});
        let post = json!({"requestBody": {"content": content}, "responses": replies});
        (format!("/{at}"), json!({"post": post}))
    };
    let paths: Value = (0..n).map(body).collect();
    json!({"openapi": "3.0.3", "paths": paths, "components": {"schemas": schemas}})
}

/// Parameters that all refer to one schema of as many properties.
fn parameters_of_one(n: usize) -> Value {
    let property = |at: usize| (format!("p{at}"), json!({"type": "array", "items": {}}));
    let properties: Value = (0..n).map(property).collect();
    let schema = json!({"$ref": "#/components/schemas/All"});
    let parameter = |at: usize| json!({"in": "query", "name": format!("q{at}"), "schema": schema});
    let parameters: Vec<Value> = (0..n).map(parameter).collect();
    let get = json!({"parameters": parameters, "responses": {}});
    let all = json!({"type": "object", "properties": properties});
    json!({"openapi": "3.0.3", "paths": {"/a": {"get": get}},
        "components": {"schemas": {"All": all}}})
}

const fn row(name: &'static str, size: usize, run: fn(usize)) -> Row {
    Row { name, size, run }
}

pub const ROWS: &[Row] = &[
    row("read/marks beside references to a large schema", 100, |n| {
        drop(Document::from_json("a.json", marked_beside(n)).operations());
    }),
    row("generate/parameters of one large schema", 400, |n| {
        generate(parameters_of_one(n));
    }),
    row("generate/chain of fields", 1000, |n| {
        generate(first_of(chain(n, inner, field)));
    }),
    row("generate/shared chain of fields", 1000, |n| {
        generate(api_of(chain(n, shared, field)));
    }),
    row("generate/shared chain of guards", 500, |n| {
        generate(api_of(chain(n, shared, guarded)));
    }),
    row("generate/chain of items", 1000, |n| {
        generate(first_of(chain(n, inner, item)));
    }),
    row("generate/shared chain of items", 1000, |n| {
        generate(api_of(chain(n, shared, item)));
    }),
    row("generate/chain of allOf", 1000, |n| {
        generate(first_of(chain(n, inner, all_of)));
    }),
    row("generate/shared chain of allOf", 1000, |n| {
        generate(api_of(chain(n, shared, all_of)));
    }),
    row("generate/chain of anyOf", 1000, |n| {
        generate(first_of(chain(n, inner, any_of)));
    }),
    row("generate/shared chain of anyOf", 1000, |n| {
        generate(api_of(chain(n, shared, any_of)));
    }),
    row("generate/shared chain of nullable", 250, |n| {
        generate(api_of(chain(n, shared, nullable)));
    }),
    row("generate/shared chain of unions that overlap", 250, |n| {
        generate(api_of(chain(n, shared, overlapping)));
    }),
    row("generate/chain of not", 1000, |n| {
        generate(first_of(chain(n, inner, not)));
    }),
    row("generate/chain of references", 2500, |n| {
        generate(first_of(chain(n, inner, alias)));
    }),
    row("generate/shared chain of references", 2500, |n| {
        generate(api_of(chain(n, shared, alias)));
    }),
    row("generate/graph", 1250, |n| {
        generate(first_of(graph(n, inner)));
    }),
    row("generate/shared graph", 1250, |n| {
        generate(api_of(graph(n, shared)));
    }),
    row("generate/nested fields", 30, |n| generate(nested(n, field))),
    row("generate/nested items", 30, |n| generate(nested(n, item))),
    row("generate/nested allOf", 30, |n| generate(nested(n, all_of))),
    row("generate/nested anyOf", 30, |n| generate(nested(n, any_of))),
    row("generate/nested not", 30, |n| generate(nested(n, not))),
    row("generate/nested guards", 30, |n| {
        generate(nested(n, guarded))
    }),
    row("generate/steps of x-same-length", 1000, |n| {
        let (array, other) = ("/a".repeat(n), "/b".repeat(n));
        generate(json!({"type": "object", "allOf": [
            {"x-same-length": {"array": array, "as": other}},
        ]}));
    }),
    row("generate/enum", 5000, |n| {
        let values: Vec<Value> = (0..n).map(|at| format!("value {at}").into()).collect();
        generate(json!({ "enum": values }));
    }),
    row("generate/enum of names alike", 5000, |n| {
        let sign = |at: usize, bit: usize| if at >> bit & 1 == 1 { '!' } else { '?' };
        let signs = |at: usize| (0..20).map(|bit| sign(at, bit)).collect::<String>();
        let values: Vec<Value> = (0..n).map(|at| signs(at).into()).collect();
        generate(json!({ "enum": values }));
    }),
    row("generate/properties", 1000, |n| {
        let properties: serde_json::Map<_, _> = (0..n)
            .map(|at| (format!("field {at}"), json!({"type": "string"})))
            .collect();
        generate(json!({"type": "object", "properties": properties}));
    }),
    row("generate/required properties", 1000, |n| {
        let properties: serde_json::Map<_, _> = (0..n)
            .map(|at| {
                (
                    format!("field {at}"),
                    json!({"type": "string", "minLength": 1}),
                )
            })
            .collect();
        let required: Vec<_> = properties.keys().cloned().collect();
        generate(
            json!({"type": "object", "properties": properties, "required": required,
            "additionalProperties": false}),
        );
    }),
    row("generate/fields of a form, styled", 1000, |n| {
        let fields: serde_json::Map<_, _> = (0..n)
            .map(|at| (format!("field {at}"), json!({"type": "string"})))
            .collect();
        let form = json!({
            "schema": {"allOf": [{"type": "object", "properties": fields}]},
            "encoding": {"field 0": {"style": "deepObject"}},
        });
        let content = json!({"application/x-www-form-urlencoded": form});
        generate(
            json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"},
            "paths": {"/": {"post": {"requestBody": {"content": content}, "responses": {}}}}}),
        );
    }),
    row("generate/constants under oneOf", 500, |n| {
        let constants: Vec<Value> = (0..n)
            .map(|at| json!({"const": format!("v{at}")}))
            .collect();
        generate(json!({ "oneOf": constants }));
    }),
    row("generate/objects under oneOf", 250, |n| {
        let one = |at| {
            json!({"type": "object", "required": ["kind"],
                "properties": {"kind": {"const": format!("v{at}")}}})
        };
        generate(json!({"oneOf": (0..n).map(one).collect::<Vec<_>>()}));
    }),
    row("generate/operations", 100, |n| {
        let mut document = api_of(graph(n, shared));
        let operation = document["paths"]["/a"].clone();
        for at in 0..n {
            let mut operation = operation.clone();
            operation["get"]["responses"]["200"]["content"]["application/json"]["schema"] =
                shared(at);
            document["paths"][format!("/a/{at}")] = operation;
        }
        generate(document);
    }),
];
