//! Macros for operations: a generated module only says what its document says of one.

/// Declares what a document says of an operation, and implements [`Endpoint`](crate::Endpoint)
/// for its request: the types of its replies that report success and failure come after `->`.
///
/// `type` declares `Response` and `Error` as other names of these. Parameters are listed by where
/// they go, and are serialized as is usual there unless it says how. Replies stand at
/// `responses` of the operation, or where `from` says. Other fields of
/// [`Operation`](crate::Operation) follow as they are.
///
/// ```
/// # use apifox_runtime as rt;
/// #[derive(serde::Serialize)]
/// pub struct Request;
///
/// impl rt::Decode for Request {
///     fn decode(_: &rt::Node<'_>, _: rt::Path<'_>, _: &mut rt::Report) -> Option<Self> {
///         Some(Self)
///     }
/// }
///
/// rt::endpoint! {
///     Request: "GET" "/pets/{id}" -> String, bool;
///     type Response;
///     "shop", "find_pet", "/paths/~1pets~1{id}/get" in "{}";
///     parameters Path("id"), Query("page", "tags" as rt::Style::Form.joined());
///     200 => String, 400 at "4XX" is range => bool;
///     { reply: rt::Media::Json }
/// }
///
/// assert_eq!((OPERATION.method, OPERATION.name), ("GET", "find_pet"));
/// assert_eq!(OPERATION.parameters.map(<[_]>::len), Some(3));
/// assert_eq!(OPERATION.responses[0].pointer, "/paths/~1pets~1{id}/get/responses/200");
/// let _: Response = String::new();
/// ```
#[macro_export]
macro_rules! endpoint {
    (
        $request:ident: $method:literal $path:literal -> $response:ty, $error:ty;
        $(type $($alias:ident),+;)?
        $api:literal, $name:literal, $pointer:literal in $document:expr;
        $(parameters $($location:ident($($parameter:literal $(as $how:expr)?),*)),*;)?
        $($(from $base:literal:)? $(
            $status:literal $(at $key:literal)? $(is $range:ident)? $(as $text:ident)?
                $(named $called:literal)? => $of:ty
        ),+;)?
        $({ $($field:ident: $value:expr),* $(,)? })?
    ) => {
        /// What the document says of the operation.
        // A constant: a static would compile every function that it points to, used or not.
        pub const OPERATION: $crate::Operation = $crate::Operation {
            api: $api,
            name: $name,
            method: $method,
            path: $path,
            $(parameters: Some(&[$($(
                $crate::endpoint! { @parameter $location $parameter $(, $how)? },
            )*)*]),)?
            document: $document,
            pointer: $pointer,
            check_request: $crate::check::<$request>,
            check_response: $crate::check::<$response>,
            check_error: $crate::check::<$error>,
            recode_request: $crate::recoded!($request),
            recode_response: $crate::recoded!($response),
            $(responses: $crate::endpoint! { @responses $pointer $(from $base)? {
                $($status $(at $key)? $(is $range)? $(as $text)? $(named $called)? => $of),+
            } },)?
            $($($field: $value,)*)?
            ..$crate::Operation::ANY
        };
        impl $crate::Endpoint for $request {
            type Response = $response;
            type Error = $error;
            const OPERATION: &'static $crate::Operation = &OPERATION;
        }
        $($($crate::endpoint! { @$alias $response, $error })+)?
    };
    (@Response $response:ty, $error:ty) => {
        /// The body of a reply that reports success.
        pub type Response = $response;
    };
    (@Error $response:ty, $error:ty) => {
        /// The body of a reply that reports a failure.
        pub type Error = $error;
    };
    (@responses $pointer:literal { $($each:tt)* }) => {
        $crate::responses! { ($pointer, "/responses/"): $($each)* }
    };
    (@responses $pointer:literal from $base:literal { $($each:tt)* }) => {
        $crate::responses! { $base: $($each)* }
    };
    (@parameter $location:ident $name:literal) => {
        $crate::endpoint! {
            @parameter $location $name, $crate::Location::$location.default_serialization()
        }
    };
    (@parameter $location:ident $name:literal, $how:expr) => {
        $crate::Parameter::new($crate::Location::$location, $name, $how)
    };
}

/// Implements [`ReplyHeaders`](crate::ReplyHeaders) for an object of headers, each of which is
/// written as is usual unless it says how.
///
/// ```
/// # use apifox_runtime as rt;
/// # use apifox_runtime::ReplyHeaders as _;
/// struct Limits {
///     left: bool,
/// }
///
/// rt::object! { Limits { required left = "X-Left" } }
/// rt::reply_headers! { Limits: "X-Left" => bool }
///
/// let limits = Limits::from_headers(|name| (name == "X-Left").then(|| "true".to_owned()))?;
/// assert!(limits.left);
/// # Ok::<(), rt::Invalid>(())
/// ```
#[macro_export]
macro_rules! reply_headers {
    ($headers:ty: $($name:literal $(as $how:expr)? => $of:ty),* $(,)?) => {
        impl $crate::ReplyHeaders for $headers {
            const HEADERS: &'static [$crate::ReplyHeader] = &[$($crate::ReplyHeader {
                name: $name,
                serialization: $crate::reply_headers!(@how $($how)?),
                check: $crate::check::<$of>,
            }),*];
        }
    };
    (@how) => { $crate::Location::Header.default_serialization() };
    (@how $how:expr) => { $how };
}
