//! The address of an API, and the key for it.

use std::env;

use inkstone::{ApiFacts, Client, DASHSCOPE_BASE_URL, Downloads, GATEWAY_KEY, Operation};

use tr::tr;
use url::Url;

use crate::args;
use crate::args::address::AddressArgs;
use crate::client::call_error::from_library;
use crate::client::secret::Secret;
use crate::error::{CliError, Code};
use crate::language::libraries;

/// The address of an API, and its key.
pub struct Address {
    base: String,
    /// The region, where the address does not tell.
    region: Option<String>,
    workspace: Option<String>,
    key: Secret,
    allow_http: bool,
    is_sandbox: bool,
}

impl Address {
    /// The address that the flags and the environment give.
    pub fn find(operation: &Operation, args: &AddressArgs) -> Result<Self, CliError> {
        let facts = ApiFacts::find(operation.api);
        let variable = facts.map_or(GATEWAY_KEY, |facts| &facts.key_variable);
        Self::with_key(operation, args, || {
            key(&variable_of(variable, args.account.as_deref()))
        })
    }

    /// Refuses an address that nothing can be sent to, where nothing is: without a key, and
    /// where none is given.
    pub fn check(operation: &Operation, args: &AddressArgs) -> Result<(), CliError> {
        let is_in_environment = |facts: &ApiFacts| {
            let given = env::var(&facts.base_url_variable);
            facts.regions().is_some() || given.is_ok_and(|url| !url.trim().is_empty())
        };
        let facts = ApiFacts::find(operation.api);
        let is_given = args.base_url.is_some() || args.region.is_some();
        if !is_given && !facts.is_some_and(is_in_environment) {
            return Ok(());
        }
        let address = Self::with_key(operation, args, || Ok(Secret::new("none".to_owned())))?;
        address.client(Downloads::new()).map(drop)
    }

    /// The address, and the key that is asked for when there is one.
    fn with_key(
        operation: &Operation,
        args: &AddressArgs,
        key: impl FnOnce() -> Result<Secret, CliError>,
    ) -> Result<Self, CliError> {
        let facts = ApiFacts::find(operation.api);
        let (base, workspace, region) = match (&args.base_url, facts) {
            (Some(base), facts) => {
                check_region(facts, args.region.as_deref())?;
                (base.clone(), args.workspace.clone(), args.region.clone())
            }
            (None, Some(facts)) => place(facts, args)?,
            (None, None) => {
                return Err(CliError::usage(tr!("the address is not known"))
                    .hint(tr!("give it with --base-url https://…")));
            }
        };
        refuse_repeated_path(&base, operation.path)?;
        Ok(Self {
            region: region.filter(|name| ApiFacts::region_of(&base).as_ref() != Some(name)),
            base,
            workspace,
            key: key()?,
            allow_http: args.allow_http,
            is_sandbox: false,
        })
    }

    /// The address of a sandbox, which accepts any key.
    pub fn for_sandbox(url: &str) -> Self {
        Self {
            base: url.to_owned(),
            region: None,
            workspace: None,
            key: Secret::new("sandbox".to_owned()),
            allow_http: false,
            is_sandbox: true,
        }
    }

    /// Whether it is that of a sandbox of this program's.
    pub fn is_sandbox(&self) -> bool {
        self.is_sandbox
    }

    /// A client for this address, which downloads pictures as `downloads` says.
    pub fn client(&self, downloads: Downloads) -> Result<Client, CliError> {
        let builder = Client::builder(&self.base);
        let builder = match &self.workspace {
            Some(id) => builder.workspace(id),
            None => builder,
        };
        let builder = match &self.region {
            Some(region) => builder.region(region),
            None => builder,
        };
        builder
            .key(self.key.expose())
            .allow_http(self.allow_http)
            .downloads(downloads)
            .limit(!self.is_local())
            .build()
            .map_err(|error| from_library(&error))
    }

    /// Whether it is on this machine, where a sandbox does not limit requests.
    pub fn is_local(&self) -> bool {
        Url::parse(&self.base).is_ok_and(|url| inkstone::is_loopback(&url))
    }

    pub fn key(&self) -> &Secret {
        &self.key
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    /// The flags that give this address.
    pub fn flags(&self) -> Vec<String> {
        let mut flags = Vec::new();
        if self.base != DASHSCOPE_BASE_URL {
            flags.extend(["--base-url".to_owned(), self.base.clone()]);
        }
        if let Some(region) = &self.region {
            flags.extend(["--region".to_owned(), region.clone()]);
        }
        if let Some(id) = &self.workspace {
            flags.extend(["--workspace".to_owned(), id.clone()]);
        }
        if self.allow_http {
            flags.push("--allow-http".to_owned());
        }
        flags
    }
}

/// Refuses a region that the API does not have.
fn check_region(facts: Option<&ApiFacts>, region: Option<&str>) -> Result<(), CliError> {
    let (Some(facts), Some(_)) = (facts, region) else {
        return Ok(());
    };
    let known = facts
        .regions()
        .ok_or_else(|| format!("{} has no regions", facts.title));
    // Any workspace will do: every region has an address for one.
    let found = known.and_then(|known| known.url(region, Some("any")));
    found
        .map(drop)
        .map_err(|problem| CliError::usage(libraries::error(&problem)).hint(tr!("see --region")))
}

/// The address, the workspace and the region that follow from what is known of the API.
fn place(
    facts: &ApiFacts,
    args: &AddressArgs,
) -> Result<(String, Option<String>, Option<String>), CliError> {
    let place = facts.place(args.region.as_deref(), args.workspace.as_deref());
    let place = place.map_err(|problem| {
        let error = CliError::usage(libraries::error(&problem));
        match (facts.regions(), &args.region) {
            (Some(_), _) => error.hint(tr!("see --region and --workspace")),
            (None, Some(_)) => error.hint(tr!(
                "leave out --region; DASHSCOPE_REGION is for DashScope alone"
            )),
            (None, None) => error.hint(address_hint(&facts.base_url_variable)),
        }
    })?;
    Ok((place.base_url, place.workspace, place.region))
}

/// The variable with the key of an account, as in `DASHSCOPE_API_KEY_EAST_2` for `east-2`.
fn variable_of(variable: &str, account: Option<&str>) -> String {
    match account {
        Some(account) => format!("{variable}_{}", account.to_uppercase().replace('-', "_")),
        None => variable.to_owned(),
    }
}

/// How to give the address, and how to do without where the command has a sandbox.
fn address_hint(variable: &str) -> String {
    match args::has_sandbox() {
        true => tr!(
            "give it with --base-url https://… or in {variable}; or try --sandbox, which needs neither address nor key",
            variable
        ),
        false => tr!(
            "give it with --base-url https://… or in {variable}",
            variable
        ),
    }
}

/// The same for the key.
fn key_hint(variable: &str) -> String {
    match args::has_sandbox() {
        true => tr!(
            "export {variable}=…; or try --sandbox, which needs no key",
            variable
        ),
        false => tr!("export {variable}=…", variable),
    }
}

fn key(variable: &str) -> Result<Secret, CliError> {
    let missing =
        |message: String| Err(CliError::new(Code::Account, message).hint(key_hint(variable)));
    let Some(found) = env::var_os(variable).filter(|key| !key.is_empty()) else {
        return missing(tr!(
            "no key: the environment variable {variable} is not set",
            variable
        ));
    };
    match found.into_string() {
        Ok(key) if key.trim().is_empty() => missing(tr!(
            "no key: the environment variable {variable} is blank",
            variable
        )),
        Ok(key) if !key.trim().contains(char::is_control) => Ok(Secret::new(key)),
        _ => missing(tr!(
            "the key in {variable} has characters that a header can't have",
            variable
        )),
    }
}

/// Refuses an address that ends with the start of the operation's path, such as `/v1`, as
/// many tools want it: that would be sent to `/v1/v1`.
fn refuse_repeated_path(base: &str, path: &str) -> Result<(), CliError> {
    let Some(repeated) = repeated_path(base, path) else {
        return Ok(());
    };
    let base = base.trim_end_matches('/');
    let right = base.strip_suffix(&repeated).unwrap_or(base);
    Err(CliError::usage(tr!(
        "the address ends with {repeated}, and {path} is appended to it; nothing was sent",
        repeated,
        path
    ))
    .hint(tr!(
        "leave {repeated} out: --base-url {right}",
        repeated,
        right
    )))
}

/// The longest start of `path` that `base` ends with.
fn repeated_path(base: &str, path: &str) -> Option<String> {
    let after_scheme = base.split_once("://").map_or(base, |(_, rest)| rest);
    let (_, own) = after_scheme.trim_end_matches('/').split_once('/')?;
    let own = format!("/{own}");
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    let starts = (1..=steps.len()).rev();
    let mut starts = starts.map(|count| format!("/{}", steps[..count].join("/")));
    starts.find(|start| own.ends_with(start.as_str()))
}

#[cfg(test)]
mod tests {
    use super::repeated_path;

    #[test]
    fn an_address_that_repeats_the_path_is_known() {
        let path = "/api/v1/services/generation";
        let cases = [
            ("https://a", None),
            ("https://a/", None),
            ("https://a/v1", None),
            ("https://a/api", Some("/api")),
            ("https://a/api/v1/", Some("/api/v1")),
            ("https://a/x/api/v1/services/generation", Some(path)),
            ("https://api", None),
        ];
        for (base, expected) in cases {
            assert_eq!(repeated_path(base, path).as_deref(), expected, "{base}");
        }
    }
}
