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
mod subtypes;
mod unused;
mod uses;

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
    /// Adds what breaks the rule in a document; `known` is what other rules found before, and may
    /// say the same.
    pub(super) fn check(
        &self,
        context: &Context<'_>,
        known: &mut [Finding],
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

/// A table of rules: the severity and name of each, how it is checked, and what is wrong where
/// it is broken.
macro_rules! rules {
    ($(about_examples: $about_examples:literal {
        $($severity:ident $name:literal $check:ident($function:path): $summary:literal;)*
    })*) => {
        &[$($(Rule {
            name: $name,
            severity: $severity,
            summary: $summary,
            is_about_examples: $about_examples,
            check: $check($function),
        }),*),*]
    };
}

/// Every rule, those about schemas before those about examples.
pub const RULES: &[Rule] = rules! {
    about_examples: false {
        // What was not read.
        Error "block-not-whole" Document(replies::block_not_whole):
            "A block of a page is missing, empty or cut off.";
        Error "incomplete-operation" Document(operations::incomplete):
            "An operation has no method or no path.";
        Error "not-a-schema" Document(keywords::not_a_schema):
            "A value is not a schema where a schema has to be.";
        Error "unconfirmed-guess" Document(operations::unconfirmed_guess):
            "A guess of a draft is not confirmed yet: a build refuses it.";
        // Keywords.
        Warning "unknown-keyword" EachSchema(keywords::unknown):
            "A member of a schema is not a JSON Schema keyword.";
        Error "keyword-of-another-draft" EachSchema(keywords::of_another_draft):
            "A keyword does not belong to the draft that the schema is written in.";
        Error "malformed-keyword" EachSchema(keywords::malformed):
            "The value of a keyword is not valid.";
        Error "unknown-type" EachSchema(types::unknown_type):
            "`type` does not name a JSON type.";
        Error "invalid-pattern" EachSchema(patterns::invalid_pattern):
            "`pattern` is not a valid regular expression.";
        Warning "pattern-literal" EachSchema(patterns::pattern_literal):
            "`pattern` is written as a JavaScript literal, `/…/`.";
        Warning "slow-pattern" EachSchema(patterns::slow_pattern):
            "`pattern` refers to a group, so that matching may take too many steps.";
        Warning "pending-properties" EachSchema(keywords::pending_properties):
            "The editor left an unfinished property behind.";
        // References.
        Error "dangling-ref" Document(references::dangling):
            "A reference does not resolve.";
        Info "unused-model" Document(unused::unused_model):
            "Nothing refers to a model, or to another shared part with a schema.";
        // Values.
        Error "const-against-enum" EachSchema(enums::const_against_enum):
            "`const` is not among the values of `enum` or `x-apifox-enum`.";
        Error "empty-enum" EachSchema(enums::empty_enum):
            "`enum` is empty, so no value is accepted.";
        Warning "enum-duplicates" EachSchema(enums::enum_duplicates):
            "`enum` lists a value twice.";
        Error "enum-wrong-type" EachSchema(enums::enum_wrong_type):
            "A value of `enum` is not of the schema's `type`.";
        Warning "described-value-outside-enum" EachSchema(enums::described_outside_enum):
            "`x-apifox-enum` describes a value that `enum` doesn't list.";
        Warning "default-wrong-type" EachSchema(defaults::wrong_type):
            "`default` is not of the schema's `type`.";
        Warning "default-outside-enum" EachSchema(defaults::outside_enum):
            "`default` is not among the values of `enum`.";
        Warning "default-fails-schema" EachSchema(defaults::fails_schema):
            "`default` violates its schema in another way.";
        Error "const-not-in-examples" Document(example_contents::const_not_in_examples):
            "No example of a request has the value that `const` requires.";
        // Bounds.
        Error "minimum-above-maximum" EachSchema(bounds::minimum_above_maximum):
            "A lower bound is above the upper bound.";
        Warning "format-contradicts-type" EachSchema(types::format_contradicts_type):
            "`format` does not apply to the schema's `type`.";
        Warning "required-undeclared" EachSchema(required::required_undeclared):
            "`required` names a property that is not declared.";
        Warning "required-twice" EachSchema(required::required_twice):
            "`required` names a property twice.";
        Warning "discriminator-property" EachSchema(discriminators::discriminator_property):
            "The property that `discriminator` names is not declared and required in an alternative.";
        // Operations.
        Warning "duplicate-parameter" EachOperation(parameters::duplicate_parameter):
            "A parameter is declared twice.";
        Warning "undeclared-path-parameter" EachOperation(parameters::undeclared_path_parameter):
            "The path has a parameter that is not declared.";
        Warning "unused-path-parameter" EachOperation(parameters::unused_path_parameter):
            "A path parameter is declared that is not in the path.";
        Info "same-method-and-path-twice" Document(operations::same_route_twice):
            "Two operations have the same method and path.";
        Warning "duplicate-operation-id" Document(operations::duplicate_id):
            "Two operations have the same `operationId`.";
        Warning "optional-body-with-required-fields" EachOperation(operations::optional_body):
            "A body is optional although its schema requires fields.";
        Warning "server-variable" Document(security::server_variable):
            "A server has no URL, or a variable whose default is missing or not among its values.";
        Warning "incomplete-scheme" Document(security::incomplete_scheme):
            "A security scheme has a type that does not exist, or lacks what its type needs.";
        Warning "unknown-scope" Document(security::unknown_scope):
            "A scope is required that its scheme does not have.";
        // Replies.
        Warning "empty-response-schema-with-examples" Document(replies::empty_schema_with_examples):
            "The schema of a reply is empty although the reply has examples.";
        Info "closed-response" Document(replies::closed):
            "The schema of a reply allows no additional fields, so the vendor can't add any.";
    }
    about_examples: true {
        Warning "examples-wrapper" EachSchema(examples::wrapper):
            "The examples in a schema are wrapped as `{name, value}`.";
        Warning "example-of-no-response" EachExample(examples::of_no_response):
            "An example of a reply belongs to no response.";
        Info "empty-example" EachExample(examples::empty):
            "An example is empty.";
        Warning "example-not-json" EachExample(examples::not_json):
            "An example is not JSON.";
        Warning "error-example-under-success" EachExample(example_contents::error_under_success):
            "An example of a successful reply shows an error.";
        Error "example-fails-schema" EachExample(example_contents::example_fails_schema):
            "An example violates its own schema.";
    }
    // What the rules above do not find.
    about_examples: false {
        Warning "skipped" Reading(reading::skipped):
            "Something is wrong, such as a member that is written twice, and a build skips it.";
        Warning "not-supported" Reading(reading::unsupported):
            "Something is correct, but not supported: a build skips it.";
    }
};
