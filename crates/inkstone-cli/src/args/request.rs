//! The flags that say what a picture is to be.

use std::path::PathBuf;

use clap::Args;

use crate::args::api::Api;
use crate::args::examples;
use crate::args::values::model;
use crate::request::assignment::Assignment;

/// What a picture is to be.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Request")]
pub struct RequestArgs {
    /// What the picture shows, or - to read that from standard input
    #[arg(required_unless_present_any = ["prompt_file", "from"], conflicts_with = "prompt_file")]
    pub prompt: Option<String>,
    /// A file with what the picture shows
    #[arg(long, value_name = "FILE")]
    pub prompt_file: Option<PathBuf>,
    /// Make again what the file beside a picture describes, as in cat.png.json
    ///
    /// Other flags go before what the file says. Pictures that went into the
    /// request are read again, and have to be the same.
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// The API to send to [default: the one that has the model]
    #[arg(long, value_name = "API", value_parser = Api::parser())]
    pub api: Option<Api>,
    /// Send to the operation of this document instead: Apifox or OpenAPI, in any form
    ///
    /// The address is that of --base-url, and the key INKSTONE_API_KEY. Fields that no
    /// flag is for are set by --set.
    #[arg(long, value_name = "FILE", conflicts_with = "api")]
    pub document: Option<PathBuf>,
    /// The operation of the document, by method and path or by id, where it has several
    ///
    /// Of the media types that it takes, JSON is sent.
    #[arg(long, value_name = "NAME", requires = "document")]
    pub operation: Option<String>,
    #[arg(long, help = examples::default_models(), value_parser = model::parser(), hide_possible_values = true)]
    pub model: Option<String>,
    /// The size, as in 1920x1080 or 1920*1080, or a tier such as 2K
    #[arg(long)]
    pub size: Option<String>,
    /// How many pictures; each is billed
    #[arg(long, allow_negative_numbers = true)]
    pub n: Option<i64>,
    /// The seed, for reproducible pictures
    #[arg(long, allow_negative_numbers = true)]
    pub seed: Option<i64>,
    /// Mark the pictures as generated
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub watermark: Option<bool>,
    /// What the picture must not show
    #[arg(long, value_name = "TEXT")]
    pub negative_prompt: Option<String>,
    /// Whether the API may rewrite the prompt
    #[arg(long, value_name = "BOOL")]
    pub prompt_extend: Option<bool>,
    /// A picture to start from; may be given several times
    #[arg(long, value_name = "PATH|URL")]
    pub image: Vec<String>,
    /// Set any field of the request, as in parameters.seed=7
    ///
    /// FIELD is a path of names joined by dots; numbers are indexes of arrays. The
    /// value is JSON, so text needs quotes: --set 'size="2K"'. Of two for the same field
    /// the last one counts.
    #[arg(long, value_name = "FIELD=JSON", value_parser = Assignment::parse)]
    pub set: Vec<Assignment>,
    /// The directory that paths of pictures start from; empty for the current one.
    #[arg(skip)]
    pub relative_to: PathBuf,
}
