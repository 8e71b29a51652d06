//! `inkstone man` and `inkstone completions`: the commands as other programs tell them.

use std::path::Path;

use clap_complete::Shell;

use crate::console;
use crate::error::CliError;
use crate::language::help;
use crate::output::files;

/// Prints the manual page, or writes the pages of all commands.
pub fn run(into: Option<&Path>) -> Result<(), CliError> {
    let command = help::command();
    let Some(into) = into else {
        let mut page = Vec::new();
        // A `Vec` takes whatever is written to it.
        let _ = clap_mangen::Man::new(command).render(&mut page);
        return console::raw(&page);
    };
    files::prepare(into)
        .and_then(|()| clap_mangen::generate_to(command, into))
        .map_err(|error| files::unwritable(into, &error))
}

/// Prints the script with which a shell completes commands and flags.
pub fn completions(shell: Shell) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut help::command(), "inkstone", &mut script);
    console::raw(&script)
}
