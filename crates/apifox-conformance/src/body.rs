//! A body of an operation, and what both witnesses say of a value.

use std::sync::Arc;

use apifox_runtime::{Check, Node, Recode};
use serde_json::Value;

use crate::document::Described;
use crate::examples::Example;

/// Compiles a schema for the second witness, or says why it can't.
pub type Witness = fn(&Value) -> Result<jsonschema::Validator, String>;

/// A body of a document: its schema, its examples, and what its generated type says.
pub(crate) struct Body {
    /// What it is called in the names of tests.
    pub label: String,
    /// Its schema, in which references lead into the document: with all of that it would be as
    /// large as the document, for each body.
    pub schema: Value,
    pub document: Arc<Described>,
    pub examples: Vec<Example>,
    pub check: Check,
    pub recode: Option<Recode>,
}

/// A body whose schema is compiled.
pub(crate) struct Judge<'b> {
    body: &'b Body,
    /// The schema, with what it refers to.
    pub schema: Value,
    validator: jsonschema::Validator,
}

impl Body {
    /// Compiles its schema.
    ///
    /// # Errors
    ///
    /// That the witness can't.
    pub fn judge(
        &self,
        witness: impl Fn(&Value) -> Result<jsonschema::Validator, String>,
    ) -> Result<Judge<'_>, String> {
        let schema = self.document.standing_alone(&self.schema);
        let validator = witness(&schema);
        let validator = validator.map_err(|why| format!("{}: {why}", self.label))?;
        Ok(Judge {
            body: self,
            schema,
            validator,
        })
    }
}

impl Judge<'_> {
    /// Whether both witnesses accept `value`.
    ///
    /// # Errors
    ///
    /// That they don't agree, or that an accepted value encodes to another one.
    pub fn accepts(&self, value: &Value) -> Result<bool, String> {
        let node = Node::from(value);
        let report = (self.body.check)(&node);
        let by_type = report.violations().is_empty();
        if by_type != self.validator.is_valid(value) {
            let said = report.violations().iter().map(ToString::to_string);
            let said: Vec<String> = said.collect();
            let said = match by_type {
                true => "accepts it".to_owned(),
                false => format!("refuses it: {}", said.join("; ")),
            };
            return Err(format!(
                "{value}: the generated type {said}; jsonschema does not agree"
            ));
        }
        if let (true, Some(recode)) = (by_type, self.body.recode) {
            let recoded = recode(&node).map_err(|invalid| format!("{value}: {invalid}"))?;
            if recoded != node {
                return Err(format!("{value} encodes to {}", recoded.to_value()));
            }
        }
        Ok(by_type)
    }
}
