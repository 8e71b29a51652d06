//! The APIs by name.

use clap::ValueEnum;

/// An API, named as the folder of its documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Api {
    /// The OpenAI-compatible gateway
    Gateway,
    /// DashScope's native API
    Dashscope,
}

impl Api {
    pub fn name(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Dashscope => "dashscope",
        }
    }
}
