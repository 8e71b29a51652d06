//! Decoding: from a [`Node`] to a type that only holds what its schema accepts.

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::{DeserializeSeed as _, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::decode::object::entries::Entries;
use crate::decode::object::made::{Slots, decode_fields, read_fields};
use crate::decode::tree::{NodeVisitor, scalars_as_tree};
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
    fn make<S: Source>(source: S) -> S::Made<Self> {
        source.other()
    }

    /// Decodes `node`, which is at `at`, and explains what is wrong with it.
    ///
    /// Returns `None` if and only if `report` got a violation.
    #[inline]
    fn decode(node: &Node<'_>, at: Path<'_>, report: &mut Report) -> Option<Self> {
        Self::make(Tree { node, at, report })
    }

    /// Reads a value straight from `deserializer`, and explains nothing: what
    /// [`decode`](Self::decode) would not accept is returned as a tree.
    ///
    /// # Errors
    ///
    /// The deserializer's.
    #[inline]
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<'de, Self>, D::Error> {
        Self::make(Reader(deserializer, PhantomData))
    }

    /// Reads all members of an object, as [`read`](Self::read) does.
    ///
    /// # Errors
    ///
    /// The deserializer's.
    #[inline]
    fn read_members<'de, A: MapAccess<'de>>(
        entries: &mut Entries<'de, A>,
    ) -> Result<Read<'de, Self>, A::Error> {
        Self::make(Stream(entries))
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
        let value = stack::measured(|| Self::decode(node, Path::ROOT, &mut report));
        report.conclude(value)
    }
}

/// What an object is made of.
///
/// One function of each type serves the reader and the one who explains what is wrong: what both
/// do with a field is compiled for a type only once it is used.
pub trait Source {
    /// What becomes of it.
    type Made<T>;

    /// Takes all fields, which have these names and places, and puts them together. The place of
    /// any other name is how many there are.
    fn object<T: Decode, S: Slots>(
        self,
        names: &'static [&'static str],
        place: impl Fn(&str) -> usize,
        slots: S,
        whole: impl FnOnce(S::Values) -> T,
    ) -> Self::Made<T>;

    /// Makes what is no object with fields: reads a tree for its own [`decode`](Decode::decode).
    fn other<T: Decode>(self) -> Self::Made<T>;
}

/// A tree, where what is wrong is explained.
struct Tree<'n, 'r> {
    node: &'n Node<'n>,
    at: Path<'n>,
    report: &'r mut Report,
}

impl Source for Tree<'_, '_> {
    type Made<T> = Option<T>;

    #[inline]
    fn object<T: Decode, S: Slots>(
        self,
        names: &'static [&'static str],
        _: impl Fn(&str) -> usize,
        mut slots: S,
        whole: impl FnOnce(S::Values) -> T,
    ) -> Self::Made<T> {
        // Where a required field is missing, that is a violation, and this is false.
        match decode_fields(names, self.node, self.at, self.report, &mut slots) {
            true => Some(whole(slots.into_values())),
            false => None,
        }
    }

    /// Only a type that implements neither function gets here.
    fn other<T: Decode>(self) -> Option<T> {
        let expected = "a value whose type says how it is decoded";
        self.report.violation(self.at, "type", self.node, expected)
    }
}

/// A value where it stands.
struct Reader<'de, D>(D, PhantomData<&'de ()>);

impl<'de, D: Deserializer<'de>> Source for Reader<'de, D> {
    type Made<T> = Result<Read<'de, T>, D::Error>;

    #[inline]
    fn object<T: Decode, S: Slots>(
        self,
        _: &'static [&'static str],
        _: impl Fn(&str) -> usize,
        _: S,
        _: impl FnOnce(S::Values) -> T,
    ) -> Self::Made<T> {
        read_object(self.0)
    }

    #[inline]
    fn other<T: Decode>(self) -> Self::Made<T> {
        read_as_tree(self.0)
    }
}

/// Members, as they come.
struct Stream<'e, 'de, A>(&'e mut Entries<'de, A>);

impl<'de, A: MapAccess<'de>> Source for Stream<'_, 'de, A> {
    type Made<T> = Result<Read<'de, T>, A::Error>;

    #[inline]
    fn object<T: Decode, S: Slots>(
        self,
        names: &'static [&'static str],
        place: impl Fn(&str) -> usize,
        mut slots: S,
        whole: impl FnOnce(S::Values) -> T,
    ) -> Self::Made<T> {
        Ok(match read_fields(names, place, &mut slots, self.0)? {
            Some(node) => Read::rejected(node),
            None => Read::Parsed(whole(slots.into_values())),
        })
    }

    #[inline]
    fn other<T: Decode>(self) -> Self::Made<T> {
        read_members_as_tree(self.0)
    }
}

/// Reads all members as a tree and decodes that.
///
/// # Errors
///
/// The deserializer's.
pub fn read_members_as_tree<'de, T: Decode, A: MapAccess<'de>>(
    entries: &mut Entries<'de, A>,
) -> Result<Read<'de, T>, A::Error> {
    Read::from_tree(|node| node.read_members(entries))
}

/// Reads an object, or whatever is in its place.
///
/// # Errors
///
/// The deserializer's.
#[inline]
pub fn read_object<'de, T: Decode, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Read<'de, T>, D::Error> {
    let mut place = None;
    deserializer.deserialize_any(ObjectVisitor(&mut place))?;
    // Every visit puts something there.
    Ok(place.unwrap_or_else(|| Read::rejected(Node::Null)))
}

/// Reads an object into its place: it may be large, and a deserializer copies what a visitor
/// returns several times.
struct ObjectVisitor<'p, 'de, T>(&'p mut Option<Read<'de, T>>);

impl<'de, T> ObjectVisitor<'_, 'de, T> {
    #[inline]
    fn done(self, read: Read<'de, T>) {
        // Nothing was there, so there is nothing to drop.
        std::mem::forget(self.0.replace(read));
    }
}

impl<'de, T: Decode> Visitor<'de> for ObjectVisitor<'_, 'de, T> {
    type Value = ();

    scalars_as_tree!(T);

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        self.done(Read::from_tree(|node| node.visit_seq(access))?);
        Ok(())
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut entries = Entries::new(access);
        entries.advance()?;
        self.done(T::read_members(&mut entries)?);
        Ok(())
    }
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
    stack::measured(|| match T::read(deserializer)? {
        Read::Parsed(value) => Ok(value),
        Read::Rejected(node) => T::decode_root(&node).map_err(D::Error::custom),
    })
}

/// The violations and warnings of `node` as a `T`.
#[must_use]
pub fn check<T: Decode>(node: &Node<'_>) -> Report {
    let mut report = Report::default();
    let _ = stack::measured(|| T::decode(node, Path::ROOT, &mut report));
    report
}

/// Whether `node` is a `T`.
#[must_use]
pub fn accepts<T: Decode>(node: &Node<'_>) -> bool {
    stack::measured(|| T::decode(node, Path::ROOT, &mut Report::verdict_only())).is_some()
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

/// What [`Decode::read`] has read.
#[derive(Debug)]
pub enum Read<'de, T> {
    /// A value that its schema accepts.
    Parsed(T),
    /// A value that its schema does not accept, or that the reader could not decide on. In a
    /// box, since it is rare, and what is parsed is moved through many functions.
    Rejected(Box<Node<'de>>),
}

impl<'de, T> Read<'de, T> {
    /// A value that is not accepted.
    #[cold]
    pub(crate) fn rejected(node: Node<'de>) -> Self {
        Self::Rejected(Box::new(node))
    }

    /// Decodes the tree that `read` reads.
    #[inline]
    pub(crate) fn from_tree<E>(
        read: impl FnOnce(NodeVisitor<'_, 'de>) -> Result<(), E>,
    ) -> Result<Self, E>
    where
        T: Decode,
    {
        let mut node = Node::Null;
        read(NodeVisitor(&mut node))?;
        Ok(Self::of_tree(node))
    }

    /// Decodes a tree.
    #[inline]
    pub(crate) fn of_tree(node: Node<'de>) -> Self
    where
        T: Decode,
    {
        let mut report = Report::verdict_only();
        let value = T::decode(&node, Path::ROOT, &mut report);
        // It records nothing, so there is nothing to drop.
        std::mem::forget(report);
        let Some(value) = value else {
            return Self::rejected(node);
        };
        node.discard();
        Self::Parsed(value)
    }

    /// Converts the value, if it was accepted.
    #[inline]
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Read<'de, U> {
        match self {
            Self::Parsed(value) => Read::Parsed(make(value)),
            Self::Rejected(node) => Read::Rejected(node),
        }
    }

    /// Converts the value, if it keeps to the rules which its type can't say as well.
    #[inline]
    pub fn checked<U>(
        self,
        accepts: impl FnOnce(&T) -> bool,
        make: impl FnOnce(T) -> U,
    ) -> Read<'de, U>
    where
        T: Serialize,
    {
        match self {
            Self::Parsed(value) if accepts(&value) => Read::Parsed(make(value)),
            Self::Parsed(value) => Read::rejected(restore(&value)),
            Self::Rejected(node) => Read::Rejected(node),
        }
    }
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
) -> Result<Read<'de, T>, D::Error> {
    Read::from_tree(|node| node.deserialize(deserializer))
}

/// The tree of a value that was read, since something beside it was rejected.
#[cold]
pub(crate) fn restore<'de>(value: &impl Serialize) -> Node<'de> {
    // Generated types have string keys and finite numbers, all that JSON asks for.
    Node::encode(value).unwrap_or(Node::Null)
}
