//! The server as its users start it, ask it and stop it.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::available_parallelism;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use crate::documents::catalog::Catalog;
use crate::error::{ScriptError, StartError};
use crate::http::region::Region;
use crate::journal::entry::JournalEntry;
use crate::journal::request_ids::Ids;
use crate::journal::stats::Stats;
use crate::journal::store::{AccessLog, Journal};
use crate::mock::document::Mock;
use crate::script::queue::Script;
use crate::server::connection;
use crate::server::pages::page::Pages;
use crate::server::state::State;
use crate::tasks::store::Tasks;
use crate::uploads::Uploads;

/// A running server. Dropping it stops the server and breaks off open replies.
#[must_use = "the server stops when this is dropped"]
pub struct Sandbox {
    state: Arc<State>,
    task: JoinHandle<io::Result<()>>,
    /// The server stops when this is dropped.
    _stop: watch::Sender<()>,
}

impl Sandbox {
    /// Builds a server.
    pub fn builder() -> Builder {
        Builder {
            documents: Vec::new(),
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            script: None,
            is_tiny: false,
            mocks: Vec::new(),
            seed: 0,
            pages: None,
            access_log: None,
            regions: Vec::new(),
        }
    }

    /// The address of the server, as in `http://127.0.0.1:49152`.
    pub fn url(&self) -> &str {
        &self.state.url
    }

    /// The address of a region that the sandbox plays, as in
    /// `http://127.0.0.1:49152/cn-beijing`.
    #[must_use]
    pub fn region_url(&self, name: &str) -> String {
        format!("{}/{name}", self.state.url)
    }

    /// The latest 100,000 requests, in order.
    #[must_use]
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.state.journal.entries()
    }

    /// Counts of all requests since the start.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.state.journal.stats()
    }

    /// Adds steps to the script, as `POST /_script` does: all of them, or none.
    ///
    /// # Errors
    ///
    /// Which step is malformed, and how to write it.
    pub fn script(&self, steps: &Value) -> Result<(), ScriptError> {
        self.state.script.add(steps, false).map_err(ScriptError)
    }

    /// Waits until the server ends. Dropping the future stops the server.
    ///
    /// # Errors
    ///
    /// Why the server ended.
    pub async fn wait(mut self) -> io::Result<()> {
        (&mut self.task).await.map_err(io::Error::other)?
    }
}

/// What a [`Sandbox`] serves, and where.
#[derive(Clone)]
#[must_use = "nothing is served before `start`"]
pub struct Builder {
    documents: Vec<(String, String, Value)>,
    address: SocketAddr,
    script: Option<Value>,
    is_tiny: bool,
    mocks: Vec<apifox_document::Document>,
    seed: u64,
    pages: Option<Arc<dyn Pages>>,
    access_log: Option<AccessLog>,
    regions: Vec<Region>,
}

impl Builder {
    /// Adds a corrected document: `api` is its folder, and `name` its file without
    /// the ending.
    ///
    /// The folder `dashscope` has DashScope's shapes, every other the gateway's.
    /// A document without a `path` describes the API's errors.
    pub fn document(mut self, api: &str, name: &str, json: Value) -> Self {
        self.documents.push((api.into(), name.into(), json));
        self
    }

    /// Plays a region as well, at an address of its own: see [`Sandbox::region_url`]. It
    /// takes only this key, as the keys of a vendor belong to one region each, and knows only
    /// the files that were uploaded there.
    pub fn region(mut self, name: &str, key: &str) -> Self {
        self.regions.push(Region {
            name: name.into(),
            key: key.into(),
        });
        self
    }

    /// Where to listen instead of a free port on 127.0.0.1.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// What is to go wrong, and when: a step, or an array of steps.
    pub fn script(mut self, steps: Value) -> Self {
        self.script = Some(steps);
        self
    }

    /// Adds a document of any form, whose operations are answered as it describes them. Where
    /// several have a method and a path, the first answers; they come before those of
    /// [`document`](Self::document).
    pub fn mock(mut self, document: apifox_document::Document) -> Self {
        self.mocks.push(document);
        self
    }

    /// What the replies of [mocked](Self::mock) documents are drawn by: the same seed draws
    /// the same reply to the same request.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Serves pages for a browser, at `/` and below `/_studio/`. Only what those pages ask for
    /// is answered there, and nothing that another site asks for.
    pub fn pages(mut self, pages: Arc<dyn Pages>) -> Self {
        self.pages = Some(pages);
        self
    }

    /// Calls `log` with each request as it is recorded in the journal. It is called by the
    /// one that answers: it must not wait.
    pub fn access_log(mut self, log: impl Fn(&JournalEntry) + Send + Sync + 'static) -> Self {
        self.access_log = Some(Arc::new(log));
        self
    }

    /// Draws all pictures 16 pixels wide and high, whatever size was asked for, so that
    /// thousands of them take no time.
    pub fn tiny(mut self, is_tiny: bool) -> Self {
        self.is_tiny = is_tiny;
        self
    }

    /// Starts the server on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// The address can't be listened on, a document can't be served, or a step of the
    /// script is malformed.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let catalog = self.catalog()?;
        let mocks = self.read_mocks()?;
        let script = self.parse_script()?;
        let refused = |source| StartError::Address {
            address: self.address,
            source,
        };
        let listener = TcpListener::bind(self.address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let (stop, running) = watch::channel(());
        let state = Arc::new(State {
            catalog,
            mocks,
            journal: Journal::new(self.access_log),
            script,
            tasks: Tasks::default(),
            uploads: Uploads::default(),
            regions: self.regions,
            request_ids: Ids::new(),
            url: format!("http://{address}"),
            render_permits: Semaphore::new(available_parallelism().map_or(2, usize::from)),
            is_tiny: self.is_tiny,
            pages: self.pages,
            page_permits: Semaphore::new(available_parallelism().map_or(2, usize::from) + 2),
        });
        let task = tokio::spawn(connection::serve(listener, state.clone(), running));
        Ok(Sandbox {
            state,
            task,
            _stop: stop,
        })
    }

    fn catalog(&self) -> Result<Catalog, StartError> {
        let mut catalog = Catalog::default();
        for (api, name, json) in &self.documents {
            catalog.add(api, name, json)?;
        }
        Ok(catalog)
    }

    fn read_mocks(&self) -> Result<Vec<Mock>, StartError> {
        let read = self.mocks.iter().map(|document| {
            let read = Mock::read(document, self.seed);
            read.map_err(|diagnostics| StartError::Mock(diagnostics.at(&document.texts)))
        });
        read.collect()
    }

    fn parse_script(&self) -> Result<Script, StartError> {
        let script = Script::default();
        if let Some(steps) = &self.script {
            let added = script.add(steps, false).map_err(ScriptError);
            added.map_err(StartError::Script)?;
        }
        Ok(script)
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("address", &self.address)
            .field("documents", &self.documents.len())
            .field("mocks", &self.mocks.len())
            .finish_non_exhaustive()
    }
}
