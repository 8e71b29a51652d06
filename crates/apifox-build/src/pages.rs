//! How the pages of an operation follow each other, as a caller of the generator says it.

/// How the pages of an operation follow each other: see [`Builder::pages`](crate::Builder::pages).
///
/// A parameter is named as its document does; a member of a JSON body by a JSON pointer. Places
/// in a reply are JSON pointers into its body.
///
/// ```
/// use apifox_build::Pages;
///
/// // ?after=… is what stands at `next_cursor` in the page before.
/// let cursor = Pages::cursor("after", "/next_cursor").items("/pets");
/// // ?starting_after=… is the `id` of the last item, as long as `has_more` is true.
/// let last = Pages::last_item("starting_after", "/id").items("/data").more("/has_more");
/// // ?page=2 comes after ?page=1; the body is the list itself.
/// let number = Pages::number("page");
/// // ?offset=… is how many items came before.
/// let offset = Pages::offset("offset").items("/items");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    pub(crate) parameter: String,
    pub(crate) next: NextPage,
    pub(crate) items: String,
    pub(crate) more: Option<String>,
}

/// What asks for the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NextPage {
    Cursor(String),
    LastItem(String),
    Number(i64),
    Offset,
}

impl Pages {
    fn new(parameter: impl Into<String>, next: NextPage) -> Self {
        Self {
            parameter: parameter.into(),
            next,
            items: String::new(),
            more: None,
        }
    }

    /// The next page is asked for by what stands at `next` in a reply. Where that is missing,
    /// `null` or empty, there are no more.
    pub fn cursor(parameter: impl Into<String>, next: impl Into<String>) -> Self {
        Self::new(parameter, NextPage::Cursor(next.into()))
    }

    /// The next page is asked for by what stands at `place` in the last item. A page without
    /// items is the last.
    pub fn last_item(parameter: impl Into<String>, place: impl Into<String>) -> Self {
        Self::new(parameter, NextPage::LastItem(place.into()))
    }

    /// Pages have numbers, of which a request that names none asks for the first, 1. A page
    /// without items is the last.
    pub fn number(parameter: impl Into<String>) -> Self {
        Self::number_from(parameter, 1)
    }

    /// The same where the first page has another number.
    pub fn number_from(parameter: impl Into<String>, first: i64) -> Self {
        Self::new(parameter, NextPage::Number(first))
    }

    /// A page is asked for by how many items come before it. A page without items is the last.
    pub fn offset(parameter: impl Into<String>) -> Self {
        Self::new(parameter, NextPage::Offset)
    }

    /// Where the items are in a reply. Without this the body is the list itself.
    #[must_use]
    pub fn items(mut self, place: impl Into<String>) -> Self {
        self.items = place.into();
        self
    }

    /// What says in a reply whether there are more: where it is missing, `null`, `false` or
    /// empty, there are none.
    #[must_use]
    pub fn more(mut self, place: impl Into<String>) -> Self {
        self.more = Some(place.into());
        self
    }
}
