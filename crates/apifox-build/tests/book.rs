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
- An alternative of a union that has no name of its own is called after its title, after the
  value of the member that is another constant in each of them, or after a required member that
  no other has: `oneOf` of two objects with `type: circle` and `type: square` has the variants
  `Circle` and `Square`.
- A variant is called what its value says, in CamelCase however it is written: `IN_PROGRESS` is
  `InProgress`. `+` and `-` before a word, and values of signs alone, are spelled: `Minus1`,
  `GreaterEqual`. Of more than 50 characters the first words that fit are kept. Names that a
  document has for code, as in `x-enum-varnames`, come first; a number is called after its title.
- Letters are those of any script: `写实` is the variant `写实`, and the field `风格` is `风格`. A type
  whose letters have no case begins with `T`, as `T风格`, for modules are in one namespace with it.
  Full-width and combining characters are written in one way (NFKC); what is neither letter nor
  digit is left out, and a value of nothing else is called by the numbers of its characters: `👍` is
  `U1f44d`. rustc's `mixed_script_confusables` looks at all names of a crate: one whose only Chinese
  letters are such as `一` and `口`, which look like others, has to allow it in its root. The same holds
  for `confusable_idents`, of two names that look alike, and for `uncommon_codepoints`, of letters that
  names seldom have.
- A field is in snake_case; one that is a keyword has a `_` behind.
- What is called as something that the language or generated code needs gets another ending:
  `OptionType`, `SelfValue`. The setter of such a field has `with_` before it.
- Names depend on the document alone, in its order: what is generated of one is the same on
  every machine.

## Lints

What is generated gives neither rustc, nor rustdoc, nor clippy with `clippy::pedantic` anything to
warn of, but for these lints, on which a document decides: `doc_markdown`, since the vendor's words
are kept; `unreadable_literal`, since its limits are; `missing_errors_doc`,
`module_name_repetitions`, `struct_field_names` and `struct_excessive_bools`, since its fields and
types are called and made as it says. A test runs them on all documents that this project has.
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
    let formats = formats.as_array().into_iter().flatten();
    let standalone =
        apifox_build::Standalone::new("Root").formats(formats.filter_map(Value::as_str));
    let code = standalone.text("book.json", &schema.to_string());
    code.expect("code").text
}

/// The types of generated code as they are declared.
fn declarations(code: &str) -> String {
    let mut file = syn::parse_file(code).expect("Rust");
    let items = std::mem::take(&mut file.items);
    let types = items.into_iter().filter_map(|item| match item {
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
    let constants = code
        .lines()
        .filter(|line| line.starts_with("rt::constant! "));
    let constants = constants.map(|line| format!("{line}\n"));
    prettyplease::unparse(&file) + &constants.collect::<String>()
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
