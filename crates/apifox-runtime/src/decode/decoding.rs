//! Decoding: from a [`Node`] to a type that only holds what its schema accepts.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;

use serde::Serialize;
use serde::de::{DeserializeSeed as _, Deserializer, Error, MapAccess, Visitor};

use crate::decode::object::entries::Entries;
use crate::decode::object::made::{Slots, decode_fields, read_fields};
use crate::decode::tree::{NodeVisitor, as_tree, read_members};
use crate::stack;
use crate::validate::report::{Invalid, Report};
use crate::value::node::Node;
use crate::value::path::Path;

/// A type that stands for a JSON Schema.
///
/// Generated types implement it; their `Deserialize` goes through it. An object with fields
/// implements [`make`](Self::make), and any other type [`decode`](Self::decode): every function
/// that a type has of its own is compiled with it, used or not. A type implements one of the two;
/// with neither it accepts nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type that stands for a JSON Schema",
    label = "this can't be decoded",
    note = "generated types implement `apifox_runtime::Decode`; a type of your own that \
            `Builder::replace` names has to implement it as well"
)]
pub trait Decode: Sized {
    /// Whether values consist of parts with types of their own, so that
    /// [`read`](Self::read) builds no tree.
    ///
    /// Other members and items are read as trees first: they are small, and the code that
    /// reads a tree exists once instead of once for each type. Types of texts, numbers and the
    /// like say `false`.
    const IS_COMPOSITE: bool = true;

    /// Makes an object: the fields that it has, and what puts them together.
    #[inline]
    fn make<S: Source<Self>>(source: S) -> S::Made {
        source.other()
    }

    /// Decodes `node`, which is at `at`, and explains what is wrong with it.
    ///
    /// Returns `None` if and only if `report` got a violation.
    #[inline]
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        Self::make(Tree { node, at, report })
    }

    /// Reads a value straight from `deserializer` into its place, which is empty, and explains
    /// nothing: what [`decode`](Self::decode) would not accept is returned as a tree. In the end
    /// either the place is filled and this is `None`, or the place is empty and this is `Some`.
    ///
    /// # Errors
    ///
    /// The deserializer's.
    #[inline]
    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Option<Self>,
    ) -> Result<Rejected<'de>, D::Error> {
        Self::make(Reader(deserializer, place, PhantomData))
    }

    /// Reads all members of an object, as [`read`](Self::read) does.
    ///
    /// # Errors
    ///
    /// The deserializer's.
    #[inline]
    fn read_members<'de, A: MapAccess<'de>>(
        entries: &mut Entries<'de, A>,
        place: &mut Option<Self>,
    ) -> Result<Rejected<'de>, A::Error> {
        Self::make(Stream(entries, place))
    }

    /// Decodes the body of a reply with this HTTP status: where a document describes several
    /// replies, that says which one is meant.
    ///
    /// # Errors
    ///
    /// Every rule that it breaks; or that the document describes no reply of this status.
    fn decode_reply(status: u16, node: &Node<'_>) -> Result<Self, Invalid> {
        let _ = status;
        Self::decode_root(node)
    }

    /// Decodes a whole instance.
    ///
    /// # Errors
    ///
    /// Every rule of the schema that the instance breaks.
    fn decode_root(node: &Node<'_>) -> Result<Self, Invalid> {
        let mut report = Report::default();
        let _measured = stack::measured();
        let value = Self::decode(node, Path::ROOT, &mut report);
        report.conclude(value)
    }
}

/// What an object is made of.
///
/// One function of each type serves the reader and the one who explains what is wrong: what both
/// do with a field is compiled for a type only once it is used.
pub trait Source<T: Decode> {
    /// What becomes of it.
    type Made;

    /// Takes all fields, which have these names and places, into slots that are empty, and puts
    /// them together. The place of any other name is how many there are.
    fn object<S: Slots>(
        self,
        names: &'static [&'static str],
        place: impl Fn(&str) -> usize,
        slots: S,
        whole: impl FnOnce(S::Values) -> T,
    ) -> Self::Made;

    /// Makes what is no object with fields: reads a tree for its own [`decode`](Decode::decode).
    fn other(self) -> Self::Made;
}

/// A tree, where what is wrong is explained.
struct Tree<'n, 'r> {
    node: &'n Node<'n>,
    at: Path<'n>,
    report: &'r mut Report,
}

impl<T: Decode> Source<T> for Tree<'_, '_> {
    type Made = Option<T>;

    #[inline]
    fn object<S: Slots>(
        self,
        names: &'static [&'static str],
        _: impl Fn(&str) -> usize,
        mut slots: S,
        whole: impl FnOnce(S::Values) -> T,
    ) -> Self::Made {
        // Where a required field is missing, that is a violation, and this is false.
        match decode_fields(names, self.node, self.at, self.report, &mut slots) {
            true => Some(whole(slots.into_values())),
            false => None,
        }
    }

    /// Only a type that implements neither function gets here.
    fn other(self) -> Option<T> {
        let expected = "a value whose type says how it is decoded";
        self.report.violation(self.at, "type", self.node, expected)
    }
}

/// A value where it stands.
struct Reader<'p, 'de, D, T>(D, &'p mut Option<T>, PhantomData<&'de ()>);

impl<'de, D: Deserializer<'de>, T: Decode> Source<T> for Reader<'_, 'de, D, T> {
    type Made = Result<Rejected<'de>, D::Error>;

    #[inline]
    fn object<S: Slots>(
        self,
        _: &'static [&'static str],
        _: impl Fn(&str) -> usize,
        slots: S,
        _: impl FnOnce(S::Values) -> T,
    ) -> Self::Made {
        // They are empty: those that are filled are made once there is an object.
        std::mem::forget(slots);
        read_object(self.0, self.1)
    }

    #[inline]
    fn other(self) -> Self::Made {
        read_as_tree(self.0, self.1)
    }
}

/// Members, as they come.
struct Stream<'e, 'p, 'de, A, T>(&'e mut Entries<'de, A>, &'p mut Option<T>);

impl<'de, A: MapAccess<'de>, T: Decode> Source<T> for Stream<'_, '_, 'de, A, T> {
    type Made = Result<Rejected<'de>, A::Error>;

    #[inline]
    fn object<S: Slots>(
        self,
        names: &'static [&'static str],
        place: impl Fn(&str) -> usize,
        mut slots: S,
        whole: impl FnOnce(S::Values) -> T,
    ) -> Self::Made {
        let rejected = read_fields(names, place, &mut slots, self.0)?;
        if rejected.is_none() {
            put(self.1, whole(slots.into_values()));
        }
        Ok(rejected)
    }

    #[inline]
    fn other(self) -> Self::Made {
        read_members_as_tree(self.0, self.1)
    }
}

/// Reads all members as a tree and decodes that, into an empty place.
///
/// # Errors
///
/// The deserializer's.
pub fn read_members_as_tree<'de, T: Decode, A: MapAccess<'de>>(
    entries: &mut Entries<'de, A>,
    place: &mut Option<T>,
) -> Result<Rejected<'de>, A::Error> {
    Ok(of_tree(read_members(entries)?, place))
}

/// Reads an object, or whatever is there instead, into an empty place.
///
/// # Errors
///
/// The deserializer's.
#[inline]
pub fn read_object<'de, T: Decode, D: Deserializer<'de>>(
    deserializer: D,
    place: &mut Option<T>,
) -> Result<Rejected<'de>, D::Error> {
    let mut left = Left::NOTHING;
    deserializer.deserialize_any(ObjectVisitor(place, &mut left))?;
    Ok(left.settle(place))
}

/// Reads an object into its place: it may be large, and a deserializer copies what a visitor
/// returns several times.
struct ObjectVisitor<'p, 'de, T>(&'p mut Option<T>, &'p mut Left<'de>);

impl<'de, T: Decode> Visitor<'de> for ObjectVisitor<'_, 'de, T> {
    type Value = ();

    as_tree!(scalars);
    as_tree!(wrapped);
    as_tree!(array);

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut entries = Entries::new(access);
        entries.advance()?;
        self.1.put(T::read_members(&mut entries, self.0)?);
        Ok(())
    }
}

/// Reads a value as an `Inner`, and puts what wraps it into an empty place; what does not keep to
/// the rules of that is rejected as well.
///
/// # Errors
///
/// The deserializer's.
#[inline]
pub fn read_checked<'de, Inner: Decode + Serialize, T, D: Deserializer<'de>>(
    deserializer: D,
    place: &mut Option<T>,
    accepts: impl FnOnce(&Inner) -> bool,
    wrap: impl FnOnce(Inner) -> T,
) -> Result<Rejected<'de>, D::Error> {
    let mut inner = None;
    if let Some(rejected) = Inner::read(deserializer, &mut inner)? {
        return Ok(Some(rejected));
    }
    // What is not there was rejected.
    Ok(match inner {
        Some(inner) if accepts(&inner) => {
            put(place, wrap(inner));
            None
        }
        Some(inner) => Some(boxed(restore(&inner))),
        None => None,
    })
}

/// Reads the members of an object as an `Inner`, and puts what holds it into an empty place.
///
/// # Errors
///
/// The deserializer's.
#[inline]
pub fn read_members_as<'de, Inner: Decode, T: Decode, A: MapAccess<'de>>(
    entries: &mut Entries<'de, A>,
    place: &mut Option<T>,
    wrap: impl FnOnce(Inner) -> T,
) -> Result<Rejected<'de>, A::Error> {
    // What is read may hold itself.
    if stack::is_exhausted() {
        return read_members_as_tree(entries, place);
    }
    let mut inner = None;
    let rejected = Inner::read_members(entries, &mut inner)?;
    *place = inner.map(wrap);
    Ok(rejected)
}

/// Refuses a reply whose status its document does not describe.
///
/// # Errors
///
/// Always.
#[doc(hidden)]
pub fn undescribed_status<T>(status: u16) -> Result<T, Invalid> {
    let mut report = Report::default();
    let expected = "a status that the document describes";
    let _: Option<T> = report.violation(Path::ROOT, "status", &i64::from(status), expected);
    report.conclude(None)
}

/// `Deserialize` in terms of [`Decode`].
///
/// # Errors
///
/// The deserializer's own, or every rule that the instance breaks.
#[inline]
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let _measured = stack::measured();
    let mut place = None;
    let rejected = T::read(deserializer, &mut place)?;
    match place {
        Some(value) => Ok(value),
        // What is not there was rejected.
        None => {
            let node = rejected.as_deref().unwrap_or(&Node::Null);
            T::decode_root(node).map_err(D::Error::custom)
        }
    }
}

/// The violations and warnings of `node` as a `T`.
#[must_use]
pub fn check<T: Decode>(node: &Node<'_>) -> Report {
    let mut report = Report::default();
    let _measured = stack::measured();
    let _ = T::decode(node, Path::ROOT, &mut report);
    report
}

/// Whether `node` is a `T`.
#[must_use]
pub fn accepts<T: Decode>(node: &Node<'_>) -> bool {
    let _measured = stack::measured();
    T::decode(node, Path::ROOT, &mut Report::verdict_only()).is_some()
}

/// Whether what `value` encodes to is a `T`.
pub fn accepts_encoded<T: Decode, V: Serialize>(value: &V) -> bool {
    Node::encode(value).is_ok_and(|node| accepts::<T>(&node))
}

/// Decodes `node` as a `T` and encodes it again.
///
/// # Errors
///
/// Every rule that the instance breaks.
pub fn recode<T: Decode + Serialize>(node: &Node<'_>) -> Result<Node<'static>, Invalid> {
    let value = T::decode_root(node)?;
    // Generated types have string keys and finite numbers, all that JSON asks for.
    Ok(Node::encode(&value).unwrap_or(Node::Null))
}

/// What [`Decode::read`] could not put in its place: a value that its schema does not accept, or
/// that the reader could not decide on. In a box, since it is rare. `None` where the value is in
/// its place.
pub type Rejected<'de> = Option<Box<Node<'de>>>;

/// What a visitor has read that is not in its place. Its visits return nothing: what they return
/// goes through many functions.
pub(crate) struct Left<'de> {
    /// What it rejected.
    pub(crate) rejected: Rejected<'de>,
    /// A value of another kind than the visitor's own, which is decoded after the visit.
    pub(crate) tree: Node<'de>,
}

impl<'de> Left<'de> {
    pub(crate) const NOTHING: Self = Self {
        rejected: None,
        tree: Node::Null,
    };

    /// Notes what the visit rejected.
    #[inline]
    pub(crate) fn put(&mut self, rejected: Rejected<'de>) {
        // There was nothing, so there is nothing to drop.
        std::mem::forget(std::mem::replace(&mut self.rejected, rejected));
    }

    /// What is rejected in the end.
    #[inline]
    pub(crate) fn settle<T: Decode>(self, place: &mut Option<T>) -> Rejected<'de> {
        if self.rejected.is_none() && place.is_none() {
            return of_tree(self.tree, place);
        }
        // Nothing was left as a tree, so there is nothing to drop.
        std::mem::forget(self.tree);
        self.rejected
    }
}

/// Decodes a tree, into an empty place.
#[inline]
pub(crate) fn of_tree<'de, T: Decode>(node: Node<'de>, place: &mut Option<T>) -> Rejected<'de> {
    // It records nothing, so there is nothing to drop.
    let mut report = ManuallyDrop::new(Report::verdict_only());
    match T::decode(&node, Path::ROOT, &mut report) {
        Some(value) => {
            put(place, value);
            node.discard();
            None
        }
        None => Some(boxed(node)),
    }
}

/// In a function of its own, since it is rare.
#[cold]
fn boxed(node: Node<'_>) -> Box<Node<'_>> {
    Box::new(node)
}

/// Puts a value into its place, which is empty: there is nothing to drop.
#[inline]
pub(crate) fn put<T>(place: &mut Option<T>, value: T) {
    std::mem::forget(place.replace(value));
}

/// Reports that a value is nested too deeply, where there is too little of the stack left
/// to go deeper.
pub(crate) fn check_depth(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<()> {
    match stack::is_exhausted() {
        false => Some(()),
        true => report.violation(at, "type", node, "a value that is nested less deeply"),
    }
}

/// Reads a value as a tree and decodes that.
#[inline]
pub(crate) fn read_as_tree<'de, T: Decode, D: Deserializer<'de>>(
    deserializer: D,
    place: &mut Option<T>,
) -> Result<Rejected<'de>, D::Error> {
    let mut node = Node::Null;
    NodeVisitor(&mut node).deserialize(deserializer)?;
    Ok(of_tree(node, place))
}

/// The tree of a value that was read, since something beside it was rejected.
#[cold]
pub(crate) fn restore<'de>(value: &impl Serialize) -> Node<'de> {
    // Generated types have string keys and finite numbers, all that JSON asks for.
    Node::encode(value).unwrap_or(Node::Null)
}
