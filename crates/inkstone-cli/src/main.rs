//! The program. All of it is in the library, so that its tests can ask for every feature.

use std::process::ExitCode;

fn main() -> ExitCode {
    inkstone_cli::main()
}
