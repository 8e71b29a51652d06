//! OpenAPI [3.0](https://spec.openapis.org/oas/v3.0.4.html),
//! [3.1](https://spec.openapis.org/oas/v3.1.1.html) and
//! [3.2](https://spec.openapis.org/oas/v3.2.0.html).

use crate::members::kind::ObjectKind as Kind;
use crate::members::member::Holds::{
    Anything, Flag, List, Map, Object, OneOf, Schema, Schemas, Text,
};
use crate::members::member::{Member, note, reported, used};
use crate::members::spelling::Spelling::{MediaTypeList, MediaTypes, Methods, Paths};
use crate::members::table::{ONE_ADDRESS, ONE_ADDRESS_HELP};
use crate::version::OpenApiVersion::{V3_1, V3_2};

pub const ROOT: &[Member] = &[
    // YAML reads a version without quotes as a number; what else is wrong is told on its own.
    used("openapi", Anything),
    used("$self", Text).since(V3_2),
    note("info"),
    used("jsonSchemaDialect", Text).since(V3_1),
    used("servers", List(Kind::Server)),
    used("paths", Map(Kind::PathItem)).spelt(Paths),
    used("webhooks", Map(Kind::PathItem)).since(V3_1),
    used("x-webhooks", Map(Kind::PathItem)),
    used("components", Object(Kind::Components)),
    used("security", List(Kind::SecurityRequirement)),
    note("tags"),
    note("externalDocs"),
];

pub const COMPONENTS: &[Member] = &[
    used("schemas", Schemas),
    used("responses", Map(Kind::Response)),
    used("parameters", Map(Kind::Parameter)),
    note("examples"),
    used("requestBodies", Map(Kind::RequestBody)),
    used("headers", Map(Kind::Header)),
    used("securitySchemes", Map(Kind::SecurityScheme)),
    note("links"),
    used("callbacks", Map(Kind::Callback)),
    used("pathItems", Map(Kind::PathItem)).since(V3_1),
    used("mediaTypes", Map(Kind::MediaType)).since(V3_2),
];

pub const PATH_ITEM: &[Member] = &[
    used("$ref", Text),
    note("summary"),
    note("description"),
    used("get", Object(Kind::Operation)),
    used("put", Object(Kind::Operation)),
    used("post", Object(Kind::Operation)),
    used("delete", Object(Kind::Operation)),
    used("options", Object(Kind::Operation)),
    used("head", Object(Kind::Operation)),
    used("patch", Object(Kind::Operation)),
    used("trace", Object(Kind::Operation)),
    used("query", Object(Kind::Operation)).since(V3_2),
    used("additionalOperations", Map(Kind::Operation))
        .spelt(Methods)
        .since(V3_2),
    reported("servers", ONE_ADDRESS, ONE_ADDRESS_HELP).holding(List(Kind::Server)),
    used("parameters", List(Kind::Parameter)),
];

pub const OPERATION: &[Member] = &[
    note("tags"),
    note("summary"),
    note("description"),
    note("externalDocs"),
    used("operationId", Text),
    used("parameters", List(Kind::Parameter)),
    used("requestBody", Object(Kind::RequestBody)),
    used("responses", Object(Kind::Responses)),
    used("callbacks", Map(Kind::Callback)),
    note("deprecated"),
    used("security", List(Kind::SecurityRequirement)),
    reported("servers", ONE_ADDRESS, ONE_ADDRESS_HELP).holding(List(Kind::Server)),
];

/// The locations of parameters.
const LOCATIONS: &[&str] = &["path", "query", "header", "cookie"];

/// The styles that are written as the specification says.
const STYLES: &[&str] = &[
    "matrix",
    "label",
    "form",
    "simple",
    "spaceDelimited",
    "pipeDelimited",
    "deepObject",
    "cookie",
];

pub const PARAMETER: &[Member] = &[
    used("name", Text).required(),
    used("in", OneOf(LOCATIONS)).required(),
    note("description"),
    used("required", Flag),
    note("deprecated"),
    reported(
        "allowEmptyValue",
        "a parameter without a value is sent only where its schema accepts an empty string",
        "accept \"\" in its schema",
    ),
    used("style", OneOf(STYLES)),
    used("explode", Flag),
    used("allowReserved", Flag),
    used("schema", Schema),
    note("example"),
    note("examples"),
    used("content", Map(Kind::MediaType)).spelt(MediaTypes),
];

pub const REQUEST_BODY: &[Member] = &[
    note("description"),
    used("content", Map(Kind::MediaType)).spelt(MediaTypes),
    used("required", Flag),
];

pub const MEDIA_TYPE: &[Member] = &[
    used("schema", Schema),
    used("itemSchema", Schema).since(V3_2),
    note("example"),
    note("examples"),
    used("encoding", Map(Kind::Encoding)),
    reported(
        "prefixEncoding",
        "parts by position are not sent",
        "name the parts",
    )
    .since(V3_2),
    reported(
        "itemEncoding",
        "parts by position are not sent",
        "name the parts",
    )
    .since(V3_2),
];

pub const ENCODING: &[Member] = &[
    used("contentType", Text).spelt(MediaTypeList),
    used("headers", Map(Kind::Header)),
    used("style", OneOf(STYLES)),
    used("explode", Flag),
    used("allowReserved", Flag),
    reported(
        "encoding",
        "parts within parts are not sent",
        "describe the part by a media type of its own",
    )
    .since(V3_2),
    reported(
        "prefixEncoding",
        "parts within parts are not sent",
        "describe the part by a media type of its own",
    )
    .since(V3_2),
    reported(
        "itemEncoding",
        "parts within parts are not sent",
        "describe the part by a media type of its own",
    )
    .since(V3_2),
];

pub const RESPONSES: &[Member] = &[
    used("default", Object(Kind::Response)),
    used("HTTP status", Object(Kind::Response)),
];

pub const RESPONSE: &[Member] = &[
    note("summary").since(V3_2),
    note("description"),
    used("headers", Map(Kind::Header)),
    used("content", Map(Kind::MediaType)).spelt(MediaTypes),
    note("links"),
];

pub const HEADER: &[Member] = &[
    note("description"),
    used("required", Flag),
    note("deprecated"),
    note("allowEmptyValue"),
    used("style", OneOf(&["simple"])),
    used("explode", Flag),
    note("allowReserved"),
    used("schema", Schema),
    note("example"),
    note("examples"),
    used("content", Map(Kind::MediaType)).spelt(MediaTypes),
];

pub const CALLBACK: &[Member] = &[used("*", Object(Kind::PathItem))];

pub const REFERENCE: &[Member] = &[
    used("$ref", Text),
    note("summary").since(V3_1),
    note("description").since(V3_1),
];

pub const SERVER: &[Member] = &[
    used("url", Text),
    note("description"),
    note("name").since(V3_2),
    used("variables", Map(Kind::ServerVariable)),
];

pub const SERVER_VARIABLE: &[Member] = &[
    used("enum", Anything),
    used("default", Text),
    note("description"),
];

/// It stands in schemas, which say whether it names a property.
pub const DISCRIMINATOR: &[Member] = &[
    used("propertyName", Anything),
    used("mapping", Anything),
    note("defaultMapping").since(V3_2),
];
