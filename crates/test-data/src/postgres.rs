//! A PostgreSQL of a test's own, made by the system's `initdb`, on a socket of its own.

#![expect(clippy::panic, reason = "a failed test may panic")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::skip;

/// A running server, which ends with its test.
pub struct Postgres {
    /// Where its programs are.
    programs: PathBuf,
    /// Its data, log and socket.
    directory: PathBuf,
    /// Whom it runs as, where this is root: it refuses to be.
    user: Option<&'static str>,
}

/// The server that the tests of a program share while any of them runs.
static SHARED: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());

/// How many databases were made.
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A database of a test's own.
pub struct Database {
    /// Its server.
    pub server: Arc<Postgres>,
    name: String,
}

impl Database {
    /// An empty database on a server that other tests may use as well; or the test is skipped.
    ///
    /// # Panics
    ///
    /// As [`Postgres::start`].
    #[must_use]
    pub fn new() -> Option<Self> {
        // One that failed to start fails the other tests as well.
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let server = match shared.upgrade() {
            Some(server) => server,
            None => Arc::new(Postgres::start()?),
        };
        *shared = Arc::downgrade(&server);
        drop(shared);
        Some(Self::on(server))
    }

    /// An empty database on this server.
    ///
    /// # Panics
    ///
    /// If it can't be made.
    #[must_use]
    pub fn on(server: Arc<Postgres>) -> Self {
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{number}");
        server.sql("postgres", &format!("CREATE DATABASE {name}"));
        Self { server, name }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        let socket = self.server.directory.to_string_lossy().replace('/', "%2F");
        format!("postgres://inkstone@{socket}/{}", self.name)
    }

    /// What a statement returns, a row a line.
    ///
    /// # Panics
    ///
    /// If it fails.
    #[must_use]
    pub fn sql(&self, sql: &str) -> String {
        self.server.sql(&self.name, sql)
    }
}

impl Postgres {
    /// Starts one, or skips the test where PostgreSQL is not installed.
    ///
    /// # Panics
    ///
    /// If it is installed and does not start; in CI, if it is not installed.
    #[must_use]
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            skip("PostgreSQL is not installed: apt-get install postgresql (see CONTRIBUTING.md)");
            return None;
        };
        let directory = new_directory();
        let is_root = std::fs::read_to_string("/proc/self/status")
            .is_ok_and(|status| status.contains("Uid:\t0\t"));
        let user = is_root.then(|| match run("id", &["postgres"]) {
            true => "postgres",
            false => "nobody",
        });
        if let Some(user) = user {
            let directory = directory.to_string_lossy();
            assert!(run("chown", &[user, directory.as_ref()]), "chown {user}");
        }
        let server = Self {
            programs,
            directory,
            user,
        };
        let data = server.directory.join("data");
        let made = server
            .program("initdb")
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=inkstone",
                "--encoding=UTF8",
            ])
            .args(["--locale=C", "--pgdata"])
            .arg(&data)
            .output();
        let made = made.unwrap_or_else(|error| panic!("initdb: {error}"));
        assert!(made.status.success(), "initdb: {made:?}");
        server.go_on();
        Some(server)
    }

    /// A program of PostgreSQL, as the user that the server runs as.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let Some(user) = self.user else {
            return quiet(Command::new(path));
        };
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid", user, "--clear-groups", "--"])
            .arg(path)
            .current_dir("/");
        quiet(command)
    }

    fn control(&self, args: &[&str]) -> bool {
        let data = self.directory.join("data");
        let mut command = self.program("pg_ctl");
        command.arg("--pgdata").arg(data).arg("--wait").args(args);
        command.status().is_ok_and(|status| status.success())
    }

    /// Starts it again.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub fn go_on(&self) {
        let directory = self.directory.to_string_lossy();
        let options = format!("-k {directory} -c listen_addresses= -c max_connections=200");
        let log = format!("{directory}/log");
        let started = self.control(&["--log", &log, "--options", &options, "start"]);
        let said = || std::fs::read_to_string(&log).unwrap_or_default();
        assert!(started, "PostgreSQL does not start: {}", said());
    }

    /// Stops it at once, as a failure of the power would.
    ///
    /// # Panics
    ///
    /// If it can't be stopped.
    pub fn stop_at_once(&self) {
        assert!(
            self.control(&["--mode", "immediate", "stop"]),
            "pg_ctl stop"
        );
    }

    /// What a statement returns, a row a line.
    ///
    /// # Panics
    ///
    /// If it fails.
    fn sql(&self, database: &str, sql: &str) -> String {
        let mut command = self.program("psql");
        let output = command
            .args(["--no-psqlrc", "--tuples-only", "--no-align", "--quiet"])
            .args(["--username=inkstone", "--set=ON_ERROR_STOP=1", "--host"])
            .arg(&self.directory)
            .args(["--dbname", database, "--command", sql])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .output();
        let output = output.unwrap_or_else(|error| panic!("psql: {error}"));
        assert!(output.status.success(), "{sql}: {output:?}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // It may have been stopped already.
        let _ = self.control(&["--mode", "immediate", "stop"]);
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

fn quiet(mut command: Command) -> Command {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn run(program: &str, args: &[&str]) -> bool {
    let mut command = quiet(Command::new(program));
    command
        .args(args)
        .status()
        .is_ok_and(|status| status.success())
}

/// The newest PostgreSQL that is installed, where Debian has it or on the path.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let mut found: Vec<PathBuf> = versions
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(|bin| bin.join("initdb").is_file())
        .collect();
    found.sort();
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&on_path).find(|bin| bin.join("initdb").is_file());
    found.pop().or(on_path)
}

/// A directory that nobody has, with a name that is short: so has a socket's to be.
fn new_directory() -> PathBuf {
    for number in 0_u32.. {
        let name = format!("inkstone-pg-{}-{number}", std::process::id());
        let directory = Path::new("/tmp").join(name);
        if std::fs::create_dir(&directory).is_ok() {
            return directory;
        }
        assert!(number < 1000, "no directory can be made in /tmp");
    }
    unreachable!("it ended above")
}
