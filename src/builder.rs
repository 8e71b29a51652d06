//! Sets up a client.

use std::env;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use apifox_client::{Retries, is_loopback, platform_tls};
use reqwest::Url;

use crate::api::ImageApi;
use crate::client::{Client, Polling};
use crate::dashscope::headers::WORKSPACE;
use crate::error::Error;
use crate::facts::{ApiFacts, Place};
use crate::images::download::{Downloader, Downloads};
use crate::images::find::MOST_VALUES;
use crate::limiter::Limiter;
use crate::stage::Stage;
use crate::tasks::routes::TaskRoutes;

/// The environment variable with the gateway's key.
pub const GATEWAY_KEY: &str = "INKSTONE_API_KEY";
/// The environment variable with DashScope's key.
pub const DASHSCOPE_KEY: &str = "DASHSCOPE_API_KEY";
/// DashScope's shared host in Beijing. A key belongs to one region; Singapore is
/// `https://dashscope-intl.aliyuncs.com`.
pub const DASHSCOPE_BASE_URL: &str = "https://dashscope.aliyuncs.com";

/// Sets up a [`Client`].
#[derive(Clone, Debug)]
pub struct Builder {
    address: Address,
    http: apifox_client::Builder,
    has_key: bool,
    key_variable: &'static str,
    region: Option<String>,
    workspace: Option<String>,
    connect_timeout: Duration,
    spool: Option<PathBuf>,
    polling: Polling,
    downloads: Downloads,
}

impl Client {
    /// A client of the API at `base_url`, which the paths of the documents are
    /// appended to.
    pub fn builder(base_url: impl Into<String>) -> Builder {
        Builder::new(Address::Given(base_url.into()))
    }

    /// A client of DashScope, with the key from [`DASHSCOPE_KEY`] unless one is given.
    ///
    /// Its address is that of a [region](Builder::region) and a
    /// [workspace](Builder::workspace), [`DASHSCOPE_BASE_URL`] by default; the environment
    /// variables `DASHSCOPE_BASE_URL`, `DASHSCOPE_REGION` and `DASHSCOPE_WORKSPACE` can
    /// name others.
    pub fn dashscope() -> Builder {
        // Its facts are compiled in.
        match ApiFacts::find("dashscope") {
            Some(facts) => Self::for_api(facts),
            None => Self::builder(DASHSCOPE_BASE_URL).key_variable(DASHSCOPE_KEY),
        }
    }

    /// A client of this API, at the address that follows from its facts.
    pub fn for_api(facts: &'static ApiFacts) -> Builder {
        Builder::new(Address::OfApi(facts)).key_variable(&facts.key_variable)
    }
}

/// Where a client sends to.
#[derive(Clone, Debug)]
enum Address {
    Given(String),
    OfApi(&'static ApiFacts),
}

impl Address {
    /// Where the API is asked about tasks.
    fn tasks(&self) -> TaskRoutes {
        let own = match self {
            Self::OfApi(facts) => TaskRoutes::of_api(facts.name),
            Self::Given(_) => None,
        };
        own.unwrap_or_default()
    }

    /// The place, once it is known which region and workspace are asked for.
    fn place(&self, region: Option<&str>, workspace: Option<&str>) -> Result<Place, Error> {
        let refused = |problem| Error::new(Stage::Configuration, problem);
        match self {
            Self::OfApi(facts) => facts.place(region, workspace).map_err(refused),
            Self::Given(base_url) => Ok(Place {
                base_url: base_url.clone(),
                workspace: workspace.map(str::to_owned),
                region: region.map(str::to_owned),
            }),
        }
    }
}

impl Builder {
    fn new(address: Address) -> Self {
        // `build` gives it its address.
        let http = apifox_client::Client::builder("")
            .user_agent(concat!("inkstone/", env!("CARGO_PKG_VERSION")))
            .read_timeout(Duration::from_secs(320))
            .deadline(Duration::from_secs(60 * 60))
            .largest_reply(512 << 20)
            // None has more than some hundred.
            .most_values(MOST_VALUES);
        Self {
            address,
            http,
            has_key: false,
            key_variable: GATEWAY_KEY,
            region: None,
            workspace: None,
            connect_timeout: Duration::from_secs(10),
            spool: None,
            polling: Polling {
                first: Duration::from_secs(1),
                longest: Duration::from_secs(10),
            },
            downloads: Downloads::default(),
        }
    }

    fn map(self, change: impl FnOnce(apifox_client::Builder) -> apifox_client::Builder) -> Self {
        Self {
            http: change(self.http),
            ..self
        }
    }

    /// The key; without it, it is taken from the environment.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.has_key = true;
        self.map(|http| http.key(key))
    }

    /// The environment variable to take the key from when none is given:
    /// [`GATEWAY_KEY`] by default.
    #[must_use]
    pub fn key_variable(mut self, name: &'static str) -> Self {
        self.key_variable = name;
        self
    }

    /// How long to wait for a connection: 10 seconds by default.
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self.map(|http| http.connect_timeout(limit))
    }

    /// How long to wait for the next bytes of a reply: 320 seconds by default. The APIs
    /// answer when the picture is done, after up to 300.
    #[must_use]
    pub fn read_timeout(self, limit: Duration) -> Self {
        self.map(|http| http.read_timeout(limit))
    }

    /// How long a call may take in all, with everything it waits for: its turn, a
    /// connection, a reply, and further attempts. An hour by default, and no matter how
    /// long for `None`.
    ///
    /// See [`Client::with_deadline`] for another one for some calls.
    #[must_use]
    pub fn deadline(self, limit: impl Into<Option<Duration>>) -> Self {
        self.map(|http| http.deadline(limit))
    }

    /// What is tried again, and how: [`Retries::default`] by default. As no request is
    /// sent again that may have been taken, no retry can bill twice; questions about
    /// tasks are free, and asked again whatever went wrong.
    ///
    /// See [`Client::with_retries`] for others for some calls.
    #[must_use]
    pub fn retries(self, retries: Retries) -> Self {
        self.map(|http| http.retries(retries))
    }

    /// Whether requests wait until they are within the limits that the vendors
    /// publish, by a [`Limiter`] of this client's own. Off by default.
    #[must_use]
    pub fn limit(self, limit: bool) -> Self {
        let limiter = limit.then(|| Limiter::published().0);
        self.map(|http| http.limiter(limiter))
    }

    /// Has requests wait for this limiter, which other clients may share.
    #[must_use]
    pub fn limiter(self, limiter: Limiter) -> Self {
        self.map(|http| http.limiter(limiter.0))
    }

    /// How many bytes of a reply are taken in: 512 MiB by default. Of a longer one the
    /// error keeps as many.
    #[must_use]
    pub fn largest_reply(self, bytes: usize) -> Self {
        self.map(|http| http.largest_reply(bytes))
    }

    /// Has long pictures of a reply leave it for files in this directory as they come,
    /// instead of gathering in memory: those of more than 64 KiB that stand in it as
    /// base64. Off by default.
    ///
    /// Four pictures of 48 MiB then take no more memory than a small reply. They are
    /// [`Source::Spooled`](crate::Source::Spooled), decoded already, and
    /// [`Client::save`] gives them their names without copying them if that is on the
    /// same file system. Until then, and as long as the reply is kept, they lie in the
    /// directory as `.inkstone-….part`; dropping the reply removes them.
    ///
    /// In [`Reply::body`](apifox_client::Reply::body) and
    /// [`json`](apifox_client::Reply::json) they have
    /// placeholders, which are base64 as well, so what the document says of such a text
    /// holds for them, but for its length.
    /// [`Reply::write_body`](crate::Reply::write_body) has all of it. So do errors:
    /// what came of a reply that broke off is in their body and files. Pictures that
    /// can't be written there stay in memory.
    ///
    /// See [`Client::with_spool`] for another directory for some calls.
    #[must_use]
    pub fn spool(mut self, directory: impl Into<Option<PathBuf>>) -> Self {
        self.spool = directory.into();
        self
    }

    /// How long [`Client::wait`] pauses after its first question about a task, and
    /// at most: 1 and 10 seconds by default. From one question to the next the pause
    /// doubles.
    #[must_use]
    pub fn polling(mut self, first: Duration, longest: Duration) -> Self {
        self.polling = Polling { first, longest };
        self
    }

    /// The region of a client that [`Client::dashscope`] or [`Client::for_api`] sets up, as
    /// in `ap-southeast-1`: [`Regions`](crate::Regions) has them all. A key belongs to one
    /// region. With a [workspace](Self::workspace), requests go to the workspace's own host.
    /// Beside an address of your own, as that of a proxy, it says which region that leads to.
    #[must_use]
    pub fn region(mut self, name: impl Into<String>) -> Self {
        self.region = Some(name.into());
        self
    }

    /// The DashScope workspace that requests are made in: the key's own by default.
    #[must_use]
    pub fn workspace(mut self, id: impl Into<String>) -> Self {
        self.workspace = Some(id.into());
        self
    }

    /// Allows plain http to other machines, which shows the key to the network.
    #[must_use]
    pub fn allow_http(self, allow: bool) -> Self {
        self.map(|http| http.allow_http(allow))
    }

    /// How pictures are fetched: see [`Downloads`] for the defaults.
    #[must_use]
    pub fn downloads(mut self, downloads: Downloads) -> Self {
        self.downloads = downloads;
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`Stage::Configuration`]: the base URL is not valid or is plain http to another
    /// machine, there is no such region, there is no key, the key or the workspace cannot be
    /// sent in a header, or the platform has no certificates.
    pub fn build(self) -> Result<Client, Error> {
        let tasks = self.address.tasks();
        let place = self
            .address
            .place(self.region.as_deref(), self.workspace.as_deref())?;
        let local = Url::parse(&place.base_url).is_ok_and(|url| is_loopback(&url));
        let tls = platform_tls(&[], local).map_err(|error| {
            let message = format!("this machine trusts no certificate: {error}");
            Error::new(Stage::Configuration, message)
        })?;
        let from_environment = match self.has_key {
            true => None,
            false => key_from(self.key_variable),
        };
        let region = place
            .region
            .or_else(|| ApiFacts::region_of(&place.base_url));
        let http = self.http.base_url(place.base_url);
        let http = match place.workspace {
            Some(id) => http.header(WORKSPACE, id),
            None => http,
        };
        let http = match from_environment {
            Some(key) => http.key(&key),
            None => http,
        };
        let http = http.api(ImageApi {
            spool: self.spool,
            region: region.clone(),
        });
        let http = http.tls(tls.clone()).build()?;
        let key = http
            .key()
            .cloned()
            .ok_or_else(|| no_key(self.key_variable))?;
        let downloader = Downloader::new(
            http.base_url(),
            &tls,
            self.connect_timeout,
            self.downloads,
            key,
        );
        Ok(Client {
            downloader: Arc::new(downloader.map_err(|error| {
                let message = "the HTTP client can't be set up";
                Error::new(Stage::Configuration, message).caused_by(error)
            })?),
            http,
            polling: self.polling,
            tasks,
            region,
        })
    }
}

/// The key in an environment variable, if it has one.
fn key_from(variable: &str) -> Option<String> {
    let key = env::var(variable).ok()?;
    (!key.trim().is_empty()).then_some(key)
}

fn no_key(variable: &str) -> Error {
    let message = format!("no key: set the environment variable {variable}, or give the key");
    Error::new(Stage::Configuration, message)
}
