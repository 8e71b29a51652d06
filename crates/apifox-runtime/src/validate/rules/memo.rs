//! Remembers the results of schemas on values: nested alternatives would otherwise be
//! tried again and again, twice as often with each level.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::validate::rules::rule::Id;
use crate::value::json_view::JsonView;

/// A schema, the address of a value, and how deep the value is nested, since an object may
/// have the address of its first field.
pub(crate) type Place = (Id, usize, usize);

/// The results of applying schemas to values.
#[derive(Default)]
pub(crate) struct Memo<T> {
    known: RefCell<HashMap<Place, T, BuildHasherDefault<PlaceHasher>>>,
    asked: Cell<u32>,
}

impl<T: Clone> Memo<T> {
    /// Whether nothing is remembered yet: most checks end before remembering pays off.
    pub fn is_idle(&self) -> bool {
        const ENOUGH: u32 = 512;
        let asked = self.asked.get();
        self.asked.set(asked.saturating_add(1));
        asked < ENOUGH
    }

    pub fn get(&self, place: Place) -> Option<T> {
        self.known.borrow().get(&place).cloned()
    }

    pub fn insert(&self, place: Place, evaluated: T) {
        self.known.borrow_mut().insert(place, evaluated);
    }
}

/// `value` under the schema `id`.
pub(crate) fn place(id: Id, value: &dyn JsonView, depth: usize) -> Place {
    (id, std::ptr::from_ref(value).addr(), depth)
}

/// Hashes a place. Senders of instances can't choose any of its numbers.
#[derive(Default)]
pub(crate) struct PlaceHasher(u64);

impl Hasher for PlaceHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_usize(usize::from(*byte));
        }
    }

    fn write_usize(&mut self, number: usize) {
        /// Digits of the golden ratio: multiplying by them spreads neighbours.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        self.0 = (self.0.rotate_left(23) ^ number as u64).wrapping_mul(SPREAD);
    }

    fn finish(&self) -> u64 {
        // Hash tables use the highest and the lowest bits.
        self.0 ^ (self.0 >> 32)
    }
}
