//! The APIs by name.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use inkstone::{ApiFacts, OPERATIONS, Operation, task_query};

/// An API, named as the folder of its documents.
#[derive(Clone, Copy, Debug)]
pub struct Api(&'static ApiFacts);

impl Api {
    /// The APIs in the order in which they are preferred.
    pub fn all() -> impl Iterator<Item = Self> {
        ApiFacts::all().iter().map(Self)
    }

    pub fn find(name: &str) -> Option<Self> {
        ApiFacts::find(name).map(Self)
    }

    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// The model of a command that names none.
    pub fn default_model(self) -> &'static str {
        &self.0.default_model
    }

    /// One of its operations.
    pub fn operation(self) -> Option<&'static Operation> {
        let mut all = OPERATIONS.iter().copied();
        all.find(|operation| operation.api == self.name())
    }

    /// The API that tasks are asked about where no flag names one.
    pub const USUAL_FOR_TASKS: &str = "dashscope";

    /// The parser of a flag `--api` of those that can be asked about tasks.
    pub fn parser_for_tasks() -> impl TypedValueParser<Value = Self> {
        let all = Self::all().map(Self::name);
        let names = PossibleValuesParser::new(all.filter(|name| task_query(name).is_some()));
        names.try_map(|name| Self::find(&name).ok_or("no such API"))
    }

    /// The parser of a flag `--api`.
    pub fn parser() -> impl TypedValueParser<Value = Self> {
        let names = PossibleValuesParser::new(Self::all().map(Self::name));
        names.try_map(|name| Self::find(&name).ok_or("no such API"))
    }
}

/// The operation with this name of an API.
pub fn operation(api: &str, name: &str) -> Option<&'static Operation> {
    let mut all = OPERATIONS.iter().copied();
    all.find(|operation| operation.api == api && operation.name == name)
}
