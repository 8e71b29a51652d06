//! Objects: `properties`, `required` and `additionalProperties`.

use serde_json::Value;

use super::{Hint, Lowering};
use crate::model::{Additional, Field, Presence, Shape, Struct, Use};
use crate::names::{self, Scope};
use crate::schema::{Fault, Schema};

impl<'d> Lowering<'d> {
    pub(super) fn object(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        let required = self.heard(schema, required(schema))?;
        let mut properties = schema.members("properties");
        order(&mut properties, schema);
        let additional = schema.child("additionalProperties");
        let is_closed = additional
            .as_ref()
            .is_some_and(|it| it.value == &Value::Bool(false));

        if properties.is_empty() && required.is_empty() && !is_closed {
            return match additional {
                None => Some(Use::Object),
                Some(additional) => {
                    let hint = Hint::new(&format!("{}_value", hint.name), &hint.parent);
                    let of = self.schema(&additional, &hint)?;
                    Some(match of {
                        Use::Any => Use::Object,
                        of => Use::Map(Box::new(of)),
                    })
                }
            };
        }

        let (id, name) = self.reserve(hint);
        let fields = self.fields(schema, properties, &required, &name);
        let additional = self.additional(additional, is_closed, &name);
        let shape = Shape::Struct(Struct {
            fields: fields?,
            additional: additional?,
        });
        Some(self.fill(id, name, schema.docs(), shape))
    }

    fn fields(
        &mut self,
        schema: &Schema<'d>,
        properties: Vec<(&'d str, Schema<'d>)>,
        required: &[&'d str],
        parent: &str,
    ) -> Option<Vec<Field>> {
        let mut idents = Scope::default();
        // The field that keeps what has no field of its own.
        idents.claim(&["additional".to_owned()]);
        let mut fields = Some(Vec::new());
        for (name, property) in &properties {
            let of = self.schema(property, &Hint::new(name, parent));
            let presence = self.presence(property, required.contains(name));
            match (&mut fields, of, presence) {
                (Some(fields), Some(of), Some(presence)) => fields.push(Field {
                    name: (*name).to_owned(),
                    ident: idents.claim(&[names::field_name(name)]),
                    docs: property.docs(),
                    of,
                    presence,
                }),
                _ => fields = None,
            }
        }
        for name in required {
            if !properties.iter().any(|(declared, _)| declared == name) {
                let fault = format!("requires {name:?}, which `properties` doesn't name");
                let fault = Fault::new("required", fault)
                    .remedy("name the property, or drop the requirement, in a correction");
                self.problem(schema, fault);
                fields = None;
            }
        }
        fields
    }

    fn presence(&mut self, property: &Schema<'d>, is_required: bool) -> Option<Presence> {
        let empty_means_absent = property.get("x-empty-means-absent") == Some(&true.into());
        match (is_required, empty_means_absent) {
            (true, false) => Some(Presence::Required),
            (false, false) => Some(Presence::Optional),
            (false, true) => Some(Presence::OrEmpty),
            (true, true) => {
                let fault = Fault::new("x-empty-means-absent", "a required field can't be absent")
                    .remedy("drop one of the two");
                self.problem(property, fault);
                None
            }
        }
    }

    fn additional(
        &mut self,
        schema: Option<Schema<'d>>,
        is_closed: bool,
        parent: &str,
    ) -> Option<Additional> {
        match schema {
            _ if is_closed => Some(Additional::Denied),
            None => Some(Additional::Allowed(Use::Any)),
            Some(schema) => {
                let hint = Hint::new("additional_value", parent);
                self.schema(&schema, &hint).map(Additional::Allowed)
            }
        }
    }
}

fn required<'d>(schema: &Schema<'d>) -> Result<Vec<&'d str>, Fault> {
    let fault = || Fault::new("required", "is no array of strings").remedy("list the names");
    let Some(value) = schema.get("required") else {
        return Ok(Vec::new());
    };
    let names = value.as_array().ok_or_else(fault)?;
    names
        .iter()
        .map(|name| name.as_str().ok_or_else(fault))
        .collect()
}

/// Sorts the properties as `x-apifox-orders` lists them, the others after.
fn order<T>(properties: &mut [(&str, T)], schema: &Schema<'_>) {
    let Some(orders) = schema.get("x-apifox-orders").and_then(Value::as_array) else {
        return;
    };
    let place = |name: &str| {
        let found = orders.iter().position(|it| it == name);
        found.unwrap_or(orders.len())
    };
    properties.sort_by_key(|(name, _)| place(name));
}
