//! The table: what is to become of each fault in each call.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::call::Call;

const TABLE: &str = include_str!("faults.json");

/// A fault, and what is to become of each call that meets it.
pub struct Row {
    pub fault: String,
    /// The sandbox's script; a step is for the requests of the call unless it says
    /// otherwise.
    pub steps: Vec<Value>,
    /// Whether the caller asks for another attempt where the outcome is unknown.
    pub retry_unknown: bool,
    /// How many milliseconds it takes at least.
    pub least: u64,
    /// Whether it is for the limits of time to end the call. They are short then;
    /// else no busy machine comes near them.
    pub hurried: bool,
    columns: BTreeMap<String, Value>,
    without: BTreeMap<String, String>,
}

impl Row {
    /// What is to become of `call`; `None` where the row says why there is no such
    /// thing. The states of a task are for tasks alone, and nothing else is.
    pub fn expected(&self, call: Call) -> Option<Value> {
        let is_of_tasks = self.steps.iter().any(|it| !it["task"].is_null());
        if is_of_tasks != call.is_task() {
            return None;
        }
        for column in call.columns() {
            if self.without.contains_key(*column) {
                return None;
            }
            if let Some(expected) = self.columns.get(*column) {
                return Some(expected.clone());
            }
        }
        panic!("{}: what becomes of {call:?}, or why not?", self.fault);
    }

    /// The script as `call` meets it.
    pub fn script(&self, call: Call, key: &str, trap: &str) -> Value {
        let steps = self.steps.iter().map(|step| call.targeted(step.clone()));
        let text = Value::Array(steps.collect()).to_string();
        let text = text.replace("{KEY}", key).replace("{TRAP}", trap);
        serde_json::from_str(&text).expect("JSON")
    }
}

/// Every row; one for each code and each status where a row has several.
pub fn rows() -> Vec<Row> {
    let rows: Vec<Value> = serde_json::from_str(TABLE).expect("faults.json is JSON");
    rows.into_iter().flat_map(several).map(row).collect()
}

/// A row for each of the `codes` or `statuses` of one.
fn several(row: Value) -> Vec<Value> {
    for (list, member) in [("codes", "error"), ("statuses", "status")] {
        if let Some(items) = row[list].as_array() {
            let each = items.iter().map(|item| {
                let mut each = row.clone();
                each["fault"] =
                    format!("{}: {item}", row["fault"].as_str().expect("a name")).into();
                each["steps"] = json!([{member: item, "times": "always"}]);
                each.as_object_mut().expect("an object").remove(list);
                each
            });
            return each.collect();
        }
    }
    vec![row]
}

fn row(row: Value) -> Row {
    let Value::Object(mut members) = row else {
        panic!("{row} is no object");
    };
    let mut take = |name: &str| members.remove(name).unwrap_or_default();
    let fault = take("fault").as_str().expect("a name").to_owned();
    let steps = take("steps").as_array().expect("an array").clone();
    let without = take("without");
    let without = without.as_object().into_iter().flatten();
    let text = |it: &Value| it.as_str().expect("a reason").to_owned();
    let row = Row {
        steps,
        retry_unknown: take("retry_unknown") == true,
        least: take("least").as_u64().unwrap_or_default(),
        hurried: take("hurried") == true,
        without: without
            .map(|(name, why)| (name.clone(), text(why)))
            .collect(),
        columns: members.into_iter().collect(),
        fault,
    };
    let known = |it: &str| Call::ALL.iter().any(|call| call.columns().contains(&it));
    for name in row.columns.keys().chain(row.without.keys()) {
        assert!(known(name), "{}: there is no column {name}", row.fault);
    }
    row
}
