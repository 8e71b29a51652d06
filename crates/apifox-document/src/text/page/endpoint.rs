//! An endpoint that was read from a page.

use super::error::PageError;
use super::json::{object, quoted};

/// An endpoint read from a page.
#[derive(Debug)]
pub struct Endpoint {
    /// The page's title, which names the document's file.
    pub name: String,
    /// The endpoint object as JSON text, the vendor's tokens untouched.
    pub json: String,
    /// The incomplete blocks, which the endpoint object lacks.
    pub faults: Vec<PageError>,
    /// Why the operation is left out: its body is lost. The object is then one of a project
    /// without operations.
    pub lost: Option<PageError>,
}

impl Endpoint {
    /// The endpoint of these members; none where its body is lost.
    pub(super) fn new(
        name: String,
        members: &[(&str, String)],
        faults: Vec<PageError>,
        lost: Option<PageError>,
    ) -> Self {
        let without = [("name", quoted(&name)), ("apiCollection", "[]".to_owned())];
        Self {
            json: object(if lost.is_some() { &without } else { members }),
            name,
            faults,
            lost,
        }
    }
}
