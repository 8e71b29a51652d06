//! The table of rules: the name of each, how much it weighs, and what it says.

mod bounds;
pub(super) mod examples;
mod keywords;
mod operations;
mod references;
mod replies;
mod values;
mod verdicts;

use super::context::Linted;
use super::finding::Found;
use Severity::{Error, Info, Warning};
use apifox_document::diagnostics::Severity;

/// Something that a document can get wrong.
pub struct Rule {
    /// Its name, which stays as it is.
    pub name: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong where it is broken.
    pub summary: &'static str,
    /// What is corrected last, once the schemas are: the examples.
    pub(super) is_of_examples: bool,
    pub(super) look: fn(&Linted<'_>, &mut Found<'_>),
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

type Look = fn(&Linted<'_>, &mut Found<'_>);

/// Every rule, those about schemas before those about examples.
pub const RULES: &[Rule] = &[
    // What can't be read.
    rule(
        "block-not-whole",
        Error,
        "A block of a page is missing, empty or cut.",
        replies::block_not_whole,
    ),
    rule(
        "incomplete-operation",
        Error,
        "An operation has no method or no path.",
        operations::incomplete,
    ),
    rule(
        "not-a-schema",
        Error,
        "Something else stands where a schema has to be.",
        keywords::not_a_schema,
    ),
    // Keywords.
    rule(
        "unknown-keyword",
        Warning,
        "A member of a schema is no keyword of JSON Schema.",
        keywords::unknown,
    ),
    rule(
        "keyword-of-another-draft",
        Error,
        "A keyword is not one of the draft that the schema is written in.",
        keywords::of_another_draft,
    ),
    rule(
        "malformed-keyword",
        Error,
        "A keyword has a value that it can't have.",
        keywords::malformed,
    ),
    rule(
        "unknown-type",
        Error,
        "`type` names no type of JSON.",
        keywords::unknown_type,
    ),
    rule(
        "invalid-pattern",
        Error,
        "`pattern` is no regular expression.",
        keywords::invalid_pattern,
    ),
    rule(
        "pattern-literal",
        Warning,
        "`pattern` is written as a literal of JavaScript, `/…/`.",
        keywords::pattern_literal,
    ),
    rule(
        "pending-properties",
        Warning,
        "The editor left a property behind that nobody finished.",
        keywords::pending_properties,
    ),
    // References.
    rule(
        "dangling-ref",
        Error,
        "A reference leads nowhere.",
        references::dangling,
    ),
    rule(
        "unused-model",
        Info,
        "Nothing refers to a model.",
        references::unused_model,
    ),
    // Values.
    rule(
        "const-against-enum",
        Error,
        "`const` is not among the values of `enum` or `x-apifox-enum`.",
        values::const_against_enum,
    ),
    rule(
        "empty-enum",
        Error,
        "`enum` has no values, so nothing is accepted.",
        values::empty_enum,
    ),
    rule(
        "enum-duplicates",
        Warning,
        "`enum` has a value twice.",
        values::enum_duplicates,
    ),
    rule(
        "enum-wrong-type",
        Error,
        "A value of `enum` is not of the schema's `type`.",
        values::enum_wrong_type,
    ),
    rule(
        "described-value-outside-enum",
        Warning,
        "`x-apifox-enum` describes a value that `enum` doesn't have.",
        values::described_outside_enum,
    ),
    rule(
        "default-wrong-type",
        Warning,
        "`default` is not of the schema's `type`.",
        values::default_wrong_type,
    ),
    rule(
        "default-outside-enum",
        Warning,
        "`default` is not among the values of `enum`.",
        values::default_outside_enum,
    ),
    rule(
        "default-fails-schema",
        Warning,
        "`default` breaks another rule of its schema.",
        values::default_fails_schema,
    ),
    rule(
        "const-not-in-examples",
        Error,
        "Every example of a request has another value than `const` allows.",
        verdicts::const_not_in_examples,
    ),
    // Bounds.
    rule(
        "minimum-above-maximum",
        Error,
        "A lower bound lies above the upper one.",
        bounds::minimum_above_maximum,
    ),
    rule(
        "format-contradicts-type",
        Warning,
        "`format` is one for another type.",
        bounds::format_contradicts_type,
    ),
    rule(
        "required-undeclared",
        Warning,
        "`required` names a property that is not declared.",
        bounds::required_undeclared,
    ),
    // Operations.
    rule(
        "duplicate-parameter",
        Warning,
        "A parameter is declared twice.",
        operations::duplicate_parameter,
    ),
    rule(
        "undeclared-path-parameter",
        Warning,
        "The path has a parameter that is not declared.",
        operations::undeclared_path_parameter,
    ),
    rule(
        "unused-path-parameter",
        Warning,
        "A path parameter is declared that the path doesn't have.",
        operations::unused_path_parameter,
    ),
    rule(
        "same-method-and-path-twice",
        Info,
        "Two operations have the same method and path.",
        operations::same_route_twice,
    ),
    rule(
        "optional-body-with-required-fields",
        Warning,
        "A body may be left out whose schema requires fields.",
        operations::optional_body,
    ),
    // Replies.
    rule(
        "empty-response-schema-with-examples",
        Warning,
        "A reply's schema says nothing, though the reply has examples.",
        replies::empty_schema_with_examples,
    ),
    rule(
        "closed-response",
        Info,
        "A reply may have no further fields, so the vendor can't add any.",
        replies::closed,
    ),
    // Examples.
    of_examples(
        "examples-wrapper",
        Warning,
        "The examples in a schema are wrapped as `{name, value}`.",
        examples::wrapper,
    ),
    of_examples(
        "example-of-no-response",
        Warning,
        "An example of a reply belongs to no response.",
        examples::of_no_response,
    ),
    of_examples(
        "empty-example",
        Info,
        "An example is empty.",
        examples::empty,
    ),
    of_examples(
        "example-not-json",
        Warning,
        "An example is not JSON.",
        examples::not_json,
    ),
    of_examples(
        "error-example-under-success",
        Warning,
        "An error is given as the example of a successful reply.",
        verdicts::error_under_success,
    ),
    of_examples(
        "example-fails-schema",
        Error,
        "An example breaks rules of its own schema.",
        verdicts::example_fails_schema,
    ),
];

const fn rule(name: &'static str, severity: Severity, summary: &'static str, look: Look) -> Rule {
    Rule {
        name,
        severity,
        summary,
        is_of_examples: false,
        look,
    }
}

const fn of_examples(
    name: &'static str,
    severity: Severity,
    summary: &'static str,
    look: Look,
) -> Rule {
    Rule {
        is_of_examples: true,
        ..rule(name, severity, summary, look)
    }
}

/// The rule of this name.
pub(super) fn named(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|it| it.name == name)
}
