//! A PostgreSQL of a test's own, made by the system's `initdb`, on a socket of its own.

#![expect(clippy::panic, reason = "a failed test may panic")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use super::skip;

/// A running server, which ends with its test.
pub struct Postgres {
    /// Where its programs are.
    programs: PathBuf,
    /// Its data, log and socket.
    directory: PathBuf,
    /// Whom it runs as, where this is root: it refuses to be.
    user: Option<&'static str>,
    /// Settings beside the usual ones, as `-c name=value`.
    settings: String,
    /// Its port, which its socket is named after.
    port: u16,
    pooler: OnceLock<Pooler>,
}

/// A PgBouncer before a server, which ends with it.
struct Pooler(Child);

/// The variable that has tests reach their databases through PgBouncer.
const POOLED: &str = "INKSTONE_TEST_POOLED";

/// Where PgBouncer's socket is, beside that of the server.
const POOLER_PORT: u16 = 6432;

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

    /// Its address; that of PgBouncer, in a run through a pooler.
    ///
    /// # Panics
    ///
    /// If PgBouncer does not start.
    #[must_use]
    pub fn url(&self) -> String {
        let port = match std::env::var_os(POOLED) {
            Some(_) => {
                self.server.pool();
                format!(":{POOLER_PORT}")
            }
            None => String::new(),
        };
        format!(
            "postgres://inkstone@{}{port}/{}",
            self.server.host(),
            self.name
        )
    }

    /// Its address, or that of its copy on a replica, whichever can be written to.
    #[must_use]
    pub fn url_with(&self, replica: &Postgres) -> String {
        format!(
            "postgres://inkstone@{},{}/{}?target_session_attrs=read-write",
            self.server.host(),
            replica.host(),
            self.name
        )
    }

    /// Its name on the server.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same database on a replica that was promoted.
    #[must_use]
    pub fn on_replica(&self, replica: Postgres) -> Self {
        Self {
            server: Arc::new(replica),
            name: self.name.clone(),
        }
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
        let server = Self::empty(programs);
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

    /// A directory for a server.
    fn empty(programs: PathBuf) -> Self {
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
        Self {
            programs,
            directory,
            user,
            settings: String::new(),
            port: 5432,
            pooler: OnceLock::new(),
        }
    }

    /// The directory of its socket, as a host in a URL.
    fn host(&self) -> String {
        self.directory.to_string_lossy().replace('/', "%2F")
    }

    /// Has it listen at a port of this machine as well, with TLS alone, by a certificate for
    /// `localhost`. Returns the port and the certificate of who signed it. The test is skipped
    /// where `openssl` is missing.
    ///
    /// # Panics
    ///
    /// If it does not start again.
    pub fn with_tls(&mut self) -> Option<(u16, PathBuf)> {
        if !run("openssl", &["version"]) {
            skip("openssl is not installed: apt-get install openssl");
            return None;
        }
        let made = |args: &str| {
            let mut command = quiet(Command::new("openssl"));
            command.args(args.split(' ')).current_dir(&self.directory);
            assert!(
                command.status().is_ok_and(|status| status.success()),
                "openssl {args}"
            );
        };
        made("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.pem");
        made("req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr");
        let names = self.directory.join("names");
        std::fs::write(
            names,
            "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n",
        )
        .unwrap_or_else(|error| panic!("names: {error}"));
        made(
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
             -extfile names -out server.pem",
        );
        let data = self.directory.join("data");
        for (from, to) in [("server.key", "server.key"), ("server.pem", "server.crt")] {
            let (from, to) = (self.directory.join(from), data.join(to));
            std::fs::copy(from, &to).unwrap_or_else(|error| panic!("{to:?}: {error}"));
            let to = to.to_string_lossy();
            assert!(run("chmod", &["600", &to]), "chmod {to}");
            assert!(
                self.user.is_none_or(|user| run("chown", &[user, &to])),
                "chown {to}"
            );
        }
        let allowed = "local all all trust\nhostssl all all 127.0.0.1/32 trust\n\
            hostssl all all ::1/128 trust\n";
        std::fs::write(data.join("pg_hba.conf"), allowed)
            .unwrap_or_else(|error| panic!("pg_hba.conf: {error}"));
        self.port = super::ports::free();
        self.settings = " -c ssl=on -c listen_addresses=localhost".to_owned();
        self.stop_at_once();
        self.go_on();
        Some((self.port, self.directory.join("ca.pem")))
    }

    /// A replica of it, which has each commit before whoever asked for it is told.
    ///
    /// # Panics
    ///
    /// If it can't be made.
    #[must_use]
    pub fn replica(&self) -> Self {
        let replica = Self::empty(self.programs.clone());
        let copied = replica
            .program("pg_basebackup")
            .args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync"])
            .args(["--username=inkstone", "--host"])
            .arg(&self.directory)
            .arg("--pgdata")
            .arg(replica.directory.join("data"))
            .stderr(Stdio::piped())
            .output();
        let copied = copied.unwrap_or_else(|error| panic!("pg_basebackup: {error}"));
        assert!(copied.status.success(), "pg_basebackup: {copied:?}");
        replica.go_on();
        let _ = self.sql(
            "postgres",
            "ALTER SYSTEM SET synchronous_standby_names = '*'",
        );
        let _ = self.sql("postgres", "SELECT pg_reload_conf()");
        let synced = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
        super::until("the replica follows", || {
            self.sql("postgres", synced) == "1"
        });
        replica
    }

    /// Makes a replica the server that can be written to.
    ///
    /// # Panics
    ///
    /// If it does not become one.
    pub fn promote(&self) {
        assert!(self.control(&["promote"]), "pg_ctl promote");
    }

    /// Starts PgBouncer before it, once, which pools transactions.
    fn pool(&self) {
        self.pooler.get_or_init(|| {
            let directory = self.directory.to_string_lossy();
            let settings = format!(
                "[databases]\n* = host={directory} user=inkstone\n[pgbouncer]\n\
                 unix_socket_dir = {directory}\nlisten_addr =\nlisten_port = {POOLER_PORT}\n\
                 auth_type = any\npool_mode = transaction\ndefault_pool_size = 4\n\
                 max_client_conn = 500\nserver_login_retry = 1\n"
            );
            let file = self.directory.join("pgbouncer.ini");
            std::fs::write(&file, settings).unwrap_or_else(|error| panic!("{file:?}: {error}"));
            let mut command = self.as_user(Path::new("pgbouncer"));
            let child = command.arg("-q").arg(&file).spawn();
            let pooler = Pooler(child.unwrap_or_else(|error| panic!("pgbouncer: {error}")));
            let socket = self.directory.join(format!(".s.PGSQL.{POOLER_PORT}"));
            super::until("PgBouncer listens", || socket.exists());
            pooler
        });
    }

    /// A program of PostgreSQL, as the user that the server runs as.
    fn program(&self, name: &str) -> Command {
        self.as_user(&self.programs.join(name))
    }

    fn as_user(&self, path: &Path) -> Command {
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
        let options = format!(
            "-k {directory} -c port={} -c listen_addresses= -c max_connections=200{}",
            self.port, self.settings
        );
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
            .args(["--port", &self.port.to_string()])
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

impl Drop for Pooler {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs the tests of this program once more whose names the arguments of its command line choose,
/// with every journal reached through PgBouncer; not from within such a run.
///
/// # Panics
///
/// If one fails, or hardly any was run.
pub fn passes_through_a_pooler(arguments: &[&str]) {
    if std::env::var_os(POOLED).is_some() || !has_pooler() || Database::new().is_none() {
        return;
    }
    let own = std::env::current_exe().unwrap_or_else(|error| panic!("this program: {error}"));
    let again = Command::new(own).env(POOLED, "1").args(arguments).output();
    let again = again.unwrap_or_else(|error| panic!("this program: {error}"));
    let said = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success(), "{said}");
    let passed = said.lines().filter(|line| line.ends_with(" ... ok"));
    assert!(passed.count() > 10, "{said}");
}

/// Whether PgBouncer is installed; if not, the test is skipped.
///
/// # Panics
///
/// In CI, if it is not.
#[must_use]
fn has_pooler() -> bool {
    let has = run("pgbouncer", &["--version"]);
    if !has {
        skip("PgBouncer is not installed: apt-get install pgbouncer (see CONTRIBUTING.md)");
    }
    has
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
