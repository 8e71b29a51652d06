//! Starts what orders need: the directory, the ledger, and the APIs or a sandbox.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use inkstone_sandbox::Sandbox;
use tempfile::TempDir;
use tokio::time::sleep;
use tr::tr;

use crate::args::servers::OrderArgs;
use crate::client::client_setup::Target;
use crate::client::interrupt::Interrupt;
use crate::client::local_sandbox;
use crate::console;
use crate::error::CliError;
use crate::language::{ServingPrograms, for_user};
use crate::ledger::retention::Retention;
use crate::ledger::{Ledger, LedgerError};
use crate::orders::dispatcher::Dispatcher;
use crate::orders::kept;
use crate::orders::targets::Targets;
use crate::output::files;
use crate::pricing::prices::Prices;

/// The directory, unless `--out` gives it.
const OUT: &str = "inkstone-pictures";

/// The pictures' folder in the directory.
const PICTURES: &str = "pictures";

/// How often is looked whether orders have ended.
const PAUSE: Duration = Duration::from_millis(50);

/// What is ready before anything is started.
pub struct Preparation<'a> {
    args: &'a OrderArgs,
    place: Place,
    prices: Prices,
}

/// What is started, until this is dropped.
pub struct Started {
    pub dispatcher: Arc<Dispatcher>,
    _sandbox: Option<Sandbox>,
    _place: Place,
    _serving: ServingPrograms,
}

/// The directory for pictures and the ledger.
struct Place {
    directory: PathBuf,
    /// It is removed at the end: of a sandbox, nothing is worth keeping.
    _temporary: Option<TempDir>,
}

impl<'a> Preparation<'a> {
    pub fn new(args: &'a OrderArgs) -> Result<Self, CliError> {
        Ok(Self {
            args,
            place: Place::find(args)?,
            prices: Prices::load(args.prices.as_deref())?,
        })
    }

    /// Starts what orders need. `window` is how long after its answer an order is found again by
    /// its body, and `retention` what of an order stays.
    pub async fn start(self, window: Duration, retention: Retention) -> Result<Started, CliError> {
        let directory = std::path::absolute(&self.place.directory);
        let directory = directory
            .map_err(|error| CliError::usage(tr!("the directory is not known: {error}", error)))?;
        let out = directory.join(PICTURES);
        let (sandbox, targets) = targets(self.args, &out).await?;
        let dispatcher = Arc::new(Dispatcher {
            ledger: Ledger::open(&directory, self.args.sandbox, |stem| kept::find(&out, stem))?,
            targets,
            prices: self.prices,
            address: (!self.args.sandbox).then(|| self.args.address.clone()),
            out,
            retention,
            window,
        });
        let serving = ServingPrograms::start();
        if let Err(LedgerError(why)) = dispatcher.resume().await {
            return Err(CliError::usage(why));
        }
        Ok(Started {
            dispatcher,
            _sandbox: sandbox,
            _place: self.place,
            _serving: serving,
        })
    }
}

impl Place {
    fn find(args: &OrderArgs) -> Result<Self, CliError> {
        let made = (args.out.is_none() && args.sandbox).then(tempfile::tempdir);
        let made = made.transpose().map_err(|error| {
            CliError::usage(tr!("no temporary directory can be made: {error}", error))
        })?;
        let directory = match (&args.out, &made) {
            (Some(out), _) => out.clone(),
            (None, Some(made)) => made.path().to_owned(),
            (None, None) => OUT.into(),
        };
        files::prepare_out(&directory.join(PICTURES))?;
        Ok(Self {
            directory,
            _temporary: made,
        })
    }
}

async fn targets(args: &OrderArgs, out: &Path) -> Result<(Option<Sandbox>, Targets), CliError> {
    let target = |address| Target::new(address, args.timeout, out);
    if !args.sandbox {
        return Ok((None, Targets::find(args.api, &args.address, target)?));
    }
    let sandbox = local_sandbox::start().await?;
    let targets = Targets::sandbox(sandbox.url(), target)?;
    Ok((Some(sandbox), targets))
}

/// Waits for `others` and for the orders that are under way: no longer than `grace`, or until
/// a signal comes.
pub async fn settle(
    dispatcher: &Dispatcher,
    others: impl Future<Output = ()>,
    grace: Duration,
    interrupt: &mut Interrupt,
) {
    let orders = dispatcher.ledger.under_way();
    if orders > 0 {
        console::progress(&for_user(|| {
            tr!("waiting for {n} order; ctrl-c ends it at once"
                | "waiting for {n} orders; ctrl-c ends it at once" % orders)
        }));
    }
    let settled = async {
        others.await;
        while dispatcher.ledger.under_way() > 0 {
            sleep(PAUSE).await;
        }
    };
    tokio::select! {
        () = settled => {}
        () = sleep(grace) => {}
        _ = interrupt.wait() => {}
    }
    let left = dispatcher.ledger.under_way();
    if left > 0 {
        console::warning(&for_user(|| {
            tr!(
                "{n} order may still be carried out and billed; the ledger has it as unknown"
                    | "{n} orders may still be carried out and billed; the ledger has them as unknown"
                        % left
            )
        }));
    }
}
