//! Media types of bodies and replies.

/// A media type, and where it was before the translation.
#[derive(Clone)]
pub(super) struct Media {
    pub name: String,
    pub original: String,
}

impl Media {
    /// The media type of what was at `original`, which names none.
    pub fn usual(name: &str, original: &str) -> Vec<Self> {
        let (name, original) = (name.to_owned(), original.to_owned());
        vec![Self { name, original }]
    }
}
