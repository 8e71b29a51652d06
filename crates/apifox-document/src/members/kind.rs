//! The kinds of objects that documents have.

/// A kind of object in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(
    missing_docs,
    reason = "the kinds are called as their specifications call them"
)]
pub enum ObjectKind {
    // OpenAPI 3.
    OpenApi,
    Components,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Header,
    Callback,
    Reference,
    Server,
    ServerVariable,
    SecurityScheme,
    OAuthFlows,
    OAuthFlow,
    SecurityRequirement,
    // Swagger 2.0.
    Swagger,
    SwaggerPathItem,
    SwaggerOperation,
    SwaggerParameter,
    SwaggerResponses,
    SwaggerResponse,
    SwaggerHeader,
    SwaggerSecurityScheme,
    // Project exports and pages of Apifox.
    Project,
    Folder,
    Endpoint,
    EndpointParameters,
    EndpointParameter,
    EndpointBody,
    EndpointResponse,
    CommonParameters,
    EnabledParameters,
    EnabledParameter,
    Auth,
    ApiKey,
    SchemeChoice,
    SchemeGroup,
    SchemeFolder,
    ModelFolder,
    ModelSchema,
    ResponseFolder,
    ProjectSetting,
    Processor,
}

use ObjectKind as Kind;

/// Every kind, in the order of the table.
pub const KINDS: &[ObjectKind] = &[
    Kind::OpenApi,
    Kind::Components,
    Kind::PathItem,
    Kind::Operation,
    Kind::Parameter,
    Kind::RequestBody,
    Kind::MediaType,
    Kind::Encoding,
    Kind::Responses,
    Kind::Response,
    Kind::Header,
    Kind::Callback,
    Kind::Reference,
    Kind::Server,
    Kind::ServerVariable,
    Kind::SecurityScheme,
    Kind::OAuthFlows,
    Kind::OAuthFlow,
    Kind::SecurityRequirement,
    Kind::Swagger,
    Kind::SwaggerPathItem,
    Kind::SwaggerOperation,
    Kind::SwaggerParameter,
    Kind::SwaggerResponses,
    Kind::SwaggerResponse,
    Kind::SwaggerHeader,
    Kind::SwaggerSecurityScheme,
    Kind::Project,
    Kind::Folder,
    Kind::Endpoint,
    Kind::EndpointParameters,
    Kind::EndpointParameter,
    Kind::EndpointBody,
    Kind::EndpointResponse,
    Kind::CommonParameters,
    Kind::EnabledParameters,
    Kind::EnabledParameter,
    Kind::Auth,
    Kind::ApiKey,
    Kind::SchemeChoice,
    Kind::SchemeGroup,
    Kind::SchemeFolder,
    Kind::ModelFolder,
    Kind::ModelSchema,
    Kind::ResponseFolder,
    Kind::ProjectSetting,
    Kind::Processor,
];

impl ObjectKind {
    /// Whether a `$ref` may stand in place of its members.
    #[must_use]
    pub fn may_refer(self) -> bool {
        use ObjectKind::{
            Callback, Header, MediaType, Parameter, PathItem, RequestBody, Response,
            SecurityScheme, SwaggerParameter, SwaggerPathItem, SwaggerResponse,
        };
        matches!(
            self,
            Callback
                | Header
                | MediaType
                | Parameter
                | PathItem
                | RequestBody
                | Response
                | SecurityScheme
                | SwaggerParameter
                | SwaggerPathItem
                | SwaggerResponse
        )
    }
}
