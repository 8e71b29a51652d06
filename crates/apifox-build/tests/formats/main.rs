//! Formats that are asserted: what the types accept is what the crate `jsonschema` says, but
//! for what stands in `ledger.json`, where that and the RFC differ.
//!
//! `UPDATE_GOLDENS=1 cargo test -p apifox-build --test formats` writes the types anew.

#![allow(clippy::expect_used, clippy::print_stdout, missing_docs)]

use std::path::Path;

use apifox_build::{Builder, FORMATS};
use apifox_runtime::{Format, Node, Pattern, recode};
use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};

mod told;

mod generated {
    #![allow(dead_code)]
    include!("generated.rs");
}

use generated::formats::Formats;

/// How many texts are made up for each format.
const MADE_UP: usize = 3000;

#[test]
fn the_types_are_what_is_generated() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    let builder = Builder::new(directory.join("documents")).formats(FORMATS);
    let code = builder.generate().expect("code");
    let golden = directory.join("generated.rs");
    if std::env::var_os("UPDATE_GOLDENS").is_some_and(|it| !it.is_empty()) {
        std::fs::write(&golden, &code).expect("a file");
    }
    let known = std::fs::read_to_string(&golden).expect("the golden");
    assert!(code == known, "run with UPDATE_GOLDENS=1 and look");
}

/// A schema's verdict by the other witness.
struct Witness {
    schema: Value,
    validator: jsonschema::Validator,
}

impl Witness {
    fn new(schema: Value) -> Self {
        let base64 = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|\
                      [A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$";
        let base64 = Pattern::new(base64);
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .with_format("byte", move |text: &str| base64.is_match(text))
            .build(&schema)
            .expect("a schema");
        Self { schema, validator }
    }

    fn of_format(format: Format) -> Self {
        Self::new(json!({"format": format.name()}))
    }

    fn accepts(&self, value: &Value) -> bool {
        self.validator.is_valid(value) && is_of_number_format(&self.schema, value)
    }
}

/// What `jsonschema` does not know: formats of numbers.
fn is_of_number_format(schema: &Value, value: &Value) -> bool {
    let Some(number) = value.as_number() else {
        return true;
    };
    let whole = match number.as_i128() {
        Some(whole) => Some(whole),
        None => number
            .as_f64()
            .filter(|value| value.fract() == 0.0)
            .map(|value| value as i128),
    };
    let within = |least: i128, most: i128| whole.is_some_and(|it| least <= it && it <= most);
    match schema["format"].as_str().unwrap_or_default() {
        "int8" => within(-128, 127),
        "int16" => within(-32_768, 32_767),
        "int32" => within(-2_147_483_648, 2_147_483_647),
        "int64" => within(-9_223_372_036_854_775_808, 9_223_372_036_854_775_807),
        "uint8" => within(0, 255),
        "uint16" => within(0, 65_535),
        "uint32" => within(0, 4_294_967_295),
        "uint64" => within(0, 18_446_744_073_709_551_615),
        "float" => number
            .as_f64()
            .is_some_and(|value| value.abs() <= f64::from(f32::MAX)),
        _ => true,
    }
}

/// Where the other witness and the RFC differ.
struct Deviation {
    format: String,
    pattern: Pattern,
    examples: Vec<String>,
    /// What the other witness says.
    says: bool,
}

fn ledger() -> Vec<Deviation> {
    let rows: Vec<Value> = serde_json::from_str(include_str!("ledger.json")).expect("the ledger");
    let deviation = |row: Value| Deviation {
        format: row["format"].as_str().expect("a format").to_owned(),
        pattern: Pattern::new(
            row["pattern"]
                .as_str()
                .expect("a pattern")
                .to_owned()
                .leak(),
        ),
        examples: serde_json::from_value(row["examples"].clone()).expect("examples"),
        says: row["jsonschema"].as_bool().expect("a verdict"),
    };
    rows.into_iter().map(deviation).collect()
}

#[test]
fn samples_are_as_the_rfcs_say() {
    let samples: Value = serde_json::from_str(include_str!("samples.json")).expect("the samples");
    let ledger = ledger();
    let mut wrong = Vec::new();
    for format in Format::ALL {
        let witness = Witness::of_format(format);
        for (kind, expected) in [("valid", true), ("invalid", false)] {
            let texts = samples[kind][format.name()].as_array().expect("samples");
            assert!(texts.len() >= 4, "{}", format.name());
            for text in texts {
                let text = text.as_str().expect("a text");
                if format.accepts(text) != expected {
                    wrong.push(format!("{}: {text:?} is {kind}", format.name()));
                }
                let is_listed = is_listed(&ledger, format, text);
                if (witness.accepts(&text.into()) == expected) == is_listed {
                    wrong.push(format!("{}: jsonschema on {text:?}", format.name()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_listed(ledger: &[Deviation], format: Format, text: &str) -> bool {
    let mut rows = ledger.iter().filter(|row| row.format == format.name());
    rows.any(|row| row.pattern.is_match(text) && format.accepts(text) != row.says)
}

#[test]
fn the_ledger_is_of_what_differs() {
    for row in ledger() {
        let format = Format::named(&row.format).expect("a format");
        let witness = Witness::of_format(format);
        for example in &row.examples {
            assert!(row.pattern.is_match(example), "{example:?}");
            assert_eq!(
                witness.accepts(&example.as_str().into()),
                row.says,
                "{example:?}"
            );
            assert_eq!(format.accepts(example), !row.says, "{example:?}");
        }
    }
}

/// Choices that follow from a seed alone.
struct Draw(TestRng);

impl Draw {
    fn new(seed: u8) -> Self {
        Self(TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0.next_u32() as usize % bound.max(1)
    }

    /// A text with up to three characters of it changed.
    fn changed(&mut self, text: &str) -> String {
        const OTHERS: &str = "0123456789-:.+TZtzPYMDHSW@\"\\[]/?#%= aAfFxé٣\t";
        let mut characters: Vec<char> = text.chars().collect();
        let others: Vec<char> = OTHERS.chars().collect();
        for _ in 0..=self.below(3) {
            let at = self.below(characters.len() + 1);
            let other = others[self.below(others.len())];
            match self.below(4) {
                0 if at < characters.len() => {
                    characters.remove(at);
                }
                1 => characters.insert(at, other),
                2 if at + 1 < characters.len() => characters.swap(at, at + 1),
                _ if at < characters.len() => characters[at] = other,
                _ => {}
            }
        }
        characters.into_iter().collect()
    }
}

#[test]
fn texts_that_are_made_up_have_one_verdict() {
    let samples: Value = serde_json::from_str(include_str!("samples.json")).expect("the samples");
    let ledger = ledger();
    let mut wrong = Vec::new();
    for format in Format::ALL {
        let witness = Witness::of_format(format);
        let texts = samples["valid"][format.name()].as_array().expect("samples");
        let mut draw = Draw::new(format as u8);
        let mut accepted = 0;
        for at in 0..MADE_UP {
            let text = draw.changed(texts[at % texts.len()].as_str().expect("a text"));
            let is_accepted = format.accepts(&text);
            accepted += usize::from(is_accepted);
            let is_same = is_accepted == witness.accepts(&text.as_str().into());
            if !is_same && !is_listed(&ledger, format, &text) {
                wrong.push(format!("{}: {text:?}: ours {is_accepted}", format.name()));
            }
        }
        assert!(accepted > 50, "{}: {accepted}", format.name());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Numbers at the limits of types.
const NUMBERS: &str = "\
    0 -0.0 1 1.0 1.5 -1 127 128 -128 -129 255 256 32767 32768 -32769 65535 65536 \
    2147483647 2147483648 -2147483648 -2147483649 4294967295 4294967296 \
    9223372036854775807 9223372036854775808 -9223372036854775808 -9.3e18 \
    18446744073709551615 1e20 1e300 3.4e38 -3.4e38 3.5e38 -3.5e38 0.1 1e-300 \
    3.4028234663852886e38";

/// Values to judge every schema by: samples of all formats, and numbers at limits.
fn values() -> Vec<Value> {
    let samples: Value = serde_json::from_str(include_str!("samples.json")).expect("the samples");
    let mut texts: Vec<Value> = Vec::new();
    let ledger = ledger();
    for format in Format::ALL {
        for kind in ["valid", "invalid"] {
            let given = samples[kind][format.name()].as_array().expect("samples");
            texts.extend(given.iter().cloned());
        }
    }
    // Those have verdicts of their own.
    let is_listed = |text: &Value| {
        let text = text.as_str().unwrap_or_default();
        Format::ALL
            .into_iter()
            .any(|format| is_listed(&ledger, format, text))
    };
    texts.retain(|text| !is_listed(text));
    let numbers = NUMBERS.split(' ');
    let numbers = numbers.map(|text| serde_json::from_str::<Value>(text).expect("a number"));
    let mut values: Vec<Value> = texts.clone();
    values.extend(numbers);
    values.extend([Value::Null, json!(true), json!([]), json!({})]);
    values.extend(texts.chunks(2).map(|pair| json!(pair)));
    values.extend(texts.chunks(3).map(|some| json!([some[0], some[0]])));
    for pair in texts.windows(2) {
        values.push(json!({"a": pair[0], "b": pair[1]}));
        values.push(json!({"from": pair[0], "to": pair[1]}));
        values.push(json!({"from": pair[0]}));
        values.push(json!({"zone": pair[0], "to": pair[1]}));
    }
    values
}

#[test]
fn types_say_what_their_schemas_say() {
    let document = include_str!("documents/formats.json");
    let document: Value = serde_json::from_str(document).expect("the document");
    let properties = &document["components"]["schemas"]["Formats"]["properties"];
    let values = values();
    let mut wrong = Vec::new();
    for (name, schema) in properties.as_object().expect("properties") {
        let mut schema = schema.clone();
        // It is not asserted, since there is no type for it.
        if schema["format"] == "hostname" {
            schema["format"] = Value::Null;
        }
        let schema = without_nulls(schema);
        let witness = Witness::new(schema);
        let mut accepted = 0;
        for value in &values {
            // Integers past 64 bits are read as few digits and zeros, or not at all.
            if name == "date_or_number" && value.as_f64().is_some_and(|it| it.abs() > 1e38) {
                continue;
            }
            let instance = json!({name: value});
            let said = recode::<Formats>(&Node::from(&instance));
            accepted += usize::from(said.is_ok());
            if said.is_ok() != witness.accepts(value) {
                wrong.push(format!("{name}: {value}: {:?}", said.err()));
                continue;
            }
            // A double rounds what it does not hold.
            let is_large = value.as_f64().is_some_and(|it| it.abs() > 9e15);
            let is_rounded = matches!(&**name, "double" | "float") && is_large;
            if let Ok(again) = said
                && again != Node::from(&instance)
                && !is_rounded
            {
                wrong.push(format!("{name}: {value} became {again:?}"));
            }
            let read = serde_json::from_str::<Formats>(&instance.to_string());
            if read.is_ok() != witness.accepts(value) {
                wrong.push(format!("{name}: {value} read: {:?}", read.err()));
            }
        }
        assert!(accepted > 0, "{name}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn without_nulls(mut schema: Value) -> Value {
    if let Some(members) = schema.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    schema
}
