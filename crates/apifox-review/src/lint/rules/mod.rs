//! The table of rules: the name of each, its severity, and what it says.

mod example_contents;
mod examples;
mod operations;
mod parameters;
mod reading;
mod references;
mod replies;
mod schemas;
mod security;
mod unused;

use self::schemas::{bounds, defaults, discriminators, enums, keywords, patterns, required, types};
use super::context::Context;
use super::examples::Example;
use super::finding::{Finding, Findings};
use super::schemas::Schema;
use Check::{Document, EachExample, EachOperation, EachSchema, Reading};
use Severity::{Error, Info, Warning};
use apifox_document::api::Endpoint;
use apifox_document::diagnostics::Severity;

/// Something that a document can get wrong.
pub struct Rule {
    /// Its name, which is stable.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong where it is broken.
    pub summary: &'static str,
    /// Whether it is about examples: these are corrected last, once the schemas are.
    pub(super) is_about_examples: bool,
    check: Check,
}

/// How a rule is checked: once, or for each part of a document.
enum Check {
    Document(fn(&Context<'_>, &mut Findings<'_>)),
    EachSchema(fn(&Context<'_>, &Schema<'_>, &mut Findings<'_>)),
    EachOperation(fn(&Context<'_>, &Endpoint, &mut Findings<'_>)),
    EachExample(fn(&Context<'_>, &Example<'_>, &mut Findings<'_>)),
    /// Adds what was told when the document was read, unless another rule found it.
    Reading(for<'c> fn(&'c Context<'_>) -> reading::Reading<'c>),
}

impl Rule {
    /// Adds what breaks the rule in a document; `known` is what other rules found before.
    pub(super) fn check(
        &self,
        context: &Context<'_>,
        known: &[Finding],
        findings: &mut Findings<'_>,
    ) {
        match self.check {
            Reading(told) => told(context).add(known, findings),
            Document(check) => check(context, findings),
            EachSchema(check) => {
                for schema in &context.schemas {
                    check(context, schema, findings);
                }
            }
            EachOperation(check) => {
                for operation in &context.api.operations {
                    check(context, operation, findings);
                }
            }
            EachExample(check) => {
                for example in &context.examples {
                    check(context, example, findings);
                }
            }
        }
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// Every rule, those about schemas before those about examples.
pub const RULES: &[Rule] = &[
    // What was not read.
    rule(
        "block-not-whole",
        Error,
        "A block of a page is missing, empty or cut off.",
        Document(replies::block_not_whole),
    ),
    rule(
        "incomplete-operation",
        Error,
        "An operation has no method or no path.",
        Document(operations::incomplete),
    ),
    rule(
        "not-a-schema",
        Error,
        "A value is not a schema where a schema has to be.",
        Document(keywords::not_a_schema),
    ),
    rule(
        "unconfirmed-guess",
        Error,
        "A guess of a draft is not confirmed yet: a build refuses it.",
        Document(operations::unconfirmed_guess),
    ),
    // Keywords.
    rule(
        "unknown-keyword",
        Warning,
        "A member of a schema is not a JSON Schema keyword.",
        EachSchema(keywords::unknown),
    ),
    rule(
        "keyword-of-another-draft",
        Error,
        "A keyword does not belong to the draft that the schema is written in.",
        EachSchema(keywords::of_another_draft),
    ),
    rule(
        "malformed-keyword",
        Error,
        "The value of a keyword is not valid.",
        EachSchema(keywords::malformed),
    ),
    rule(
        "unknown-type",
        Error,
        "`type` does not name a JSON type.",
        EachSchema(types::unknown_type),
    ),
    rule(
        "invalid-pattern",
        Error,
        "`pattern` is not a valid regular expression.",
        EachSchema(patterns::invalid_pattern),
    ),
    rule(
        "pattern-literal",
        Warning,
        "`pattern` is written as a JavaScript literal, `/…/`.",
        EachSchema(patterns::pattern_literal),
    ),
    rule(
        "slow-pattern",
        Warning,
        "`pattern` refers to a group, so that matching may take too many steps.",
        EachSchema(patterns::slow_pattern),
    ),
    rule(
        "pending-properties",
        Warning,
        "The editor left an unfinished property behind.",
        EachSchema(keywords::pending_properties),
    ),
    // References.
    rule(
        "dangling-ref",
        Error,
        "A reference does not resolve.",
        Document(references::dangling),
    ),
    rule(
        "unused-model",
        Info,
        "Nothing refers to a model.",
        Document(unused::unused_model),
    ),
    // Values.
    rule(
        "const-against-enum",
        Error,
        "`const` is not among the values of `enum` or `x-apifox-enum`.",
        EachSchema(enums::const_against_enum),
    ),
    rule(
        "empty-enum",
        Error,
        "`enum` is empty, so no value is accepted.",
        EachSchema(enums::empty_enum),
    ),
    rule(
        "enum-duplicates",
        Warning,
        "`enum` lists a value twice.",
        EachSchema(enums::enum_duplicates),
    ),
    rule(
        "enum-wrong-type",
        Error,
        "A value of `enum` is not of the schema's `type`.",
        EachSchema(enums::enum_wrong_type),
    ),
    rule(
        "described-value-outside-enum",
        Warning,
        "`x-apifox-enum` describes a value that `enum` doesn't list.",
        EachSchema(enums::described_outside_enum),
    ),
    rule(
        "default-wrong-type",
        Warning,
        "`default` is not of the schema's `type`.",
        EachSchema(defaults::wrong_type),
    ),
    rule(
        "default-outside-enum",
        Warning,
        "`default` is not among the values of `enum`.",
        EachSchema(defaults::outside_enum),
    ),
    rule(
        "default-fails-schema",
        Warning,
        "`default` violates its schema in another way.",
        EachSchema(defaults::fails_schema),
    ),
    rule(
        "const-not-in-examples",
        Error,
        "No example of a request has the value that `const` requires.",
        Document(example_contents::const_not_in_examples),
    ),
    // Bounds.
    rule(
        "minimum-above-maximum",
        Error,
        "A lower bound is above the upper bound.",
        EachSchema(bounds::minimum_above_maximum),
    ),
    rule(
        "format-contradicts-type",
        Warning,
        "`format` does not apply to the schema's `type`.",
        EachSchema(types::format_contradicts_type),
    ),
    rule(
        "required-undeclared",
        Warning,
        "`required` names a property that is not declared.",
        EachSchema(required::required_undeclared),
    ),
    rule(
        "required-twice",
        Warning,
        "`required` names a property twice.",
        EachSchema(required::required_twice),
    ),
    rule(
        "discriminator-property",
        Warning,
        "The property that `discriminator` names is not declared and required in an alternative.",
        EachSchema(discriminators::discriminator_property),
    ),
    // Operations.
    rule(
        "duplicate-parameter",
        Warning,
        "A parameter is declared twice.",
        EachOperation(parameters::duplicate_parameter),
    ),
    rule(
        "undeclared-path-parameter",
        Warning,
        "The path has a parameter that is not declared.",
        EachOperation(parameters::undeclared_path_parameter),
    ),
    rule(
        "unused-path-parameter",
        Warning,
        "A path parameter is declared that is not in the path.",
        EachOperation(parameters::unused_path_parameter),
    ),
    rule(
        "same-method-and-path-twice",
        Info,
        "Two operations have the same method and path.",
        Document(operations::same_route_twice),
    ),
    rule(
        "duplicate-operation-id",
        Warning,
        "Two operations have the same `operationId`.",
        Document(operations::duplicate_id),
    ),
    rule(
        "optional-body-with-required-fields",
        Warning,
        "A body is optional although its schema requires fields.",
        EachOperation(operations::optional_body),
    ),
    rule(
        "server-variable",
        Warning,
        "A server has no URL, or a variable of it has no default that it may have.",
        Document(security::server_variable),
    ),
    rule(
        "incomplete-scheme",
        Warning,
        "A security scheme is of a type that is none, or lacks what its type needs.",
        Document(security::incomplete_scheme),
    ),
    rule(
        "unknown-scope",
        Warning,
        "A scope is required that its scheme does not have.",
        Document(security::unknown_scope),
    ),
    // Replies.
    rule(
        "empty-response-schema-with-examples",
        Warning,
        "The schema of a reply is empty although the reply has examples.",
        Document(replies::empty_schema_with_examples),
    ),
    rule(
        "closed-response",
        Info,
        "The schema of a reply allows no additional fields, so the vendor can't add any.",
        Document(replies::closed),
    ),
    // Examples.
    about_examples(
        "examples-wrapper",
        Warning,
        "The examples in a schema are wrapped as `{name, value}`.",
        EachSchema(examples::wrapper),
    ),
    about_examples(
        "example-of-no-response",
        Warning,
        "An example of a reply belongs to no response.",
        EachExample(examples::of_no_response),
    ),
    about_examples(
        "empty-example",
        Info,
        "An example is empty.",
        EachExample(examples::empty),
    ),
    about_examples(
        "example-not-json",
        Warning,
        "An example is not JSON.",
        EachExample(examples::not_json),
    ),
    about_examples(
        "error-example-under-success",
        Warning,
        "An example of a successful reply shows an error.",
        EachExample(example_contents::error_under_success),
    ),
    about_examples(
        "example-fails-schema",
        Error,
        "An example violates its own schema.",
        EachExample(example_contents::example_fails_schema),
    ),
    // What the rules above do not find.
    rule(
        "skipped",
        Warning,
        "Something is wrong, such as a member that is written twice, and a build skips it.",
        Reading(reading::skipped),
    ),
    rule(
        "not-supported",
        Warning,
        "Something is correct, but not supported: a build skips it.",
        Reading(reading::unsupported),
    ),
];

const fn rule(name: &'static str, severity: Severity, summary: &'static str, check: Check) -> Rule {
    Rule {
        name,
        severity,
        summary,
        is_about_examples: false,
        check,
    }
}

const fn about_examples(
    name: &'static str,
    severity: Severity,
    summary: &'static str,
    check: Check,
) -> Rule {
    Rule {
        is_about_examples: true,
        ..rule(name, severity, summary, check)
    }
}
