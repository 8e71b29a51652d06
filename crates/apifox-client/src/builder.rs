//! Sets up a client, and refuses what would show a key.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use apifox_runtime::Credential;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Proxy, Url};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::api::{Api, Http};
use crate::call::{ProxyName, Retries, Transport};
use crate::client::Client;
use crate::connect::{base_url, is_loopback, platform_tls, shown_proxy, system_proxies};
use crate::error::Error;
use crate::hook::Hook;
use crate::key::{Key, Keys};
use crate::limit::Limiter;

/// How long a connection that nothing goes over is kept. Servers close idle ones after a
/// minute or so; a request that meets such an end may or may not have been taken, so none
/// should be sent over a connection that old.
const IDLE: Duration = Duration::from_secs(20);

/// How many headers a reply may have. hyper takes 100 unless it is told, and loses a reply
/// with more, body and all; it clears room for so many before it reads each reply.
const MOST_HEADERS: usize = 1024;

/// Sets up a [`Client`].
#[derive(Clone)]
pub struct Builder {
    base_url: String,
    allow_http: bool,
    api: Arc<dyn Api>,
    key: Option<String>,
    credentials: Vec<(Credential, String)>,
    headers: Vec<(String, String)>,
    hooks: Vec<Arc<dyn Hook>>,
    connection: Connection,
    retries: Retries,
    deadline: Option<Duration>,
    limiter: Option<Limiter>,
    largest_reply: usize,
    most_values: usize,
}

/// How a client gets to its API.
#[derive(Clone)]
struct Connection {
    injected: Option<reqwest::Client>,
    user_agent: String,
    connect_timeout: Duration,
    read_timeout: Duration,
    proxy: ProxyChoice,
    root_certificates: Vec<u8>,
    tls: Option<ClientConfig>,
}

#[derive(Clone)]
enum ProxyChoice {
    System,
    Direct,
    Url(String),
}

impl Client {
    /// Sets up a client of the API at `base_url`, which the paths of operations are appended
    /// to.
    pub fn builder(base_url: impl Into<String>) -> Builder {
        Builder {
            base_url: base_url.into(),
            allow_http: false,
            api: Arc::new(Http),
            key: None,
            credentials: Vec::new(),
            headers: Vec::new(),
            hooks: Vec::new(),
            connection: Connection::default(),
            retries: Retries::default(),
            deadline: Some(Duration::from_secs(10 * 60)),
            limiter: None,
            largest_reply: 64 << 20,
            most_values: 4 << 20,
        }
    }
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            injected: None,
            user_agent: concat!("apifox-client/", env!("CARGO_PKG_VERSION")).into(),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(60),
            proxy: ProxyChoice::System,
            root_certificates: Vec::new(),
            tls: None,
        }
    }
}

/// The key is not shown, nor what else a header may hold.
impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("base_url", &self.base_url)
            .field("retries", &self.retries)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

impl Builder {
    /// What the API does its own way: nothing by default, as [`Http`] does.
    #[must_use]
    pub fn api(mut self, api: impl Api + 'static) -> Self {
        self.api = Arc::new(api);
        self
    }

    /// The address that the paths of operations are appended to, where it is known only now.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// The key, which is shown to the API as an operation's document asks for: as a token, as
    /// `user:password`, or in a header, in the query or in a cookie; in a header where there is a
    /// choice, for logs along the way show a query. A document that says nothing of it means a
    /// token.
    ///
    /// Without a key, only operations can be sent whose document does not ask for one, or that
    /// [another](Self::credential) is for.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.key = Some(key.trim().to_owned());
        self
    }

    /// A key for one credential alone, for an API that has several: it is shown to operations
    /// that ask for this one, alone or beside others, and to no other. Where an operation asks
    /// for several at once, [`key`](Self::key) is for the one that is left.
    ///
    /// ```
    /// use apifox_runtime::Credential;
    ///
    /// let builder = apifox_client::Client::builder("https://api.example")
    ///     .credential(Credential::Header("DD-API-KEY"), "…")
    ///     .credential(Credential::Header("DD-APPLICATION-KEY"), "…");
    /// ```
    ///
    /// What [`Credential::Other`] stands for, such as a signature, a [`Hook`] has to send; what is
    /// given here for it is not shown either.
    #[must_use]
    pub fn credential(mut self, credential: Credential, key: &str) -> Self {
        self.credentials.push((credential, key.trim().to_owned()));
        self
    }

    /// A header of all requests. What an operation's document and the [`Api`] say of the same
    /// header comes before it.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// What is done before and after each attempt of a call; hooks are called in the order in
    /// which they were added.
    #[must_use]
    pub fn hook(mut self, hook: impl Hook + 'static) -> Self {
        self.hooks.push(Arc::new(hook));
        self
    }

    /// What is tried again, and how: [`Retries::default`] by default.
    ///
    /// See [`Client::with_retries`] for others for some calls.
    #[must_use]
    pub fn retries(mut self, retries: Retries) -> Self {
        self.retries = retries;
        self
    }

    /// How long a call may take in all, with everything it waits for: its turn, a connection,
    /// a reply, and further attempts. 10 minutes by default, and no matter how long for
    /// `None`.
    ///
    /// See [`Client::with_deadline`] for another one for some calls.
    #[must_use]
    pub fn deadline(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.deadline = limit.into();
        self
    }

    /// Has requests wait for this limiter, which other clients may share. None by default.
    #[must_use]
    pub fn limiter(mut self, limiter: impl Into<Option<Limiter>>) -> Self {
        self.limiter = limiter.into();
        self
    }

    /// The longest reply that is read, in bytes: 64 MiB by default. A longer one is an error
    /// that keeps its first `bytes`.
    #[must_use]
    pub fn largest_reply(mut self, bytes: usize) -> Self {
        self.largest_reply = bytes;
        self
    }

    /// The most values, and names of members, that a reply may have as JSON: 4 Mi by default.
    /// Each takes up to 200 bytes of memory, so that a reply of small ones needs a hundred times
    /// its length. One that has more is an error that keeps it, unless what is read of it
    /// [brings](Api::salvages) what was asked for.
    #[must_use]
    pub fn most_values(mut self, values: usize) -> Self {
        self.most_values = values;
        self
    }

    /// Allows plain http to other machines, which shows the key to the network.
    #[must_use]
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// How long to wait for a connection: 10 seconds by default.
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connection.connect_timeout = limit;
        self
    }

    /// How long to wait for the next bytes of a reply: 60 seconds by default.
    #[must_use]
    pub fn read_timeout(mut self, limit: Duration) -> Self {
        self.connection.read_timeout = limit;
        self
    }

    /// What the client calls itself in the header `User-Agent`: `apifox-client/…` by default.
    #[must_use]
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.connection.user_agent = name.into();
        self
    }

    /// The proxy that all requests go through, by its URL; `None` for no proxy at all. By
    /// default it is what the system says, and none for an API on this machine.
    #[must_use]
    pub fn proxy(mut self, url: Option<&str>) -> Self {
        self.connection.proxy = match url {
            Some(url) => ProxyChoice::Url(url.to_owned()),
            None => ProxyChoice::Direct,
        };
        self
    }

    /// Certificates to trust beside the platform's, in PEM: one or several.
    #[must_use]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.connection.root_certificates = pem.into();
        self
    }

    /// TLS settings in place of the platform's and of
    /// [`root_certificates`](Self::root_certificates): for a client certificate, say.
    #[must_use]
    pub fn tls(mut self, config: ClientConfig) -> Self {
        self.connection.tls = Some(config);
        self
    }

    /// An HTTP client of the caller's own, with its connections, timeouts, proxies and
    /// certificates: what this builder says of them has no effect then.
    ///
    /// It must not follow redirects, which would take the key to wherever a reply says: set
    /// it up with `redirect(reqwest::redirect::Policy::none())`.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.connection.injected = Some(client);
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`Stage::Configuration`](crate::Stage::Configuration): the base URL is not valid or is
    /// plain http to another machine, the key or a header cannot be sent, the platform has no
    /// certificates, or an injected HTTP client follows redirects.
    pub fn build(self) -> Result<Client, Error> {
        let base = base_url(&self.base_url, self.allow_http);
        let base = base.map_err(Error::configuration)?;
        let keys = keys(self.key.as_deref(), &self.credentials)?;
        let headers = header_map(&self.headers)?;
        let (http, proxy) = self.connection.into_client(&base)?;
        Ok(Client {
            transport: Transport {
                http,
                proxy,
                stop: None,
                base,
                api: self.api,
                keys: Arc::new(keys),
                hooks: self.hooks.into(),
                retries: self.retries,
                deadline: self.deadline,
                limiter: self.limiter,
                largest_reply: self.largest_reply,
                most_values: self.most_values,
            },
            headers,
        })
    }
}

impl Connection {
    /// The HTTP client, and the proxy that it goes by.
    fn into_client(self, base: &Url) -> Result<(reqwest::Client, ProxyName), Error> {
        if let Some(client) = self.injected {
            return Ok((checked_client(client)?, ProxyName::None));
        }
        let local = is_loopback(base);
        let tls = match self.tls {
            Some(config) => config,
            None => trusted(&self.root_certificates, local)?,
        };
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .user_agent(self.user_agent)
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.read_timeout)
            .pool_idle_timeout(IDLE)
            // The key must not follow a redirect.
            .redirect(Policy::none())
            // What may be sent again is for `Retries` to say, and for nobody else.
            .retry(reqwest::retry::never())
            .http1_max_headers(MOST_HEADERS)
            // A header that is not quite right loses no reply that was paid for.
            .http1_ignore_invalid_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_allow_obsolete_multiline_headers_in_responses(true);
        let proxies = system_proxies();
        let (http, proxy) = match self.proxy {
            ProxyChoice::System if !local && !proxies.are_off() => {
                (http, ProxyName::System(proxies))
            }
            ProxyChoice::System | ProxyChoice::Direct => (http.no_proxy(), ProxyName::None),
            ProxyChoice::Url(url) => {
                let name = shown_proxy(&url).map_or(ProxyName::None, ProxyName::Always);
                let proxy = Proxy::all(url).map_err(|error| {
                    // Its URL may hold a password.
                    let error = error.without_url();
                    Error::configuration(format!("the proxy is not a URL: {error}"))
                        .caused_by(error)
                })?;
                (http.proxy(proxy), name)
            }
        };
        let built = http.build();
        built.map(|client| (client, proxy)).map_err(|error| {
            Error::configuration("the HTTP client can't be set up").caused_by(error)
        })
    }
}

fn keys(any: Option<&str>, own: &[(Credential, String)]) -> Result<Keys, Error> {
    let own = own
        .iter()
        .map(|(credential, key)| Ok((*credential, checked_key(key)?)));
    let any = any.map(checked_key).transpose()?;
    Ok(Keys::new(any, own.collect::<Result<_, _>>()?))
}

fn checked_key(key: &str) -> Result<Key, Error> {
    let refused = || Error::configuration("the key is empty or cannot be sent in a header");
    match key.is_empty() {
        true => Err(refused()),
        false => Key::new(key).map_err(|_| refused()),
    }
}

fn header_map(headers: &[(String, String)]) -> Result<HeaderMap, Error> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let refused = || Error::configuration(format!("the header {name:?} cannot be sent"));
        let parsed = HeaderName::try_from(name).map_err(|_| refused())?;
        map.append(parsed, HeaderValue::try_from(value).map_err(|_| refused())?);
    }
    Ok(map)
}

/// TLS that trusts what the platform trusts, and these certificates.
fn trusted(pem: &[u8], local: bool) -> Result<ClientConfig, Error> {
    let roots: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let roots = roots.map_err(|error| {
        Error::configuration(format!("the root certificates are not PEM: {error}")).caused_by(error)
    })?;
    if roots.is_empty() && !pem.is_empty() {
        return Err(Error::configuration(
            "the root certificates are not PEM: there is none",
        ));
    }
    platform_tls(&roots, local).map_err(|error| {
        Error::configuration(format!("this machine trusts no certificate: {error}"))
            .caused_by(error)
    })
}

/// A client that follows no redirect. reqwest tells its policy in its debug output alone; one
/// that cannot be found there is refused like one that follows redirects.
fn checked_client(client: reqwest::Client) -> Result<reqwest::Client, Error> {
    match format!("{client:?}").contains("Policy(None)") {
        true => Ok(client),
        false => Err(Error::configuration(
            "the HTTP client given follows redirects, which would take the key along: set it \
             up with reqwest::redirect::Policy::none()",
        )),
    }
}
