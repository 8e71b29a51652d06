//! The flags of `inkstone check`.

use std::path::PathBuf;

use clap::Args;

use crate::args::api::Api;

/// Check a request without sending it
///
/// The request's field `model` selects the document to check against, or --document
/// gives it: an Apifox or OpenAPI document in any form, or a JSON Schema. Only bodies in JSON can be
/// checked. A file whose name ends with .jsonl or .ndjson has a request on each line, as the
/// file of a batch does.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  inkstone check request.json
  inkstone check jobs.jsonl
  inkstone check --document shop.apifox.json --operation 'POST /pets' pet.json
  inkstone check --document api.yaml --operation listPets --reply 200 reply.json")]
pub struct CheckArgs {
    /// The file with the request's body, or - for standard input
    pub file: PathBuf,
    /// The API that the request is for [default: the one that has the model]
    #[arg(long, value_name = "API", value_parser = Api::parser())]
    pub api: Option<Api>,
    /// The document to check against
    #[arg(long, value_name = "FILE", conflicts_with = "api")]
    pub document: Option<PathBuf>,
    /// The operation, by method and path or by id, where a document has several; also a webhook or
    /// a callback, or one of several media types, as in 'savePet as application/json'
    #[arg(long, value_name = "NAME", requires = "document")]
    pub operation: Option<String>,
    /// Check the body of a reply with this status, a number from 100 to 599, instead of a request:
    /// the document may describe it as one of a range, such as 4XX, or by default
    #[arg(
        long,
        value_name = "STATUS",
        requires = "document",
        value_parser = clap::value_parser!(u16).range(100..=599)
    )]
    pub reply: Option<u16>,
    /// Print the result as one JSON object, or one for each line
    #[arg(long)]
    pub json: bool,
}
