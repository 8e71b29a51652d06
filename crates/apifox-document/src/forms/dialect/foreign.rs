//! What a schema has that its version does not: reported, and how it is read.

use serde_json::{Map, Value};

use super::{Dialect, SchemaVersion};
use crate::forms::swagger::translate_schema;
use crate::pointer::member;
use crate::schema::keywords::applies;

impl Dialect<'_> {
    /// Translates a schema of Swagger that was not known to be one when its document was: only
    /// references lead to it, as into an extension.
    pub(super) fn translate_swagger(&self, schema: &mut Map<String, Value>) {
        if self.version == SchemaVersion::Swagger20 {
            translate_schema(schema);
        }
    }

    /// Where a definition of Swagger is now, which references in such schemas still lead to.
    pub(super) fn definition(&self, pointer: &str) -> Option<String> {
        let is_swagger = self.version == SchemaVersion::Swagger20;
        let name = pointer
            .strip_prefix("/definitions/")
            .filter(|_| is_swagger)?;
        Some(format!("/components/schemas/{name}"))
    }

    /// Notes what the version does not have, and how it is read.
    pub(super) fn report_foreign(&mut self, schema: &Map<String, Value>, place: &str) {
        for (name, value) in schema {
            // The extension of Swagger became `nullable`, and is meant.
            let is_extension = name == "nullable" && schema.contains_key("x-nullable");
            if let Some(reading) = self.version.foreign_reading(name, value)
                && !(is_extension && self.version == SchemaVersion::Swagger20)
            {
                self.note_read(place, name, &reading);
            }
        }
    }

    /// Removes what restricts values beside `$ref`, where the version ignores it. What describes
    /// the value stays, and so does `nullable`, which is commonly meant.
    pub(super) fn ref_siblings(&mut self, schema: &mut Map<String, Value>, place: &str) {
        let is_reference = member(schema, "$ref").is_some_and(Value::is_string);
        if !is_reference || !self.version.ignores_ref_siblings() {
            return;
        }
        let is_ignored = |name: &&String| *name != "$ref" && applies(name).is_some();
        let ignored: Vec<String> = schema.keys().filter(is_ignored).cloned().collect();
        for name in ignored {
            let own = self.version.name();
            let message = format!("stands beside $ref, where {own} ignores it; it is skipped");
            self.note(place, Some(&name), &message);
            if let Some(value) = schema.remove(&name) {
                self.set_aside(schema, place, &name, value);
            }
        }
    }
}
