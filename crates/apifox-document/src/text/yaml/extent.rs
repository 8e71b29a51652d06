//! Limits on the size and depth of YAML once its aliases are expanded.
//!
//! A few lines of aliases of aliases can expand to more than fits into memory, and deep
//! nesting overflows the stack. Both are found while the text is parsed, before a value is
//! built.

use std::collections::HashMap;

use saphyr_parser::Event;

/// How deeply collections may be nested; `serde_json` has the same limit.
const DEEPEST: usize = 128;

/// How many characters the aliases of a text may repeat in total.
const MOST_REPEATED: usize = 10_000_000;

/// The sizes and depths in a text, as far as it was read.
#[derive(Debug, Default)]
pub struct Extents {
    /// The collections around the next event, with the anchors that they have.
    open: Vec<(usize, Extent)>,
    anchored: HashMap<usize, Extent>,
    repeated: usize,
}

/// The size and depth of a node, with its aliases expanded.
#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    characters: usize,
    /// How many levels of collections it has.
    height: usize,
}

impl Extents {
    /// Counts the next event.
    ///
    /// # Errors
    ///
    /// Which limit the text exceeds.
    pub fn take(&mut self, event: &Event<'_>) -> Result<(), &'static str> {
        match event {
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                let extent = Extent {
                    characters: 1,
                    height: 1,
                };
                self.open.push((*anchor, extent));
                self.check_depth(0)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((anchor, extent)) = self.open.pop() {
                    self.add(anchor, extent);
                }
                Ok(())
            }
            Event::Scalar(text, _, anchor, _) => {
                let extent = Extent {
                    characters: 1 + text.len(),
                    height: 0,
                };
                self.add(*anchor, extent);
                Ok(())
            }
            Event::Alias(anchor) => self.repeat(*anchor),
            _ => Ok(()),
        }
    }

    fn repeat(&mut self, anchor: usize) -> Result<(), &'static str> {
        let extent = self.anchored.get(&anchor).copied().unwrap_or_default();
        self.add(0, extent);
        self.repeated = self.repeated.saturating_add(extent.characters);
        if self.repeated > MOST_REPEATED {
            return Err("the aliases stand for too much");
        }
        self.check_depth(extent.height)
    }

    /// Adds a node to the collection around it.
    fn add(&mut self, anchor: usize, extent: Extent) {
        if anchor > 0 {
            self.anchored.insert(anchor, extent);
        }
        if let Some((_, around)) = self.open.last_mut() {
            around.characters = around.characters.saturating_add(extent.characters);
            around.height = around.height.max(extent.height + 1);
        }
    }

    /// Checks that a node of this height is not too deep here.
    fn check_depth(&self, height: usize) -> Result<(), &'static str> {
        match self.open.len() + height > DEEPEST {
            true => Err("the text lies too deep"),
            false => Ok(()),
        }
    }
}
