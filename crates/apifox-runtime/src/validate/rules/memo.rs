//! What is known already of which value under which schema.
//!
//! Alternatives within alternatives would otherwise be tried over and over, twice as
//! often with every level.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::validate::rules::rule::Id;
use crate::value::json_view::JsonView;

/// A schema, the address of a value, and how deep the value lies: an object begins
/// where its first field does.
pub(crate) type Place = (Id, usize, usize);

/// What has come of applying schemas to values.
#[derive(Default)]
pub(crate) struct Memo<T> {
    known: RefCell<HashMap<Place, T, BuildHasherDefault<PlaceHasher>>>,
    asked: Cell<u32>,
}

impl<T: Clone> Memo<T> {
    /// Whether nothing is remembered yet, since most checks are over sooner than
    /// remembering would pay.
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

/// Where `value` is, under the schema `id`.
pub(crate) fn place(id: Id, value: &dyn JsonView, depth: usize) -> Place {
    (id, std::ptr::from_ref(value).addr(), depth)
}

/// Mixes the numbers of a place. Nobody who sends an instance chooses any.
#[derive(Default)]
pub(crate) struct PlaceHasher(u64);

impl Hasher for PlaceHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_usize(usize::from(*byte));
        }
    }

    fn write_usize(&mut self, number: usize) {
        /// The golden ratio's digits: multiplying by them spreads neighbours.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        self.0 = (self.0.rotate_left(23) ^ number as u64).wrapping_mul(SPREAD);
    }

    fn finish(&self) -> u64 {
        // The table looks at the highest bits and the lowest.
        self.0 ^ (self.0 >> 32)
    }
}
