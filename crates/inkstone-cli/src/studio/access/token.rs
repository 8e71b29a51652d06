//! Who may use the studio: whoever has its token. Any user and any program of a machine can reach its
//! addresses; the token is a part of the one that the terminal prints, and the browser keeps it as a
//! cookie.

use std::fs::{File, Metadata};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use hyper::header::COOKIE;
use hyper::http::request::Parts;
use sha2::{Digest as _, Sha256};
use url::form_urlencoded;

use crate::hex::hex_text;

/// The file that leads to the page, and keeps the token for the next studio: pages that are open go
/// on.
const LINK: &str = "inkstone-studio.html";

/// How many random bytes there are, each two digits of the token.
const BYTES: usize = 32;

/// The parameter of the address.
const PARAMETER: &str = "token";

pub struct Token(String);

impl Token {
    /// That of the last studio of this directory, if nobody else could read or write it; or else a
    /// new one.
    pub fn find_or_make(directory: &Path) -> Result<Self, String> {
        match find(&directory.join(LINK)) {
            Some(token) => Ok(Self(token)),
            None => hex_text(BYTES).map(Self),
        }
    }

    /// The address of the page that is served at `url`.
    pub fn address(&self, url: &str) -> String {
        format!("{url}/?{PARAMETER}={}", self.0)
    }

    /// A file that leads there, in the first of these directories where it can be the owner's alone:
    /// some disks know no owners.
    pub fn write_link<const N: usize>(
        &self,
        directories: [&Path; N],
        url: &str,
    ) -> Option<PathBuf> {
        let address = self.address(url);
        let text = format!(
            "<!doctype html>\n<meta charset=\"utf-8\">\n<title>inkstone studio</title>\n\
             <meta http-equiv=\"refresh\" content=\"0;url={address}\">\n\
             <a href=\"{address}\">inkstone studio</a>\n"
        );
        let mut written = directories.into_iter().filter_map(|directory| {
            let path = std::path::absolute(directory.join(LINK)).ok()?;
            write_private(&path, &text).ok().map(|()| path)
        });
        written.next()
    }

    /// The header that has the browser keep it. Other servers of the same host get it as well, but no
    /// page reads it, and none of another site sends it.
    pub fn cookie(&self, url: &str) -> String {
        let name = cookie_name(url);
        format!("{name}={}; Path=/; HttpOnly; SameSite=Strict", self.0)
    }

    /// Whether a request has it: as a cookie, or where it is for the page itself in its address.
    pub fn is_in(&self, head: &Parts, url: &str) -> bool {
        let name = cookie_name(url);
        let cookies = head.headers.get_all(COOKIE).iter();
        let cookies = cookies.filter_map(|line| line.to_str().ok());
        let mut pairs = cookies.flat_map(|line| line.split(';')).map(str::trim);
        let has = |pair: &str| {
            let pair = pair.split_once('=');
            pair.is_some_and(|(own, value)| own == name && self.is(value))
        };
        if pairs.any(has) {
            return true;
        }
        let query = head.uri.query().filter(|_| head.uri.path() == "/");
        let mut given = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        given.any(|(name, value)| name == PARAMETER && self.is(&value))
    }

    /// How long this takes tells nothing of the token.
    fn is(&self, given: &str) -> bool {
        let [own, given] = [&self.0, given].map(Sha256::digest);
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

/// The token of a file, where nobody else could write it there, or read it.
fn find(path: &Path) -> Option<String> {
    let file = File::open(path).ok()?;
    let metadata = file.metadata().ok()?;
    if !metadata.is_file() || !is_private(&metadata) {
        return None;
    }
    let mut text = String::new();
    file.take(4096).read_to_string(&mut text).ok()?;
    let (_, rest) = text.split_once(&format!("?{PARAMETER}="))?;
    let token = rest.get(..2 * BYTES)?;
    let is_token = token.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_token.then(|| token.to_owned())
}

/// Writes a file that nobody else can read, or none.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    // Temporary files are the owner's alone; what a killed program leaves is swept away by its name.
    let mut builder = tempfile::Builder::new();
    let mut file = builder
        .prefix(".inkstone-")
        .suffix(".part")
        .tempfile_in(directory)?;
    if !is_private(&file.as_file().metadata()?) {
        return Err(io::ErrorKind::Unsupported.into());
    }
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}

#[cfg(unix)]
fn is_private(file: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    file.uid() == rustix::process::geteuid().as_raw() && file.mode() & 0o077 == 0
}

/// Elsewhere files are as private as the directory of their owner.
#[cfg(not(unix))]
fn is_private(_: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(path: &str, cookie: &str) -> Parts {
        let request = hyper::Request::get(path).header(COOKIE, cookie);
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn only_who_has_the_token_may_ask() {
        let directory = tempfile::tempdir().unwrap();
        let token = Token::find_or_make(directory.path()).unwrap();
        let (text, url) = (token.0.clone(), "http://127.0.0.1:8787");
        assert_eq!(text.len(), 64);
        assert_ne!(text, Token::find_or_make(directory.path()).unwrap().0);
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
        for (url, port) in [
            ("http://localhost", "80"),
            ("http://[::1]", "80"),
            ("http://[::1]:9", "9"),
            ("http://localhost:x=1", "80"),
        ] {
            assert_eq!(cookie_name(url), format!("inkstone-studio-{port}"), "{url}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_next_studio_has_the_token_unless_others_could_read_it() {
        use std::fs;
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let directories = [directory.path(), elsewhere.path()];
        let next = || Token::find_or_make(directory.path()).unwrap().0;
        let token = Token::find_or_make(directory.path()).unwrap();
        let link = token.write_link(directories, "http://127.0.0.1:1").unwrap();
        assert_eq!(link, directory.path().join(LINK));
        let mode = |mode| fs::set_permissions(&link, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(link.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let text = fs::read_to_string(&link).unwrap();
        assert!(
            text.contains(&format!("url=http://127.0.0.1:1/?token={}\"", token.0)),
            "{text}"
        );
        assert_eq!(next(), token.0);
        for others in [0o640, 0o604, 0o622] {
            mode(others);
            assert_ne!(next(), token.0, "{others:o}");
        }
        // What is written anew is the owner's alone again.
        token.write_link(directories, "http://127.0.0.1:2").unwrap();
        assert_eq!(next(), token.0);
        fs::write(&link, "?token=0123").unwrap();
        assert_ne!(next(), token.0);
        // Where none can be written, it is elsewhere.
        fs::remove_file(&link).unwrap();
        fs::create_dir(&link).unwrap();
        let link = token.write_link(directories, "http://127.0.0.1:3").unwrap();
        assert_eq!(link, elsewhere.path().join(LINK));
    }
}
