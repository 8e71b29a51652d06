//! The rows of each kind of object, and the row of a member.

use super::kind::ObjectKind;
use super::member::{Member, note};
use super::table::{openapi, project, security, swagger};

impl ObjectKind {
    /// Its name, as messages and the table have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// Its members.
    #[must_use]
    pub const fn members(self) -> &'static [Member] {
        self.row().1
    }

    /// Its name, and its members.
    const fn row(self) -> (&'static str, &'static [Member]) {
        match self {
            Self::OpenApi => ("OpenAPI", openapi::ROOT),
            Self::Components => ("Components", openapi::COMPONENTS),
            Self::PathItem => ("Path Item", openapi::PATH_ITEM),
            Self::Operation => ("Operation", openapi::OPERATION),
            Self::Parameter => ("Parameter", openapi::PARAMETER),
            Self::RequestBody => ("Request Body", openapi::REQUEST_BODY),
            Self::MediaType => ("Media Type", openapi::MEDIA_TYPE),
            Self::Encoding => ("Encoding", openapi::ENCODING),
            Self::Responses => ("Responses", openapi::RESPONSES),
            Self::Response => ("Response", openapi::RESPONSE),
            Self::Header => ("Header", openapi::HEADER),
            Self::Callback => ("Callback", openapi::CALLBACK),
            Self::Reference => ("Reference", openapi::REFERENCE),
            Self::Server => ("Server", openapi::SERVER),
            Self::ServerVariable => ("Server Variable", openapi::SERVER_VARIABLE),
            Self::SecurityScheme => ("Security Scheme", security::SCHEME),
            Self::OAuthFlows => ("OAuth Flows", security::FLOWS),
            Self::OAuthFlow => ("OAuth Flow", security::FLOW),
            Self::SecurityRequirement => ("Security Requirement", security::REQUIREMENT),
            Self::Swagger => ("Swagger", swagger::ROOT),
            Self::SwaggerPathItem => ("Path Item (2.0)", swagger::PATH_ITEM),
            Self::SwaggerOperation => ("Operation (2.0)", swagger::OPERATION),
            Self::SwaggerParameter => ("Parameter (2.0)", swagger::PARAMETER),
            Self::SwaggerResponses => ("Responses (2.0)", swagger::RESPONSES),
            Self::SwaggerResponse => ("Response (2.0)", swagger::RESPONSE),
            Self::SwaggerHeader => ("Header (2.0)", swagger::HEADER),
            Self::SwaggerSecurityScheme => ("Security Scheme (2.0)", security::SWAGGER_SCHEME),
            Self::Project => ("Project", project::ROOT),
            Self::Folder => ("Folder of endpoints", project::FOLDER),
            Self::Endpoint => ("Endpoint", project::ENDPOINT),
            Self::EndpointParameters => ("Endpoint parameters", project::PARAMETERS),
            Self::EndpointParameter => ("Endpoint parameter", project::PARAMETER),
            Self::EndpointBody => ("Endpoint body", project::BODY),
            Self::EndpointResponse => ("Endpoint response", project::RESPONSE),
            Self::CommonParameters => ("Common parameters", project::COMMON_PARAMETERS),
            Self::EnabledParameters => ("Enabled common parameters", project::ENABLED_PARAMETERS),
            Self::EnabledParameter => ("Enabled common parameter", project::ENABLED_PARAMETER),
            Self::Auth => ("Auth", project::AUTH),
            Self::ApiKey => ("API key", project::API_KEY),
            Self::SchemeChoice => ("Chosen security schemes", project::SCHEME_CHOICE),
            Self::SchemeGroup => ("Group of security schemes", project::SCHEME_GROUP),
            Self::SchemeFolder => ("Folder of security schemes", project::SCHEME_FOLDER),
            Self::ModelFolder => ("Folder of models", project::MODEL_FOLDER),
            Self::ModelSchema => ("Model", project::MODEL_SCHEMA),
            Self::ResponseFolder => ("Folder of responses", project::RESPONSE_FOLDER),
            Self::ProjectSetting => ("Project setting", project::SETTING),
            Self::Processor => ("Processor", project::PROCESSOR),
        }
    }

    /// The row of a member; `None` for one that the table does not have.
    #[must_use]
    pub fn member(self, name: &str) -> Option<&'static Member> {
        let members = self.members();
        let named = members.iter().find(|member| member.name == name);
        // The names of security schemes are the document's own.
        if named.is_none() && name.starts_with("x-") && self != Self::SecurityRequirement {
            let is_status = |member: &&Member| member.name == STATUS && is_named_status(name);
            return Some(members.iter().find(is_status).unwrap_or(&EXTENSION));
        }
        let is_matched = |member: &&Member| match member.name {
            "*" => true,
            STATUS => is_status(name),
            _ => false,
        };
        named.or_else(|| members.iter().find(is_matched))
    }
}

/// An extension: an annotation, unless a table has it.
const EXTENSION: Member = note("x-…");

/// The row that stands for every HTTP status.
const STATUS: &str = "HTTP status";

/// Whether a name is a status, or a range of them such as `4XX`.
fn is_status(name: &str) -> bool {
    let rest = name.strip_prefix(|first: char| ('1'..='5').contains(&first));
    rest.is_some_and(|rest| {
        rest == "XX" || rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Whether a name is a status and a name for it, as Apifox writes a second response of a
/// status: `x-200:name`.
fn is_named_status(name: &str) -> bool {
    let named = name
        .strip_prefix("x-")
        .and_then(|rest| rest.split_once(':'));
    named.is_some_and(|(status, _)| is_status(status))
}
