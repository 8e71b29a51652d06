//! The flags of `inkstone schema`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Work with API documents
#[derive(Debug, Subcommand)]
pub enum SchemaCommand {
    Import(ImportArgs),
    Draft(DraftArgs),
    Rust(RustArgs),
    Lint(LintArgs),
    Diff(DiffArgs),
    Operations(OperationsArgs),
    /// List the keywords of JSON Schema and how each is handled
    Keywords,
    Members(MembersArgs),
}

/// List the members of every object that a document may have, and what becomes of each
///
/// A member is used, an annotation, which changes nothing that is sent or received, or
/// reported: skipped with a warning. docs/members.md explains the table.
#[derive(Args, Debug)]
pub struct MembersArgs {
    /// Print a JSON array
    #[arg(long)]
    pub json: bool,
}

/// Put documents where a build finds them
///
/// The text of a published page becomes a document named after its title. A project
/// export, OpenAPI and a page in Markdown are copied unchanged. All files are read
/// before anything is written: if one is invalid or not whole, nothing is written.
#[derive(Args, Debug)]
pub struct ImportArgs {
    /// The documents in any form, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The directory for the documents; created if missing
    #[arg(long, value_name = "DIR")]
    pub into: PathBuf,
}

/// Print a first OpenAPI document made from a page of prose
///
/// The page has to show a curl command. Method, path, headers and bodies are taken from it
/// and from sample replies, limits from the prose. Whatever is a guess is named in `x-draft`
/// beside it, with the sentence or the sample that it is taken from. A build refuses the
/// document until each of these members is deleted.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  inkstone schema draft page.txt > schemas/shop/pets.json
  inkstone schema lint schemas/shop/pets.json

docs/documents.md describes what is read of a page.")]
pub struct DraftArgs {
    /// The text of the page, or - for standard input
    pub page: PathBuf,
}

/// Print the Rust module generated from a document or a JSON Schema
#[derive(Args, Debug)]
pub struct RustArgs {
    /// The document, or - for standard input
    pub file: PathBuf,
    /// The name of the type, for a JSON Schema
    #[arg(long, value_name = "NAME", default_value = "Root")]
    pub root: String,
    /// Assert these formats, such as date-time,uuid; or all
    #[arg(long, value_name = "FORMATS", value_delimiter = ',')]
    pub formats: Vec<String>,
    /// Only these operations, each by its operationId or as 'GET /path'
    #[arg(long = "operation", value_name = "NAME")]
    pub operations: Vec<String>,
}

/// Find contradictions in a document, and suggest corrections
///
/// The corrections beside the document are applied first. Exits with 3 if an error is
/// found, and with 0 if there are only warnings.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  inkstone schema lint schemas/gateway/cat.json
  inkstone schema lint --patch cat.json > cat.bugs.patch.json
  inkstone schema lint --format sarif cat.json > cat.sarif

docs/lint.md describes the rules and the JSON output.")]
pub struct LintArgs {
    /// The document in any form, a JSON Schema, or - for standard input
    pub file: PathBuf,
    /// How to print the findings
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub format: LintFormat,
    /// Print one JSON object, as with --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Print a correction for the errors and warnings that have one, to save beside the document
    #[arg(long, conflicts_with_all = ["json", "format"])]
    pub patch: bool,
    /// The severities of rules and the findings to ignore [default: _lint.json beside the
    /// document, if there is one]
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LintFormat {
    /// For people: each finding once, with its text
    Text,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Commands of GitHub Actions, which become annotations
    Github,
}

/// Show what changed between two documents for callers of the API
///
/// Compares which requests and replies are allowed, not the texts. A request field
/// that accepts more is additive; the same in a reply is breaking. The last line is
/// the part of the version that has to go up: major, minor or patch.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  inkstone schema diff old/api.yaml new/api.yaml
  inkstone schema diff --fail-on breaking released/ schemas/
  inkstone schema diff --format markdown old.yaml new.yaml
  inkstone schema diff --as reply old.schema.json new.schema.json")]
pub struct DiffArgs {
    /// The old document, JSON Schema, or directory of documents
    pub old: PathBuf,
    /// The new one
    pub new: PathBuf,
    /// What a JSON Schema describes
    #[arg(long = "as", value_enum, value_name = "ROLE", default_value = "both")]
    pub role: Role,
    /// How to print the changes
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub format: DiffFormat,
    /// Print one JSON object, as with --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Exit with 1 if there is such a change
    #[arg(long, value_enum, value_name = "EFFECT")]
    pub fail_on: Option<FailOn>,
}

/// How changes are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people: grouped by operation
    Text,
    /// One JSON object
    Json,
    /// A list for each effect, for a release note or a comment
    Markdown,
}

/// List the operations that a document describes, webhooks and callbacks last, one a line
#[derive(Args, Debug)]
pub struct OperationsArgs {
    /// The document in any form, or - for standard input
    pub file: PathBuf,
    /// Print a JSON array
    #[arg(long)]
    pub json: bool,
}

/// Which way the values of a schema go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Callers send them
    Request,
    /// Callers receive them
    Reply,
    /// Either: the worse of the two counts
    Both,
}

/// What makes a comparison fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// A change that breaks callers
    Breaking,
}
