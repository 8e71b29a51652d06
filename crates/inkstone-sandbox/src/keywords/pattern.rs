//! The keyword `pattern` as ECMA-262 has it, for expressions that `jsonschema` doesn't compile.

use apifox_runtime::Pattern;
use serde_json::Value;

use crate::keywords::any_keyword::{self, Factory};

pub fn keyword(rule: &Value) -> Factory<'_> {
    let source = rule.as_str().filter(|source| Pattern::is_valid(source));
    let pattern = source.map(|source| Pattern::owned(source.to_owned()));
    any_keyword::by_rule(
        pattern,
        "it is no regular expression of ECMA-262",
        |pattern, instance| {
            let text = instance.as_str()?;
            (!pattern.is_match(text)).then_some("the string does not match")
        },
    )
}
