//! Replies that are pages of a list.

use crate::decode::decoding::Decode;
use crate::request::operation::Endpoint;

/// A request whose replies are pages of a list: where `Builder::pages` of `apifox-build` says
/// so, this is generated.
#[diagnostic::on_unimplemented(
    message = "nothing says that the replies to `{Self}` are pages of a list",
    label = "no way to the next page is known",
    note = "say so in the build script, such as `Builder::pages(\"listPets\", \
            Pages::cursor(\"after\", \"/next\").items(\"/pets\"))`"
)]
pub trait PagedEndpoint: Endpoint {
    /// An item of the list.
    type Item: Decode + Send + 'static;
    /// How the next page is asked for, and where things are.
    const PAGES: Pages;
}

/// How the pages of an operation follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pages {
    /// What asks for a page, as a JSON pointer into the JSON form of the request, such as
    /// `/query/after`.
    pub parameter: &'static str,
    /// What that is for the next page.
    pub next: NextPage,
    /// The items, as a JSON pointer into the body of a reply.
    pub items: &'static str,
    /// What says whether there are more, as a JSON pointer into the body of a reply: there are
    /// none where it is missing, `null`, `false` or an empty string.
    pub more: Option<&'static str>,
}

/// What asks for the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextPage {
    /// What stands at this JSON pointer in the body of a reply; where it is missing, `null` or
    /// an empty string, there are no more pages.
    Cursor(&'static str),
    /// What stands at this JSON pointer in the last item; a page without items is the last.
    LastItem(&'static str),
    /// The number of the page, one more each time: a request that names none asks for this
    /// one. A page without items is the last.
    Number(i64),
    /// How many items come before, which a request that does not say so has as 0. A page
    /// without items is the last.
    Offset,
}
