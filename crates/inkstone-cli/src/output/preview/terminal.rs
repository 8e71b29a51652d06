//! How the terminal shows pictures.

use std::env;

/// What is in `TERM` in terminals that have sixels.
const SIXEL: [&str; 3] = ["foot", "mlterm", "sixel"];

/// How a terminal shows pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// As kitty does: <https://sw.kovidgoyal.net/kitty/graphics-protocol/>.
    Kitty,
    /// As iTerm2 does: <https://iterm2.com/documentation-images.html>.
    Iterm,
    /// In sixels: <https://vt100.net/docs/vt3xx-gp/chapter14.html>.
    Sixel,
    /// Not at all: each character shows two pixels.
    Blocks,
}

impl Protocol {
    /// What the terminal says of itself. It is never asked: one that shows no pictures would
    /// not answer.
    pub fn of_terminal() -> Self {
        let variable = |name: &str| env::var(name).unwrap_or_default();
        let (term, program) = (variable("TERM"), variable("TERM_PROGRAM"));
        if !variable("TMUX").is_empty() {
            return Self::Blocks;
        }
        let is_kitty = term.contains("kitty") || !variable("KITTY_WINDOW_ID").is_empty();
        match program.as_str() {
            "iTerm.app" | "WezTerm" | "mintty" => Self::Iterm,
            "ghostty" => Self::Kitty,
            _ if is_kitty || term.contains("ghostty") => Self::Kitty,
            _ if variable("LC_TERMINAL") == "iTerm2" => Self::Iterm,
            "contour" => Self::Sixel,
            _ if SIXEL.iter().any(|name| term.contains(name)) => Self::Sixel,
            _ => Self::Blocks,
        }
    }
}
