//! [Swagger 2.0](https://spec.openapis.org/oas/v2.0.html).

use crate::members::kind::ObjectKind as Kind;
use crate::members::member::Holds::{
    Anything, Flag, List, Map, Object, OneOf, Schema, Schemas, Text, Texts,
};
use crate::members::member::{Member, note, used};
use crate::members::spelling::Spelling::{MediaTypes, Paths, UrlSchemes};

pub const ROOT: &[Member] = &[
    used("swagger", Anything),
    note("info"),
    used("host", Text),
    used("basePath", Text),
    used("schemes", Texts).spelt(UrlSchemes),
    used("consumes", Texts).spelt(MediaTypes),
    used("produces", Texts).spelt(MediaTypes),
    used("paths", Map(Kind::SwaggerPathItem)).spelt(Paths),
    used("definitions", Schemas),
    used("parameters", Map(Kind::SwaggerParameter)),
    used("responses", Map(Kind::SwaggerResponse)),
    used("securityDefinitions", Map(Kind::SwaggerSecurityScheme)),
    used("security", List(Kind::SecurityRequirement)),
    note("tags"),
    note("externalDocs"),
];

pub const PATH_ITEM: &[Member] = &[
    used("$ref", Text),
    used("get", Object(Kind::SwaggerOperation)),
    used("put", Object(Kind::SwaggerOperation)),
    used("post", Object(Kind::SwaggerOperation)),
    used("delete", Object(Kind::SwaggerOperation)),
    used("options", Object(Kind::SwaggerOperation)),
    used("head", Object(Kind::SwaggerOperation)),
    used("patch", Object(Kind::SwaggerOperation)),
    used("parameters", List(Kind::SwaggerParameter)),
];

pub const OPERATION: &[Member] = &[
    note("tags"),
    note("summary"),
    note("description"),
    note("externalDocs"),
    used("operationId", Text),
    used("consumes", Texts).spelt(MediaTypes),
    used("produces", Texts).spelt(MediaTypes),
    used("parameters", List(Kind::SwaggerParameter)),
    used("responses", Object(Kind::SwaggerResponses)),
    used("schemes", Texts).spelt(UrlSchemes),
    note("deprecated"),
    used("security", List(Kind::SecurityRequirement)),
];

/// How a parameter or a header that is an array is written.
const COLLECTIONS: &[&str] = &["csv", "ssv", "tsv", "pipes", "multi"];

pub const PARAMETER: &[Member] = &[
    used("name", Text).required(),
    used(
        "in",
        OneOf(&["query", "header", "path", "formData", "body"]),
    )
    .required(),
    note("description"),
    used("required", Flag),
    used("schema", Schema),
    used("type", Text),
    used("format", Text),
    note("allowEmptyValue"),
    used("items", Anything),
    used("collectionFormat", OneOf(COLLECTIONS)),
    note("default"),
    used("maximum", Anything),
    used("exclusiveMaximum", Flag),
    used("minimum", Anything),
    used("exclusiveMinimum", Flag),
    used("maxLength", Anything),
    used("minLength", Anything),
    used("pattern", Text),
    used("maxItems", Anything),
    used("minItems", Anything),
    used("uniqueItems", Flag),
    used("enum", Anything),
    used("multipleOf", Anything),
];

pub const RESPONSES: &[Member] = &[
    used("default", Object(Kind::SwaggerResponse)),
    used("HTTP status", Object(Kind::SwaggerResponse)),
];

pub const RESPONSE: &[Member] = &[
    note("description"),
    used("schema", Schema),
    used("headers", Map(Kind::SwaggerHeader)),
    note("examples"),
];

pub const HEADER: &[Member] = &[
    note("description"),
    used("type", Text),
    used("format", Text),
    used("items", Anything),
    used("collectionFormat", OneOf(COLLECTIONS)),
    note("default"),
    used("maximum", Anything),
    used("exclusiveMaximum", Flag),
    used("minimum", Anything),
    used("exclusiveMinimum", Flag),
    used("maxLength", Anything),
    used("minLength", Anything),
    used("pattern", Text),
    used("maxItems", Anything),
    used("minItems", Anything),
    used("uniqueItems", Flag),
    used("enum", Anything),
    used("multipleOf", Anything),
];
