//! Limits from both sides: of numbers, and of counts.

use std::cmp::Ordering;

use serde_json::Value;

use apifox_runtime::Decimal;

/// How much there may be of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub least: u64,
    pub most: Option<u64>,
}

impl Counts {
    pub fn restrict(&mut self, keyword: &str, value: &Value) {
        let Some(count) = count(value) else {
            return;
        };
        if keyword.starts_with("min") {
            self.least = self.least.max(count);
        } else {
            self.most = Some(self.most.map_or(count, |most| most.min(count)));
        }
    }

    pub fn is_empty(self) -> bool {
        self.most.is_some_and(|most| most < self.least)
    }

    /// Whether every count in this is within a limit as well.
    pub fn is_within(self, keyword: &str, value: &Value) -> bool {
        let Some(limit) = count(value) else {
            return false;
        };
        match keyword.starts_with("min") {
            true => self.least >= limit,
            false => self.most.is_some_and(|most| most <= limit),
        }
    }

    /// The own limit on the side of a keyword.
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
        // No value has more of anything than 64 bits can count.
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
    pub fn from_keyword(keyword: &str, value: &Value) -> Option<(Self, bool)> {
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

    /// The same limit for whole numbers alone, made inclusive.
    fn rounded(self, is_lower: bool) -> Self {
        let rounded = match is_lower {
            true => self.at.ceiling(),
            false => self.at.floor(),
        };
        let is_excluded = self.is_exclusive && self.at.is_whole();
        let moved = match (is_excluded, is_lower) {
            (false, _) => rounded,
            (true, true) => rounded.and_then(|limit| limit.moved(1)),
            (true, false) => rounded.and_then(|limit| limit.moved(-1)),
        };
        match moved {
            Some(at) => Self {
                at,
                is_exclusive: false,
            },
            None => self,
        }
    }

    /// Whether this limit is at least as narrow as another on the same side.
    fn implies(self, other: Self, is_lower: bool) -> bool {
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
    pub fn restrict(&mut self, keyword: &str, value: &Value) {
        let Some((limit, is_lower)) = Limit::from_keyword(keyword, value) else {
            return;
        };
        let side = if is_lower {
            &mut self.lower
        } else {
            &mut self.upper
        };
        if side.is_none_or(|own| limit.implies(own, is_lower)) {
            *side = Some(limit);
        }
    }

    /// Whether every number in this is within a limit as well; `is_whole` where all are
    /// whole.
    pub fn is_within(self, limit: Limit, is_lower: bool, is_whole: bool) -> bool {
        let own = if is_lower { self.lower } else { self.upper };
        own.is_some_and(|own| match is_whole {
            true => own
                .rounded(is_lower)
                .implies(limit.rounded(is_lower), is_lower),
            false => own.implies(limit, is_lower),
        })
    }

    pub fn is_empty(self, is_whole: bool) -> bool {
        let (Some(lower), Some(upper)) = (self.lower, self.upper) else {
            return false;
        };
        let (lower, upper) = match is_whole {
            true => (lower.rounded(true), upper.rounded(false)),
            false => (lower, upper),
        };
        match lower.at.compare(upper.at) {
            Ordering::Greater => true,
            Ordering::Equal => lower.is_exclusive || upper.is_exclusive,
            Ordering::Less => false,
        }
    }

    /// The whole numbers in this, if there are at most `most`.
    pub fn whole_numbers(self, most: i64) -> Option<Vec<i64>> {
        let limit = |limit: Limit, is_lower| limit.rounded(is_lower).at.as_i64();
        let (lower, upper) = (limit(self.lower?, true)?, limit(self.upper?, false)?);
        let is_few = upper.checked_sub(lower)? < most;
        is_few.then(|| (lower..=upper).collect())
    }
}
