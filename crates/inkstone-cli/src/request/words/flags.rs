//! The fields of a request that have flags of their own.

use serde_json::Value;

use crate::args::request::RequestArgs;

/// The name of the prompt, which has no flag but is an argument.
pub const PROMPT: &str = "PROMPT";

/// A field that has a flag.
pub struct Flag {
    /// As all shapes of requests call it.
    pub field: &'static str,
    /// As it is written.
    pub flag: &'static str,
    /// Whether its value is joined by `=`.
    pub is_joined: bool,
    /// What it says, if it is given.
    pub given: fn(&RequestArgs) -> Option<Value>,
    /// Gives it, if it takes this value.
    pub give: fn(&mut RequestArgs, &Value),
}

macro_rules! flag {
    ($field:ident, $flag:expr, $is_joined:literal, $read:expr) => {
        Flag {
            field: stringify!($field),
            flag: $flag,
            is_joined: $is_joined,
            given: |args| args.$field.clone().map(Value::from),
            give: |args, value| args.$field = $read(value),
        }
    };
}

/// The fields that have flags, as bodies list them.
pub const FLAGS: [Flag; 7] = [
    flag!(prompt, PROMPT, false, text),
    flag!(negative_prompt, "--negative-prompt", false, text),
    flag!(size, "--size", false, text),
    flag!(n, "--n", false, Value::as_i64),
    flag!(prompt_extend, "--prompt-extend", false, Value::as_bool),
    flag!(watermark, "--watermark", true, Value::as_bool),
    flag!(seed, "--seed", false, Value::as_i64),
];

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

impl Flag {
    /// Whether it takes a value.
    pub fn takes(&self, value: &Value) -> bool {
        let mut args = RequestArgs::default();
        (self.give)(&mut args, value);
        (self.given)(&args).is_some()
    }
}
