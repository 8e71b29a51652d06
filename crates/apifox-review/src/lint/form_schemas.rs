//! The schemas of forms, whose fields are sent as text.

use std::collections::BTreeSet;

use super::context::Context;
use super::schemas::SchemaPlace;
use apifox_document::api::{Content, PartValue};
use apifox_document::pointer::written_place;

/// The places of the schemas that list the fields of forms, as they are written.
pub(super) struct FormSchemas(BTreeSet<String>);

impl FormSchemas {
    pub fn of(context: &Context<'_>) -> Self {
        let mut found = BTreeSet::new();
        let api = context.api;
        let operations = api.operations.iter().chain(&api.incoming);
        let bodies = operations.filter_map(|operation| operation.body.as_ref());
        for media in bodies.flat_map(|body| &body.contents) {
            match &media.content {
                Content::Form { schema, .. } => {
                    found.extend(context.parts(&SchemaPlace::root(schema)));
                }
                Content::Fields { fields, .. } => {
                    let forms = fields.iter().filter_map(|field| match &field.value {
                        PartValue::Schema(place) => form_of(place).map(str::to_owned),
                        PartValue::File | PartValue::Files(_) => None,
                    });
                    found.extend(forms);
                }
                _ => {}
            }
        }
        let written = found.iter().map(|place| written_place(place).to_owned());
        Self(written.collect())
    }

    /// Whether the schema at a place is that of a form.
    pub fn has_form(&self, place: &str) -> bool {
        self.0.contains(place)
    }

    /// Whether the schema at a place is that of a field, or of each of its values.
    pub fn has_field(&self, place: &str) -> bool {
        let place = place.strip_suffix("/items").unwrap_or(place);
        form_of(place).is_some_and(|form| self.has_form(form))
    }
}

/// The place of the schema that lists the property at `place`.
fn form_of(place: &str) -> Option<&str> {
    let (properties, _) = place.rsplit_once('/')?;
    properties.strip_suffix("/properties")
}
