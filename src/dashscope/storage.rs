//! Pictures in DashScope's temporary storage, as requests name them.

use apifox_runtime::{Node, Path, Violation};

use crate::facts::ApiFacts;

/// How the URL of a file in the storage starts.
pub(crate) const SCHEME: &str = "oss://";

/// What is wrong with the first picture of a request that lies in the storage, where the
/// request goes to a region that has none.
pub(crate) fn check(request: &Node<'_>, region: Option<&str>) -> Option<Violation> {
    let region = region?;
    let elsewhere = ApiFacts::storage_elsewhere(region)?;
    let (pointer, url) = find(request, String::new())?;
    Some(Violation {
        pointer,
        keyword: "format",
        value: url,
        expected: format!(
            "a picture that the region {region} can fetch: the temporary storage is of {} alone",
            elsewhere.join(", ")
        ),
    })
}

/// Whether a text is the URL of a file in the storage, and not one that only starts as one.
fn is_file(text: &str) -> bool {
    text.starts_with(SCHEME) && !text.contains(char::is_whitespace)
}

/// The first picture of a request that lies in the storage: where, and its URL.
pub(crate) fn find(node: &Node<'_>, pointer: String) -> Option<(String, String)> {
    match node {
        Node::String(text) if is_file(text) => Some((pointer, text.to_string())),
        Node::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| find(item, format!("{pointer}/{index}")))
        }
        Node::Object(members) => members.iter().find_map(|(name, member)| {
            let step = Path::ROOT.key(name);
            find(member, format!("{pointer}{step}"))
        }),
        _ => None,
    }
}
