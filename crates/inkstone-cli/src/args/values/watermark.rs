//! Lets `--watermark` have a value or none.

use std::ffi::OsString;

/// The arguments with `--watermark false` written as `--watermark=false`.
///
/// Where an option may have no value, clap can't tell its value from the argument
/// after it, and that is often the prompt.
pub fn join_value(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut joined: Vec<OsString> = Vec::new();
    let mut after_flags = false;
    for arg in args {
        let is_bool = arg == "true" || arg == "false";
        match joined.last_mut() {
            Some(last) if !after_flags && is_bool && last == "--watermark" => {
                last.push("=");
                last.push(arg);
            }
            _ => {
                after_flags |= arg == "--";
                joined.push(arg);
            }
        }
    }
    joined
}
