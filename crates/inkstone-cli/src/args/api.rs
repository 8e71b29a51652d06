//! The APIs by name.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use inkstone::ApiFacts;

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

    /// The parser of a flag `--api`.
    pub fn parser() -> impl TypedValueParser<Value = Self> {
        let names = PossibleValuesParser::new(Self::all().map(Self::name));
        names.try_map(|name| Self::find(&name).ok_or("no such API"))
    }
}
