//! The book of examples, `docs/types.md`: for each shape of schema the types that it
//! becomes, as they are generated.
//!
//! `UPDATE_GOLDENS=1 cargo test -p apifox-build --test book` writes it anew.

#![allow(clippy::expect_used, missing_docs)]

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;
use syn::{Attribute, Item};

const INTRODUCTION: &str = "\
# What schemas become

Each example is a JSON Schema and the types that are generated of it, without what is
implemented for them. A test writes this page: it is what the generator does.

## Names

- A type is called what the document calls its schema or the field that it is of, in CamelCase:
  `image_data` is `ImageData`. If that is taken, the name of the type around it stands before
  it, and then a number behind. No word stands twice in a row, and of more than 50 characters
  the last words that fit are kept.
- A variant is called what its value says, in CamelCase however it is written: `IN_PROGRESS` is
  `InProgress`. `+` and `-` before a word, and values of signs alone, are spelled: `Minus1`,
  `GreaterEqual`. Of more than 50 characters the first words that fit are kept. Names that a
  document has for code, as in `x-enum-varnames`, come first; a number is called after its title.
- A field is in snake_case; one that is a keyword has a `_` behind.
- What is called as something that the language or generated code needs gets another ending:
  `OptionType`, `SelfValue`. The setter of such a field has `with_` before it.
- Names depend on the document alone, in its order: what is generated of one is the same on
  every machine.
";

#[test]
fn the_book_says_what_is_generated() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("book.json")).expect("the examples");
    let mut book = INTRODUCTION.to_owned();
    for case in &cases {
        let text = |name: &str| case[name].as_str().expect("a text");
        let (title, words) = (text("title"), text("text"));
        let schema = &case["schema"];
        let types = declarations(&code(schema, &case["formats"]));
        assert!(!types.is_empty(), "{title}");
        let shown = format!("{schema:#}");
        write!(
            book,
            "\n## {title}\n\n{words}\n\n```json\n{shown}\n```\n\n```rust,ignore\n{types}```\n"
        )
        .expect("a text");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/types.md");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(&path, &book).expect("the book");
    }
    let written = std::fs::read_to_string(&path).expect("the book");
    assert!(
        written == book,
        "{} is not what is generated: run with UPDATE_GOLDENS=1 and look at the change",
        path.display()
    );
}

/// What is generated of a schema, with these formats asserted.
fn code(schema: &Value, formats: &Value) -> String {
    let Some(formats) = formats.as_array() else {
        let code = apifox_build::rust("book.json", schema.clone(), "Root");
        return code.expect("code").text;
    };
    let directory = tempfile::tempdir().expect("a directory");
    let document = serde_json::json!({ "jsonSchema": schema });
    std::fs::write(directory.path().join("root.json"), document.to_string()).expect("a file");
    let formats = formats.iter().filter_map(Value::as_str);
    let builder = apifox_build::Builder::new(directory.path()).formats(formats);
    builder.generate().expect("code")
}

/// The types of generated code as they are declared.
fn declarations(code: &str) -> String {
    let mut file = syn::parse_file(code).expect("Rust");
    let items = std::mem::take(&mut file.items);
    // Those of a directory of documents are in a module each.
    let items = items.into_iter().flat_map(|item| match item {
        Item::Mod(module) => module.content.map_or(Vec::new(), |(_, items)| items),
        item => vec![item],
    });
    let types = items.filter_map(|item| match item {
        Item::Struct(mut item) => {
            item.attrs.retain(is_words);
            item.fields
                .iter_mut()
                .for_each(|field| field.attrs.retain(is_words));
            Some(Item::Struct(item))
        }
        Item::Enum(mut item) => {
            item.attrs.retain(is_words);
            Some(Item::Enum(item))
        }
        _ => None,
    });
    file.attrs.clear();
    file.items = types.collect();
    prettyplease::unparse(&file)
}

/// Documentation, but for the place of a schema.
fn is_words(attribute: &Attribute) -> bool {
    let is_place = || match &attribute.meta {
        syn::Meta::NameValue(meta) => match &meta.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => text.value().starts_with(" Schema:") || text.value().is_empty(),
            _ => false,
        },
        _ => false,
    };
    attribute.path().is_ident("doc") && !is_place()
}
