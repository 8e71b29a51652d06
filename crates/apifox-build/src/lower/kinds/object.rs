//! Objects: `properties`, `required` and `additionalProperties`.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::lower::hint::Hint;
use crate::lower::lowering::Lowering;
use crate::model::{ADDITIONAL, Additional, Docs, Field, Presence, Shape, Struct, TypeRef};
use crate::names::{self, Scope};
use crate::schema::Schema;

impl<'d> Lowering<'d> {
    /// `None` when a field is required that may not be there.
    pub fn object(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        let properties = schema.members("properties");
        let declared: HashSet<&str> = properties.iter().map(|(name, _)| *name).collect();
        let is_declared = |name: &&str| declared.contains(name);
        if is_closed(schema) && !required(schema).iter().all(is_declared) {
            return None;
        }
        self.loose_object(schema, hint)
    }

    /// An object with the right fields, whatever else is asked of it.
    pub fn loose_object(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        let required = required(schema);
        let mut properties = schema.members("properties");
        order(&mut properties, schema);
        if properties.is_empty() && required.is_empty() && !is_closed(schema) {
            return Some(match self.additional(schema, hint)? {
                TypeRef::Any => TypeRef::Object,
                value => TypeRef::Map(Box::new(self.held(value, &hint.part("value")))),
            });
        }
        let reserved = self.reserve_for(schema, hint);
        let name = &reserved.1;
        let mut fields = self.fields(&properties, &required, name)?;
        let additional = match is_closed(schema) {
            true => Additional::Denied,
            false => Additional::Allowed(self.additional(schema, &Hint::new("additional", name))?),
        };
        add_undeclared(schema, &required, &additional, &mut fields);
        let shape = Shape::Struct(Struct { fields, additional });
        Some(self.fill(reserved, schema.docs(), shape))
    }

    fn fields(
        &mut self,
        properties: &[(&'d str, Schema<'d>)],
        required: &[&'d str],
        parent: &str,
    ) -> Option<Vec<Field>> {
        let mut idents = field_names();
        let required: HashSet<&str> = required.iter().copied().collect();
        let mut fields = Vec::with_capacity(properties.len());
        for (name, property) in properties {
            let of = self.schema(property, &Hint::new(name, parent))?;
            fields.push(Field {
                name: (*name).to_owned(),
                ident: idents.claim(&[names::field_name(name)]),
                docs: property.docs(),
                presence: self.presence(property, &of, required.contains(*name)),
                of,
            });
        }
        Some(fields)
    }

    fn presence(&self, property: &Schema<'d>, of: &TypeRef, is_required: bool) -> Presence {
        let empty_means_absent = property.get("x-empty-means-absent") == Some(&true.into());
        match is_required {
            true => Presence::Required,
            false if empty_means_absent && self.takes_empty(of) => Presence::OrEmpty,
            false => Presence::Optional,
        }
    }

    /// Whether a type of strings takes the empty one.
    fn takes_empty(&self, of: &TypeRef) -> bool {
        match (of, self.types.shape(of)) {
            (TypeRef::Text, _) => true,
            (_, Some(Shape::Text(text))) => {
                text.min_length == 0 && text.pattern.is_none() && text.format.is_none()
            }
            _ => false,
        }
    }

    /// The type of the fields that `properties` doesn't name.
    fn additional(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<TypeRef> {
        // Which fields are meant depends on more than `properties` then.
        if schema.has("patternProperties") {
            return Some(TypeRef::Any);
        }
        match schema.child("additionalProperties") {
            None => Some(TypeRef::Any),
            Some(additional) => self.schema(&additional, &hint.part("value")),
        }
    }
}

/// Adds the fields that are required and have no schema but that of all others.
fn add_undeclared(
    schema: &Schema<'_>,
    required: &[&str],
    additional: &Additional,
    fields: &mut Vec<Field>,
) {
    let of = match additional {
        Additional::Allowed(of) => of,
        Additional::Denied => &TypeRef::Any,
    };
    let mut idents = field_names();
    for field in fields.iter() {
        idents.claim(std::slice::from_ref(&field.ident));
    }
    let known: HashSet<String> = fields.iter().map(|field| field.name.clone()).collect();
    for name in required.iter().filter(|name| !known.contains(**name)) {
        fields.push(Field {
            name: (*name).to_owned(),
            ident: idents.claim(&[names::field_name(name)]),
            docs: Docs {
                pointer: schema.pointer.clone(),
                ..Docs::default()
            },
            of: of.clone(),
            presence: Presence::Required,
        });
    }
}

/// The names of fields, apart from that for what has no field of its own.
fn field_names() -> Scope {
    let mut idents = Scope::default();
    idents.claim(&[ADDITIONAL.to_owned()]);
    idents
}

fn is_closed(schema: &Schema<'_>) -> bool {
    schema.get("additionalProperties") == Some(&Value::Bool(false))
        && !schema.has("patternProperties")
}

fn required<'d>(schema: &Schema<'d>) -> Vec<&'d str> {
    let names = schema.get("required").and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    let mut known = HashSet::new();
    names.filter(|name| known.insert(*name)).collect()
}

/// Sorts the properties as `x-apifox-orders` lists them, the others after.
fn order<T>(properties: &mut [(&str, T)], schema: &Schema<'_>) {
    let Some(orders) = schema.get("x-apifox-orders").and_then(Value::as_array) else {
        return;
    };
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (at, name) in orders.iter().enumerate() {
        if let Some(name) = name.as_str() {
            places.entry(name).or_insert(at);
        }
    }
    properties.sort_by_key(|(name, _)| places.get(name).copied().unwrap_or(orders.len()));
}
