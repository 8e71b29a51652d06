//! How a key is shown to an API.

use apifox_runtime::Credential;
use percent_encoding::utf8_percent_encode;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Request, Url};

use super::secret::{Key, UNRESERVED};
use crate::error::Error;
use crate::stage::Stage;

/// Has a request show a key, unless it gives the credential itself: `own` are its own headers.
pub(crate) fn show(
    credential: Credential,
    key: &Key,
    own: &HeaderMap,
    http: &mut Request,
) -> Result<(), Error> {
    let (name, value) = match credential {
        Credential::Bearer => (AUTHORIZATION, key.bearer()),
        Credential::Basic => (AUTHORIZATION, key.basic()),
        Credential::Header(name) => {
            let name = HeaderName::try_from(name)
                .map_err(|error| cannot("the name of its header is not valid").caused_by(error))?;
            (name, key.plain())
        }
        Credential::Cookie(name) => return add_cookie(name, key, http.headers_mut()),
        Credential::Query(name) => {
            add_pair(name, key, http.url_mut());
            return Ok(());
        }
        // A hook sends it.
        Credential::Other(_) => return Ok(()),
    };
    if !own.contains_key(&name) {
        http.headers_mut().insert(name, value);
    }
    Ok(())
}

fn add_pair(name: &str, key: &Key, url: &mut Url) {
    if url.query_pairs().any(|(own, _)| own == name) {
        return;
    }
    let name = utf8_percent_encode(name, UNRESERVED);
    let pair = format!("{name}={}", key.in_url());
    let query = match url.query() {
        None | Some("") => pair,
        Some(others) => format!("{others}&{pair}"),
    };
    url.set_query(Some(&query));
}

fn add_cookie(name: &str, key: &Key, headers: &mut HeaderMap) -> Result<(), Error> {
    if !key.text().bytes().all(can_be_in_cookie) {
        return Err(cannot("it has characters that no cookie can hold"));
    }
    let others = headers.get(COOKIE).map(HeaderValue::as_bytes);
    let others = String::from_utf8_lossy(others.unwrap_or_default()).into_owned();
    let mut names = others.split(';').filter_map(|pair| pair.split_once('='));
    if names.any(|(own, _)| own.trim() == name) {
        return Ok(());
    }
    let pair = format!("{name}={}", key.text());
    let cookies = match others.is_empty() {
        true => pair,
        false => format!("{others}; {pair}"),
    };
    let mut value = HeaderValue::from_str(&cookies)
        .map_err(|error| cannot("the cookies beside it are not valid").caused_by(error))?;
    value.set_sensitive(true);
    headers.insert(COOKIE, value);
    Ok(())
}

/// Whether a cookie can hold this byte, by
/// [RFC 6265](https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1).
fn can_be_in_cookie(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\')
}

fn cannot(why: &str) -> Error {
    Error::new(
        Stage::Configuration,
        format!("the key can't be sent: {why}"),
    )
}
