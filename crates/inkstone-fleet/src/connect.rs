//! Connections to PostgreSQL: pooled, encrypted where they leave the machine, and without
//! anything that a pooler between would lose.

use std::time::Duration;

use apifox_client::platform_tls;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::Error;

/// How long making a connection may take.
const CONNECT: Duration = Duration::from_secs(10);

/// Where the journal is.
pub struct Settings {
    /// As in `postgres://user@host/database?sslmode=require`.
    pub url: String,
    /// The password, unless the URL has it.
    pub password: Option<String>,
    /// How many connections at most.
    pub connections: usize,
}

impl Settings {
    /// The pool, which connects when it is first used.
    pub(crate) fn pool(&self) -> Result<Pool, Error> {
        let mut config: Config = self.url.parse().map_err(|error: tokio_postgres::Error| {
            let why = std::error::Error::source(&error)
                .map_or_else(String::new, |source| format!(": {source}"));
            Error::Refused(format!("the journal's URL is not one of PostgreSQL{why}"))
        })?;
        if let (Some(password), None) = (&self.password, config.get_password()) {
            config.password(password);
        }
        if config.get_application_name().is_none() {
            config.application_name("inkstone");
        }
        config.connect_timeout(CONNECT);
        // A server that is gone without a word is noticed.
        config.keepalives_idle(Duration::from_secs(10));
        config.tcp_user_timeout(Duration::from_secs(20));
        let is_local = is_local(&config);
        if config.get_ssl_mode() == SslMode::Prefer && !is_local {
            config.ssl_mode(SslMode::Require);
        }
        let tls = platform_tls(&[], is_local)
            .map_err(|error| Error::Refused(format!("TLS can't be used: {error}")))?;
        let manager = Manager::from_config(
            config,
            MakeRustlsConnect::new(tls),
            ManagerConfig {
                recycling_method: RecyclingMethod::Fast,
            },
        );
        let pool = Pool::builder(manager)
            .max_size(self.connections.max(1))
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts {
                wait: Some(Duration::from_secs(30)),
                create: Some(CONNECT),
                recycle: Some(CONNECT),
            });
        pool.build()
            .map_err(|error| Error::Refused(error.to_string()))
    }
}

/// Whether nothing leaves this machine, so that it need not be encrypted. An address, where one
/// is given, is what is connected to, whatever the name beside it.
fn is_local(config: &Config) -> bool {
    let mut addresses = config.get_hostaddrs().iter();
    let mut hosts = config.get_hosts().iter();
    addresses.all(std::net::IpAddr::is_loopback)
        && hosts.all(|host| match host {
            Host::Tcp(name) => ["localhost", "127.0.0.1", "::1"].contains(&name.as_str()),
            #[cfg(unix)]
            Host::Unix(_) => true,
        })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::{Settings, is_local};

    #[test]
    fn what_leaves_the_machine_is_encrypted() {
        for (url, expected) in [
            ("postgres://a@localhost/b", true),
            ("postgres://a@%2Frun%2Fpostgresql/b", true),
            ("postgres://a@127.0.0.1:5432,db.example.com/b", false),
            ("postgres://a@db.example.com/b", false),
            ("postgres:///b?hostaddr=10.0.0.5&user=a", false),
            ("postgres://a@localhost/b?hostaddr=10.0.0.5", false),
            ("host=/run/postgresql hostaddr=10.0.0.5 user=a", false),
            (
                "host=localhost,localhost hostaddr=127.0.0.1,10.0.0.5",
                false,
            ),
            ("postgres://a@db.example.com/b?hostaddr=127.0.0.1", false),
            ("postgres:///b?hostaddr=127.0.0.1&user=a", true),
            ("host=localhost hostaddr=::1 user=a", true),
        ] {
            assert_eq!(is_local(&url.parse().unwrap()), expected, "{url}");
        }
    }

    #[test]
    fn another_url_is_refused_without_being_quoted() {
        let settings = Settings {
            url: "mysql://root:secret@db".to_owned(),
            password: None,
            connections: 1,
        };
        let error = settings.pool().err().unwrap().to_string();
        assert!(
            error.starts_with("the journal's URL is not one of PostgreSQL"),
            "{error}"
        );
        assert!(!error.contains("secret"), "{error}");
    }
}
