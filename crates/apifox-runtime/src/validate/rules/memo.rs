//! What is remembered while one value is checked.
//!
//! Without the results of schemas on values, nested alternatives would be tried again and
//! again, twice as often with each level.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::validate::rules::rule::Id;
use crate::value::json_view::{JsonRef, JsonView};

/// A schema, the address of a value or its text, how deep the value is nested, since an object may
/// have the address of its first field, and the resources that were entered.
pub(crate) type Place = (Id, usize, usize, ScopeId);

/// Schema resources that were entered, each once: an index.
pub(crate) type ScopeId = usize;

/// What is remembered while one value is checked.
#[derive(Default)]
pub(crate) struct Memo<T> {
    known: RefCell<HashMap<Place, T, BuildHasherDefault<PlaceHasher>>>,
    asked: Cell<u32>,
    /// Why there is no verdict, if there is none.
    gave_up: Cell<Option<GaveUp>>,
    /// `None` until one is entered: most schemas mean the same however they are reached.
    scopes: RefCell<Option<Scopes>>,
}

/// Why a value has no verdict: it is refused then, whatever schemas around make of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GaveUp {
    /// Schemas apply each other too deeply.
    Depth,
    /// A pattern takes too many steps.
    Pattern,
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

    /// Notes that there is no verdict.
    pub fn give_up(&self, why: GaveUp) {
        self.gave_up.set(Some(why));
    }

    /// Why there is no verdict, if there is none.
    pub fn gave_up(&self) -> Option<GaveUp> {
        self.gave_up.get()
    }

    /// The scope once `resource` is entered. Only the first time counts: `$dynamicRef`
    /// refers to what was entered first.
    pub fn enter(&self, scope: ScopeId, resource: usize) -> ScopeId {
        let mut scopes = self.scopes.borrow_mut();
        scopes.get_or_insert_default().enter(scope, resource)
    }

    /// The resources that were entered, the first one first.
    pub fn entered(&self, scope: ScopeId) -> Vec<usize> {
        let scopes = self.scopes.borrow();
        let entered = scopes.as_ref().and_then(|scopes| scopes.list.get(scope));
        entered.cloned().unwrap_or_default()
    }
}

/// The scopes that occur while one value is checked. The first is empty.
struct Scopes {
    list: Vec<Vec<usize>>,
    within: HashMap<(ScopeId, usize), ScopeId>,
}

impl Default for Scopes {
    fn default() -> Self {
        Self {
            list: vec![Vec::new()],
            within: HashMap::new(),
        }
    }
}

impl Scopes {
    fn enter(&mut self, scope: ScopeId, resource: usize) -> ScopeId {
        if self.list[scope].contains(&resource) {
            return scope;
        }
        let Self { list, within } = self;
        *within.entry((scope, resource)).or_insert_with(|| {
            let entered = [&list[scope][..], &[resource]].concat();
            list.push(entered);
            list.len() - 1
        })
    }
}

/// `value` under the schema `id`.
pub(crate) fn place(id: Id, value: &dyn JsonView, depth: usize, scope: ScopeId) -> Place {
    (id, address(value), depth, scope)
}

/// What tells a value from all others that are nested as deeply.
fn address(value: &dyn JsonView) -> usize {
    match value.as_json() {
        // Types of these may have no address of their own, and all such values are alike.
        JsonRef::Null => 1,
        JsonRef::Bool(value) => 2 + usize::from(value),
        // The names of members are in no place that lasts, their text is.
        JsonRef::String(Cow::Borrowed(text)) if !text.is_empty() => text.as_ptr().addr(),
        JsonRef::String(Cow::Borrowed(_)) => 4,
        _ => std::ptr::from_ref(value).addr(),
    }
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
