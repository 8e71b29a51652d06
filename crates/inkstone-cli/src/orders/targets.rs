//! The APIs that orders are sent to.

use std::collections::BTreeMap;

use inkstone::Operation;
use tr::tr;

use crate::args::address::AddressArgs;
use crate::args::api::Api;
use crate::client::address::Address;
use crate::client::client_setup::Target;
use crate::error::CliError;

/// The APIs that can be reached, by name.
pub struct Targets(BTreeMap<&'static str, Target>);

impl Targets {
    /// A sandbox, which stands in for all APIs.
    pub fn sandbox(
        url: &str,
        target: impl Fn(Address) -> Result<Target, CliError>,
    ) -> Result<Self, CliError> {
        let all = Api::all().map(|api| Ok((api.name(), target(Address::for_sandbox(url))?)));
        all.collect::<Result<_, _>>().map(Self)
    }

    /// The APIs whose address and key the flags and the environment give: the one of `--api`,
    /// or all of them.
    pub fn find(
        api: Option<Api>,
        args: &AddressArgs,
        target: impl Fn(Address) -> Result<Target, CliError>,
    ) -> Result<Self, CliError> {
        if args.base_url.is_some() && api.is_none() {
            let message = tr!("--base-url is the address of one API");
            return Err(CliError::usage(message).hint(tr!("say which: --api")));
        }
        let mut targets = BTreeMap::new();
        let mut missing = None;
        for api in api.map_or_else(|| Api::all().collect(), |api| vec![api]) {
            let Some(operation) = api.operation() else {
                continue;
            };
            match Address::find(operation, args) {
                Ok(address) => drop(targets.insert(api.name(), target(address)?)),
                Err(error) => drop(missing.get_or_insert(error)),
            }
        }
        match missing {
            Some(error) if targets.is_empty() => Err(error),
            _ => Ok(Self(targets)),
        }
    }

    pub fn get(&self, operation: &Operation) -> Option<&Target> {
        self.0.get(operation.api)
    }

    pub fn has(&self, api: &str) -> bool {
        self.0.contains_key(api)
    }

    /// The APIs' names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }
}
