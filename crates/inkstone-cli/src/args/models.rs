//! The flags of `inkstone models`.

use clap::Args;

use crate::args::api::Api;
use crate::args::values::model;

/// List the models, or say what one accepts and costs
///
/// N is the most pictures of a request, and EDIT whether it may start from a picture. With
/// a name, all fields of its requests are listed.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  inkstone models --edits
  inkstone models wan2.7-image-pro")]
pub struct ModelsArgs {
    /// Only this model, with all that it accepts and its prices
    #[arg(value_parser = model::parser(), hide_possible_values = true)]
    pub name: Option<String>,
    /// Only models of this API
    #[arg(long, value_name = "API", value_parser = Api::parser())]
    pub api: Option<Api>,
    /// Only models that start from pictures
    #[arg(long)]
    pub edits: bool,
    /// Only models that take tasks
    #[arg(long)]
    pub tasks: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
