//! Security schemes of OpenAPI and Swagger, and what requires them.

use crate::members::kind::ObjectKind as Kind;
use crate::members::member::Holds::{Anything, Object, OneOf, Text};
use crate::members::member::{Member, note, used};
use crate::version::OpenApiVersion::V3_2;

pub const SCHEME: &[Member] = &[
    used("type", Text).required(),
    note("description"),
    used("name", Text),
    used("in", OneOf(&["query", "header", "cookie"])),
    used("scheme", Text),
    note("bearerFormat"),
    used("flows", Object(Kind::OAuthFlows)),
    used("openIdConnectUrl", Text),
    used("oauth2MetadataUrl", Text).since(V3_2),
    note("deprecated").since(V3_2),
    // Apifox's way to require several schemes at once.
    used("group", Anything),
];

pub const FLOWS: &[Member] = &[
    used("implicit", Object(Kind::OAuthFlow)),
    used("password", Object(Kind::OAuthFlow)),
    used("clientCredentials", Object(Kind::OAuthFlow)),
    used("authorizationCode", Object(Kind::OAuthFlow)),
    used("deviceAuthorization", Object(Kind::OAuthFlow)).since(V3_2),
];

pub const FLOW: &[Member] = &[
    used("authorizationUrl", Text),
    used("deviceAuthorizationUrl", Text).since(V3_2),
    used("tokenUrl", Text),
    used("refreshUrl", Text),
    note("scopes"),
];

pub const REQUIREMENT: &[Member] = &[used("*", Anything)];

pub const SWAGGER_SCHEME: &[Member] = &[
    used("type", OneOf(&["basic", "apiKey", "oauth2"])).required(),
    note("description"),
    used("name", Text),
    used("in", OneOf(&["query", "header"])),
    used(
        "flow",
        OneOf(&["implicit", "password", "application", "accessCode"]),
    ),
    used("authorizationUrl", Text),
    used("tokenUrl", Text),
    note("scopes"),
];
