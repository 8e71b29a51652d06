//! Parts of messages: the name that was probably intended, and shortened values.

/// The most similar of some names, if one is similar enough to suggest.
pub fn closest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    const ALIKE: f64 = 0.85;
    let likeness = |other: &str| strsim::jaro_winkler(name, other);
    let closest = names.max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(closest) >= ALIKE).then_some(closest)
}

/// `value` as JSON on one line, cut to a length fit for an error.
pub fn shortened(value: &serde_json::Value) -> String {
    const LONGEST: usize = 120;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
