//! Who may use the studio: whoever has its token. Any user and any program of a machine can reach its
//! addresses; the token is a part of the one that the terminal prints, and the browser keeps it as a
//! cookie. Each start has a token of its own: whoever takes over the port of a studio that ended gets
//! the cookies of pages that are open still.

use hyper::header::COOKIE;
use hyper::http::request::Parts;
use sha2::{Digest as _, Sha256};
use url::form_urlencoded;

use crate::bearer::bearer;
use crate::hex::hex_text;

/// How many random bytes there are, each two digits of the token.
const BYTES: usize = 32;

/// The parameter of the address.
const PARAMETER: &str = "token";

pub struct Token(String);

impl Token {
    pub fn new() -> Result<Self, String> {
        hex_text(BYTES).map(Self)
    }

    /// The address of the page that is served at `url`.
    pub fn address(&self, url: &str) -> String {
        format!("{url}/?{PARAMETER}={}", self.0)
    }

    /// The header that has the browser keep it. Other servers of the same host get it as well, but no
    /// page reads it, and none of another site sends it.
    pub fn cookie(&self, url: &str) -> String {
        let name = cookie_name(url);
        format!("{name}={}; Path=/; HttpOnly; SameSite=Strict", self.0)
    }

    /// Whether a request has it: as a cookie, as scripts send theirs, or where it is for the page
    /// itself in its address.
    pub fn is_in(&self, head: &Parts, url: &str) -> bool {
        let is_shown = || bearer(&head.headers).is_some_and(|key| self.is(key.as_bytes()));
        self.is_cookie(head, &cookie_name(url)) || is_shown() || self.is_asked(head)
    }

    /// Other programs of the host may have cookies of any bytes.
    fn is_cookie(&self, head: &Parts, name: &str) -> bool {
        let lines = head.headers.get_all(COOKIE).iter();
        let mut pairs = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
        pairs.any(|pair| {
            let value = pair.trim_ascii().strip_prefix(name.as_bytes());
            let value = value.and_then(|rest| rest.strip_prefix(b"="));
            value.is_some_and(|value| self.is(value))
        })
    }

    fn is_asked(&self, head: &Parts) -> bool {
        let query = head.uri.query().filter(|_| head.uri.path() == "/");
        let mut given = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        given.any(|(name, value)| name == PARAMETER && self.is(value.as_bytes()))
    }

    /// How long this takes tells nothing of the token.
    fn is(&self, given: &[u8]) -> bool {
        let [own, given] = [self.0.as_bytes(), given].map(Sha256::digest);
        let pairs = own.iter().zip(&given);
        pairs.fold(0, |differing, (own, given)| differing | (own ^ given)) == 0
    }
}

/// All servers of a host share their cookies, whatever their ports are.
fn cookie_name(url: &str) -> String {
    let port = url.rsplit(':').next().unwrap_or_default();
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    format!("inkstone-studio-{}", if is_port { port } else { "80" })
}

#[cfg(test)]
mod tests {
    use hyper::header::{AUTHORIZATION, HeaderValue};

    use super::*;

    fn head(path: &str, cookie: &str) -> Parts {
        let request = hyper::Request::get(path).header(COOKIE, cookie.as_bytes());
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn only_who_has_the_token_may_ask() {
        let token = Token::new().unwrap();
        let (text, url) = (token.0.clone(), "http://127.0.0.1:8787");
        assert_eq!(text.len(), 64);
        assert_ne!(text, Token::new().unwrap().0);
        assert_eq!(token.address(url), format!("{url}/?token={text}"));
        let cookie = format!("inkstone-studio-8787={text}");
        let kept = format!("{cookie}; Path=/; HttpOnly; SameSite=Strict");
        assert_eq!(token.cookie(url), kept);
        for (path, cookie, expected) in [
            ("/_studio/run", format!("a=b; {cookie};c"), true),
            (
                "/_studio/run",
                format!("inkstone-studio-8787=x; {cookie}"),
                true,
            ),
            // What another program of the host keeps may be of any bytes.
            ("/_studio/run", format!("名=值; {cookie}"), true),
            ("/_studio/run", format!("名=值;{cookie};=é"), true),
            ("/_studio/run", format!("名{cookie}"), false),
            (
                "/_studio/run",
                format!("inkstone-studio-8788={text}"),
                false,
            ),
            ("/_studio/run", format!("{cookie}0"), false),
            ("/_studio/run", "inkstone-studio-8787=".to_owned(), false),
            ("/_studio/run", String::new(), false),
            (&format!("/?lang=zh&token={text}"), String::new(), true),
            (&format!("/?token={}", &text[1..]), String::new(), false),
            // An address is written down in more places than a cookie.
            (&format!("/_studio/run?token={text}"), String::new(), false),
        ] {
            let found = token.is_in(&head(path, &cookie), url);
            assert_eq!(found, expected, "{path} {cookie}");
        }
        let mut several = head("/_studio/run", "名=值");
        several.headers.append(COOKIE, cookie.parse().unwrap());
        assert!(token.is_in(&several, url));
        for (given, expected) in [
            (format!("Bearer {text}"), true),
            (format!("bearer  {text}"), true),
            (format!("Bearer {text}0"), false),
            (format!("Basic {text}"), false),
            (text.clone(), false),
            ("值".to_owned(), false),
        ] {
            let mut script = head("/_script", "");
            let given = HeaderValue::from_bytes(given.as_bytes()).unwrap();
            script.headers.insert(AUTHORIZATION, given);
            assert_eq!(token.is_in(&script, url), expected);
        }
        for (url, port) in [
            ("http://localhost", "80"),
            ("http://[::1]", "80"),
            ("http://[::1]:9", "9"),
            ("http://localhost:x=1", "80"),
        ] {
            assert_eq!(cookie_name(url), format!("inkstone-studio-{port}"), "{url}");
        }
    }
}
