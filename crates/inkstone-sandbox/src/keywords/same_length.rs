//! The keyword `x-same-length`: two arrays of equal length.

use serde_json::Value;

use crate::keywords::any_keyword::{Factory, by_rule};

struct SameLength {
    array: String,
    other: String,
    counting: Option<String>,
}

pub fn keyword(rule: &Value) -> Factory<'_> {
    by_rule(
        read(rule),
        r#"write two JSON pointers, as in {"array": "/a", "as": "/b", "counting": "name"}"#,
        |rule, instance| (!rule.is_kept_by(instance)).then_some("the arrays differ in length"),
    )
}

fn read(rule: &Value) -> Option<SameLength> {
    let known = ["array", "as", "counting"];
    if !rule.as_object()?.keys().all(|key| known.contains(&&**key)) {
        return None;
    }
    let pointer = |name: &str| {
        let pointer = rule[name].as_str()?;
        let is_pointer = pointer.is_empty() || pointer.starts_with('/');
        is_pointer.then(|| pointer.to_owned())
    };
    let counting = match rule.get("counting") {
        None => None,
        Some(name) => Some(name.as_str()?.to_owned()),
    };
    Some(SameLength {
        array: pointer("array")?,
        other: pointer("as")?,
        counting,
    })
}

impl SameLength {
    /// How many items the array has to have, if there is another array.
    fn expected_length(&self, instance: &Value) -> Option<usize> {
        let items = instance.pointer(&self.other)?.as_array()?;
        Some(match &self.counting {
            None => items.len(),
            Some(name) => items.iter().filter(|item| item.get(name).is_some()).count(),
        })
    }

    fn is_kept_by(&self, instance: &Value) -> bool {
        let array = instance.pointer(&self.array).and_then(Value::as_array);
        match (array, self.expected_length(instance)) {
            (Some(array), Some(expected)) => array.len() == expected,
            _ => true,
        }
    }
}
