//! Limits from both sides: of numbers, and of how much there is of something.

use std::cmp::Ordering;

use apifox_runtime::Decimal;
use serde_json::Value;

/// How much there may be of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub least: u64,
    pub most: Option<u64>,
}

impl Counts {
    pub fn say(&mut self, keyword: &str, value: &Value) {
        let Some(count) = count(value) else {
            return;
        };
        if keyword.starts_with("min") {
            self.least = self.least.max(count);
        } else {
            self.most = Some(self.most.map_or(count, |it| it.min(count)));
        }
    }

    pub fn is_empty(self) -> bool {
        self.most.is_some_and(|most| most < self.least)
    }

    /// Whether all that keeps to this keeps to a limit as well.
    pub fn keeps(self, keyword: &str, value: &Value) -> bool {
        let Some(limit) = count(value) else {
            return false;
        };
        match keyword.starts_with("min") {
            true => self.least >= limit,
            false => self.most.is_some_and(|most| most <= limit),
        }
    }

    /// The limit on the side of a keyword.
    pub fn limit(self, keyword: &str) -> Option<u64> {
        match keyword.starts_with("min") {
            true => (self.least > 0).then_some(self.least),
            false => self.most,
        }
    }
}

/// A count, which may be written `2.0`.
pub(super) fn count(value: &Value) -> Option<u64> {
    let whole = Decimal::from_value(value)?;
    match whole.as_i64() {
        Some(count) => u64::try_from(count).ok(),
        // Nothing has more of anything than 64 bits can count.
        None => whole.is_whole().then_some(u64::MAX),
    }
}

/// The end of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    at: Decimal,
    is_exclusive: bool,
}

/// The numbers between two limits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Interval {
    pub lower: Option<Limit>,
    pub upper: Option<Limit>,
}

impl Limit {
    /// The limit that a keyword sets, and whether it is a lower one.
    pub fn of(keyword: &str, value: &Value) -> Option<(Self, bool)> {
        let (is_lower, is_exclusive) = match keyword {
            "minimum" => (true, false),
            "exclusiveMinimum" => (true, true),
            "maximum" => (false, false),
            "exclusiveMaximum" => (false, true),
            _ => return None,
        };
        let at = Decimal::from_value(value)?;
        Some((Self { at, is_exclusive }, is_lower))
    }

    /// The same limit for whole numbers alone: one that is reached.
    fn for_whole(self, is_lower: bool) -> Self {
        let rounded = match is_lower {
            true => self.at.ceiling(),
            false => self.at.floor(),
        };
        let is_reached = self.is_exclusive && self.at.is_whole();
        let moved = match (is_reached, is_lower) {
            (false, _) => rounded,
            (true, true) => rounded.and_then(|it| it.moved(1)),
            (true, false) => rounded.and_then(|it| it.moved(-1)),
        };
        match moved {
            Some(at) => Self {
                at,
                is_exclusive: false,
            },
            None => self,
        }
    }

    /// Whether this limit is as narrow as another on the same side.
    fn is_within(self, other: Self, is_lower: bool) -> bool {
        let order = match is_lower {
            true => self.at.compare(other.at),
            false => other.at.compare(self.at),
        };
        match order {
            Ordering::Greater => true,
            Ordering::Equal => self.is_exclusive || !other.is_exclusive,
            Ordering::Less => false,
        }
    }
}

impl Interval {
    pub fn say(&mut self, keyword: &str, value: &Value) {
        let Some((limit, is_lower)) = Limit::of(keyword, value) else {
            return;
        };
        let side = if is_lower {
            &mut self.lower
        } else {
            &mut self.upper
        };
        if side.is_none_or(|it| limit.is_within(it, is_lower)) {
            *side = Some(limit);
        }
    }

    /// Whether all numbers in this keep to a limit as well.
    pub fn keeps(self, limit: Limit, is_lower: bool, is_whole: bool) -> bool {
        let own = if is_lower { self.lower } else { self.upper };
        own.is_some_and(|own| match is_whole {
            true => (own.for_whole(is_lower)).is_within(limit.for_whole(is_lower), is_lower),
            false => own.is_within(limit, is_lower),
        })
    }

    pub fn is_empty(self, is_whole: bool) -> bool {
        let (Some(lower), Some(upper)) = (self.lower, self.upper) else {
            return false;
        };
        let (lower, upper) = match is_whole {
            true => (lower.for_whole(true), upper.for_whole(false)),
            false => (lower, upper),
        };
        match lower.at.compare(upper.at) {
            Ordering::Greater => true,
            Ordering::Equal => lower.is_exclusive || upper.is_exclusive,
            Ordering::Less => false,
        }
    }

    /// The whole numbers in this, if they are no more than `most`.
    pub fn whole(self, most: i64) -> Option<Vec<i64>> {
        let limit = |it: Limit, is_lower| it.for_whole(is_lower).at.as_i64();
        let (lower, upper) = (limit(self.lower?, true)?, limit(self.upper?, false)?);
        let is_few = upper.checked_sub(lower)? < most;
        is_few.then(|| (lower..=upper).collect())
    }
}
