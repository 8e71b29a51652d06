//! Objects: `properties`, `required` and `additionalProperties`.

use serde_json::Value;

use super::{Hint, Lowering};
use crate::model::{Additional, Field, Presence, Shape, Struct, Use};
use crate::names::{self, Scope};
use crate::schema::Schema;

impl<'d> Lowering<'d> {
    /// `None` when a field is required that may not be there.
    pub(super) fn object(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        let required = required(schema);
        let properties = schema.members("properties");
        let is_declared = |name: &&str| properties.iter().any(|(declared, _)| declared == name);
        if is_closed(schema) && !required.iter().all(is_declared) {
            return None;
        }
        self.loose_object(schema, hint)
    }

    /// An object with the right fields, whatever else is asked of it.
    pub(super) fn loose_object(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        let required = required(schema);
        let mut properties = schema.members("properties");
        order(&mut properties, schema);
        if properties.is_empty() && required.is_empty() && !is_closed(schema) {
            return match self.additional(schema, hint)? {
                Use::Any => Some(Use::Object),
                of => Some(Use::Map(Box::new(of))),
            };
        }
        let (id, name) = self.reserve_for(schema, hint);
        let mut fields = self.fields(&properties, &required, &name)?;
        let additional = match is_closed(schema) {
            true => Additional::Denied,
            false => Additional::Allowed(self.additional(schema, &Hint::new("additional", &name))?),
        };
        self.undeclared(schema, &required, &mut fields, &additional);
        let shape = Shape::Struct(Struct { fields, additional });
        Some(self.fill(id, name, schema.docs(), shape))
    }

    fn fields(
        &mut self,
        properties: &[(&'d str, Schema<'d>)],
        required: &[&'d str],
        parent: &str,
    ) -> Option<Vec<Field>> {
        let mut idents = field_names();
        let mut fields = Vec::with_capacity(properties.len());
        for (name, property) in properties {
            let is_required = required.contains(name);
            let of = self.schema(property, &Hint::new(name, parent))?;
            let empty_means_absent =
                property.get("x-empty-means-absent") == Some(&true.into()) && self.takes_empty(&of);
            fields.push(Field {
                name: (*name).to_owned(),
                ident: idents.claim(&[names::field_name(name)]),
                docs: property.docs(),
                of,
                presence: match (is_required, empty_means_absent) {
                    (true, _) => Presence::Required,
                    (false, false) => Presence::Optional,
                    (false, true) => Presence::OrEmpty,
                },
            });
        }
        Some(fields)
    }

    /// Whether a type of strings takes the empty one.
    fn takes_empty(&self, of: &Use) -> bool {
        match of {
            Use::Text => true,
            Use::Declared(id) => match self.types[id.0].as_ref().map(|it| &it.shape) {
                Some(Shape::Text(text)) => text.min_length == 0 && text.pattern.is_none(),
                _ => false,
            },
            _ => false,
        }
    }

    /// Fields that are required and have no schema but that of all others.
    fn undeclared(
        &mut self,
        schema: &Schema<'d>,
        required: &[&'d str],
        fields: &mut Vec<Field>,
        additional: &Additional,
    ) {
        let of = match additional {
            Additional::Allowed(of) => of.clone(),
            Additional::Denied => Use::Any,
        };
        for name in required {
            if fields.iter().any(|field| field.name == *name) {
                continue;
            }
            let mut idents = field_names();
            for field in fields.iter() {
                idents.claim(std::slice::from_ref(&field.ident));
            }
            fields.push(Field {
                name: (*name).to_owned(),
                ident: idents.claim(&[names::field_name(name)]),
                docs: crate::model::Docs {
                    pointer: schema.pointer.clone(),
                    ..crate::model::Docs::default()
                },
                of: of.clone(),
                presence: Presence::Required,
            });
        }
    }

    /// The type of the fields that `properties` doesn't name.
    fn additional(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        // Which fields are meant depends on more than `properties` then.
        if schema.has("patternProperties") {
            return Some(Use::Any);
        }
        match schema.child("additionalProperties") {
            None => Some(Use::Any),
            Some(additional) => self.schema(&additional, &hint.part("value")),
        }
    }
}

/// The names of fields, apart from that for what has no field of its own.
fn field_names() -> Scope {
    let mut idents = Scope::default();
    idents.claim(&[crate::shapes::ADDITIONAL.to_owned()]);
    idents
}

fn is_closed(schema: &Schema<'_>) -> bool {
    schema.get("additionalProperties") == Some(&Value::Bool(false))
        && !schema.has("patternProperties")
}

fn required<'d>(schema: &Schema<'d>) -> Vec<&'d str> {
    let names = schema.get("required").and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    let mut distinct = Vec::new();
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct
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
