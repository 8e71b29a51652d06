//! The temporary storage: how a file is uploaded, where it is taken, and what it may be used
//! for.

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::documents::api_error::{ApiError, ErrorKind};
use crate::documents::path_template;
use crate::http::authorization;
use crate::http::multipart;
use crate::http::request_body::RequestBody;
use crate::pictures::picture_reply;
use crate::server::call::{Answer, Call, Content};
use crate::server::validate;
use crate::uploads::{POLICY_LIFETIME, Purpose};

/// The header that has the API fetch its inputs from the storage.
const RESOLVE: &str = "X-DashScope-OssResourceResolve";

/// The largest file that is taken, in MB.
const MOST_MEGABYTES: usize = 48;

/// How the URL of a file in the storage starts.
const SCHEME: &str = "oss://";

/// Answers how a file is uploaded.
pub fn policy(call: &Call<'_>) -> Result<Answer, ApiError> {
    let document = call.route.only_document()?;
    validate::parameters(document, call.route, call.head)?;
    let query = call.head.uri.query().unwrap_or_default();
    let region = call.region().map(|region| region.name.clone());
    let folder = format!("instant/{}", call.state.request_ids.next());
    let host = match &region {
        Some(region) => format!("{}/{region}", call.base_url()),
        None => call.base_url(),
    };
    call.state.uploads.allow(
        &folder,
        Purpose {
            model: path_template::query(query, "model").unwrap_or_default(),
            region,
        },
    );
    let reply = json!({
        "request_id": call.request_id,
        "data": {
            "policy": folder,
            "signature": format!("signature of {folder}"),
            "upload_dir": folder,
            "upload_host": host,
            "expire_in_seconds": POLICY_LIFETIME.as_secs(),
            "max_file_size_mb": MOST_MEGABYTES,
            "oss_access_key_id": "sandbox",
            "x_oss_object_acl": "private",
            "x_oss_forbid_overwrite": "true",
        },
    });
    let reply = picture_reply::checked(document, reply)?;
    Ok(Answer::new(Content::Json(reply)))
}

/// Takes a file, by the form that a policy allows. The storage is not the API: a key of the
/// API is refused there.
pub fn store(call: &Call<'_>, body: &RequestBody) -> Result<Answer, ApiError> {
    let refused = |why: &str| ApiError::coded(StatusCode::FORBIDDEN, "AccessDenied", why);
    if authorization::has_any(&call.head.headers) {
        return Err(refused(
            "a form has its signature in it, and no header Authorization",
        ));
    }
    let document = call.route.only_document()?;
    let json = validate::body(body)?;
    validate::document_body(document, body, json)?;
    let RequestBody::Form(_, form) = body else {
        return Err(refused("it is not a form"));
    };
    let text = |name: &str| form.text(name).unwrap_or_default();
    let folder = text("policy");
    if text("Signature") != format!("signature of {folder}") {
        return Err(refused("the signature is not that of the policy"));
    }
    let mut files = form.files("file");
    let is_picture = files.next().is_some_and(|file| {
        multipart::is_picture(file) && file.len() <= MOST_MEGABYTES * 1_000_000
    });
    if !is_picture {
        return Err(refused("the file is not a picture, or too large"));
    }
    let region = call.region().map(|region| region.name.as_str());
    match call.state.uploads.take(folder, text("key"), region) {
        true => Ok(Answer::new(Content::Text(String::new()))),
        false => Err(refused(
            "the policy does not allow this key, or has expired",
        )),
    }
}

/// Refuses a file of the storage that the API could not fetch: it is fetched only where a
/// header says so, and belongs to a model and a region.
pub fn check_inputs(call: &Call<'_>, body: &Value) -> Result<(), ApiError> {
    let mut keys = Vec::new();
    collect(body, &mut keys);
    let headers = &call.head.headers;
    let is_resolved = headers.get(RESOLVE).is_some_and(|value| value == "enable");
    let wanted = Purpose {
        model: body["model"].as_str().unwrap_or_default().to_owned(),
        region: call.region().map(|region| region.name.clone()),
    };
    for key in keys {
        let problem = match call.state.uploads.purpose(key) {
            _ if !is_resolved => format!("{SCHEME} needs the header {RESOLVE}: enable"),
            Some(purpose) if purpose == wanted => continue,
            Some(_) => "the file was uploaded for another model or in another region".to_owned(),
            None => "there is no such file, or no more".to_owned(),
        };
        let message = format!("{SCHEME}{key}: {problem}");
        let error = ApiError::new(StatusCode::BAD_REQUEST, ErrorKind::Request, message);
        return Err(error);
    }
    Ok(())
}

/// The files of the storage that a body names.
fn collect<'a>(value: &'a Value, keys: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => keys.extend(text.strip_prefix(SCHEME)),
        Value::Array(items) => items.iter().for_each(|item| collect(item, keys)),
        Value::Object(members) => members.values().for_each(|member| collect(member, keys)),
        _ => {}
    }
}
