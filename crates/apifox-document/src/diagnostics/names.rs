//! Parts of messages: the name that was probably intended, shortened values, and lists.

/// The most similar of some names, if one is similar enough to suggest.
pub fn closest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    const ALIKE: f64 = 0.85;
    // Comparing takes time by the square of the length, and in a document a name may have any.
    const LONGEST: usize = 200;
    if name.len() > LONGEST {
        return None;
    }
    let names = names.filter(|other| other.len() <= LONGEST);
    let likeness = |other: &str| strsim::jaro_winkler(name, other);
    let closest = names.max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(closest) >= ALIKE).then_some(closest)
}

/// `value` as JSON on one line, cut to a length fit for an error.
pub fn shortened(value: &serde_json::Value) -> String {
    const LONGEST: usize = 120;
    cut(value.to_string(), LONGEST)
}

/// `"a" and "b"`; of many, the first ones and how many more there are.
pub fn listed(texts: &[String], separator: &str) -> String {
    const MOST: usize = 20;
    let more = texts.len().saturating_sub(MOST);
    let more = (more > 0).then(|| format!("{more} more"));
    let named = texts.iter().take(MOST).cloned().chain(more);
    named.collect::<Vec<_>>().join(separator)
}

/// A text, cut to so many characters.
pub fn cut(mut text: String, longest: usize) -> String {
    if let Some((at, _)) = text.char_indices().nth(longest) {
        text.truncate(at);
        text.push('…');
    }
    text
}
