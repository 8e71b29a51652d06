//! What a build without all of the features can't do.

#![cfg_attr(
    all(feature = "decode", feature = "fleet", feature = "mcp"),
    allow(dead_code)
)]

use tr::tr;

use crate::error::CliError;

/// That `what` is no part of this program, and how to build one that has it.
pub fn missing(what: &str) -> CliError {
    let message = tr!("this inkstone was built without {what}", what);
    CliError::usage(message).hint(tr!(
        "build one that has all: cargo install --locked --path crates/inkstone-cli --features full"
    ))
}

#[cfg(test)]
mod tests {
    use super::missing;
    use crate::error::Code;

    #[test]
    fn what_is_missing_is_named_with_the_way_to_get_it() {
        let error = missing("mcp");
        assert_eq!(error.code, Code::Usage);
        assert_eq!(error.message, "this inkstone was built without mcp");
        assert_eq!(
            error.hint.as_deref(),
            Some(
                "build one that has all: cargo install --locked --path crates/inkstone-cli \
                 --features full"
            )
        );
    }
}
