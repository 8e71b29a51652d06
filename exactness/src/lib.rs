//! Tests that generated types accept exactly what their schemas accept.
//!
//! `build.rs` has `apifox-build` generate a module for every schema of the
//! official JSON-Schema-Test-Suite, and for schemas drawn at random; the tests
//! compare the generated types with the suite's verdicts and with an
//! independent validator.

pub mod dialect;
pub mod draw;
pub mod judge;
pub mod logic;
pub mod witness;

use apifox_runtime::{Decode, Node};
use serde_json::Value;

/// A schema, and the type that was generated from it.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Where the schema comes from.
    pub name: &'static str,
    /// The schema, as JSON.
    pub schema: &'static str,
    /// The suite's tests of it, as JSON; empty for a schema drawn at random.
    pub tests: &'static str,
    /// The generated type, or why there is none.
    pub outcome: Outcome,
}

impl Case {
    /// Compares the type's verdicts with those of the tests.
    ///
    /// # Errors
    ///
    /// The first instance on which they differ, or that does not encode to what
    /// decodes to the same.
    pub fn compare(&self, recode: fn(&str) -> Result<Recoded, String>) -> Result<(), String> {
        let tests: Vec<Value> =
            serde_json::from_str(self.tests).map_err(|error| error.to_string())?;
        for test in tests {
            let instance = test["data"].to_string();
            let said = recode(&instance);
            if said.is_ok() != (test["valid"] == true) {
                return Err(format!("{} {instance}: {said:?}", test["description"]));
            }
            if let Ok(recoded) = said
                && !recoded.is_stable
            {
                return Err(format!(
                    "{instance} became {} and then another",
                    recoded.json
                ));
            }
        }
        Ok(())
    }
}

/// What came of a schema.
#[derive(Clone, Copy, Debug)]
pub enum Outcome {
    /// A type; this decodes an instance as it and encodes it again, twice.
    Generated(fn(&str) -> Result<Recoded, String>),
    /// The generator's reason to refuse the schema.
    Refused(&'static str),
}

/// What an instance encodes to once it is decoded.
#[derive(Debug)]
pub struct Recoded {
    /// The encoded value.
    pub json: String,
    /// Whether decoding that again gives an equal value, and so does every other way
    /// to decode the instance.
    pub is_stable: bool,
}

/// Decodes `json` as `T`, the way a user of the type would.
///
/// # Errors
///
/// The decoder's.
pub fn recode<T>(json: &str) -> Result<Recoded, String>
where
    T: Decode + serde::de::DeserializeOwned + serde::Serialize + PartialEq,
{
    let read: Result<T, _> = serde_json::from_str(json);
    // Text is read without a tree in between; only a tree tells what is wrong.
    let tree = Node::parse(json.as_bytes()).map_err(|error| error.to_string())?;
    let decoded = T::decode_root(&tree);
    let value: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let from_value: Result<T, _> = serde_json::from_value(value);
    let (read, decoded, from_value) = match (read, decoded, from_value) {
        (Ok(read), Ok(decoded), Ok(from_value)) => (read, decoded, from_value),
        (read, decoded, from_value) => {
            return unread([
                read.err().map(Into::into),
                decoded.err().map(Into::into),
                from_value.err().map(Into::into),
            ]);
        }
    };
    let json = serde_json::to_string(&read).map_err(|error| error.to_string())?;
    let again: Result<T, _> = serde_json::from_str(&json);
    let is_again = again.is_ok_and(|again| again == read);
    Ok(Recoded {
        is_stable: is_again && decoded == read && from_value == read,
        json,
    })
}

/// What is told of an instance that some way to decode it refuses: the explanation of the tree,
/// if all agree.
fn unread(errors: [Option<Box<dyn std::error::Error>>; 3]) -> Result<Recoded, String> {
    let why = errors.map(|error| error.map(|error| error.to_string()));
    if let [Some(read), Some(decoded), Some(from_value)] = &why
        && rules(read) == rules(decoded)
        && rules(from_value) == rules(decoded)
    {
        return Err(decoded.clone());
    }
    Ok(Recoded {
        json: format!("different things: {why:?}"),
        is_stable: false,
    })
}

/// The rules that an error names, without the values that it shows: those may have been
/// put together again from what was read, their members in another order, and 2 for 2.0.
/// What alternatives expect is told in the order of the members, too.
fn rules(error: &str) -> Vec<&str> {
    let rules = error.split("; ");
    let rules = rules.map(|rule| rule.split_once(", found ").map_or(rule, |(rule, _)| rule));
    let parts = rules.flat_map(|rule| {
        let (place, expected) = rule.split_once(": expected ").unwrap_or(("", rule));
        [place, expected.trim_start_matches("or ")]
    });
    let mut rules: Vec<&str> = parts.collect();
    rules.sort_unstable();
    rules
}
