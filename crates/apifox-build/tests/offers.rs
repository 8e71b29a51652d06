//! What an operation offers or wants beside what types say: other media types of its
//! bodies, cookies as they are encoded, and credentials.

#![allow(clippy::expect_used, missing_docs)]

use apifox_build::Code;
use serde_json::{Value, json};

fn code(document: &Value) -> Code {
    apifox_build::rust("d.json", document.clone(), "Root").expect("code")
}

fn warnings(code: &Code) -> Vec<String> {
    code.warnings.iter().map(|it| it.line()).collect()
}

/// The rows of a table in `offers.json`: each with what it is a case of.
fn rows(table: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("offers.json")).expect("JSON");
    let rows = all[table].as_array().expect("a table");
    assert!(rows.len() >= 4, "{table}");
    rows.clone()
}

/// What stands in a text between these, the first time; nothing where they do not.
fn between<'a>(text: &'a str, start: &str, end: char) -> &'a str {
    let rest = text.split_once(start).map(|(_, rest)| rest);
    rest.and_then(|rest| rest.split_once(end))
        .map_or("", |(said, _)| said)
}

/// A document of OpenAPI with one operation that answers so.
fn answering(responses: &Value) -> Value {
    json!({"openapi": "3.2.0", "paths": {"/a": {"get": {"responses": responses}}}})
}

/// An operation whose body and reply have this content.
fn with_content(content: &Value) -> Value {
    json!({
        "openapi": "3.0.1",
        "paths": {"/a": {"post": {
            "requestBody": {"content": content},
            "responses": {"200": {"content": content}},
        }}},
    })
}

#[test]
fn media_types_that_are_passed_over_are_named() {
    for row in rows("skipped") {
        let mut found = warnings(&code(&with_content(&row["content"])));
        found.sort();
        assert_eq!(json!(found), row["warnings"], "{row}");
    }
}

#[test]
fn a_request_asks_for_the_media_types_that_its_reply_is_read_as() {
    for row in rows("accept") {
        let content = &row["content"];
        let mut document = with_content(content);
        document["openapi"] = "3.2.0".into();
        document["paths"]["/a"]["post"]["responses"]["202"] = json!({"content": content});
        let text = on_one_line(&code(&document).text);
        assert_eq!(between(&text, " accept: &[", ']'), row["accept"], "{row}");
    }
    let schema = json!({"schema": {"type": "string"}});
    let mut document = with_content(&json!({"application/json": schema}));
    document["paths"]["/a"]["post"]["responses"]["404"] =
        json!({"content": {"text/plain": schema}});
    document["paths"]["/a"]["post"]["responses"]["2XX"] = json!({"content": {"text/csv": schema}});
    let text = on_one_line(&code(&document).text);
    let expected = "accept: &[\"application/json\", \"text/csv\"]";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn a_content_disposition_of_a_part_is_named_where_it_is_ignored() {
    let constant = json!({"schema": {"const": "inline"}});
    let encoding = json!({"a": {"headers": {"Content-Disposition": constant, "X-A": constant}}});
    let schemas = [
        json!({"type": "object", "properties": {"a": {"type": "string"}}}),
        json!({"type": "object", "additionalProperties": {"type": "string"}}),
    ];
    for schema in schemas {
        for (media, is_told) in [("multipart/form-data", true), ("multipart/mixed", false)] {
            let content = json!({media: {"schema": schema, "encoding": encoding}});
            let mut document = with_content(&content);
            document["openapi"] = "3.1.0".into();
            document["components"]["requestBodies"]["B"] =
                document["paths"]["/a"]["post"]["requestBody"].take();
            document["paths"]["/a"]["post"]["requestBody"] =
                json!({"$ref": "#/components/requestBodies/B"});
            document["paths"]["/a"]["post"]["responses"] = json!({});
            let code = code(&document);
            let place = "components/requestBodies/B/content/multipart~1form-data/encoding/a";
            let told = format!(
                "d.json#/{place}/headers/Content-Disposition: is ignored: each part of a form \
                 has one, with its name (remove it, by a correction) (in request body B, field a, \
                 header Content-Disposition)"
            );
            let told: Vec<String> = is_told.then_some(told).into_iter().collect();
            assert_eq!(warnings(&code), told, "{document}");
            let text = on_one_line(&code.text);
            assert_eq!(
                text.contains("(\"Content-Disposition\", \"inline\")"),
                !is_told
            );
            assert!(text.contains("(\"X-A\", \"inline\")"), "{text}");
        }
    }
}

/// What is written under the names of members must not have those of other fields.
#[test]
fn all_fields_of_a_form_are_known_where_one_is_an_exploded_object() {
    let text = json!({"type": "string"});
    let named = json!({"meta": {"type": "object"}, "a": text, "b": text});
    let apart = json!({"properties": {"b": text}});
    let schemas = [
        json!({"type": "object", "properties": named}),
        json!({"type": "object", "properties": named, "additionalProperties": false}),
        json!({"$ref": "#/components/schemas/Form"}),
        json!({
            "type": "object",
            "properties": {"meta": {"type": "object"}, "a": text},
            "allOf": [{"$ref": "#/components/schemas/Apart"}],
        }),
    ];
    let cases = [
        (json!({"explode": true}), vec!["meta", "a", "b"]),
        (
            json!({"style": "deepObject", "explode": true}),
            vec!["meta", "a", "b"],
        ),
        (json!({"explode": false}), vec!["meta"]),
        (json!({"contentType": "application/json"}), vec!["meta"]),
    ];
    for schema in &schemas {
        for (encoding, expected) in &cases {
            let media = json!({"schema": schema, "encoding": {"meta": encoding}});
            let mut document = with_content(&json!({"application/x-www-form-urlencoded": media}));
            document["paths"]["/a"]["post"]["responses"] = json!({});
            document["components"]["schemas"] = json!({"Form": schemas[1], "Apart": apart});
            let text = on_one_line(&code(&document).text);
            let (_, own) = text.split_once("rt::endpoint!").expect("an operation");
            let found = own.split("FieldEncoding { name: \"").skip(1);
            let found: Vec<&str> = found.filter_map(|rest| rest.split('"').next()).collect();
            assert_eq!(&found, expected, "{document}");
        }
    }
}

/// What stands for all statuses does so for 200, where nothing else does.
#[test]
fn a_reply_for_any_status_is_that_of_success_where_no_other_is() {
    for row in rows("default") {
        let code = code(&answering(&row["responses"]));
        let text = on_one_line(&code.text);
        let (_, own) = text
            .split_once("\"GET\" \"/a\" -> ")
            .expect("the operation");
        let types = row["types"].as_str().expect("a text");
        assert!(own.starts_with(types), "{row}: {own}");
        let media = match between(own, "reply: rt::Media::", ')') {
            "" => String::new(),
            said => format!("{said})"),
        };
        assert_eq!(media, row["media"], "{row}");
        assert_eq!(between(own, "accept: &[\"", '"'), row["accept"], "{row}");
        assert_eq!(warnings(&code), Vec::<String>::new(), "{row}");
    }
}

#[test]
fn what_is_described_without_a_body_is_known_where_others_have_one() {
    for row in rows("bodiless") {
        let text = on_one_line(&code(&answering(&row["responses"])).text);
        assert_eq!(
            between(&text, "bodiless: &[", ']'),
            row["bodiless"],
            "{row}"
        );
    }
}

/// A failure without a schema is not of the type that its hundred or the default has.
#[test]
fn what_is_described_without_a_schema_is_known_where_a_wider_reply_has_one() {
    for row in rows("schemaless") {
        let text = on_one_line(&code(&answering(&row["responses"])).text);
        assert_eq!(
            between(&text, "schemaless: &[", ']'),
            row["schemaless"],
            "{row}"
        );
    }
}

/// The body of a success without a schema is not of the type that another has.
#[test]
fn a_success_without_a_schema_may_be_anything() {
    let json = json!({"content": {"application/json": {"schema": {"type": "object"}}}});
    for content in [json!({"application/json": {}}), json!({"image/png": {}})] {
        let document = json!({
            "openapi": "3.1.0",
            "paths": {"/a": {"get": {"responses": {"200": json, "201": {"content": content}}}}},
        });
        let text = on_one_line(&code(&document).text);
        let text = text.replace("::serde_json::Value", ":: serde_json :: Value");
        assert!(text.contains("201 => :: serde_json :: Value;"), "{text}");
        assert!(
            text.contains("Status201(:: serde_json :: Value),"),
            "{text}"
        );
        assert!(text.contains("201 => value Status201"), "{text}");
    }
}

#[test]
fn every_method_is_sent_also_where_it_is_newer_than_the_document() {
    let operation = json!({"responses": {"200": {"description": ""}}});
    let mut document = with_content(&json!({"application/json": {"schema": {}}}));
    document["openapi"] = "3.2.0".into();
    document["webhooks"] = json!({"task.done": {"post": operation}, "none": {}});
    document["paths"]["/b"] = json!({"$ref": "#/components/pathItems/b"});
    document["components"]["pathItems"]["b"] = json!({
        "get": operation,
        "query": operation,
        "additionalOperations": {"COPY": operation, "Lock": operation, "a b": operation},
    });
    let spelt = "d.json#/components/pathItems/b/additionalOperations/a b: \"a b\" is not a method of \
                 HTTP; the operation is omitted (write a method such as COPY) (in A B b)";
    let made = code(&document);
    assert_eq!(warnings(&made), [spelt]);
    let text = made.text.replace('\n', "");
    for method in ["\"GET\"", "\"QUERY\"", "\"COPY\"", "\"Lock\""] {
        assert!(text.contains(method), "{method}: {text}");
    }
    document["openapi"] = "3.1.0".into();
    let newer = |name: &str, subject: &str| {
        format!(
            "d.json#/components/pathItems/b/{name}: {name} came with OpenAPI 3.2; it is read as \
             there (write the document in OpenAPI 3.2, or leave it out) (in {subject})"
        )
    };
    let expected = [
        newer("query", "QUERY b"),
        newer("additionalOperations", "b"),
        spelt.to_owned(),
    ];
    assert_eq!(warnings(&code(&document)), expected);
}

#[test]
fn a_misspelt_extension_of_ours_is_named_in_every_form() {
    let slip = json!({"type": "string", "x-aera": {"maximum": 9}});
    let bare = json!({"properties": {"x-aera": slip}});
    let page = json!({"method": "GET", "path": "/a", "responses": [{"jsonSchema": slip}]});
    let openapi = with_content(&json!({"application/json": {"schema": slip}}));
    let content = "content/application~1json/schema/x-aera";
    let cases = [
        (bare, vec!["/properties/x-aera/x-aera".to_owned()]),
        (page, vec!["/responses/0/jsonSchema/x-aera".to_owned()]),
        (
            openapi,
            vec![format!("/paths/~1a/post/requestBody/{content}")],
        ),
    ];
    for (document, places) in cases {
        let made = code(&document);
        let found: Vec<&str> = made.warnings.iter().map(|it| it.pointer.as_str()).collect();
        assert_eq!(found, places);
        let line = made.warnings[0].line();
        let told = "x-aera has no effect (did you mean x-area?)";
        assert!(line.contains(told), "{line}");
    }
}

#[test]
fn a_cookie_is_encoded_as_its_version_and_style_say() {
    for row in rows("cookies") {
        let mut parameter = row["parameter"].clone();
        parameter["name"] = "sid".into();
        parameter["in"] = "cookie".into();
        let document = json!({
            "openapi": row["openapi"],
            "paths": {"/a": {"get": {"parameters": [parameter], "responses": {}}}},
        });
        let code = code(&document);
        let text = on_one_line(&code.text);
        let said = text.split_once("Cookie(\"sid\"").expect("the parameter").1;
        let said = said.split_once(");").expect("its end").0;
        let expected = match row["style"].as_str().expect("a text") {
            "" => String::new(),
            style => format!(" as rt::Style::{style}"),
        };
        assert_eq!(said.replace(" .", "."), expected, "{row}");
        assert_eq!(json!(warnings(&code)), row["warnings"], "{row}");
    }
}

#[test]
fn the_scopes_that_an_operation_asks_for_stand_beside_its_credentials() {
    let mut document = with_content(&json!({"application/json": {"schema": {}}}));
    document["components"]["securitySchemes"] = json!({
        "login": {"type": "oauth2", "flows": {"clientCredentials": {
            "tokenUrl": "https://a.example/t", "scopes": {"read": "r", "write": "w"},
        }}},
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    });
    let asked = |security: Value| {
        let mut document = document.clone();
        document["paths"]["/a"]["post"]["security"] = security;
        code(&document).text.split_whitespace().collect::<String>()
    };
    let text = asked(json!([{"login": ["read", "write"]}, {"key": []}, {}]));
    let expected = "scopes:&[&[\"read\",\"write\"],&[],&[]]";
    assert!(text.contains(expected), "{text}");
    assert!(!asked(json!([{"login": []}, {"key": []}])).contains("scopes:"));
}

#[test]
fn json_of_a_media_type_of_its_own_is_sent_as_such() {
    let cases = [
        ("application/json", None),
        ("application/*+json", None),
        (
            "application/vnd.api+json; charset=utf-8",
            Some("headers: &[(\"Content-Type\", \"application/vnd.api+json\")]"),
        ),
    ];
    for (media, expected) in cases {
        let code = code(&with_content(
            &json!({media: {"schema": {"type": "object"}}}),
        ));
        let text = on_one_line(&code.text);
        match expected {
            Some(expected) => assert!(text.contains(expected), "{media}: {text}"),
            None => assert!(!text.contains("headers:"), "{media}: {text}"),
        }
    }
}

/// A text whose lines may be broken anywhere.
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the generated operation says of credentials, and its documentation.
fn security(code: &str) -> (String, Option<&str>) {
    let text = on_one_line(code);
    let said = text.split_once("security: &").map(|(_, rest)| {
        let mut depth = 0;
        let is_end = |c: char| {
            depth += i32::from(c == '[') - i32::from(c == ']');
            depth == 0
        };
        &rest[..=rest.find(is_end).expect("its end")]
    });
    let said = said.unwrap_or("[]").to_owned();
    let docs = code.lines().map(str::trim);
    let docs = docs.filter_map(|it| it.strip_prefix("///"));
    (
        said,
        docs.map(str::trim).find(|it| it.starts_with("It wants")),
    )
}

#[test]
fn openapi_says_what_an_operation_wants() {
    let schemes = json!({
        "token": {"type": "http", "scheme": "Bearer"},
        "user": {"type": "http", "scheme": "basic"},
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "query": {"type": "apiKey", "in": "query", "name": "key"},
        "session": {"type": "apiKey", "in": "cookie", "name": "sid"},
        "login": {"type": "oauth2", "flows": {}},
        "mutual": {"type": "mutualTLS"},
        "alias": {"$ref": "#/components/securitySchemes/key"},
        "both": {"type": "combination", "group": [{"id": "alias"}, {"id": "rest"}]},
        "rest": {"type": "combination", "group": [{"id": "session"}, {"id": "key"}, {"id": "both"}]},
        "half": {"type": "combination", "group": [{"id": "key"}, {"id": "gone"}]},
        "plain": {"type": "bearer", "scheme": "bearer"},
    });
    for row in rows("wanted") {
        let document = json!({
            "openapi": "3.1.0",
            "security": [{"token": []}],
            "paths": {"/a": {"get": {"security": row["security"], "responses": {}}}},
            "components": {"securitySchemes": schemes},
        });
        let code = code(&document);
        let (said, docs) = security(&code.text);
        assert_eq!(said, row["code"], "{row}");
        assert_eq!(docs, row["docs"].as_str(), "{row}");
        assert_eq!(json!(warnings(&code)), row["warnings"], "{row}");
    }
    let inherited = json!({
        "openapi": "3.0.1",
        "security": [{"token": []}],
        "paths": {"/a": {"get": {"responses": {}}}},
        "components": {"securitySchemes": schemes},
    });
    assert_eq!(
        security(&code(&inherited).text).0,
        "[&[rt::Credential::Bearer]]"
    );
}

#[test]
fn an_empty_list_takes_away_what_a_document_wants_elsewhere() {
    for row in rows("elsewhere") {
        let mut document = json!({
            "openapi": "3.1.0",
            "paths": {
                "/a": {"get": {"parameters": row["parameters"], "responses": {}}},
                "/b": {"get": {"responses": {}}},
            },
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        });
        let mut say = |place: &str, said: &Value| {
            if !said.is_null() {
                document.pointer_mut(place).expect("a place")["security"] = said.clone();
            }
        };
        say("", &row["around"]);
        say("/paths/~1a/get", &row["own"]);
        say("/paths/~1b/get", &row["other"]);
        let code = code(&document);
        let (own, _) = code
            .text
            .split_once("\"GET\" \"/b\"")
            .expect("both operations");
        assert_eq!(security(own).0, row["code"], "{row}");
    }
}

#[test]
fn a_project_says_what_an_operation_wants() {
    let by_scheme = json!({"schemeGroups": [{"id": "g", "schemeIds": [7]}], "required": true});
    for row in rows("project") {
        let document = json!({
            "apifoxProject": "1.0.0",
            "apiCollection": [{"name": "r", "auth": row["outermost"], "securityScheme": by_scheme, "items": [
                {"name": "f", "auth": row["folder"], "items": [
                    {"name": "a", "api": {"method": "get", "path": "/a", "auth": row["own"]}},
                ]},
            ]}],
            "securitySchemeCollection": [{"id": 1, "name": "r", "items": [
                {"id": 7, "name": "k", "authConfigs": {"type": "apiKey", "in": "query", "name": "key"}},
            ]}],
        });
        let said = security(&code(&document).text).0;
        assert_eq!(said, row["code"], "{row}");
    }
}

#[test]
fn the_schemes_of_a_project_say_what_is_sent() {
    let schemes = rows("settings");
    for row in rows("schemes") {
        let groups = row["groups"].as_array().expect("groups").iter();
        let groups: Vec<Value> = groups.map(|ids| json!({"schemeIds": ids})).collect();
        let auth = row.get("auth").cloned();
        let document = json!({
            "apifoxProject": "1.0.0",
            "apiCollection": [{"name": "r", "items": [{"name": "a", "api": {
                "method": "get", "path": "/a",
                "auth": auth.unwrap_or_else(|| json!({"type": "securityscheme"})),
                "securityScheme": {
                    "schemeGroups": groups,
                    "required": row.get("required").is_none_or(|required| *required == true),
                },
            }}]}],
            "securitySchemeCollection": [{"id": 100, "name": "r", "items": schemes}],
        });
        let code = code(&document);
        assert_eq!(security(&code.text).0, row["code"], "{row}");
        let told: Vec<String> = warnings(&code);
        let expected = row["warnings"].as_array().expect("warnings");
        assert_eq!(told.len(), expected.len(), "{row}: {told:?}");
        for (told, expected) in told.iter().zip(expected) {
            let expected = expected.as_str().expect("a text");
            assert!(told.contains(&format!(": {expected} (")), "{row}: {told}");
        }
    }
}

#[test]
fn the_parameters_of_a_project_are_those_of_its_operations() {
    let tenant = "(header, X-Tenant)";
    let cases = [
        (json!({}), vec!["(query, own)", "(query, v)", tenant]),
        (
            json!({"header": [{"name": "X-Tenant"}], "query": [{"name": "v", "enable": false}]}),
            vec!["(query, own)", tenant],
        ),
        (
            json!({"header": [{"name": "X-Tenant", "enable": false}, {"name": "X-Debug", "enable": true}]}),
            vec!["(query, own)", "(query, v)", "(header, X-Debug)"],
        ),
    ];
    for (own, mut expected) in cases {
        let document = json!({
            "apifoxProject": "1.0.0",
            "commonParameters": {"parameters": {
                "header": [
                    {"name": "X-Tenant", "defaultEnable": true, "type": "string"},
                    {"name": "X-Debug", "defaultEnable": false, "type": "string"},
                ],
                "query": [{"name": "v", "type": "string"}, {"name": "own", "type": "integer"}],
            }},
            "apiCollection": [{"name": "r", "items": [{"name": "a", "api": {
                "method": "get",
                "path": "/a",
                "parameters": {"query": [{"name": "own", "type": "string"}]},
                "commonParameters": own,
            }}]}],
        });
        let text = on_one_line(&code(&document).text);
        let (_, listed) = text.split_once("parameters ").expect("parameters");
        let (listed, _) = listed.split_once(';').expect("their end");
        let mut found: Vec<String> = Vec::new();
        for group in listed.trim_end_matches(')').split("), ") {
            let (location, names) = group.split_once('(').expect("a place");
            let location = location.to_lowercase();
            let names = names.split(", ").map(|name| name.trim_matches('"'));
            found.extend(names.map(|name| format!("({location}, {name})")));
        }
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected, "{own}");
    }
}

#[test]
fn backticks_of_a_document_end_no_code() {
    let document = json!({"type": "object", "properties": {
        "known": {"enum": ["a`b<i>c", "d"]},
        "suggested": {"anyOf": [{"type": "string"}, {"enum": ["a`b", "``"]}]},
        "always": {"const": "a`"},
        "pattern": {"type": "string", "pattern": "^``a`$"},
        "default": {"type": "string", "default": "`"},
        "guarded": {"type": "string", "not": {"const": "a`b"}},
    }});
    let code = code(&document).text;
    for line in [
        "/// ``\"a`b<i>c\"``",
        "/// ``\"a`b\"``",
        "/// ```\"``\"```",
        "/// Always ``\"a`\"``.",
        "/// A match of ```^``a`$```.",
        "/// Default: ``\"`\"``",
        "/// What ``{\"type\":\"string\",\"not\":{\"const\":\"a`b\"}}`` accepts.",
    ] {
        assert!(
            code.lines().any(|said| said.trim() == line),
            "{line}\n{code}"
        );
    }
    let operation = json!({
        "openapi": "3.0.1",
        "paths": {"/a`<b>": {"post": {
            "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
            "responses": {"200": {"description": ""}},
        }}},
    });
    let code = self::code(&operation).text;
    let route = "/// ``POST /a`<b>``";
    assert!(code.lines().any(|said| said == route), "{code}");
}
