//! Whether another request may be sent. Until its reply comes, a request counts as the most
//! pictures that it may make.

use crate::pricing::money::Money;
use crate::pricing::worst::Worst;

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
    pub fn reserve(&mut self, worst: &Worst) -> bool {
        let images = self.images.saturating_add(u64::from(worst.pictures));
        let cost = self.cost.plus(cost(worst, worst.pictures));
        if self.max_images.is_some_and(|most| images > most)
            || self.max_cost.is_some_and(|most| cost > most)
        {
            return false;
        }
        (self.images, self.cost) = (images, cost);
        true
    }

    /// Replaces the reservation of a request by the pictures that it made.
    pub fn settle(&mut self, worst: &Worst, made: u32) {
        self.images = self.images.saturating_sub(u64::from(worst.pictures));
        self.images = self.images.saturating_add(u64::from(made));
        let reserved = cost(worst, worst.pictures);
        self.cost = self.cost.minus(reserved).plus(cost(worst, made));
    }
}

/// The cost of a request that made so many pictures. With a limit on the cost, every price is
/// known.
fn cost(worst: &Worst, made: u32) -> Money {
    worst.cost(made).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Budget;
    use crate::pricing::money::Money;
    use crate::pricing::worst::Worst;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    fn priced(pictures: u32) -> Worst {
        Worst {
            pictures,
            price: Some(money("0.20")),
            inputs: Money::default(),
        }
    }

    fn unpriced(pictures: u32) -> Worst {
        Worst {
            pictures,
            ..Worst::default()
        }
    }

    #[test]
    fn a_limit_is_reached_and_never_exceeded() {
        let mut budget = Budget {
            max_images: Some(10),
            max_cost: Some(money("1.20")),
            ..Budget::default()
        };
        assert!(budget.reserve(&priced(4)));
        assert!(!budget.reserve(&priced(4)), "1.60 is too much");
        assert!(budget.reserve(&priced(2)));
        assert!(!budget.reserve(&priced(1)));
        budget.settle(&priced(4), 1);
        assert!(budget.reserve(&priced(3)));
        assert_eq!((budget.images, budget.cost), (6, money("1.20")));
        assert!(budget.reserve(&unpriced(4)));
        assert!(
            !budget.reserve(&unpriced(1)),
            "eleven pictures are too many"
        );
        budget.settle(&unpriced(4), 5);
        assert!(
            !budget.reserve(&unpriced(0)),
            "and it stays so when more came than were asked for"
        );
    }

    #[test]
    fn inputs_cost_as_often_as_a_request_is_carried_out() {
        let edit = Worst {
            inputs: money("0.06"),
            ..priced(2)
        };
        let mut budget = Budget {
            max_cost: Some(money("0.91")),
            ..Budget::default()
        };
        assert!(budget.reserve(&edit));
        assert!(!budget.reserve(&edit), "0.92 is too much");
        budget.settle(&edit, 1);
        assert_eq!(budget.cost, money("0.26"));
        assert!(budget.reserve(&edit));
        budget.settle(&edit, 0);
        assert_eq!(budget.cost, money("0.26"), "what was refused costs nothing");
    }
}
