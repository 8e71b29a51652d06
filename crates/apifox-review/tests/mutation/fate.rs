//! What the tables say of a place in a document.

use apifox_document::Form;
use apifox_document::forms::dialect::repairs::is_annotation;
use apifox_document::members::{Holds, is_extension_of};
use apifox_document::pointer::{JsonPointerExt as _, steps};
use apifox_document::schema::keywords::{Form as KeywordForm, Treatment, keyword};
use serde_json::Value;

/// Whether the value at a pointer is, or lies in, an annotation.
pub fn is_in_annotation(json: &Value, pointer: &str) -> bool {
    let root = Form::of(json).root();
    let mut at = root.map_or(At::Schema, |root| At::Table(Holds::Object(root)));
    let mut place = String::new();
    for step in steps(pointer) {
        let around = json.pointer(&place).unwrap_or(&Value::Null);
        place = place.child(&step);
        let value = json.pointer(&place).unwrap_or(&Value::Null);
        match next(&at, around, &step, value) {
            Some(next) => at = next,
            None => return true,
        }
    }
    false
}

/// Where the steps of a pointer have led.
enum At {
    Table(Holds),
    Schema,
    /// In the value of a keyword that holds schemas in this way.
    Keyword(KeywordForm),
    /// In a value that no table divides further.
    Value,
}

/// Where one more step leads; `None` into an annotation.
fn next(at: &At, around: &Value, step: &str, value: &Value) -> Option<At> {
    Some(match at {
        At::Table(Holds::List(kind) | Holds::Map(kind)) => {
            let is_extension = around.is_object() && is_extension_of(*kind, step);
            (!is_extension).then_some(At::Table(Holds::Object(*kind)))?
        }
        At::Table(Holds::ListOrObject { list, .. }) if around.is_array() => {
            At::Table(Holds::Object(*list))
        }
        At::Table(Holds::Object(kind) | Holds::ListOrObject { object: kind, .. }) => {
            if around
                .as_object()
                .is_some_and(|object| kind.is_idle(object))
            {
                return None;
            }
            match kind.judge(step, value) {
                Ok(None) => return None,
                Ok(Some(Holds::Schema)) => At::Schema,
                Ok(Some(holds)) => At::Table(holds),
                Err(_) => match kind.member(step) {
                    Some(member) if member.holds == Holds::Schema => At::Schema,
                    Some(member) => At::Table(member.holds),
                    None => At::Value,
                },
            }
        }
        At::Table(Holds::Schemas) => At::Schema,
        At::Table(Holds::Schema) | At::Schema => match keyword(step) {
            Some(known) if known.treatment == Treatment::Annotation => return None,
            Some(known) => At::Keyword(known.form),
            None if is_annotation(step) && step != "discriminator" && step != "nullable" => {
                return None;
            }
            None => At::Value,
        },
        At::Keyword(
            KeywordForm::NamedSchemas
            | KeywordForm::Dependencies
            | KeywordForm::Schemas
            | KeywordForm::SchemaOrSchemas,
        ) if around.is_array() || !is_schema_itself(at) => At::Schema,
        At::Keyword(KeywordForm::Schema | KeywordForm::SchemaOrSchemas) => {
            return next(&At::Schema, around, step, value);
        }
        _ => At::Value,
    })
}

/// Whether the value of a keyword may be a schema itself.
fn is_schema_itself(at: &At) -> bool {
    matches!(
        at,
        At::Keyword(KeywordForm::Schema | KeywordForm::SchemaOrSchemas)
    )
}
