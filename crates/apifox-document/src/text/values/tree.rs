//! The values of a text and the bytes of each.

use std::ops::Range;

use crate::pointer::steps;

/// All values in one list; a container holds the indexes of its items or members.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    root: Option<usize>,
}

#[derive(Debug)]
struct Node {
    bytes: Range<usize>,
    holds: Holds,
}

/// What a value is made of.
#[derive(Debug)]
pub(crate) enum Holds {
    Nothing,
    Items(Vec<usize>),
    Members(Vec<Member>),
}

#[derive(Debug)]
pub(crate) struct Member {
    pub name: String,
    pub bytes: Range<usize>,
    pub value: usize,
}

/// A value, and the bytes of its name where it is a member.
struct Found<'t> {
    node: &'t Node,
    name: Option<Range<usize>>,
}

impl Tree {
    pub fn add(&mut self, bytes: Range<usize>, holds: Holds) -> usize {
        self.nodes.push(Node { bytes, holds });
        self.nodes.len() - 1
    }

    pub fn with_root(self, root: usize) -> Self {
        Self {
            root: Some(root),
            ..self
        }
    }

    /// Adds the values of another tree; returns its root.
    pub fn append(&mut self, other: Self) -> Option<usize> {
        let shift = self.nodes.len();
        self.nodes.extend(other.nodes.into_iter().map(|mut node| {
            match &mut node.holds {
                Holds::Nothing => {}
                Holds::Items(items) => items.iter_mut().for_each(|item| *item += shift),
                Holds::Members(members) => {
                    members.iter_mut().for_each(|member| member.value += shift);
                }
            }
            node
        }));
        other.root.map(|root| root + shift)
    }

    pub fn bytes(&self, node: usize) -> Range<usize> {
        self.nodes[node].bytes.clone()
    }

    /// The bytes of the value that a pointer leads to.
    pub fn value(&self, pointer: &str) -> Option<Range<usize>> {
        Some(self.node(pointer)?.bytes.clone())
    }

    /// The names of the members that the value has which a pointer leads to.
    pub fn names(&self, pointer: &str) -> Option<Vec<&str>> {
        let Holds::Members(members) = &self.node(pointer)?.holds else {
            return Some(Vec::new());
        };
        Some(members.iter().map(|member| member.name.as_str()).collect())
    }

    fn node(&self, pointer: &str) -> Option<&Node> {
        let root = self.nodes.get(self.root?)?;
        steps(pointer).try_fold(root, |node, step| {
            self.below(node, &step).map(|found| found.node)
        })
    }

    /// The bytes to underline for a pointer, or for a keyword of the value there. Where the
    /// pointer does not resolve, those of the nearest value around it.
    pub fn find(&self, text: &str, pointer: &str, keyword: Option<&str>) -> Range<usize> {
        let Some(root) = self.root.and_then(|root| self.nodes.get(root)) else {
            return 0..0;
        };
        let mut found = Found {
            node: root,
            name: None,
        };
        for step in steps(pointer) {
            match self.below(found.node, &step) {
                Some(next) => found = next,
                None => return found.shown(text, false),
            }
        }
        match keyword.and_then(|keyword| self.below(found.node, keyword)) {
            Some(member) => member.shown(text, true),
            None => found.shown(text, false),
        }
    }

    fn below(&self, node: &Node, step: &str) -> Option<Found<'_>> {
        match &node.holds {
            Holds::Nothing => None,
            Holds::Items(items) => {
                let item = items.get(step.parse::<usize>().ok()?)?;
                let node = self.nodes.get(*item)?;
                Some(Found { node, name: None })
            }
            Holds::Members(members) => {
                // Where a name is repeated, the last member counts.
                let own = members.iter().rev().find(|member| member.name == step);
                if let Some(member) = own {
                    let name = Some(member.bytes.clone());
                    let node = self.nodes.get(member.value)?;
                    return Some(Found { node, name });
                }
                let merged = members.iter().find(|member| member.name == "<<")?;
                self.below(self.nodes.get(merged.value)?, step)
            }
        }
    }
}

impl Found<'_> {
    /// A scalar, with its name if asked for; a short container with its name; of a longer
    /// one only the name.
    fn shown(&self, text: &str, with_name: bool) -> Range<usize> {
        const LONG: usize = 60;
        let value = &self.node.bytes;
        let Some(name) = &self.name else {
            return value.clone();
        };
        let both = name.start.min(value.start)..value.end.max(name.end);
        let whole = text.get(both.clone()).unwrap_or_default();
        let is_short = both.len() <= LONG && !whole.contains('\n');
        match self.node.holds {
            Holds::Nothing if !with_name || name.start > value.start => value.clone(),
            _ if is_short => both,
            Holds::Nothing => both,
            _ => name.clone(),
        }
    }
}
