//! How does the server run?

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::available_parallelism;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use crate::catalog::Catalog;
use crate::connection;
use crate::error::{ScriptError, StartError};
use crate::handler::Shared;
use crate::id::Ids;
use crate::journal::{Journal, JournalEntry};
use crate::script::Script;
use crate::stats::Stats;
use crate::tasks::Tasks;

/// A running server. When this is dropped it stops, and breaks off what it is
/// answering.
#[must_use = "the server stops when this is dropped"]
pub struct Sandbox {
    shared: Arc<Shared>,
    task: JoinHandle<io::Result<()>>,
    /// Dropped with the rest, which is what tells the server to stop.
    _stop: watch::Sender<()>,
}

impl Sandbox {
    /// What is to be served, and where.
    pub fn builder() -> Builder {
        Builder {
            documents: Vec::new(),
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            script: None,
            is_tiny: false,
        }
    }

    /// Where the server is, as in `http://127.0.0.1:49152`.
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// What was asked, in order; the latest 100,000 requests.
    #[must_use]
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.shared.journal.entries()
    }

    /// Counts of what was asked since the start.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.shared.journal.stats()
    }

    /// Adds steps to the script, as `POST /_script` does: all of them, or none.
    ///
    /// # Errors
    ///
    /// The step that is malformed, and how to write it.
    pub fn script(&self, steps: &Value) -> Result<(), ScriptError> {
        self.shared.script.add(steps, false).map_err(ScriptError)
    }

    /// Serves until the task that waits here ends, or the server does.
    ///
    /// # Errors
    ///
    /// Why the server ended.
    pub async fn wait(mut self) -> io::Result<()> {
        (&mut self.task).await.map_err(io::Error::other)?
    }
}

/// What a [`Sandbox`] serves, and where.
#[derive(Clone, Debug)]
#[must_use = "nothing is served before `start`"]
pub struct Builder {
    documents: Vec<(String, String, Value)>,
    address: SocketAddr,
    script: Option<Value>,
    is_tiny: bool,
}

impl Builder {
    /// Adds a corrected document: its folder, which is its API, and the stem of
    /// its file.
    ///
    /// The folder `dashscope` has DashScope's shapes, every other the gateway's.
    /// A document without a `path` describes the API's errors.
    pub fn document(mut self, api: &str, name: &str, json: Value) -> Self {
        self.documents.push((api.into(), name.into(), json));
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

    /// Draws all pictures 16 pixels wide and high, whatever was asked for, so that
    /// thousands of them take no time.
    pub fn tiny(mut self, is_tiny: bool) -> Self {
        self.is_tiny = is_tiny;
        self
    }

    /// Starts the server on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// The address that can't be listened on, the document that can't be served, or
    /// the step of the script that is malformed.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let mut catalog = Catalog::default();
        for (api, name, json) in &self.documents {
            catalog.add(api, name, json)?;
        }
        let script = Script::default();
        if let Some(steps) = &self.script {
            let added = script.add(steps, false).map_err(ScriptError);
            added.map_err(StartError::Script)?;
        }
        let refused = |source| StartError::Address {
            address: self.address,
            source,
        };
        let listener = TcpListener::bind(self.address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let (stop, running) = watch::channel(());
        let shared = Arc::new(Shared {
            catalog,
            journal: Journal::default(),
            script,
            tasks: Tasks::default(),
            ids: Ids::new(),
            url: format!("http://{address}"),
            easels: Semaphore::new(available_parallelism().map_or(2, usize::from)),
            is_tiny: self.is_tiny,
        });
        let task = tokio::spawn(connection::serve(listener, shared.clone(), running));
        Ok(Sandbox {
            shared,
            task,
            _stop: stop,
        })
    }
}
