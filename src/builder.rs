//! Sets up a client, and refuses what would show the key.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;
use reqwest::redirect::Policy;

use crate::client::{Client, GATEWAY_KEY};
use crate::download::{Downloader, Downloads};
use crate::error::{Error, Stage};
use crate::key::Key;
use crate::limiter::Limiter;
use crate::retry::Retries;
use crate::tls;

/// How long a connection that nothing goes over is kept. Servers close idle ones
/// after a minute or so; a request that meets such an end may or may not have been
/// taken, so none should be sent over a connection that old.
const IDLE: Duration = Duration::from_secs(20);

/// Sets up a [`Client`].
#[derive(Clone, Debug)]
pub struct Builder {
    base_url: String,
    key: Option<Key>,
    key_variable: &'static str,
    bad_key: bool,
    connect_timeout: Duration,
    read_timeout: Duration,
    allow_http: bool,
    workspace: Option<String>,
    calls: Calls,
    downloads: Downloads,
}

/// How a client makes its calls.
#[derive(Clone, Debug)]
pub(crate) struct Calls {
    pub retries: Retries,
    pub deadline: Option<Duration>,
    pub limiter: Option<Limiter>,
    pub largest_reply: usize,
    pub spool: Option<PathBuf>,
    pub first_poll: Duration,
    pub longest_poll: Duration,
}

impl Default for Calls {
    fn default() -> Self {
        Self {
            retries: Retries::default(),
            deadline: Some(Duration::from_secs(60 * 60)),
            limiter: None,
            largest_reply: 512 << 20,
            spool: None,
            first_poll: Duration::from_secs(1),
            longest_poll: Duration::from_secs(10),
        }
    }
}

impl Builder {
    pub(crate) fn new(base_url: String) -> Self {
        Self {
            base_url,
            key: None,
            key_variable: GATEWAY_KEY,
            bad_key: false,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(320),
            allow_http: false,
            workspace: None,
            calls: Calls::default(),
            downloads: Downloads::default(),
        }
    }

    /// The key; without it, it is taken from the environment.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        let made = Key::new(key);
        self.bad_key = made.is_err() || key.trim().is_empty();
        self.key = made.ok();
        self
    }

    /// The environment variable to take the key from when none is given:
    /// [`GATEWAY_KEY`] unless said otherwise.
    #[must_use]
    pub fn key_variable(mut self, name: &'static str) -> Self {
        self.key_variable = name;
        self
    }

    /// How long to wait for a connection: 10 seconds unless said otherwise.
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long to wait for the next bytes of a reply: 320 seconds unless said
    /// otherwise. The APIs answer when the picture is done, after up to 300.
    #[must_use]
    pub fn read_timeout(mut self, limit: Duration) -> Self {
        self.read_timeout = limit;
        self
    }

    /// How long a call may take in all, with everything it waits for: its turn, a
    /// connection, a reply, and further attempts. An hour unless said otherwise, and
    /// no matter how long for `None`.
    ///
    /// See [`Client::with_deadline`] for another one for some calls.
    #[must_use]
    pub fn deadline(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.calls.deadline = limit.into();
        self
    }

    /// What is tried again, and how: [`Retries::default`] unless said otherwise.
    ///
    /// See [`Client::with_retries`] for others for some calls.
    #[must_use]
    pub fn retries(mut self, retries: Retries) -> Self {
        self.calls.retries = retries;
        self
    }

    /// Whether requests wait until they are within the limits that the vendors
    /// publish, by a [`Limiter`] of this client's own. Off unless said otherwise.
    #[must_use]
    pub fn limit(mut self, limit: bool) -> Self {
        self.calls.limiter = limit.then(Limiter::published);
        self
    }

    /// Has requests wait for this limiter, which other clients may share.
    #[must_use]
    pub fn limiter(mut self, limiter: Limiter) -> Self {
        self.calls.limiter = Some(limiter);
        self
    }

    /// How many bytes of a reply are taken in: 512 MiB unless said otherwise. Of a
    /// longer one the error keeps as many.
    #[must_use]
    pub fn largest_reply(mut self, bytes: usize) -> Self {
        self.calls.largest_reply = bytes;
        self
    }

    /// Has long pictures of a reply leave it for files in this directory as they come,
    /// instead of gathering in memory: those of more than 64 KiB that stand in it as
    /// base64. Off unless said otherwise.
    ///
    /// Four pictures of 48 MiB then take no more memory than a small reply. They are
    /// [`Source::Spooled`](crate::Source::Spooled), decoded already, and
    /// [`Client::save`] gives them their names without copying them if that is on the
    /// same file system. Until then, and as long as the reply is kept, they lie in the
    /// directory as `.inkstone-….part`; dropping the reply removes them.
    ///
    /// In [`Reply::body`](crate::Reply::body) and [`json`](crate::Reply::json) they have
    /// placeholders, which are base64 as well, so what the document says of such a text
    /// holds for them, but for its length.
    /// [`Reply::write_body`](crate::Reply::write_body) has all of it. So do errors:
    /// what came of a reply that broke off is in their body and files. Pictures that
    /// can't be written there stay in memory.
    ///
    /// See [`Client::with_spool`] for another directory for some calls.
    #[must_use]
    pub fn spool(mut self, directory: impl Into<Option<PathBuf>>) -> Self {
        self.calls.spool = directory.into();
        self
    }

    /// How long [`Client::wait`] pauses after its first question about a task, and
    /// at most: 1 and 10 seconds unless said otherwise. From one question to the
    /// next the pause doubles.
    #[must_use]
    pub fn polling(mut self, first: Duration, longest: Duration) -> Self {
        self.calls.first_poll = first;
        self.calls.longest_poll = longest;
        self
    }

    /// The DashScope workspace that requests are made in: the key's own unless said
    /// otherwise.
    #[must_use]
    pub fn workspace(mut self, id: impl Into<String>) -> Self {
        self.workspace = Some(id.into());
        self
    }

    /// Allows plain http to other machines, which shows them the key.
    #[must_use]
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// How pictures are fetched: see [`Downloads`] for what holds otherwise.
    #[must_use]
    pub fn downloads(mut self, downloads: Downloads) -> Self {
        self.downloads = downloads;
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`Stage::Configuration`]: the base URL is none, is plain http to another
    /// machine, there is no key, the workspace is no text for a header, or the
    /// platform has no certificates.
    pub fn build(self) -> Result<Client, Error> {
        let base = self.base()?;
        let local = is_loopback(&base);
        let key = self.key_or_environment()?;
        let workspace = self.workspace_header()?;
        let tls = tls::config(local).map_err(|error| {
            let message = format!("this machine trusts no certificate: {error}");
            Error::new(Stage::Configuration, message)
        })?;
        let unusable = |error: reqwest::Error| {
            Error::new(Stage::Configuration, "the HTTP client can't be set up").caused_by(error)
        };
        let downloader = Downloader::new(&base, &tls, self.connect_timeout, self.downloads);
        let mut http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .user_agent(concat!("inkstone/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.read_timeout)
            .pool_idle_timeout(IDLE)
            // The key must not follow a redirect.
            .redirect(Policy::none())
            // What may be sent again is for `Retries` to say, and for nobody else.
            .retry(reqwest::retry::never());
        if local {
            http = http.no_proxy();
        }
        Ok(Client {
            http: http.build().map_err(unusable)?,
            downloader: downloader.map_err(unusable)?,
            base,
            key,
            workspace,
            calls: self.calls,
        })
    }

    fn workspace_header(&self) -> Result<Option<HeaderValue>, Error> {
        let header = self.workspace.as_deref().map(HeaderValue::from_str);
        header.transpose().map_err(|error| {
            Error::new(
                Stage::Configuration,
                "the workspace is no text for a header",
            )
            .caused_by(error)
        })
    }

    fn base(&self) -> Result<Url, Error> {
        let fault = |message: String| Err(Error::new(Stage::Configuration, message));
        let given = &self.base_url;
        let base = match Url::parse(given) {
            Ok(base) => base,
            Err(error) => {
                return fault(format!("the base URL {given:?} is no URL: {error}"));
            }
        };
        if !matches!(base.scheme(), "http" | "https") || base.host().is_none() {
            return fault(format!("the base URL {given:?} is neither http nor https"));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return fault("the base URL must not hold a user name or password".into());
        }
        if base.query().is_some() || base.fragment().is_some() {
            return fault(format!("the base URL {given:?} must end with its path"));
        }
        if base.scheme() == "http" && !self.allow_http && !is_loopback(&base) {
            return fault(format!(
                "plain http to {} would show the key to the network: use https, or allow http",
                base.host_str().unwrap_or_default()
            ));
        }
        Ok(base)
    }

    fn key_or_environment(&self) -> Result<Key, Error> {
        let fault = |message: String| Error::new(Stage::Configuration, message);
        if self.bad_key {
            return Err(fault(
                "the key given is empty or no text for a header".into(),
            ));
        }
        if let Some(key) = &self.key {
            return Ok(key.clone());
        }
        let variable = self.key_variable;
        let found = env::var(variable).unwrap_or_default();
        if found.trim().is_empty() {
            return Err(fault(format!(
                "no key: set the environment variable {variable}, or give the key"
            )));
        }
        Key::new(&found)
            .map_err(|_| fault(format!("the key in {variable} is no text for a header")))
    }
}

/// Whether the host is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
