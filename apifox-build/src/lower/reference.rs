//! `$ref`: the same schema from several places.

use serde_json::Value;

use super::{Hint, Lowering};
use crate::model::Use;
use crate::schema::{Fault, Schema};

/// A schema that was referred to.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// It is being lowered right now: it refers to itself.
    Pending,
    /// It is lowered; `None` when a problem was noted.
    Done(Option<Use>),
}

impl<'d> Lowering<'d> {
    pub(super) fn reference(&mut self, schema: &Schema<'d>, target: &str) -> Option<Use> {
        let found = self.heard(schema, self.resolve(target))?;
        match self.references.get(&found.pointer) {
            Some(Target::Done(done)) => return done.clone(),
            Some(Target::Pending) => {
                let fault = Fault::new("$ref", format!("{target} refers to itself"))
                    .remedy("types that contain themselves are not supported yet");
                self.problem(schema, fault);
                return None;
            }
            None => {}
        }
        let pointer = found.pointer.clone();
        self.references.insert(pointer.clone(), Target::Pending);
        let name = target.rsplit('/').next().unwrap_or(target);
        let done = self.schema(&found, &Hint::new(name, ""));
        self.references.insert(pointer, Target::Done(done.clone()));
        done
    }

    /// The schema at `target`, a JSON pointer below the root as a URI fragment.
    fn resolve(&self, target: &str) -> Result<Schema<'d>, Fault> {
        let fault = |message: &str| {
            Fault::new("$ref", format!("{target}: {message}"))
                .remedy("refer to a schema of the same document, such as #/$defs/name")
        };
        let fragment = target
            .strip_prefix('#')
            .ok_or_else(|| fault("lies outside of the document"))?;
        let pointer = percent_decoded(fragment).ok_or_else(|| fault("is no URI fragment"))?;
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return Err(fault("is no JSON pointer"));
        }
        let value: &'d Value = self
            .root
            .value
            .pointer(&pointer)
            .ok_or_else(|| fault("there is nothing"))?;
        Ok(Schema {
            value,
            pointer: format!("{}{pointer}", self.root.pointer),
        })
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'%' {
            let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &rest[2..];
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}
