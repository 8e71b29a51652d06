//! Names of models, regions and states, which shells complete. Any model and region is taken, for
//! there are new ones; of states there are so many.

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use inkstone::{ApiFacts, OPERATIONS};

/// The states of a task, as they are typed.
const STATES: [&str; 7] = [
    "pending",
    "running",
    "suspended",
    "succeeded",
    "failed",
    "canceled",
    "unknown",
];

/// A parser that takes any text, and knows some.
#[derive(Clone, Debug)]
struct Known(Vec<&'static str>);

impl TypedValueParser for Known {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}

/// The parser of a model's name; an unknown one gets an answer with names like it later.
pub fn parser() -> impl TypedValueParser<Value = String> {
    Known(names())
}

/// The parser of a region's name.
pub fn regions() -> impl TypedValueParser<Value = String> {
    let all = ApiFacts::all().iter().filter_map(ApiFacts::regions);
    let names = all.flat_map(|regions| regions.shared.iter().map(|region| &*region.name));
    Known(distinct(names.collect()))
}

/// The parser of a task's state.
pub fn states() -> impl TypedValueParser<Value = String> {
    clap::builder::PossibleValuesParser::new(STATES)
}

/// The names of all models.
pub fn names() -> Vec<&'static str> {
    let names = OPERATIONS.iter().flat_map(|operation| operation.models);
    distinct(names.copied().collect())
}

/// These names without repetitions, in order.
pub fn distinct(mut names: Vec<&'static str>) -> Vec<&'static str> {
    names.sort_unstable();
    names.dedup();
    names
}
