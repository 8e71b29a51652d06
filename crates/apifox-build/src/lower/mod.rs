//! From a document's schemas to the model: one function a kind of schema.
//!
//! A schema is first classified. A kind of type that says all of it is made of
//! it exactly; where no kind does, the type that says most of it is made, and
//! guarded with the schema itself.

mod guards;
mod hint;
mod kept_models;
mod kinds;
mod lowering;
mod operations;
mod references;
mod schemas;
mod share;
mod type_table;

pub(crate) use operations::{module, schema, unknown};
