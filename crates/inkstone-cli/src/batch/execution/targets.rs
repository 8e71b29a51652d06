//! The APIs that jobs are sent to, each with its own key.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use inkstone::{ApiFacts, Operation};
use inkstone_sandbox::Sandbox;
use tr::tr;

use crate::args::address::AddressArgs;
use crate::args::api::{self, Api};
use crate::client::address::Address;
use crate::client::client_setup::Target;
use crate::client::local_sandbox;
use crate::client::secret::Secret;
use crate::console;
use crate::error::CliError;

/// What the clients of all APIs have in common.
#[derive(Clone, Debug)]
pub struct TargetSettings<'a> {
    pub address: &'a AddressArgs,
    pub timeout: Option<Duration>,
    /// The directory for files on their way.
    pub incoming: PathBuf,
    /// The accounts that jobs are sent by; `None` is the one whose keys have no name.
    pub accounts: Vec<Option<String>>,
}

/// The APIs of a batch, by account and name.
pub struct Targets {
    all: BTreeMap<(Option<String>, String), Target>,
    /// It serves until it is dropped, when all jobs have ended.
    _sandbox: Option<Sandbox>,
}

impl Targets {
    /// The APIs as the flags and the environment give them, or a sandbox that stands in for all.
    pub async fn open(
        apis: Vec<String>,
        is_sandbox: bool,
        settings: &TargetSettings<'_>,
    ) -> Result<Self, CliError> {
        if !is_sandbox {
            return Self::find(apis, settings);
        }
        let sandbox = local_sandbox::start().await?;
        let all = of_all(apis, settings, |_, _| {
            Ok(Address::for_sandbox(sandbox.url()))
        })?;
        Ok(Self {
            all,
            _sandbox: Some(sandbox),
        })
    }

    /// The APIs as the flags and the environment give them.
    pub fn find(apis: Vec<String>, settings: &TargetSettings<'_>) -> Result<Self, CliError> {
        check_one_api(&apis, settings.address)?;
        let all = of_all(apis, settings, |api, account| {
            let operation = any_of(api)?;
            let args = AddressArgs {
                account: account.map(str::to_owned),
                ..settings.address.clone()
            };
            let address = Address::find(operation, &args)?;
            warn_of_interactive_key(api, address.key());
            Ok(address)
        })?;
        Ok(Self {
            all,
            _sandbox: None,
        })
    }

    pub fn get(&self, api: &str, account: Option<&str>) -> Result<&Target, CliError> {
        let place = (account.map(str::to_owned), api.to_owned());
        self.all.get(&place).ok_or_else(|| unknown(api, "any"))
    }
}

/// Refuses addresses that the jobs for these APIs can't be sent to, where nothing is.
pub fn check(apis: &[String], address: &AddressArgs) -> Result<(), CliError> {
    check_one_api(apis, address)?;
    let mut apis = apis.iter();
    apis.try_for_each(|api| Address::check(any_of(api)?, address))
}

/// Refuses one address for several APIs.
fn check_one_api(apis: &[String], address: &AddressArgs) -> Result<(), CliError> {
    if address.base_url.is_none() || apis.len() < 2 {
        return Ok(());
    }
    Err(CliError::usage(tr!(
        "--base-url is the address of one API, and the jobs are for {apis}",
        apis = apis.join(&tr!(" and "))
    ))
    .hint(tr!(
        "make a batch for each; or omit --base-url: INKSTONE_BASE_URL gives the \
         gateway's address, and DashScope's has a default"
    )))
}

/// An operation of the API.
fn any_of(api: &str) -> Result<&'static Operation, CliError> {
    let found = Api::find(api).and_then(Api::operation);
    found.ok_or_else(|| unknown(api, "any"))
}

/// Each API for each account.
fn of_all(
    apis: Vec<String>,
    settings: &TargetSettings<'_>,
    address: impl Fn(&str, Option<&str>) -> Result<Address, CliError>,
) -> Result<BTreeMap<(Option<String>, String), Target>, CliError> {
    let mut targets = BTreeMap::new();
    for api in apis {
        for account in &settings.accounts {
            let address = address(&api, account.as_deref())?;
            let target = Target::new(address, settings.timeout, &settings.incoming)?;
            targets.insert((account.clone(), api.clone()), target);
        }
    }
    Ok(targets)
}

/// Warns of a key that its vendor gives out for interactive use only.
fn warn_of_interactive_key(api: &str, key: &Secret) {
    let prefixes = ApiFacts::find(api).map_or(&[][..], |facts| &facts.interactive_keys);
    if let Some(prefix) = prefixes
        .iter()
        .find(|prefix| key.expose().trim().starts_with(*prefix))
    {
        console::warning(&tr!(
            "keys that start with {prefix} are said to be for interactive use only: a batch may \
             break the terms of its plan",
            prefix
        ));
    }
}

/// The operation of a job in the journal.
pub fn operation(api: &str, document: &str) -> Result<&'static Operation, CliError> {
    api::operation(api, document).ok_or_else(|| unknown(api, document))
}

fn unknown(api: &str, document: &str) -> CliError {
    CliError::usage(tr!(
        "the journal has a job for {api}/{document}, which this program does not know",
        api,
        document
    ))
    .hint(tr!(
        "continue with the version of inkstone that began the batch"
    ))
}
