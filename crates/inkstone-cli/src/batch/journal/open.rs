//! Opens the journal of a directory, if it is the right one and whole.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Error, ErrorCode};

use tr::tr;

use crate::batch::journal::identity::{self, Identity, Stated};
use crate::batch::journal::{FILE, Journal, broken, wal};
use crate::database::{connect, from_row, in_use, is_in_use, one, run};
use crate::error::CliError;
use crate::output::files;

/// The version of the tables, as `schema.sql` sets it.
const VERSION: i64 = 6;

/// The first version whose directory has a file that says which journal is its own.
const FIRST_WITH_IDENTITY: i64 = 3;

/// Upgrades the tables of version 1, which had no tasks.
const UPGRADE_FROM_1: &str = "BEGIN;
    ALTER TABLE jobs ADD COLUMN task_id TEXT;
    ALTER TABLE jobs ADD COLUMN unmade TEXT;
    PRAGMA user_version = 2;
    COMMIT";

/// Upgrades the tables of version 2, which had no identity.
const UPGRADE_FROM_2: &str = "BEGIN;
    CREATE TABLE batch (id TEXT NOT NULL, changes INTEGER NOT NULL);
    INSERT INTO batch VALUES (lower(hex(randomblob(16))), 0);
    PRAGMA user_version = 3;
    COMMIT";

/// Upgrades the tables of version 3, which did not know what inputs cost.
const UPGRADE_FROM_3: &str = "BEGIN;
    ALTER TABLE jobs ADD COLUMN inputs INTEGER;
    ALTER TABLE jobs ADD COLUMN lost_attempts INTEGER NOT NULL DEFAULT 0;
    UPDATE jobs SET lost_attempts = lost / worst WHERE worst > 0;
    PRAGMA user_version = 4;
    COMMIT";

/// Upgrades the tables of version 4, which did not know whether a batch is a rehearsal.
const UPGRADE_FROM_4: &str = "BEGIN;
    ALTER TABLE batch ADD COLUMN sandbox INTEGER;
    PRAGMA user_version = 5;
    COMMIT";

/// Upgrades the tables of version 5, which did not know of other journals of the same batch.
const UPGRADE_FROM_5: &str = "BEGIN;
    ALTER TABLE batch ADD COLUMN continued TEXT;
    PRAGMA user_version = 6;
    COMMIT";

/// Removes the journal of a batch that never began.
pub fn remove(directory: &Path) {
    // SQLite may have two more files beside the database.
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(directory.join(format!("{FILE}{ending}")));
    }
    identity::remove(directory);
}

/// Fails if `directory` has no batch that could be continued.
pub fn check_resumable(directory: &Path) -> Result<(), CliError> {
    match directory.join(FILE).exists() || directory.join(identity::FILE).exists() {
        true => Ok(()),
        false => Err(nothing_to_resume(directory)),
    }
}

fn nothing_to_resume(directory: &Path) -> CliError {
    let directory = directory.display();
    CliError::usage(tr!(
        "{directory} holds no batch that --resume could continue; nothing was sent",
        directory
    ))
    .hint(tr!(
        "check --out; or begin a batch there by leaving --resume out"
    ))
}

impl Journal {
    /// Opens or makes the journal in `directory`, and locks it; with `resume` it has to have
    /// jobs.
    pub fn open(directory: &Path, resume: bool) -> Result<Self, CliError> {
        let path = directory.join(FILE);
        if !path.exists() && identity::read(directory)?.is_some() {
            return Err(not_the_journal(&path, &tr!("is gone")));
        }
        let log = directory.join(format!("{FILE}-wal"));
        if !wal::is_readable(&log).unwrap_or(false) {
            return Err(not_the_journal(&log, &tr!("is damaged")));
        }
        let sql = connect(&path).map_err(|error| unopened(&path, &error))?;
        // Another process may have begun the batch since, and be done with it.
        let stated = identity::read(directory)?;
        let version = version(&sql).map_err(|error| unopened(&path, &error))?;
        if version == 0 && stated.is_some() {
            return Err(not_the_journal(&path, &tr!("is empty")));
        }
        bring_up_to_date(&sql, version).map_err(|error| unopened(&path, &error))??;
        if !is_whole(&sql) {
            return Err(not_the_journal(&path, &tr!("is damaged")));
        }
        let mut journal = Self::new(sql);
        let mark = journal.continued()?;
        if let Some(other) = mark.as_ref().filter(|other| has_journal(other, directory)) {
            return Err(continued(&path, other));
        }
        if resume && journal.jobs()? == 0 {
            return Err(nothing_to_resume(directory));
        }
        journal.identity = Some(journal.identify(directory, stated, version)?);
        if mark.is_some() {
            let clear = "UPDATE batch SET continued = NULL";
            run(&journal.sql, clear, []).map_err(broken)?;
        }
        Ok(journal)
    }

    /// A journal that is removed when it is dropped.
    pub fn temporary() -> Result<Self, CliError> {
        let sql = Connection::open("").map_err(broken)?;
        bring_up_to_date(&sql, 0).map_err(broken)??;
        Ok(Self::new(sql))
    }

    /// Holds the journal against what its directory says of it.
    fn identify(
        &self,
        directory: &Path,
        stated: Option<Stated>,
        version: i64,
    ) -> Result<Identity, CliError> {
        let path = directory.join(FILE);
        let own = self.stated()?;
        match stated {
            Some(stated) if stated.id != own.id => {
                return Err(not_the_journal(&path, &tr!("belongs to another batch")));
            }
            Some(stated) if stated.changes > own.changes => {
                return Err(lacks_changes(&path, stated.changes - own.changes));
            }
            None if version >= FIRST_WITH_IDENTITY && !self.is_untouched()? => {
                return Err(without_identity(&path));
            }
            _ => {}
        }
        Identity::create(directory, &own.id, own.changes)
            .map_err(|error| files::unwritable(&directory.join(identity::FILE), &error))
    }

    fn stated(&self) -> Result<Stated, CliError> {
        let sql = "SELECT id, changes FROM batch";
        let stated = one(&self.sql, sql, [], |row| {
            Ok(from_row!(row => Stated: id, changes))
        });
        stated.map_err(broken)
    }

    /// The directory in which another journal goes on with the batch, if one does.
    fn continued(&self) -> Result<Option<String>, CliError> {
        let sql = "SELECT continued FROM batch";
        one(&self.sql, sql, [], |row| row.get(0)).map_err(broken)
    }

    /// Writes the journal, which was removed or whose directory was, to a new directory. Returns its
    /// path.
    pub fn write_again(&mut self, directory: &Path) -> Result<PathBuf, Box<dyn std::error::Error>> {
        let path = directory.join(FILE);
        std::fs::create_dir_all(directory)?;
        let text = path
            .to_str()
            .ok_or_else(|| tr!("its path is not Unicode"))?;
        self.sql.execute("VACUUM INTO ?", [text])?;
        let stated = self.stated().map_err(|error| error.message)?;
        let identity = Identity::create(directory, &stated.id, stated.changes)?;
        self.identity = Some(identity);
        Ok(path)
    }

    /// Notes in the journal that is open, which may only have been moved, that it is not the one to
    /// go on with.
    pub fn continued_in(&self, directory: &Path) -> Result<(), Box<dyn std::error::Error>> {
        let directory = std::path::absolute(directory)?.display().to_string();
        self.sql
            .execute("UPDATE batch SET continued = ?", [directory])?;
        Ok(())
    }
}

fn version(sql: &Connection) -> Result<i64, Error> {
    sql.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Makes the tables, or upgrades them.
fn bring_up_to_date(sql: &Connection, version: i64) -> Result<Result<(), CliError>, Error> {
    match version {
        0 => sql.execute_batch(&format!("BEGIN; {}; COMMIT", include_str!("schema.sql")))?,
        1..VERSION => {
            let upgrades = [
                UPGRADE_FROM_1,
                UPGRADE_FROM_2,
                UPGRADE_FROM_3,
                UPGRADE_FROM_4,
                UPGRADE_FROM_5,
            ];
            let done = usize::try_from(version - 1).unwrap_or_default();
            sql.execute_batch(&upgrades[done..].join("; "))?;
        }
        VERSION => {}
        other => {
            return Ok(Err(CliError::usage(tr!(
                "the journal has version {other}, but this program needs version {needed}",
                other,
                needed = VERSION
            ))
            .hint(tr!(
                "continue with the version of inkstone that began the batch"
            ))));
        }
    }
    Ok(Ok(()))
}

/// Whether SQLite finds no damage.
fn is_whole(sql: &Connection) -> bool {
    let found = sql.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    found.is_ok_and(|found| found == "ok")
}

fn unopened(path: &Path, error: &Error) -> CliError {
    if is_in_use(error) {
        return in_use(path).hint(tr!("wait until it is done, or stop it with ctrl-c"));
    }
    let path = path.display();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => CliError::usage(tr!("{path} is not a journal", path))
            .hint(tr!("give another directory with --out")),
        _ => CliError::usage(tr!(
            "the journal {path} can't be used: {error}",
            path,
            error
        )),
    }
}

/// Whether another directory than this one has a journal to go on with: not where this one was
/// moved away and is back, or that one was removed.
fn has_journal(other: &str, own: &Path) -> bool {
    let other = Path::new(other);
    let whole = |directory: &Path| directory.canonicalize().ok();
    let is_own = whole(other).is_some_and(|other| Some(other) == whole(own));
    // Where that can't be told it may be there.
    !is_own && other.join(FILE).try_exists().unwrap_or(true)
}

/// Two journals of one batch would both send what is left.
fn continued(path: &Path, directory: &str) -> CliError {
    let path = path.display();
    CliError::usage(tr!(
        "{path} is not the journal of this batch any more: it goes on in {directory}; nothing was \
         sent",
        path,
        directory
    ))
    .hint(tr!("continue there: --resume --out {directory}", directory))
}

/// Going on would send again what was sent.
fn not_the_journal(path: &Path, what: &str) -> CliError {
    let path = path.display();
    CliError::usage(tr!(
        "{path} {what}: what was sent can't be told; nothing was sent now",
        path,
        what
    ))
    .hint(tr!(
        "restore the journal of this batch from a backup; or give another directory, in which \
         every job is sent again"
    ))
}

/// Where only the file beside it is missing, the journal itself may be whole.
fn without_identity(path: &Path) -> CliError {
    let what = tr!("has no {file} beside it", file = identity::FILE);
    not_the_journal(path, &what).hint(tr!(
        "restore {file} from a backup, where it was removed; or give another directory, in which \
         every job is sent again",
        file = identity::FILE
    ))
}

fn lacks_changes(path: &Path, lost: u64) -> CliError {
    let what = match lost {
        1 => tr!("lacks a change that was made to it"),
        lost => tr!("lacks {lost} changes that were made to it", lost),
    };
    not_the_journal(path, &what)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rusqlite::Connection;

    use super::{FILE, Journal, identity};

    /// Version 1 had no columns for tasks, version 2 no identity, version 3 no cost of inputs,
    /// version 4 no sandbox, version 5 no other journals.
    #[test]
    fn a_journal_of_an_earlier_version_is_upgraded() {
        const COSTS: &str = "ALTER TABLE jobs DROP COLUMN inputs;
            ALTER TABLE jobs DROP COLUMN lost_attempts;";
        const CONTINUED: &str = "ALTER TABLE batch DROP COLUMN continued;";
        const SANDBOX: &str =
            "ALTER TABLE batch DROP COLUMN continued; ALTER TABLE batch DROP COLUMN sandbox;";
        const IDENTITY: &str = "DROP TABLE batch;";
        const TASKS: &str = "ALTER TABLE jobs DROP COLUMN task_id;
            ALTER TABLE jobs DROP COLUMN unmade;";
        for (version, before) in [
            (1, [COSTS, IDENTITY, TASKS].concat()),
            (2, [COSTS, IDENTITY].concat()),
            (3, [COSTS, SANDBOX].concat()),
            (4, SANDBOX.to_owned()),
            (5, CONTINUED.to_owned()),
        ] {
            let directory = tempfile::tempdir().unwrap();
            let sql = Connection::open(directory.path().join(FILE)).unwrap();
            sql.execute_batch(include_str!("schema.sql")).unwrap();
            let before = format!("{before} PRAGMA user_version = {version};");
            sql.execute_batch(&before).unwrap();
            drop(sql);
            for _ in 0..2 {
                let journal = Journal::open(directory.path(), false).unwrap();
                assert_eq!(journal.done_in_part().unwrap(), 0);
                assert_eq!(journal.is_rehearsal().unwrap(), None);
                assert!(journal.is_in(directory.path()));
            }
        }
    }

    #[test]
    fn a_journal_goes_on_where_no_other_one_does() {
        let directory = tempfile::tempdir().unwrap();
        let (own, other) = (directory.path().join("own"), directory.path().join("other"));
        for made in [&own, &other] {
            fs::create_dir(made).unwrap();
        }
        let open = || Journal::open(&own, false);
        let journal = open().unwrap();
        fs::write(other.join(FILE), "").unwrap();
        journal.continued_in(&other).unwrap();
        drop(journal);
        let refused = open().err().unwrap();
        assert!(refused.message.contains("any more"), "{}", refused.message);
        fs::remove_file(other.join(FILE)).unwrap();
        let journal = open().unwrap();
        assert_eq!(journal.continued().unwrap(), None);
        // The same directory by another path.
        journal.continued_in(&own.join("../own")).unwrap();
        drop(journal);
        open().unwrap();
        // It is to be the batch of the directory all the same.
        let journal = open().unwrap();
        journal.continued_in(&own).unwrap();
        drop(journal);
        identity::Identity::create(&own, "other", 0).unwrap();
        let refused = open().err().unwrap();
        assert!(
            refused.message.contains("another batch"),
            "{}",
            refused.message
        );
    }

    #[test]
    fn a_journal_that_is_not_the_right_one_is_refused() {
        let wrong = |what: &str, change: &dyn Fn(&std::path::Path)| {
            let directory = tempfile::tempdir().unwrap();
            drop(Journal::open(directory.path(), false).unwrap());
            change(directory.path());
            let refused = Journal::open(directory.path(), false).err().unwrap();
            assert!(
                refused.message.contains(what),
                "{what}: {}",
                refused.message
            );
        };
        let journal = |directory: &std::path::Path| directory.join(FILE);
        wrong("is gone", &|directory| {
            fs::remove_file(journal(directory)).unwrap();
        });
        wrong("is empty", &|directory| {
            fs::write(journal(directory), "").unwrap();
        });
        wrong("another batch", &|directory| {
            fs::remove_file(directory.join(identity::FILE)).unwrap();
            identity::Identity::create(directory, "other", 0).unwrap();
        });
        wrong("lacks 2 changes", &|directory| {
            let id = identity::read(directory).unwrap().unwrap().id;
            identity::Identity::create(directory, &id, 2).unwrap();
        });
        wrong("batch.id is damaged", &|directory| {
            fs::write(directory.join(identity::FILE), "x").unwrap();
        });
        wrong("-wal is damaged", &|directory| {
            fs::write(directory.join(format!("{FILE}-wal")), "garbage").unwrap();
        });
    }
}
