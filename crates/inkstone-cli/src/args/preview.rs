//! Flags that say whether pictures are shown.

use clap::{Args, ValueEnum};

/// Whether pictures are shown.
#[derive(Args, Clone, Copy, Debug)]
pub struct PreviewArgs {
    /// Show the pictures in the terminal
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    pub preview: When,
    /// Open the pictures in the default image viewer
    #[arg(long)]
    pub open: bool,
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
