//! What stands at a place within a schema, by the keywords that lead there.

use crate::schema::keywords::{Form, keyword};

/// Whether steps from a schema lead to something that is none: to what only holds schemas, or to
/// data. What a member leads to that is no keyword is not known, and may be one.
pub(super) fn leads_to_no_schema(steps: &[&str]) -> bool {
    let mut steps = steps.iter().peekable();
    while let Some(name) = steps.next() {
        let Some(keyword) = keyword(name).filter(|_| !name.starts_with("x-")) else {
            return false;
        };
        let is_index = |step: &&&str| step.bytes().all(|byte| byte.is_ascii_digit());
        match keyword.form {
            Form::Schema => {}
            Form::NamedSchemas | Form::Dependencies | Form::Schemas if steps.next().is_none() => {
                return true;
            }
            Form::NamedSchemas | Form::Dependencies | Form::Schemas => {}
            Form::SchemaOrSchemas => drop(steps.next_if(is_index)),
            _ => return true,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::leads_to_no_schema;

    #[test]
    fn keywords_say_what_is_a_schema() {
        for (path, expected) in [
            ("", false),
            ("properties", true),
            ("properties/properties", false),
            ("properties/properties/properties", true),
            ("allOf", true),
            ("allOf/0", false),
            ("items", false),
            ("items/0/not", false),
            ("default", true),
            ("enum/0", true),
            ("x-parts/properties", false),
        ] {
            let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
            assert_eq!(leads_to_no_schema(&steps), expected, "{path}");
        }
    }
}
