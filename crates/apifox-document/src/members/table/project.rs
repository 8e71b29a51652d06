//! Project exports of Apifox and Apidog, and pages, which are an endpoint or a response.
//!
//! Their form is not published: these are the members that real exports have.

use crate::members::kind::ObjectKind as Kind;
use crate::members::member::Holds::{
    Anything, Flag, List, ListOrObject, Object, OneOf, Schema, Text,
};
use crate::members::member::{Member, note, reported, used};
use crate::members::spelling::Spelling::{EditorMedia, Status};
use crate::members::table::{ONE_ADDRESS, ONE_ADDRESS_HELP};

/// Why operations that are not HTTP are skipped.
const NOT_HTTP: &str = "only operations of HTTP are read";
const NOT_HTTP_HELP: &str = "call it by other means";

/// Why scripts are skipped.
const SCRIPT: &str = "a script that runs before a request may change it";
const SCRIPT_HELP: &str = "do the same where the request is made, or disable the script";

pub const ROOT: &[Member] = &[
    used("apifoxProject", Text),
    used("apidogProject", Text),
    note("$schema"),
    note("info"),
    used("apiCollection", List(Kind::Folder)),
    used("httpCollection", List(Kind::Folder)),
    used("schemaCollection", List(Kind::ModelFolder)),
    used("dataSchemaCollection", List(Kind::ModelFolder)),
    used("responseCollection", List(Kind::ResponseFolder)),
    used("securitySchemeCollection", List(Kind::SchemeFolder)),
    used("commonParameters", Object(Kind::CommonParameters)),
    used("projectSetting", Object(Kind::ProjectSetting)),
    reported("socketCollection", NOT_HTTP, NOT_HTTP_HELP),
    reported("webSocketCollection", NOT_HTTP, NOT_HTTP_HELP),
    reported("socketIOCollection", NOT_HTTP, NOT_HTTP_HELP),
    reported("customEndpointCollection", NOT_HTTP, NOT_HTTP_HELP),
    reported(
        "oasComponentCollection",
        "components of OpenAPI beside the models are not read",
        "export the project as OpenAPI, which has them",
    ),
    note("apiTestCaseCollection"),
    note("apiTestSuiteCollection"),
    note("commonScripts"),
    note("customFunctions"),
    note("databaseConnections"),
    note("docCollection"),
    note("environments"),
    note("globalVariables"),
    note("mcpClientCollection"),
    note("moduleSettings"),
    note("moduleVariables"),
    note("projectAssociations"),
    note("projectTestCaseCategories"),
    note("projectTestCaseTags"),
    note("requestCollection"),
    note("testCaseReferences"),
];

pub const FOLDER: &[Member] = &[
    used("name", Text),
    used("items", List(Kind::Folder)),
    used("children", List(Kind::Folder)),
    used("api", Object(Kind::Endpoint)),
    used("method", Text),
    used("path", Text),
    used(
        "parameters",
        ListOrObject {
            list: Kind::EndpointParameter,
            object: Kind::EndpointParameters,
        },
    ),
    used("requestBody", Object(Kind::EndpointBody)),
    used("responses", List(Kind::EndpointResponse)),
    used("operationId", Text),
    used("commonParameters", Object(Kind::EnabledParameters)),
    used("auth", Object(Kind::Auth)),
    used("securityScheme", Object(Kind::SchemeChoice)),
    used("preProcessors", List(Kind::Processor)),
    reported("serverId", ONE_ADDRESS, ONE_ADDRESS_HELP),
    note("description"),
    note("id"),
    note("identityPattern"),
    note("inheritPostProcessors"),
    note("inheritPreProcessors"),
    note("moduleId"),
    note("ordering"),
    note("parentId"),
    note("postProcessors"),
    note("responseExamples"),
    note("shareSettings"),
    note("status"),
    note("tags"),
    note("type"),
    note("visibility"),
];

pub const ENDPOINT: &[Member] = &[
    used("method", Text).required(),
    used("path", Text).required(),
    note("name"),
    used(
        "parameters",
        ListOrObject {
            list: Kind::EndpointParameter,
            object: Kind::EndpointParameters,
        },
    ),
    used("requestBody", Object(Kind::EndpointBody)),
    used("responses", List(Kind::EndpointResponse)),
    used("operationId", Text),
    used("commonParameters", Object(Kind::EnabledParameters)),
    used("auth", Object(Kind::Auth)),
    used("securityScheme", Object(Kind::SchemeChoice)),
    used("type", OneOf(&["http", "webhook"])),
    used("preProcessors", List(Kind::Processor)),
    reported("serverId", ONE_ADDRESS, ONE_ADDRESS_HELP),
    // The text of what OpenAPI has as an object, which is reported as that where it is read.
    used("callbacks", Anything),
    used("commonResponseStatus", Anything),
    note("advancedSettings"),
    note("cases"),
    note("codeSamples"),
    note("customApiFields"),
    note("description"),
    note("folderId"),
    note("id"),
    note("inheritPostProcessors"),
    note("inheritPreProcessors"),
    note("mockScript"),
    note("mocks"),
    note("moduleId"),
    note("oasExtensions"),
    note("ordering"),
    note("postProcessors"),
    note("projectId"),
    note("responseChildren"),
    note("responseExamples"),
    note("sourceUrl"),
    note("status"),
    note("tags"),
    note("visibility"),
];

pub const PARAMETERS: &[Member] = &[
    used("path", List(Kind::EndpointParameter)),
    used("query", List(Kind::EndpointParameter)),
    used("header", List(Kind::EndpointParameter)),
    used("cookie", List(Kind::EndpointParameter)),
    reported(
        "body",
        "fields that all bodies share are not added",
        "declare them in each operation",
    ),
];

/// The types that the editor has for a parameter or a field.
const TYPES: &[&str] = &[
    "", "any", "array", "boolean", "file", "integer", "null", "number", "object", "string",
];

pub const PARAMETER: &[Member] = &[
    used("name", Text),
    used("in", OneOf(&["path", "query", "header", "cookie"])),
    used("required", Flag),
    used("type", OneOf(TYPES)),
    used("schema", Schema),
    used("enum", Anything),
    used("items", Anything),
    used("enable", Flag),
    used("defaultEnable", Flag),
    reported(
        "contentType",
        "a part is sent with the type that its value has",
        "check that the API accepts that",
    ),
    reported(
        "style",
        "arrays and objects are written one value after the other",
        "check that the API accepts that",
    ),
    reported(
        "explode",
        "arrays and objects are written one value after the other",
        "check that the API accepts that",
    ),
    note("___EditableTableDataKeyName"),
    note("default"),
    note("defaultValue"),
    note("deprecated"),
    note("description"),
    note("example"),
    note("examples"),
    note("fixedValue"),
    note("format"),
    note("id"),
    note("isDelete"),
    note("omitGeneratedExample"),
    note("relatedId"),
    note("relatedName"),
    note("sampleValue"),
    note("value"),
];

/// The media types that say no more than the type of a body.
const PLAIN_MEDIA: &[&str] = &["", "application/json"];

pub const BODY: &[Member] = &[
    used("type", Text).spelt(EditorMedia),
    used("parameters", List(Kind::EndpointParameter)),
    used("jsonSchema", Schema),
    used("required", Flag),
    used("mediaType", OneOf(PLAIN_MEDIA)),
    reported(
        "additionalContentTypes",
        "a body is sent as its first type",
        "make that the first type which the API prefers",
    ),
    note("data"),
    note("description"),
    note("example"),
    note("examples"),
    note("generateMode"),
    note("oasExtensions"),
    note("sampleValue"),
];

pub const RESPONSE: &[Member] = &[
    note("id"),
    note("name"),
    used("code", Anything).spelt(Status),
    used("contentType", Text).spelt(EditorMedia),
    used("mediaType", OneOf(PLAIN_MEDIA)),
    used("jsonSchema", Schema),
    used("itemSchema", Schema),
    used("defaultEnable", Flag),
    reported(
        "headers",
        "the headers of a reply have no types",
        "read them by name from the reply",
    ),
    used("referencedResponseId", Anything),
    note("description"),
    note("example"),
    note("examples"),
    note("folderId"),
    note("moduleId"),
    note("oasExtensions"),
    note("ordering"),
    note("projectId"),
    used("_code", Anything).spelt(Status),
    note("_databaseId"),
    used("_status_code", Anything).spelt(Status),
    note("createdAt"),
    note("databaseResponseExamples"),
    note("responseExamples"),
    note("updatedAt"),
];

pub const COMMON_PARAMETERS: &[Member] = &[
    used("parameters", Object(Kind::EndpointParameters)),
    note("createdAt"),
    note("creatorId"),
    note("deletedAt"),
    note("editorId"),
    note("id"),
    note("projectId"),
    note("updatedAt"),
];

pub const ENABLED_PARAMETERS: &[Member] = &[
    used("query", List(Kind::EnabledParameter)),
    used("header", List(Kind::EnabledParameter)),
    used("cookie", List(Kind::EnabledParameter)),
    note("path"),
    note("body"),
];

pub const ENABLED_PARAMETER: &[Member] = &[used("name", Text), used("enable", Flag), note("id")];

pub const AUTH: &[Member] = &[
    used("type", Text),
    used("apikey", Object(Kind::ApiKey)),
    used("securityScheme", Object(Kind::SchemeChoice)),
    // The values of credentials, for requests from the editor.
    note("*"),
];

pub const API_KEY: &[Member] = &[
    used("in", OneOf(&["header", "query", "cookie"])),
    used("key", Text),
    note("value"),
];

pub const SCHEME_CHOICE: &[Member] = &[
    used("schemeGroups", List(Kind::SchemeGroup)),
    used("required", Flag),
    note("use"),
    note("scopes"),
];

pub const SCHEME_GROUP: &[Member] = &[note("id"), used("schemeIds", Anything)];

pub const SCHEME_FOLDER: &[Member] = &[
    used("id", Anything),
    used("name", Text),
    used("items", List(Kind::SchemeFolder)),
    used("authConfigs", Object(Kind::SchemeConfig)),
    used("authType", Text),
    note("description"),
    note("folderId"),
    note("guidanceConfigs"),
    note("moduleId"),
    note("oasAuthType"),
    note("ordering"),
];

pub const SCHEME_CONFIG: &[Member] = &[
    // A combination has none.
    used("type", Text),
    used("name", Text),
    used("in", OneOf(&["query", "header", "cookie"])),
    used("scheme", Text),
    used("flows", Object(Kind::OAuthFlows)),
    used("openIdConnectUrl", Text),
    used("group", Anything),
    // How the editor makes and sends a token, or signs.
    used("x-apifox", Anything),
    note("bearerFormat"),
    note("description"),
];

pub const MODEL_FOLDER: &[Member] = &[
    used("id", Anything),
    used("name", Text),
    used("displayName", Text),
    used("items", List(Kind::ModelFolder)),
    used("children", List(Kind::ModelFolder)),
    used("schema", Object(Kind::ModelSchema)),
    used("jsonSchema", Schema),
    note("description"),
    note("folderId"),
    note("moduleId"),
    note("ordering"),
    note("parentId"),
    note("visibility"),
];

pub const MODEL_SCHEMA: &[Member] = &[used("jsonSchema", Schema)];

pub const RESPONSE_FOLDER: &[Member] = &[
    used("items", List(Kind::ResponseFolder)),
    used("children", List(Kind::ResponseFolder)),
    used("id", Anything),
    used("name", Text),
    used("code", Anything).spelt(Status),
    used("contentType", Text).spelt(EditorMedia),
    used("jsonSchema", Schema),
    used("itemSchema", Schema),
    used("defaultEnable", Flag),
    reported(
        "headers",
        "the headers of a reply have no types",
        "read them by name from the reply",
    ),
    used("_code", Anything).spelt(Status),
    note("_databaseId"),
    used("_status_code", Anything).spelt(Status),
    note("createdAt"),
    note("databaseResponseExamples"),
    note("description"),
    note("folderId"),
    note("mediaType"),
    note("moduleId"),
    note("oasExtensions"),
    note("ordering"),
    note("parentId"),
    note("responseExamples"),
    note("type"),
    note("updatedAt"),
];

pub const SETTING: &[Member] = &[
    used("auth", Object(Kind::Auth)),
    used("securityScheme", Object(Kind::SchemeChoice)),
    used("preProcessors", List(Kind::Processor)),
    note("advancedSettings"),
    note("apiStatuses"),
    note("cloudMock"),
    note("gateway"),
    note("id"),
    note("initialDisabledMockIds"),
    note("language"),
    note("mockSettings"),
    note("postProcessors"),
    note("servers"),
];

pub const PROCESSOR: &[Member] = &[
    reported("type", SCRIPT, SCRIPT_HELP).unless(&["inheritProcessors"]),
    note("data"),
    note("defaultEnable"),
    note("disabled"),
    note("enable"),
    note("executionTiming"),
    note("id"),
];
