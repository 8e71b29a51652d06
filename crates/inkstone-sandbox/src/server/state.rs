//! What all requests share.

use std::sync::Arc;

use hyper::header::HOST;
use hyper::http::request::Parts;
use tokio::sync::Semaphore;

use crate::documents::catalog::Catalog;
use crate::http::region::Region;
use crate::journal::request_ids::Ids;
use crate::journal::store::Journal;
use crate::mock::document::Mock;
use crate::script::queue::Script;
use crate::server::pages::page::Pages;
use crate::tasks::store::Tasks;
use crate::uploads::Uploads;

/// The state of a running server.
pub struct State {
    pub catalog: Catalog,
    /// Documents that were given beside the sandbox's own; they come first.
    pub mocks: Vec<Mock>,
    pub journal: Journal,
    pub script: Script,
    pub tasks: Tasks,
    pub uploads: Uploads,
    pub regions: Vec<Region>,
    pub request_ids: Ids,
    /// The address of the server, for requests without a `Host`.
    pub url: String,
    /// How many pictures may be drawn at once.
    pub render_permits: Semaphore,
    pub is_tiny: bool,
    /// Pages for a browser, if there are any.
    pub pages: Option<Arc<dyn Pages>>,
    /// How many requests of pages may be worked on at once.
    pub page_permits: Semaphore,
}

impl State {
    /// The address at which a client found the server.
    pub fn url_for(&self, head: &Parts) -> String {
        let host = head.headers.get(HOST);
        match host.and_then(|host| host.to_str().ok()) {
            Some(host) if !host.is_empty() => format!("http://{host}"),
            _ => self.url.clone(),
        }
    }
}
