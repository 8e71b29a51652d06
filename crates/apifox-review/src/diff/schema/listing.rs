//! Schemas that accept listed values alone: by `const` or `enum`, or by alternatives each of which
//! does. What they accept is looked up: to ask each alternative of each value, or each alternative
//! of each other one, would take as long as there are alternatives, squared.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use serde_json::Value;

use super::kinds::Kinds;
use super::node::{NodeId, Nodes};

/// The values that a schema accepts: strings, whole numbers, booleans and `null`, each once.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub values: Vec<Value>,
    texts: HashSet<String>,
}

impl Listing {
    /// `None` where a value may be equal to one that is written otherwise.
    fn new(values: impl IntoIterator<Item = Value>) -> Option<Self> {
        let mut listing = Self::default();
        for value in values {
            if listing.texts.insert(text(&value)?) {
                listing.values.push(value);
            }
        }
        Some(listing)
    }

    /// Whether a value is listed; `None` where it may be equal to one that is written otherwise.
    pub fn has(&self, value: &Value) -> Option<bool> {
        Some(self.texts.contains(&text(value)?))
    }

    fn retain(&mut self, is_kept: impl Fn(&Value) -> bool) {
        self.values.retain(is_kept);
        self.texts = self.values.iter().filter_map(text).collect();
    }
}

/// What equal values have in common, of those that are written in one way only.
fn text(value: &Value) -> Option<String> {
    let is_simple = match value {
        Value::Number(number) => number.is_i64() || number.is_u64(),
        Value::Array(_) | Value::Object(_) => false,
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    };
    is_simple.then(|| value.to_string())
}

impl Nodes<'_> {
    /// The values that a schema accepts, where it does no more than list them.
    pub fn listing(&mut self, id: NodeId) -> Option<Rc<Listing>> {
        if let Some(known) = self.listings.get(&id) {
            return known.clone();
        }
        let listing = self.find_listing(id).map(Rc::new);
        self.listings.insert(id, listing.clone());
        listing
    }

    fn find_listing(&mut self, id: NodeId) -> Option<Listing> {
        let assertions = self.assertions(id);
        let types = assertions.iter().find(|(name, _)| *name == "type");
        let kinds = match types {
            Some((_, types)) => Kinds::from_type(types)?,
            None => Kinds::ALL,
        };
        let mut others = assertions.iter().filter(|(name, _)| *name != "type");
        let listing = match (others.next(), others.next()) {
            (Some(("const", value)), None) => Listing::new([(*value).clone()]),
            (Some(("enum", values)), None) => Listing::new(values.as_array()?.iter().cloned()),
            (Some((keyword @ ("anyOf" | "oneOf"), _)), None) => self.listed(id, keyword),
            (None, _) if Kinds::NULL.union(Kinds::BOOLEAN).contains(kinds) => {
                Listing::new([Value::Null, false.into(), true.into()])
            }
            _ => None,
        };
        let mut listing = listing?;
        listing.retain(|value| kinds.contains(Kinds::of_value(value)));
        Some(listing)
    }

    /// The values that the alternatives of `anyOf` or `oneOf` accept, where each does no more than
    /// list them.
    pub fn listed(&mut self, id: NodeId, keyword: &str) -> Option<Listing> {
        let alternatives = self.subschemas(id, keyword).into_iter();
        let listings: Option<Vec<Rc<Listing>>> = alternatives.map(|id| self.listing(id)).collect();
        let values = listings?;
        let values = values.iter().flat_map(|listing| &listing.values);
        let mut counts: HashMap<String, usize> = HashMap::new();
        for value in values.clone() {
            *counts.entry(text(value)?).or_default() += 1;
        }
        let mut listing = Listing::new(values.cloned())?;
        if keyword == "oneOf" {
            listing.retain(|value| text(value).is_some_and(|text| counts.get(&text) == Some(&1)));
        }
        Some(listing)
    }
}
