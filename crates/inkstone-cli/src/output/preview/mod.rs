//! How saved pictures are told of: as paths or JSON, shown in the terminal, and opened in the
//! program for pictures.

#[cfg(feature = "decode")]
mod drawn;
#[cfg(feature = "decode")]
mod sixel;
mod terminal;

use std::io::{IsTerminal as _, stdout};
use std::path::Path;

use tr::tr;

use crate::args::preview::{Presentation, When};
use crate::console;
use crate::output::preview::terminal::Protocol;

impl Presentation {
    /// Shows the picture at `path`, where it is to be shown.
    pub fn show(self, path: &Path) {
        let shown = match self.is_shown() {
            true => print(path),
            false => Ok(()),
        };
        if let Err(error) = shown {
            let path = path.display();
            console::warning(&tr!("{path} can't be shown: {error}", path, error));
        }
        if self.open
            && let Err(error) = open::that_detached(path)
        {
            let path = path.display();
            console::warning(&tr!("{path} can't be opened: {error}", path, error));
        }
    }

    /// Whether there is a terminal that shows pictures; never in a pipe.
    fn is_shown(self) -> bool {
        let can_show = || cfg!(feature = "decode") && Protocol::of_terminal() != Protocol::Blocks;
        !self.json
            && stdout().is_terminal()
            && match self.preview {
                When::Never => false,
                When::Auto => can_show(),
                When::Always => true,
            }
    }
}

#[cfg(feature = "decode")]
fn print(path: &Path) -> Result<(), String> {
    let shown = drawn::of(path, Protocol::of_terminal()).map_err(|error| error.to_string())?;
    console::raw(shown.as_bytes()).map_err(|error| error.message)
}

#[cfg(not(feature = "decode"))]
fn print(_path: &Path) -> Result<(), String> {
    let missing = crate::features::missing("--preview");
    Err([missing.message]
        .into_iter()
        .chain(missing.hint)
        .collect::<Vec<_>>()
        .join("; "))
}
