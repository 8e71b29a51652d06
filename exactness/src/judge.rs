//! Whether a type that was generated from a schema drawn at random says the same as an
//! independent validator.

use apifox_runtime::Node;
use serde_json::Value;

use crate::draw::Draw;
use crate::{Case, Outcome};

/// Compares the type's verdicts with the validator's on `count` instances; `instance`
/// draws one of a schema, told how many there were before it.
///
/// # Errors
///
/// The first instance on which they differ, or that does not encode to what it was.
pub fn judge(
    case: &Case,
    count: usize,
    instance: fn(&mut Draw, &Value, usize) -> Value,
) -> Result<(), String> {
    let recode = match case.outcome {
        Outcome::Generated(recode) => recode,
        Outcome::Refused(why) => return Err(format!("refused: {why}")),
    };
    let schema: Value = serde_json::from_str(case.schema).map_err(|error| error.to_string())?;
    let witness = jsonschema::validator_for(&schema).map_err(|error| error.to_string())?;
    let mut draw = Draw::new(case.schema.len() as u64);
    for at in 0..count {
        let instance = instance(&mut draw, &schema, at);
        let text = instance.to_string();
        let said = recode(&text);
        if said.is_ok() != witness.is_valid(&instance) {
            return Err(format!(
                "schema {schema}\ninstance {text}\nthe type says {said:?}"
            ));
        }
        let Ok(recoded) = said else { continue };
        let again: Value =
            serde_json::from_str(&recoded.json).map_err(|error| error.to_string())?;
        let is_same = Node::from(&instance) == Node::from(&again);
        if !recoded.is_stable || !witness.is_valid(&again) || !is_same {
            return Err(format!("schema {schema}\n{text} became {}", recoded.json));
        }
    }
    Ok(())
}
