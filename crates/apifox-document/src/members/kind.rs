//! The kinds of objects that documents have.

/// Has `$make` make something of every kind: of what the kind is called here and in messages, and
/// of its members.
macro_rules! kinds {
    ($make:ident) => {
        $make! {
            // OpenAPI 3.
            OpenApi "OpenAPI" openapi::ROOT;
            Components "Components" openapi::COMPONENTS;
            PathItem "Path Item" openapi::PATH_ITEM;
            Operation "Operation" openapi::OPERATION;
            Parameter "Parameter" openapi::PARAMETER;
            RequestBody "Request Body" openapi::REQUEST_BODY;
            MediaType "Media Type" openapi::MEDIA_TYPE;
            Encoding "Encoding" openapi::ENCODING;
            Responses "Responses" openapi::RESPONSES;
            Response "Response" openapi::RESPONSE;
            Header "Header" openapi::HEADER;
            Callback "Callback" openapi::CALLBACK;
            Reference "Reference" openapi::REFERENCE;
            Server "Server" openapi::SERVER;
            ServerVariable "Server Variable" openapi::SERVER_VARIABLE;
            Discriminator "Discriminator" openapi::DISCRIMINATOR;
            SecurityScheme "Security Scheme" security::SCHEME;
            OAuthFlows "OAuth Flows" security::FLOWS;
            OAuthFlow "OAuth Flow" security::FLOW;
            SecurityRequirement "Security Requirement" security::REQUIREMENT;
            // Swagger 2.0.
            Swagger "Swagger" swagger::ROOT;
            SwaggerPathItem "Path Item (2.0)" swagger::PATH_ITEM;
            SwaggerOperation "Operation (2.0)" swagger::OPERATION;
            SwaggerParameter "Parameter (2.0)" swagger::PARAMETER;
            SwaggerResponses "Responses (2.0)" swagger::RESPONSES;
            SwaggerResponse "Response (2.0)" swagger::RESPONSE;
            SwaggerHeader "Header (2.0)" swagger::HEADER;
            SwaggerSecurityScheme "Security Scheme (2.0)" security::SWAGGER_SCHEME;
            // Project exports and pages of Apifox.
            Project "Project" project::ROOT;
            Folder "Folder of endpoints" project::FOLDER;
            Endpoint "Endpoint" project::ENDPOINT;
            EndpointParameters "Endpoint parameters" project::PARAMETERS;
            EndpointParameter "Endpoint parameter" project::PARAMETER;
            EndpointBody "Endpoint body" project::BODY;
            EndpointResponse "Endpoint response" project::RESPONSE;
            CommonParameters "Common parameters" project::COMMON_PARAMETERS;
            EnabledParameters "Enabled common parameters" project::ENABLED_PARAMETERS;
            EnabledParameter "Enabled common parameter" project::ENABLED_PARAMETER;
            Auth "Auth" project::AUTH;
            ApiKey "API key" project::API_KEY;
            SchemeChoice "Chosen security schemes" project::SCHEME_CHOICE;
            SchemeGroup "Group of security schemes" project::SCHEME_GROUP;
            SchemeFolder "Folder of security schemes" project::SCHEME_FOLDER;
            SchemeConfig "Settings of a security scheme" project::SCHEME_CONFIG;
            ModelFolder "Folder of models" project::MODEL_FOLDER;
            ModelSchema "Model" project::MODEL_SCHEMA;
            ResponseFolder "Folder of responses" project::RESPONSE_FOLDER;
            ProjectSetting "Project setting" project::SETTING;
            Processor "Processor" project::PROCESSOR;
        }
    };
}

pub(super) use kinds;

macro_rules! object_kinds {
    ($($kind:ident $name:literal $members:path;)*) => {
        /// A kind of object in a document.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(
            missing_docs,
            reason = "the kinds are called as their specifications call them"
        )]
        pub enum ObjectKind {
            $($kind),*
        }

        /// Every kind, in the order of the table.
        pub const KINDS: &[ObjectKind] = &[$(ObjectKind::$kind),*];
    };
}

kinds!(object_kinds);

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
