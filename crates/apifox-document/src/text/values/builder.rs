//! Builds the JSON of a text, and beside it the places of its values.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use serde_json::{Map, Value};

use super::tree::{Holds, Member, Tree};
use crate::pointer::JsonPointerExt as _;

/// What a text holds.
#[derive(Debug)]
pub(crate) struct Values {
    /// Its outermost value.
    pub json: Value,
    /// Where it stands, and each value in it.
    pub tree: Tree,
    /// The members that an object has more than once; the last one counts.
    pub repeated: RepeatedMembers,
    /// What YAML says and JSON can't.
    pub unsayable: Vec<Unsayable>,
    /// Where another document starts in YAML, which is not read: the line, from 1.
    pub next_document: Option<usize>,
}

/// A value, and its node in the tree of places.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub json: Value,
    pub place: usize,
}

/// What JSON can't say.
#[derive(Debug, PartialEq)]
pub(crate) struct Unsayable {
    /// The pointer to it, or to the object that it is a name in.
    pub pointer: String,
    /// Where it stands.
    pub bytes: Range<usize>,
    /// Why there is no JSON for it.
    pub reason: Cow<'static, str>,
}

/// A member whose name an earlier one of its object has as well.
#[derive(Debug)]
pub(crate) struct Repeated {
    /// The pointer to the member.
    pub pointer: String,
    /// The bytes of the name where it stands first, and where it is repeated.
    pub names: [Range<usize>; 2],
}

/// The members that are written repeatedly.
#[derive(Debug, Default)]
pub(crate) struct RepeatedMembers {
    /// The first of them, at most [`MOST_LISTED`].
    pub listed: Vec<Repeated>,
    /// How many more there are.
    pub more: usize,
}

/// How many repeated members are listed, each of which takes a search for the first, and how many
/// values that JSON has none for.
const MOST_LISTED: usize = 100;

impl RepeatedMembers {
    /// Adds those of the value that is the member `name` of the whole.
    pub fn append(&mut self, name: &str, others: Self) {
        let around = "".child(name);
        self.more += others.more;
        self.listed
            .extend(others.listed.into_iter().map(|other| Repeated {
                pointer: format!("{around}{}", other.pointer),
                ..other
            }));
    }
}

/// The containers around the next value of a text, and the places of the values so far.
#[derive(Debug, Default)]
pub(super) struct Builder {
    pub tree: Tree,
    pub repeated: RepeatedMembers,
    pub unsayable: Vec<Unsayable>,
    open: Vec<Open>,
}

/// A container that has not ended.
#[derive(Debug)]
struct Open {
    start: usize,
    holds: OpenHolds,
}

#[derive(Debug)]
enum OpenHolds {
    Items(Vec<Value>, Vec<usize>),
    Members(Members),
}

#[derive(Debug, Default)]
struct Members {
    json: Map<String, Value>,
    places: Vec<Member>,
    /// The name of the next member.
    name: Option<(String, Range<usize>)>,
    /// The names that are there only by a merge key, which may be given again.
    merged: HashSet<String>,
}

impl Builder {
    /// How many containers are around the next value.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    pub fn begin_items(&mut self, start: usize) {
        let holds = OpenHolds::Items(Vec::new(), Vec::new());
        self.open.push(Open { start, holds });
    }

    pub fn begin_members(&mut self, start: usize) {
        let holds = OpenHolds::Members(Members::default());
        self.open.push(Open { start, holds });
    }

    /// Whether the innermost container is an object.
    pub fn is_in_members(&self) -> bool {
        let innermost = self.open.last().map(|open| &open.holds);
        matches!(innermost, Some(OpenHolds::Members(_)))
    }

    /// The name of the next member; `None` in an object whose next member has no name yet,
    /// and where there is no object.
    pub fn name(&self) -> Option<&str> {
        match &self.open.last()?.holds {
            OpenHolds::Members(members) => Some(&members.name.as_ref()?.0),
            OpenHolds::Items(..) => None,
        }
    }

    /// Names the next member of the innermost container, an object.
    pub fn set_name(&mut self, name: String, bytes: Range<usize>) {
        if let Some(OpenHolds::Members(members)) = self.open.last_mut().map(|open| &mut open.holds)
        {
            members.name = Some((name, bytes));
        }
    }

    /// A value that holds no others.
    pub fn scalar(&mut self, json: Value, bytes: Range<usize>) -> Node {
        let place = self.tree.add(bytes, Holds::Nothing);
        Node { json, place }
    }

    /// Ends the innermost container, which is then a value to be added.
    pub fn end(&mut self, end: usize) -> Option<Node> {
        let Open { start, holds } = self.open.pop()?;
        let (json, holds) = match holds {
            OpenHolds::Items(json, places) => (json.into(), Holds::Items(places)),
            OpenHolds::Members(members) => (members.json.into(), Holds::Members(members.places)),
        };
        let place = self.tree.add(start..end.max(start), holds);
        Some(Node { json, place })
    }

    /// Adds a value to the innermost container; returns it where there is none: it is the
    /// outermost.
    pub fn add(&mut self, node: Node) -> Option<Node> {
        match self.open.last_mut().map(|open| &mut open.holds) {
            Some(OpenHolds::Items(json, places)) => {
                json.push(node.json);
                places.push(node.place);
            }
            Some(OpenHolds::Members(members)) => {
                if let Some(again) = members.add(node) {
                    self.note_repeated(again);
                }
            }
            None => return Some(node),
        }
        None
    }

    /// Notes that there is no JSON for the next value or name.
    pub fn note_unsayable(&mut self, bytes: Range<usize>, reason: Cow<'static, str>) {
        if self.unsayable.len() < MOST_LISTED {
            self.unsayable.push(Unsayable {
                pointer: pointer(&self.open),
                bytes,
                reason,
            });
        }
    }

    /// Adds the members of a mapping, or of several, that a merge key names. Earlier ones
    /// win over later ones, and those of the mapping itself over all.
    pub fn merge(&mut self, node: Node) {
        if let Some(OpenHolds::Members(members)) = self.open.last_mut().map(|open| &mut open.holds)
        {
            if let Some((name, bytes)) = members.name.take() {
                let value = node.place;
                members.places.push(Member { name, bytes, value });
            }
            members.merge(node.json);
        }
    }

    /// Notes that the name of the member of the innermost object that was added last occurred
    /// before.
    fn note_repeated(&mut self, again: Range<usize>) {
        if self.repeated.listed.len() == MOST_LISTED {
            self.repeated.more += 1;
            return;
        }
        let Some(OpenHolds::Members(members)) = self.open.last().map(|open| &open.holds) else {
            return;
        };
        let Some(name) = members.places.last().map(|member| &member.name) else {
            return;
        };
        let first = members.places.iter().find(|member| member.name == *name);
        let first = first.map_or_else(|| again.clone(), |member| member.bytes.clone());
        let around = &self.open[..self.open.len() - 1];
        let pointer = pointer(around);
        self.repeated.listed.push(Repeated {
            pointer: pointer.child(name),
            names: [first, again],
        });
    }
}

/// The pointer to what is read within these containers.
fn pointer(around: &[Open]) -> String {
    around
        .iter()
        .fold(String::new(), |pointer, open| match &open.holds {
            OpenHolds::Items(json, _) => pointer.child(json.len()),
            OpenHolds::Members(members) => match &members.name {
                Some((name, _)) => pointer.child(name),
                None => pointer,
            },
        })
}

impl Members {
    /// Adds a member; returns the bytes of its name if it occurred before.
    fn add(&mut self, node: Node) -> Option<Range<usize>> {
        let (name, bytes) = self.name.take()?;
        let is_new = self.json.insert(name.clone(), node.json).is_none();
        let is_repeated = !is_new && !self.merged.remove(&name);
        let again = is_repeated.then(|| bytes.clone());
        let value = node.place;
        self.places.push(Member { name, bytes, value });
        again
    }

    fn merge(&mut self, merged: Value) {
        match merged {
            Value::Object(merged) => {
                for (name, value) in merged {
                    if !self.json.contains_key(&name) {
                        self.merged.insert(name.clone());
                        self.json.insert(name, value);
                    }
                }
            }
            Value::Array(all) => all.into_iter().for_each(|mapping| self.merge(mapping)),
            _ => {}
        }
    }
}
