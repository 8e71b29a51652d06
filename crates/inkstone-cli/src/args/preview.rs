//! Flags that say how saved pictures are told of.

use clap::{Args, ValueEnum};

/// How saved pictures are told of.
#[derive(Args, Clone, Copy, Debug)]
pub struct Presentation {
    /// Show the pictures in the terminal
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    pub preview: When,
    /// Open the pictures in the default image viewer
    #[arg(long)]
    pub open: bool,
    /// Print one JSON object instead of the paths
    #[arg(long)]
    pub json: bool,
}

/// When pictures are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// Not at all
    Never,
    /// In terminals that show pictures, such as kitty and iTerm2
    Auto,
    /// In any terminal, if need be in blocks of colour; never in a pipe
    Always,
}
