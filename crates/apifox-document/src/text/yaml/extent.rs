//! How much does a text of YAML stand for, with its aliases in full, and how deep?
//!
//! A few lines of aliases of aliases can expand to more than any memory holds, and what
//! lies too deep overruns the stack. Both are found while the text is read, before
//! anything is made of it.

use std::collections::HashMap;

use saphyr_parser::Event;

/// How deeply collections may lie in each other, as in JSON text.
const DEEPEST: usize = 128;

/// How many characters may stand for what aliases repeat.
const MOST_REPEATED: usize = 10_000_000;

/// What a text stands for, as far as it was read.
#[derive(Debug, Default)]
pub struct Extents {
    /// The collections around the next event, with the anchors that they have.
    open: Vec<(usize, Extent)>,
    anchored: HashMap<usize, Extent>,
    repeated: usize,
}

/// What a node stands for.
#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    characters: usize,
    /// How many collections lie in each other.
    height: usize,
}

impl Extents {
    /// Takes the next event in, or says why the text is not to be read on.
    pub fn take(&mut self, event: &Event<'_>) -> Result<(), &'static str> {
        match event {
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                let extent = Extent {
                    characters: 1,
                    height: 1,
                };
                self.open.push((*anchor, extent));
                self.is_flat(0)
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
        self.is_flat(extent.height)
    }

    /// Adds a node to the collection that it lies in.
    fn add(&mut self, anchor: usize, extent: Extent) {
        if anchor > 0 {
            self.anchored.insert(anchor, extent);
        }
        if let Some((_, around)) = self.open.last_mut() {
            around.characters = around.characters.saturating_add(extent.characters);
            around.height = around.height.max(extent.height + 1);
        }
    }

    /// Whether a node this high may lie here.
    fn is_flat(&self, height: usize) -> Result<(), &'static str> {
        match self.open.len() + height > DEEPEST {
            true => Err("the text lies too deep"),
            false => Ok(()),
        }
    }
}
