//! The keyword `x-tags`: which alternative a member names. It restricts nothing.

use std::collections::HashMap;

use serde_json::Value;

use crate::value::json_view::JsonView;

/// What a member has to be for an alternative to be meant.
pub(crate) struct Tags {
    property: String,
    /// The index of the alternative for each value.
    values: HashMap<String, usize>,
}

impl Tags {
    /// `None` where the keyword's value is none: it would say nothing.
    pub fn from_keyword(value: &Value) -> Option<Self> {
        let values = value.get("values")?.as_object()?.iter();
        let values = values.filter_map(|(name, index)| {
            let index = usize::try_from(index.as_u64()?).ok()?;
            Some((name.clone(), index))
        });
        Some(Self {
            property: value.get("property")?.as_str()?.to_owned(),
            values: values.collect(),
        })
    }

    /// The index of the alternative that a value names.
    pub fn meant(&self, value: &dyn JsonView) -> Option<usize> {
        let tag = value.member(&self.property)?.text()?;
        self.values.get(&*tag).copied()
    }
}
