//! Objects of a list of fields, of a tree or of members as they come: [`object!`](crate::object)
//! only states the list.

use serde::de::MapAccess;

use crate::decode::object::entries::Entries;
use crate::decode::object::fields::Fields;
use crate::decode::object::unclaimed::Unclaimed;
use crate::validate::report::Report;
use crate::value::node::Node;
use crate::value::path::Path;

/// The names that are still to come, of those that the schema lists.
pub type Names = std::slice::Iter<'static, &'static str>;

/// All fields of an object, or those behind others, in the order of its schema.
pub trait Slots {
    /// The types of the fields.
    type Values;

    /// Decodes all fields.
    fn decode(fields: &mut Fields<'_>, report: &mut Report) -> Option<Self::Values>;

    /// Reads the next member as the field of this index; `unclaimed` gets it if it is rejected.
    ///
    /// # Errors
    ///
    /// The deserializer's.
    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        index: usize,
        entries: &mut Entries<'de, A>,
        unclaimed: &mut Unclaimed<'de>,
    ) -> Result<(), A::Error>;

    /// Whether a required field has not been read.
    #[inline]
    fn is_missing(&self) -> bool {
        false
    }

    /// The fields; `None` where one is missing.
    fn into_values(self) -> Option<Self::Values>;

    /// Returns what was read to `unclaimed`.
    fn restore(&self, names: &mut Names, unclaimed: &mut Unclaimed<'_>);
}

/// Decodes all fields of an object, and explains what is wrong with it.
#[inline]
pub(crate) fn decode_fields<S: Slots>(
    names: &'static [&'static str],
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
) -> Option<S::Values> {
    match Fields::new(names, node, at, report) {
        Some(mut fields) => S::decode(&mut fields, report),
        None => None,
    }
}

/// Reads all members of an object; they are handed back as a tree where one is rejected.
#[inline]
pub(crate) fn read_fields<'de, S: Slots, A: MapAccess<'de>>(
    names: &'static [&'static str],
    mut slots: S,
    entries: &mut Entries<'de, A>,
) -> Result<Result<S::Values, Node<'de>>, A::Error> {
    let mut unclaimed = Unclaimed::default();
    let mut next = 0;
    while let Some(key) = entries.key() {
        let index = position(names, key, next);
        slots.take(index, entries, &mut unclaimed)?;
        next = index + 1;
        entries.advance()?;
    }
    if !unclaimed.is_empty() || slots.is_missing() {
        slots.restore(&mut names.iter(), &mut unclaimed);
        return Ok(Err(unclaimed.into_node()));
    }
    // Nothing is missing.
    Ok(slots.into_values().ok_or(Node::Null))
}

/// Which of the names this is, mostly the next one; how many there are where it is none.
#[inline]
fn position(names: &[&str], key: &str, next: usize) -> usize {
    match names.get(next) {
        Some(name) if *name == key => next,
        _ => names
            .iter()
            .position(|name| *name == key)
            .unwrap_or(names.len()),
    }
}
