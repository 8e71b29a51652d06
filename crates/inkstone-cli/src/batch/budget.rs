//! Whether another request may be sent. Until its reply comes, a request counts as the most
//! pictures that it may make.

use crate::pricing::money::Money;

/// What may be spent, and what was, in all runs of a batch together.
#[derive(Debug, Default)]
pub struct Budget {
    pub max_images: Option<u64>,
    pub max_cost: Option<Money>,
    /// Pictures that were paid for or are reserved.
    pub images: u64,
    /// The cost of these.
    pub cost: Money,
}

impl Budget {
    /// Reserves the worst case of a request; `false` if that would exceed a limit.
    pub fn reserve(&mut self, worst: u32, price: Option<Money>) -> bool {
        let images = self.images.saturating_add(u64::from(worst));
        // With a limit on the cost, every price is known.
        let cost = self.cost.plus(price.unwrap_or_default().times(worst));
        if self.max_images.is_some_and(|most| images > most)
            || self.max_cost.is_some_and(|most| cost > most)
        {
            return false;
        }
        (self.images, self.cost) = (images, cost);
        true
    }

    /// Replaces the reservation of a request by the pictures that it made.
    pub fn settle(&mut self, worst: u32, made: u32, price: Option<Money>) {
        let price = price.unwrap_or_default();
        self.images = self.images.saturating_sub(u64::from(worst));
        self.images = self.images.saturating_add(u64::from(made));
        self.cost = self.cost.minus(price.times(worst)).plus(price.times(made));
    }
}

#[cfg(test)]
mod tests {
    use super::Budget;
    use crate::pricing::money::Money;

    #[test]
    fn a_limit_is_reached_and_never_exceeded() {
        let price: Option<Money> = Some("0.20".parse().unwrap());
        let mut budget = Budget {
            max_images: Some(10),
            max_cost: Some("1.20".parse().unwrap()),
            ..Budget::default()
        };
        assert!(budget.reserve(4, price));
        assert!(!budget.reserve(4, price), "1.60 is too much");
        assert!(budget.reserve(2, price));
        assert!(!budget.reserve(1, price));
        budget.settle(4, 1, price);
        assert!(budget.reserve(3, price));
        assert_eq!((budget.images, budget.cost), (6, "1.20".parse().unwrap()));
        assert!(budget.reserve(4, None));
        assert!(!budget.reserve(1, None), "eleven pictures are too many");
        budget.settle(4, 5, None);
        assert!(
            !budget.reserve(0, None),
            "and it stays so when more came than were asked for"
        );
    }
}
