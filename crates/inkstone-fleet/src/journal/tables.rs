//! Makes and upgrades the tables, also where others make them at the same time, and says whether
//! they can be used.

use apifox_client::{causes, innermost_cause};
use refinery_core::{Migration, Runner};
use tokio::time::sleep;
use tokio_postgres::error::SqlState;

use crate::error::{Error, is_transient};
use crate::journal::{FIRST_PAUSE, Journal, LAST_PAUSE};

/// The steps that make and upgrade the tables: their names, in order, and what they do.
const MIGRATIONS: [(&str, &str); 3] = [
    (
        "V1__journal",
        include_str!("../../migrations/V1__journal.sql"),
    ),
    ("V2__tasks", include_str!("../../migrations/V2__tasks.sql")),
    ("V3__paid", include_str!("../../migrations/V3__paid.sql")),
];

/// How often the tables are made where somebody else makes them at the same time.
const MAKING: u32 = 8;

/// Why tables are not made.
enum Making {
    /// There is by now what there was not at first.
    Clash(String),
    Failed(Error),
}

impl Journal {
    /// Makes or upgrades the tables.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn migrate(&self) -> Result<(), Error> {
        let mut pause = FIRST_PAUSE;
        for _ in 1..MAKING {
            match self.try_to_migrate().await {
                // Somebody else is making the same tables, and may be done next time.
                Err(Making::Clash(_)) => {}
                made => return made.map_err(Making::into_error),
            }
            sleep(pause).await;
            pause = (pause * 2).min(LAST_PAUSE);
        }
        let made = self.try_to_migrate().await;
        made.map_err(Making::into_error)
    }

    async fn try_to_migrate(&self) -> Result<(), Making> {
        let steps = MIGRATIONS.iter();
        let steps = steps.map(|(name, sql)| Migration::unapplied(name, sql));
        let steps: Vec<_> = steps
            .collect::<Result<_, _>>()
            .map_err(|error| Making::Failed(Error::Refused(error.to_string())))?;
        let client = self.pool.get().await;
        let mut client = client.map_err(|error| Making::Failed(error.into()))?;
        let made = Runner::new(&steps).run_async(&mut **client).await;
        made.map(drop).map_err(|error| Making::from(&error))
    }

    /// Makes sure that what the server says is committed is on its disk.
    ///
    /// # Errors
    ///
    /// If it is not, or the tables are those of another version.
    pub async fn check(&self) -> Result<(), Error> {
        let sql = "SELECT current_setting('fsync'), current_setting('full_page_writes'),
            current_setting('synchronous_commit')";
        let row = self.row(sql, &[]).await?;
        let fsync: String = row.try_get(0)?;
        let pages: String = row.try_get(1)?;
        let commit: String = row.try_get(2)?;
        for (name, value) in [("fsync", fsync), ("full_page_writes", pages)] {
            if value != "on" {
                return Err(Error::Refused(format!(
                    "the server has {name} = {value}: what it says is committed may be lost, \
                     and sent twice; set it to on"
                )));
            }
        }
        // Each function sets synchronous_commit for its own transaction: a pooler keeps no
        // setting of a session.
        if !["on", "remote_apply"].contains(&commit.as_str()) {
            tracing::info!(
                synchronous_commit = commit,
                "is overruled in each transaction"
            );
        }
        let known = i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX);
        let refused = match self.version().await? {
            0 => {
                "the database has no batch: begin one with inkstone batch JOBS --journal … --out …"
            }
            version if version < known => {
                "the tables are those of an earlier version: inkstone batch JOBS --resume of this \
                 version upgrades them"
            }
            version if version > known => {
                "the tables are those of a later version: have this machine use the version of \
                 inkstone that made them"
            }
            _ => return Ok(()),
        };
        Err(Error::Refused(refused.to_owned()))
    }

    /// Which version the tables have; 0 where there are none.
    ///
    /// # Errors
    ///
    /// If the database can't be reached, or refuses.
    pub async fn version(&self) -> Result<i32, Error> {
        let sql = "SELECT to_regclass('refinery_schema_history') IS NOT NULL
            AND to_regclass('batch') IS NOT NULL";
        if !self.value::<bool>(sql, &[]).await? {
            return Ok(0);
        }
        let sql = "SELECT coalesce(max(version), 0) FROM refinery_schema_history";
        self.value(sql, &[]).await
    }
}

impl From<&refinery_core::Error> for Making {
    fn from(error: &refinery_core::Error) -> Self {
        let of_server = causes(error).find_map(|cause| cause.downcast_ref());
        of_server.map_or_else(
            || Self::Failed(Error::Refused(not_made(&innermost_cause(error)))),
            of_database,
        )
    }
}

/// What the database says of tables that are not made.
fn of_database(error: &tokio_postgres::Error) -> Making {
    const CLASHES: [SqlState; 6] = [
        SqlState::DUPLICATE_COLUMN,
        SqlState::DUPLICATE_FUNCTION,
        SqlState::DUPLICATE_OBJECT,
        SqlState::DUPLICATE_TABLE,
        SqlState::UNDEFINED_FUNCTION,
        SqlState::UNIQUE_VIOLATION,
    ];
    let Some(reported) = error.as_db_error() else {
        return Making::Failed(Error::Unavailable(not_made(error)));
    };
    let text = not_made(reported);
    match reported.code() {
        code if CLASHES.contains(code) => Making::Clash(text),
        code if is_transient(code) => Making::Failed(Error::Unavailable(text)),
        _ => Making::Failed(Error::Refused(text)),
    }
}

fn not_made(why: &dyn std::fmt::Display) -> String {
    format!("the tables can't be made: {why}")
}

impl Making {
    fn into_error(self) -> Error {
        match self {
            // Whoever it was would be done: something else has these names.
            Self::Clash(text) => Error::Refused(text),
            Self::Failed(error) => error,
        }
    }
}
