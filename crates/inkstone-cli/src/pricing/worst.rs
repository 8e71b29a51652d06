//! What a request costs at most.

use crate::pricing::money::Money;

/// What a request may cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Worst {
    /// The most pictures that it may make.
    pub pictures: u32,
    /// What one of them costs, at most; `None` where that is not known.
    pub price: Option<Money>,
    /// What the pictures that it brings along cost together.
    pub inputs: Money,
}

impl Worst {
    /// The cost of a request that made so many pictures, if that is known; of one that made none
    /// there is none.
    pub fn cost(&self, made: u32) -> Option<Money> {
        match made {
            0 => Some(Money::default()),
            _ => self.price.map(|each| each.times(made).plus(self.inputs)),
        }
    }
}
