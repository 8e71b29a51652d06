//! Where does the request go, and with which key?

use std::env;
use std::fmt;

use inkstone::{Client, DASHSCOPE_BASE_URL, DASHSCOPE_KEY, Downloads, GATEWAY_KEY, Operation};

use crate::args::Api;
use crate::exit::{Code, Failure, from_library};
use crate::output;

/// The environment variable with the gateway's address.
const GATEWAY_BASE_URL: &str = "INKSTONE_BASE_URL";

/// The address of an API, and the key to it.
pub struct Address {
    base: String,
    key: Secret,
    allow_http: bool,
}

/// A key, which shows itself to nobody.
pub struct Secret(String);

impl Secret {
    /// `text` without the key: an API may quote it in an error.
    pub fn hide_in(&self, text: &str) -> String {
        text.replace(self.0.trim(), "…")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Address {
    /// The address that the flags and the environment give.
    pub fn find(
        operation: &Operation,
        base_url: Option<&str>,
        allow_http: bool,
    ) -> Result<Self, Failure> {
        let base = base(operation, base_url)?;
        warn_of_repetition(&base, operation.path);
        Ok(Self {
            base,
            key: key(operation)?,
            allow_http,
        })
    }

    /// A sandbox's: any key will do.
    pub fn of_sandbox(url: &str) -> Self {
        Self {
            base: url.to_owned(),
            key: Secret("sandbox".to_owned()),
            allow_http: false,
        }
    }

    /// The client of the API there, which fetches pictures as `downloads` says.
    pub fn client(&self, downloads: Downloads) -> Result<Client, Failure> {
        Client::builder(&self.base)
            .key(&self.key.0)
            .allow_http(self.allow_http)
            .downloads(downloads)
            .limit(!self.is_here())
            .build()
            .map_err(|error| from_library(&error))
    }

    /// Whether it is on this machine, as a sandbox is: nobody limits requests there.
    fn is_here(&self) -> bool {
        let after_scheme = self.base.split_once("://").map_or("", |(_, rest)| rest);
        let host = after_scheme.split(['/', '?']).next().unwrap_or_default();
        ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| {
            let port = host.strip_prefix(name);
            port.is_some_and(|it| it.is_empty() || it.starts_with(':'))
        })
    }

    pub fn key(&self) -> &Secret {
        &self.key
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    /// The flags that lead here again.
    pub fn flags(&self) -> Vec<String> {
        let mut flags = Vec::new();
        if self.base != DASHSCOPE_BASE_URL {
            flags.extend(["--base-url".to_owned(), self.base.clone()]);
        }
        if self.allow_http {
            flags.push("--allow-http".to_owned());
        }
        flags
    }
}

fn is_dashscope(operation: &Operation) -> bool {
    operation.api == Api::Dashscope.name()
}

fn base(operation: &Operation, given: Option<&str>) -> Result<String, Failure> {
    if let Some(base) = given {
        return Ok(base.to_owned());
    }
    if is_dashscope(operation) {
        return Ok(DASHSCOPE_BASE_URL.to_owned());
    }
    let found = env::var(GATEWAY_BASE_URL).unwrap_or_default();
    if found.trim().is_empty() {
        return Err(
            Failure::usage("the gateway's address is not known").hint(format!(
                "give it with --base-url https://… or in {GATEWAY_BASE_URL}; \
             or try --sandbox, which needs neither address nor key"
            )),
        );
    }
    Ok(found.trim().to_owned())
}

fn key(operation: &Operation) -> Result<Secret, Failure> {
    let variable = match is_dashscope(operation) {
        true => DASHSCOPE_KEY,
        false => GATEWAY_KEY,
    };
    let fault = |message: String| {
        let hint = format!("export {variable}=…; or try --sandbox, which needs no key");
        Err(Failure::new(Code::Account, message).hint(hint))
    };
    let Some(found) = env::var_os(variable).filter(|it| !it.is_empty()) else {
        return fault(format!(
            "no key: the environment variable {variable} is not set"
        ));
    };
    match found.into_string() {
        Ok(key) if key.trim().is_empty() => fault(format!(
            "no key: the environment variable {variable} is blank"
        )),
        Ok(key) if !key.trim().contains(char::is_control) => Ok(Secret(key)),
        _ => fault(format!(
            "the key in {variable} has characters that no header may have"
        )),
    }
}

/// Many tools take an address that ends with `/v1`; here the path brings it.
fn warn_of_repetition(base: &str, path: &str) {
    let first = path.trim_start_matches('/').split('/').next();
    let first = first.unwrap_or_default();
    let base = base.trim_end_matches('/');
    if !first.is_empty() && base.ends_with(&format!("/{first}")) {
        output::warning(&format!(
            "the address ends with /{first}, and {path} is appended to it: leave /{first} out"
        ));
    }
}
