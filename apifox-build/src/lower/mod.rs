//! From a document's schemas to the model: one function a kind of schema.
//!
//! Every problem is noted, and lowering goes on beside it, so that all of a
//! document's problems are told at once.

mod array;
mod constants;
mod number;
mod object;
mod operation;
mod reference;
mod text;
mod union;

use std::collections::HashMap;

use serde_json::Value;

use crate::model::{Docs, Shape, Type, TypeId, Use};
use crate::names::{self, Scope};
use crate::problem::{Problem, Problems};
use crate::schema::{Fault, JsonType, Kind, Schema};

pub(crate) use operation::{module, schema};

/// What a type may be called, and whose part it is.
#[derive(Clone, Debug)]
pub(crate) struct Hint {
    /// The name of its own, not yet made Rust's.
    name: String,
    /// The Rust name of the type around it.
    parent: String,
}

impl Hint {
    pub fn new(name: &str, parent: &str) -> Self {
        Self {
            name: name.to_owned(),
            parent: parent.to_owned(),
        }
    }
}

/// The types of one module while they are put together.
pub(crate) struct Lowering<'d> {
    file: String,
    types: Vec<Option<Type>>,
    names: Scope,
    problems: Vec<Problem>,
    /// The schema that references start from, and its place in the document.
    root: Schema<'d>,
    references: HashMap<String, reference::Target>,
}

impl<'d> Lowering<'d> {
    pub fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            types: Vec::new(),
            names: Scope::default(),
            problems: Vec::new(),
            root: Schema {
                value: &Value::Null,
                pointer: String::new(),
            },
            references: HashMap::new(),
        }
    }

    /// Lowers a schema that is no part of another one.
    pub fn root(&mut self, schema: Schema<'d>, name: &str) -> Option<Use> {
        self.root = schema.clone();
        self.schema(&schema, &Hint::new(name, ""))
    }

    /// The types, or all that is wrong.
    pub fn finish(self) -> Result<Vec<Type>, Problems> {
        Problems(self.problems).into_result()?;
        Ok(self.types.into_iter().flatten().collect())
    }

    /// Lowers one schema; `None` when a problem was noted.
    fn schema(&mut self, schema: &Schema<'d>, hint: &Hint) -> Option<Use> {
        let kind = self.heard(schema, schema.classify())?;
        match kind {
            Kind::Any => Some(Use::Any),
            Kind::Reference(target) => self.reference(schema, target),
            Kind::Constants => self.constants(schema, hint),
            Kind::AnyOf => self.union(schema, "anyOf", hint),
            Kind::OneOf => self.union(schema, "oneOf", hint),
            Kind::Types(types) => self.types(schema, &types, hint),
            Kind::Size => self.size(schema, hint),
            Kind::Type(JsonType::Null) => Some(Use::Null),
            Kind::Type(JsonType::Boolean) => Some(Use::Boolean),
            Kind::Type(JsonType::Number) => Some(Use::Number),
            Kind::Type(JsonType::Integer) => self.integer(schema, hint),
            Kind::Type(JsonType::String) => self.text(schema, hint),
            Kind::Type(JsonType::Array) => self.array(schema, hint),
            Kind::Type(JsonType::Object) => self.object(schema, hint),
        }
    }

    /// Takes a place and a name for a type that is yet to be filled in.
    fn reserve(&mut self, hint: &Hint) -> (TypeId, String) {
        let own = names::type_name(&hint.name);
        let with_parent = names::type_name(&format!("{}_{}", hint.parent, hint.name));
        let name = self.names.claim(&[own, with_parent]);
        self.types.push(None);
        (TypeId(self.types.len() - 1), name)
    }

    fn fill(&mut self, id: TypeId, name: String, docs: Docs, shape: Shape) -> Use {
        self.types[id.0] = Some(Type { name, docs, shape });
        Use::Declared(id)
    }

    fn declare(&mut self, schema: &Schema<'d>, hint: &Hint, shape: Shape) -> Use {
        let (id, name) = self.reserve(hint);
        self.fill(id, name, schema.docs(), shape)
    }

    /// Notes the fault, if it is one.
    fn heard<T>(&mut self, schema: &Schema<'d>, result: Result<T, Fault>) -> Option<T> {
        result.map_err(|fault| self.problem(schema, fault)).ok()
    }

    fn problem(&mut self, schema: &Schema<'d>, fault: Fault) {
        self.problems.push(fault.at(&self.file, &schema.pointer));
    }
}

/// The count that is the value of the keyword `name`, such as `minItems`.
fn count(schema: &Schema<'_>, name: &str) -> Result<Option<u64>, Fault> {
    let Some(value) = schema.get(name) else {
        return Ok(None);
    };
    let number = value.as_u64().or_else(|| whole_float(value));
    number
        .map(Some)
        .ok_or_else(|| Fault::new(name, "is no count").remedy("write a whole number from 0"))
}

/// JSON Schema lets a count be written `2.0`.
fn whole_float(value: &Value) -> Option<u64> {
    let value = value.as_f64()?;
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be whole and in range"
    )]
    (value.fract() == 0.0 && (0.0..=LARGEST).contains(&value)).then_some(value as u64)
}
