//! Documents that call things what generated code calls its own: part of the build script.

use std::collections::BTreeSet;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use serde_json::{Map, Value, json};

/// Where generated code gets its names from: of the generator what it quotes and what it has
/// as texts, of the runtime all.
const SOURCES: [(&str, Part); 4] = [
    ("../crates/apifox-build/src/emit", Part::Quoted),
    ("../crates/apifox-build/src/names.rs", Part::Quoted),
    ("../crates/apifox-runtime/src/codegen", Part::All),
    ("../crates/apifox-runtime/src/lib.rs", Part::All),
];

/// Which words of a source count.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// Those in the arguments of macros, and in texts.
    Quoted,
    All,
}

/// Names that no program has, or that differ only in what Rust's names can't show.
const ODD: [&str; 24] = [
    "", " ", "-", "+", "🦀", "1", "1.5", "-1", "a b", "a-b", "a_b", "aB", "AB", "a.b", "é", "É",
    "ß", "İ", "类目", "ＩＤ", "id", "ID", "Id", "__",
];

/// How many names a document has.
const MOST: usize = 60;

/// Every word of the code that generated code comes from, and odd ones.
pub fn words() -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut words: BTreeSet<String> = ODD.iter().map(|word| (*word).to_owned()).collect();
    let mut pending: Vec<_> = SOURCES
        .iter()
        .map(|(path, part)| (Path::new(path).to_owned(), *part))
        .collect();
    while let Some((path, part)) = pending.pop() {
        println!("cargo::rerun-if-changed={}", path.display());
        if path.is_dir() {
            for entry in std::fs::read_dir(path)? {
                pending.push((entry?.path(), part));
            }
            continue;
        }
        let text = std::fs::read_to_string(path)?;
        // Comments are prose, not names.
        let code: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        collect(code.join("\n").parse()?, part, &mut words);
    }
    Ok(words.into_iter().collect())
}

/// The words of code.
fn collect(code: TokenStream, part: Part, words: &mut BTreeSet<String>) {
    let mut is_macro = false;
    for token in code {
        match token {
            TokenTree::Group(group) => {
                let part = if is_macro { Part::All } else { part };
                collect(group.stream(), part, words);
                is_macro = false;
            }
            TokenTree::Ident(ident) => {
                if part == Part::All {
                    words.insert(ident.to_string());
                }
                is_macro = false;
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let found = text.split(|c: char| !c.is_alphanumeric() && c != '_');
                words.extend(found.map(str::to_owned));
            }
            TokenTree::Punct(punct) => is_macro = punct.as_char() == '!',
        }
    }
}

/// Documents with all of `words` in them, in an order that depends on `seed`; an operation has
/// the name of every `step`th.
pub fn documents(mut words: Vec<String>, mut seed: u64, step: usize) -> Vec<Value> {
    for at in (1..words.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let other = usize::try_from(seed >> 33).unwrap_or_default() % (at + 1);
        words.swap(at, other);
    }
    let documents = words.chunks(MOST);
    documents.map(|words| document(words, step)).collect()
}

/// A reference to the schema of a word.
fn reference(word: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{}", escaped(word))})
}

/// The schema of the word at `at`, which uses those behind it.
fn schema(at: usize, words: &[String]) -> Value {
    let next = |by: usize| &words[(at + by) % words.len()];
    let word = next(0);
    let text = json!({"type": "string", "minLength": 1});
    match at % 8 {
        0 => text,
        1 => json!({"enum": [word, next(1), next(2)]}),
        2 => json!({
            "type": "object", "required": [word],
            "properties": {word: {"type": "string"}, next(1): reference(next(1)), next(3): {"type": "integer"}},
        }),
        3 => json!({
            "type": "object", "additionalProperties": false,
            "properties": {word: {"type": "array", "items": reference(next(2)), "minItems": 1}},
        }),
        4 => {
            json!({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 9}, {"type": "string", "enum": [word, next(1)]}]})
        }
        5 => json!({"type": "integer", "not": {"const": 3}}),
        6 => {
            json!({"anyOf": [{"type": "string"}, {"type": "string", "enum": [word, next(1)]}]})
        }
        _ => json!({"type": "number", "minimum": 0.5, "title": word}),
    }
}

fn document(words: &[String], step: usize) -> Value {
    let mut schemas = Map::new();
    let mut paths = Map::new();
    for (at, word) in words.iter().enumerate() {
        let next = |by: usize| &words[(at + by) % words.len()];
        schemas.insert(word.clone(), schema(at, words));
        if at % step == 0 {
            let parameter = |location: &str| json!({"name": word, "in": location, "schema": reference(next(1))});
            let operation = json!({
                "operationId": word,
                "parameters": [parameter("query"), parameter("cookie")],
                "requestBody": {"content": {"application/json": {"schema": {
                    "type": "object", "properties": {word: reference(word), next(4): reference(next(4))},
                }}}},
                "responses": {
                    "200": {
                        "description": word,
                        "headers": {next(5): {"schema": {"type": "integer"}}},
                        "content": {"application/json": {"schema": {
                            "type": "object", "required": [next(5)],
                            "properties": {next(5): {"enum": [next(6), next(7)]}},
                        }}},
                    },
                    "400": {"description": "", "content": {"application/json": {"schema": reference(next(2))}}},
                },
            });
            paths.insert(format!("/{at}"), json!({"post": operation}));
        }
    }
    schemas.insert("every word".into(), json!({"enum": words}));
    let all = words
        .iter()
        .map(|word| (word.clone(), json!({"type": "boolean"})));
    let all: Map<String, Value> = all.collect();
    schemas.insert(
        "each word".into(),
        json!({"type": "object", "properties": all}),
    );
    let both = json!({"anyOf": [{"$ref": "#/components/schemas/every word"}, {"$ref": "#/components/schemas/each word"}]});
    paths.insert(
        "/all".into(),
        json!({"post": {
            "requestBody": {"content": {"application/json": {"schema": both}}}, "responses": {},
        }}),
    );
    json!({
        "openapi": "3.1.0", "info": {"title": "names", "version": "1"},
        "paths": paths, "components": {"schemas": schemas},
    })
}

fn escaped(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}
