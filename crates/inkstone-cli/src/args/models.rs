//! The flags of `inkstone models`.

use std::path::PathBuf;

use clap::Args;

use crate::args::api::Api;
use crate::args::values::model;

/// List the models, or say what one accepts and costs
///
/// N is the most pictures of a request, and EDIT whether it may start from a picture. With
/// a name, all fields of its requests are listed.
#[derive(Args, Debug)]
pub struct ModelsArgs {
    /// Only this model, with all that it accepts and its prices
    #[arg(value_parser = model::parser(), hide_possible_values = true)]
    pub name: Option<String>,
    /// The models of this document instead: Apifox or OpenAPI, in any form
    #[arg(long, value_name = "FILE", conflicts_with = "api")]
    pub document: Option<PathBuf>,
    /// The operation of the document, by method and path or by id, where it has several
    #[arg(long, value_name = "NAME", requires = "document")]
    pub operation: Option<String>,
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
