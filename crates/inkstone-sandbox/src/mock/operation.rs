//! An operation of a document, with the paths at which it is found.

use apifox_document::api::{Endpoint, Server};

use crate::mock::template::{self, PathValues, Template};

/// An operation that is answered for.
pub struct Operation {
    pub endpoint: Endpoint,
    pub template: Template,
    /// The paths of its servers; a request may have one of them before its own, or none.
    prefixes: Vec<String>,
}

/// An operation that is found at the path of a request.
pub struct Found<'m> {
    pub operation: &'m Operation,
    pub values: PathValues,
    /// The path without that of a server.
    pub path: String,
}

impl Operation {
    pub fn new(endpoint: Endpoint, servers: &[Server]) -> Self {
        let own = match endpoint.servers.is_empty() {
            true => servers,
            false => &endpoint.servers,
        };
        let mut prefixes: Vec<String> = own.iter().map(prefix).collect();
        prefixes.retain(|prefix| !prefix.is_empty());
        prefixes.push(String::new());
        prefixes.dedup();
        Self {
            template: Template::new(&endpoint.path),
            endpoint,
            prefixes,
        }
    }

    /// Whether a path is its own.
    pub fn find(&self, path: &str, query: &str) -> Option<Found<'_>> {
        let path = path.trim_start_matches('/');
        self.prefixes.iter().find_map(|prefix| {
            let own = match prefix.as_str() {
                "" => path,
                prefix => path.strip_prefix(prefix)?.strip_prefix('/')?,
            };
            Some(Found {
                operation: self,
                values: self.template.values(own, query)?,
                path: own.to_owned(),
            })
        })
    }

    /// As in `POST /pets`.
    pub fn label(&self) -> String {
        self.endpoint.route()
    }
}

fn prefix(server: &Server) -> String {
    let mut url = server.url.clone();
    for variable in &server.variables {
        url = url.replace(&format!("{{{}}}", variable.name), &variable.default);
    }
    template::server_path(&url)
}
