//! Where do the jobs go? To one API or to both, each with its own key.

use std::collections::BTreeMap;

use inkstone::{Client, Downloads, OPERATIONS, Operation};

use crate::address::{Address, Secret};
use crate::args::Batch;
use crate::batch::saving;
use crate::exit::Failure;
use crate::generate::within;

/// An API that jobs are for.
pub struct Target {
    pub client: Client,
    address: Address,
}

impl Target {
    fn new(address: Address, args: &Batch) -> Result<Self, Failure> {
        let client = within(address.client(Downloads::new())?, args.timeout);
        Ok(Self {
            client: client.with_spool(saving::directory(&args.out)),
            address,
        })
    }

    pub fn key(&self) -> &Secret {
        self.address.key()
    }
}

/// The APIs of a batch, by name.
pub struct Targets(BTreeMap<String, Target>);

impl Targets {
    /// A sandbox, which stands in for all of them.
    pub fn sandbox(apis: Vec<String>, url: &str, args: &Batch) -> Result<Self, Failure> {
        let target = |api| Ok((api, Target::new(Address::of_sandbox(url), args)?));
        apis.into_iter()
            .map(target)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Those that the flags and the environment give.
    pub fn find(apis: Vec<String>, args: &Batch) -> Result<Self, Failure> {
        if args.base_url.is_some() && apis.len() > 1 {
            return Err(Failure::usage(format!(
                "--base-url is the address of one API, and the jobs are for {}",
                apis.join(" and ")
            ))
            .hint(
                "make a batch of each; or leave --base-url out: INKSTONE_BASE_URL holds the \
                 gateway's address, and DashScope's has a default",
            ));
        }
        let target = |api: String| {
            let Some(operation) = OPERATIONS.iter().find(|it| it.api == api) else {
                return Err(unknown(&api, "any"));
            };
            let address = Address::find(operation, args.base_url.as_deref(), args.allow_http)?;
            Ok((api, Target::new(address, args)?))
        };
        apis.into_iter()
            .map(target)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    pub fn of(&self, api: &str) -> Result<&Target, Failure> {
        self.0.get(api).ok_or_else(|| unknown(api, "any"))
    }
}

/// The operation of a job in the journal.
pub fn operation(api: &str, document: &str) -> Result<&'static Operation, Failure> {
    let mut all = OPERATIONS.iter().copied();
    let found = all.find(|it| it.api == api && it.name == document);
    found.ok_or_else(|| unknown(api, document))
}

fn unknown(api: &str, document: &str) -> Failure {
    Failure::usage(format!(
        "the journal has a job for {api}/{document}, which this program does not know"
    ))
    .hint("go on with the version of inkstone that began the batch")
}
