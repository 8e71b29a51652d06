//! What was probably meant by a misspelt name.

/// How similar a name must be to be suggested, from 0 to 1.
const SIMILAR: f64 = 0.8;

/// No name is as long, in bytes. Comparing takes time by the square of the length, and in a
/// request a name may have any.
const LONGEST: usize = 200;

/// The names most like `given`, the nearest first, at most so many.
pub fn nearest<'a>(given: &str, names: impl Iterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    if given.len() > LONGEST {
        return Vec::new();
    }
    let similarity = |name: &str| strsim::jaro_winkler(&given.to_lowercase(), &name.to_lowercase());
    let mut ranked: Vec<_> = names.map(|name| (similarity(name), name)).collect();
    ranked.retain(|(similarity, _)| *similarity >= SIMILAR);
    ranked.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mut nearest: Vec<&str> = Vec::new();
    for (_, name) in ranked {
        if nearest.len() < most && !nearest.contains(&name) {
            nearest.push(name);
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_what_is_like_it_is_suggested() {
        let names = ["prompt", "size", "seed", "negative_prompt"];
        let cases: [(&str, &[&str]); 5] = [
            ("promt", &["prompt"]),
            ("SEDE", &["seed"]),
            ("sede", &["seed"]),
            ("frobnicate", &[]),
            ("", &[]),
        ];
        for (given, expected) in cases {
            assert_eq!(nearest(given, names.into_iter(), 2), expected, "{given}");
        }
        let endless = "prompt".repeat(1 << 20);
        assert!(nearest(&endless, [&*endless].into_iter(), 2).is_empty());
    }
}
