//! The journal that a command is about, and the store of its batch.

use std::cell::Cell;
use std::env;
use std::time::{Duration, Instant};

/// The shared journal that a command is about.
pub use inkstone_fleet::Journal as Session;
use inkstone_fleet::{Error, Settings, Store, StoreError};
use tokio::time::{sleep, timeout};
use tr::tr;

use crate::batch::fleet::patience::insist;
use crate::error::{CliError, Code};
use crate::language::libraries;

/// The variable with the journal's address.
const JOURNAL: &str = "INKSTONE_JOURNAL";

/// The variable with its password, as PostgreSQL's own programs have it.
const PASSWORD: &str = "PGPASSWORD";

/// The variable with the name of a file that has the password.
const PASSWORD_FILE: &str = "INKSTONE_JOURNAL_PASSWORD_FILE";

/// How long a server may take to be ready.
const STARTING: Duration = Duration::from_secs(30);

/// How long to wait before it is asked again.
const PAUSE: Duration = Duration::from_millis(250);

/// How long a store may take to show that it keeps pictures: its client asks again for minutes.
const TRYING: Duration = Duration::from_secs(30);

/// The journal at the address that was given, or that the environment has; for so many
/// jobs at a time.
pub fn open(given: Option<&str>, concurrency: u16) -> Result<Session, CliError> {
    let url = given.map(str::to_owned).or_else(|| env::var(JOURNAL).ok());
    let Some(url) = url.filter(|url| !url.trim().is_empty()) else {
        return Err(CliError::usage(tr!("no journal is named")).hint(tr!(
            "give it with --journal postgres://user@host/database, or in {variable}",
            variable = JOURNAL
        )));
    };
    let settings = Settings {
        url,
        password: password()?,
        // Jobs wait for each other's statements only where there are many.
        connections: usize::from(concurrency.div_ceil(8)).saturating_add(2),
    };
    Ok(Session::new(&settings)?)
}

/// Makes sure that the journal has a batch, and keeps what it is given. A server that
/// answers and is not ready is waited for.
pub async fn check(session: &Session) -> Result<(), CliError> {
    let since = Instant::now();
    loop {
        match session.check().await {
            Err(Error::NotReady(_)) if since.elapsed() < STARTING => sleep(PAUSE).await,
            checked => return Ok(checked?),
        }
    }
}

/// The password, where the environment has one.
fn password() -> Result<Option<String>, CliError> {
    if let Ok(password) = env::var(PASSWORD) {
        return Ok(Some(password));
    }
    let Some(file) = env::var_os(PASSWORD_FILE) else {
        return Ok(None);
    };
    let read = std::fs::read_to_string(&file).map_err(|error| {
        let file = file.to_string_lossy();
        CliError::usage(tr!("{file} can't be read: {error}", file, error))
    })?;
    Ok(Some(read.trim_end_matches(['\r', '\n']).to_owned()))
}

/// What is wrong with a store, in the chosen language.
pub fn told(error: &StoreError) -> String {
    libraries::error(&error.to_string())
}

/// The store at the address that a batch has.
pub fn store(out: &str) -> Result<Store, CliError> {
    Store::open(out)
        .map_err(|error| CliError::usage(told(&error)).hint(tr!("give another place with --out")))
}

/// The store at the address that a batch has, which keeps what it is given: where pictures can't
/// go, none is paid for. `by` is what nobody else is called who asks.
pub async fn working_store(out: &str, by: &str) -> Result<Store, CliError> {
    let store = store(out)?;
    let trying = async || store.check(by).await;
    let tried = timeout(TRYING, insist(&Cell::default(), trying)).await;
    let (code, error) = match tried {
        Ok(Ok(())) => return Ok(store),
        Ok(Err(error)) if !error.is_transient() => (Code::Usage, told(&error)),
        Ok(Err(error)) => (Code::NotSent, told(&error)),
        Err(_) => {
            let seconds = TRYING.as_secs();
            (
                Code::NotSent,
                tr!("no answer came within {seconds} s", seconds),
            )
        }
    };
    let message = tr!(
        "{out} does not keep pictures: {error}; nothing was sent",
        out,
        error
    );
    Err(CliError::new(code, message).hint(tr!(
        "check the bucket, the region and the keys in the environment"
    )))
}

/// The journal can't be used; a store has errors of its own.
impl From<Error> for CliError {
    fn from(error: Error) -> Self {
        let (code, hint) = match error.is_transient() {
            true => (
                Code::NotSent,
                tr!("check the address, and that the server runs and can be reached"),
            ),
            false => (
                Code::Usage,
                tr!("docs/fleet.md says how a journal is set up"),
            ),
        };
        Self::new(code, tr!("the journal can't be used: {error}", error)).hint(hint)
    }
}
