//! Objects of a list of fields, of a tree or of members as they come: [`object!`](crate::object)
//! only states the list.

use serde::de::MapAccess;

use crate::decode::object::entries::Entries;
use crate::decode::object::fields::Fields;
use crate::decode::object::unclaimed::Unclaimed;
use crate::validate::report::Report;
use crate::value::node::Node;
use crate::value::path::Path;

/// Up to this many names, comparing a key with each is quick.
const FEW: usize = 16;

/// The names that are still to come, of those that the schema lists.
pub type Names = std::slice::Iter<'static, &'static str>;

/// What all fields of an object, or those behind others, are decoded into.
pub trait TreeSlots {
    /// Decodes all fields, in the order of their schema; whether none is wrong.
    fn decode(&mut self, fields: &mut Fields<'_>, report: &mut Report) -> bool;
}

/// All fields of an object, or those behind others, in the order of its schema.
pub trait Slots: TreeSlots + Sized {
    /// The types of the fields.
    type Values;

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

    /// The fields, once none [is missing](Self::is_missing).
    fn into_values(self) -> Self::Values;

    /// Returns what was read to `unclaimed`.
    fn restore(&self, names: &mut Names, unclaimed: &mut Unclaimed<'_>);
}

/// Decodes all fields of an object, and explains what is wrong with it; whether nothing is.
/// Compiled once, not once a type.
pub(crate) fn decode_fields(
    names: &'static [&'static str],
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
    slots: &mut dyn TreeSlots,
) -> bool {
    match Fields::new(names, node, at, report) {
        Some(mut fields) => slots.decode(&mut fields, report),
        None => false,
    }
}

/// Reads all members of an object; they are handed back as a tree where one is rejected or missing.
#[inline]
pub(crate) fn read_fields<'de, S: Slots, A: MapAccess<'de>>(
    names: &'static [&'static str],
    place: impl Fn(&str) -> usize,
    slots: &mut S,
    entries: &mut Entries<'de, A>,
) -> Result<Option<Box<Node<'de>>>, A::Error> {
    let mut unclaimed = Unclaimed::default();
    let mut next = 0;
    while let Some(key) = entries.key() {
        // Members mostly come in order, which tells in objects of many.
        let at = match names.len() {
            ..=FEW => place(key),
            _ if names.get(next) == Some(&key) => next,
            _ => place(key),
        };
        slots.take(at, entries, &mut unclaimed)?;
        next = at + 1;
        entries.advance()?;
    }
    if !unclaimed.is_empty() || slots.is_missing() {
        slots.restore(&mut names.iter(), &mut unclaimed);
        return Ok(Some(Box::new(unclaimed.into_node())));
    }
    // It is empty: dropping it would be a call for nothing.
    std::mem::forget(unclaimed);
    Ok(None)
}
