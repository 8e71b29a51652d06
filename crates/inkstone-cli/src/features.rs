//! What a build without all of the features can't do.

use tr::tr;

use crate::error::CliError;

/// That `what` is no part of this program, and how to build one that has it.
pub fn missing(what: &str) -> CliError {
    let message = tr!("this inkstone was built without {what}", what);
    CliError::usage(message).hint(tr!(
        "build one that has all: cargo install --locked --path crates/inkstone-cli --features full"
    ))
}
