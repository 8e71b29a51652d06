//! Draws numbers.

use serde_json::{Number, Value};

use crate::draw::drawer::Drawer;
use crate::draw::parts::numbers;

/// Beyond it a double is not every integer.
const LARGEST: f64 = 9_007_199_254_740_991.0;
/// How far numbers reach that have no limit of their own.
const USUAL: f64 = 1_000.0;

impl<'s> Drawer<'s> {
    pub fn number(&mut self, parts: &[&'s Value], is_whole: bool) -> Option<Value> {
        let all = |keyword: &'static str| numbers(parts, keyword);
        let steps = all("multipleOf").filter(|step| *step > 0.0);
        let step = steps.fold(f64::from(u8::from(is_whole)), f64::max);
        let tiny = if step > 0.0 { step } else { 1e-3 };
        let low = all("minimum").chain(all("exclusiveMinimum").map(|low| low + tiny));
        let high = all("maximum").chain(all("exclusiveMaximum").map(|high| high - tiny));
        let (low, high) = (low.reduce(f64::max), high.reduce(f64::min));
        let low = low.unwrap_or_else(|| {
            high.map_or(1.0, |high| {
                high.min(1.0) - if high < 1.0 { USUAL } else { 0.0 }
            })
        });
        let high = high.unwrap_or(low + USUAL).min(low + 1e6);
        if low > high {
            return self.within(low, low, step).filter(|_| low - high < tiny);
        }
        self.within(low, high, step)
    }

    /// A multiple of a step between two limits; with a step of 0, a number of two decimals.
    fn within(&mut self, low: f64, high: f64, step: f64) -> Option<Value> {
        let unit = (self.random.number() >> 11) as f64 / (1_u64 << 53) as f64;
        if step == 0.0 {
            let rounded = ((low + (high - low) * unit) * 100.0).round() / 100.0;
            let value = if (low..=high).contains(&rounded) {
                rounded
            } else {
                low
            };
            return Number::from_f64(value).map(Value::Number);
        }
        let (first, last) = ((low / step).ceil(), (high / step).floor());
        if first > last {
            return None;
        }
        let count = (first + ((last - first + 1.0) * unit).floor()).min(last);
        decimal(count, step)
    }
}

/// So many steps, without what doubles add: 3 steps of 0.1 are 0.3.
fn decimal(count: f64, step: f64) -> Option<Value> {
    let product = count * step;
    if product.fract() == 0.0 && product.abs() <= LARGEST {
        return Some((product as i64).into());
    }
    let text = step.to_string();
    let places = text.split_once('.').map_or(0, |(_, places)| places.len());
    format!("{product:.places$}")
        .parse::<f64>()
        .ok()
        .and_then(Number::from_f64)
        .map(Value::Number)
}
