//! Forms of the type `multipart/form-data`, in which OpenAI's libraries send pictures.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::future::ready;
use futures_util::stream::once;
use multer::{Field, Multipart};

use crate::serve::api_error::ApiError;
use crate::serve::openai::fields::Fields;

/// How many parts a form may have.
const MOST_PARTS: usize = 256;

/// What the form in `bytes` asks for.
pub async fn read(bytes: Bytes, boundary: String) -> Result<Fields, ApiError> {
    let mut parts = Multipart::new(once(ready(Ok::<_, Infallible>(bytes))), boundary);
    let mut fields = Fields {
        is_form: true,
        ..Fields::default()
    };
    for _ in 0..MOST_PARTS {
        let Some(part) = parts.next_field().await.map_err(unreadable)? else {
            return Ok(fields);
        };
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name() {
            Some(_) => fields.take_file(&name, &part.bytes().await.map_err(unreadable)?)?,
            None => {
                let text = text(&name, part).await?;
                fields.take_text(name, text)?;
            }
        }
    }
    let message = format!("the form has more than {MOST_PARTS} parts");
    Err(ApiError::request("invalid_form", None, message))
}

/// The text of the part `name`. What is not UTF-8 would be drawn, and paid for, garbled; ASCII
/// is the same in most encodings.
async fn text(name: &str, part: Field<'_>) -> Result<String, ApiError> {
    let charset = part
        .content_type()
        .and_then(|kind| kind.get_param("charset"));
    let is_utf8 = charset.is_none_or(|charset| {
        let known = ["utf-8", "utf8"];
        known
            .iter()
            .any(|known| charset.as_str().eq_ignore_ascii_case(known))
    });
    let bytes = part.bytes().await.map_err(unreadable)?;
    // UTF-16 has zeros, and ISO-2022 escapes.
    let is_ascii = || {
        bytes
            .iter()
            .all(|byte| byte.is_ascii() && !matches!(byte, 0 | 0x1b))
    };
    match std::str::from_utf8(&bytes) {
        Ok(text) if is_utf8 || is_ascii() => {
            Ok(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())
        }
        _ => {
            let message = format!("{name}: texts of a form have to be UTF-8");
            Err(ApiError::request("invalid_form", Some(name), message))
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unreadable(error: multer::Error) -> ApiError {
    let message = format!("the form can't be read: {error}");
    ApiError::request("invalid_form", None, message)
}
