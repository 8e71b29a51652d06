//! Values that a schema accepts, drawn by a seed.

mod array;
mod drawer;
mod number;
mod object;
mod parts;
mod pattern;
mod text;
mod words;

use inkstone_painting::Random;
use serde_json::Value;

use crate::documents::schema::{Schema, UNJUDGED, Unjudged};
use crate::draw::drawer::{Drawer, Manner};

/// How much is drawn: with examples and most of what is optional at first, with less and less
/// where the validator refuses that, and at last only what is required.
const MANNERS: [(usize, Manner); 4] = [
    (4, Manner::new(true, 100)),
    (4, Manner::new(false, 100)),
    (12, Manner::new(false, 40)),
    (12, Manner::new(false, 0)),
];

/// How many values are drawn in all, those that were given up included.
const MOST_VALUES: usize = 2 * drawer::MOST_VALUES;

/// A value that `schema`, at the root or behind a reference from there, accepts: the same for
/// the same seed. `None` where none was found, as where there is none.
pub fn value(schema: &Schema, seed: u64) -> Result<Option<Value>, Unjudged> {
    let mut random = Random(seed);
    let mut left = MOST_VALUES;
    for (times, manner) in MANNERS {
        for _ in 0..times {
            let mut drawer = Drawer::new(&schema.json, random.number(), manner);
            let given = drawer.left;
            let drawn = drawer.draw(&[&schema.json], "", 0);
            let Some(rest) = left.checked_sub(given - drawer.left) else {
                return Ok(None);
            };
            left = rest;
            if let Some(value) = drawn
                && schema.judge(&value)?
            {
                return Ok(Some(value));
            }
        }
    }
    Ok(None)
}

/// A value that a schema accepts by [`validator`](crate::validator), drawn by a seed: the
/// same for the same seed. `None` where none was found, as where there is none. The work is
/// bounded, also where a schema contains itself.
///
/// # Errors
///
/// Where the schema doesn't compile, or a value that was drawn is not judged, and why.
pub fn draw(schema: &Value, seed: u64) -> Result<Option<Value>, String> {
    let compiled = Schema::new(schema).map_err(|error| error.message)?;
    value(&compiled, seed).map_err(|Unjudged| format!("the value {UNJUDGED}"))
}
