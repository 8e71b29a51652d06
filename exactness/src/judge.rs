//! Whether a type that was generated from a schema drawn at random says the same as an
//! independent validator.

use apifox_runtime::Node;
use serde_json::{Value, json};

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
    let witness =
        |schema: &Value| jsonschema::validator_for(schema).map_err(|error| error.to_string());
    compare(
        case,
        count,
        instance,
        Draw::new(case.schema.len() as u64),
        witness,
    )
}

/// The same where formats are asserted.
///
/// # Errors
///
/// The same.
pub fn judge_formats(
    case: &Case,
    count: usize,
    instance: fn(&mut Draw, &Value, usize) -> Value,
) -> Result<(), String> {
    let witness = |schema: &Value| {
        let mut schema = schema.clone();
        bound_integers(&mut schema);
        let options = jsonschema::options().should_validate_formats(true);
        options.build(&schema).map_err(|error| error.to_string())
    };
    let draw = Draw::new(case.schema.len() as u64).with_formats();
    compare(case, count, instance, draw, witness)
}

/// Says what formats of integers mean, which `jsonschema` does not know.
fn bound_integers(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(bound_integers),
        Value::Object(members) => {
            members.values_mut().for_each(bound_integers);
            let limits = match members.get("format").and_then(Value::as_str) {
                Some("int8") => (json!(-128), json!(127)),
                Some("int16") => (json!(-32_768), json!(32_767)),
                Some("int32") => (json!(i32::MIN), json!(i32::MAX)),
                Some("int64") => (json!(i64::MIN), json!(i64::MAX)),
                Some("uint8") => (json!(0), json!(255)),
                Some("uint32") => (json!(0), json!(u32::MAX)),
                Some("uint64") => (json!(0), json!(u64::MAX)),
                _ => return,
            };
            let rule = json!({"minimum": limits.0, "maximum": limits.1, "multipleOf": 1});
            let all = members.entry("allOf").or_insert(json!([]));
            if let Value::Array(all) = all {
                all.push(rule);
            }
        }
        _ => {}
    }
}

fn compare(
    case: &Case,
    count: usize,
    instance: fn(&mut Draw, &Value, usize) -> Value,
    mut draw: Draw,
    witness: fn(&Value) -> Result<jsonschema::Validator, String>,
) -> Result<(), String> {
    let recode = match case.outcome {
        Outcome::Generated(recode) => recode,
        Outcome::Refused(why) => return Err(format!("refused: {why}")),
    };
    let schema: Value = serde_json::from_str(case.schema).map_err(|error| error.to_string())?;
    let witness = witness(&schema)?;
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
