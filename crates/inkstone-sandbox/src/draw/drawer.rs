//! Draws one value, with a bounded amount of work.

use inkstone_painting::Random;
use serde_json::Value;

/// How many values one value may consist of, those that were given up included.
pub const MOST_VALUES: usize = 4_000;
/// Below this depth only what is required is drawn.
pub const DEEP: usize = 5;
/// Below this depth nothing is drawn: the schema requires itself, or nearly.
const DEEPEST: usize = 24;
/// How often another choice is made where one does not work out.
const TRIES: usize = 4;

/// How much of what a schema allows is drawn.
#[derive(Clone, Copy)]
pub struct Manner {
    /// Whether examples and defaults are taken where a schema has them.
    pub with_examples: bool,
    /// How many of a hundred optional members are drawn.
    pub optional: u64,
}

impl Manner {
    pub const fn new(with_examples: bool, optional: u64) -> Self {
        Self {
            with_examples,
            optional,
        }
    }
}

/// Draws a value. Methods for each type are in the files beside this one.
pub struct Drawer<'s> {
    pub root: &'s Value,
    pub random: Random,
    pub manner: Manner,
    /// How many values may still be drawn.
    pub left: usize,
}

impl<'s> Drawer<'s> {
    pub fn new(root: &'s Value, seed: u64, manner: Manner) -> Self {
        Self {
            root,
            random: Random(seed),
            manner,
            left: MOST_VALUES,
        }
    }

    /// A value that all of `schemas` may well accept, for a member called `name`.
    pub fn draw(&mut self, schemas: &[&'s Value], name: &str, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            self.left = self.left.saturating_sub(1);
            return None;
        }
        for _ in 0..TRIES {
            self.left = self.left.checked_sub(1)?;
            let parts = self.parts(schemas, depth);
            if let Some(value) = parts.and_then(|parts| self.by_parts(&parts, name, depth)) {
                return Some(value);
            }
        }
        None
    }

    fn by_parts(&mut self, parts: &[&'s Value], name: &str, depth: usize) -> Option<Value> {
        if let Some(fixed) = self.listed(parts) {
            return fixed;
        }
        if let Some(example) = self.example(parts) {
            return Some(example);
        }
        match self.kind(parts)? {
            "object" => self.object(parts, depth),
            "array" => self.array(parts, name, depth),
            "string" => self.text(parts, name),
            "integer" => self.number(parts, true),
            "number" => self.number(parts, false),
            "boolean" => Some(self.chance(50).into()),
            _ => Some(Value::Null),
        }
    }

    /// Whether optional parts are left out from here on.
    pub fn is_sparse(&self, depth: usize) -> bool {
        depth >= DEEP || self.left < MOST_VALUES / 4
    }

    /// True for so many of a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.random.number() % 100 < percent
    }

    /// A number below `count`, which is not 0.
    pub fn below(&mut self, count: usize) -> usize {
        (self.random.number() % count.max(1) as u64) as usize
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let at = self.below(from.len());
        from.get(at).copied()
    }
}
