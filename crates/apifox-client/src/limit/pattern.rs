//! Looks names up in a table of patterns.

/// The row whose pattern matches `name`: the one that is the name, else the one with the
/// longest start.
///
/// A pattern is a name, or the start of names with a `*` behind it; in `Name.*` the dot
/// belongs to the start. Of two rows with the same pattern the first one counts.
pub fn find_pattern<'a, R>(
    rows: &'a [R],
    pattern: impl Fn(&R) -> &str,
    name: &str,
) -> Option<&'a R> {
    let exact = rows.iter().find(|row| pattern(row) == name);
    exact.or_else(|| {
        let matching = rows.iter().rev().filter_map(|row| {
            let start = pattern(row).strip_suffix('*')?;
            name.starts_with(start).then_some((start.len(), row))
        });
        matching
            .max_by_key(|(length, _)| *length)
            .map(|(_, row)| row)
    })
}

#[cfg(test)]
mod tests {
    use super::find_pattern;

    #[test]
    fn the_exact_name_decides_then_the_longest_start() {
        let rows = [("A*", 1), ("A.*", 2), ("A", 3), ("A.B.*", 4), ("A*", 5)];
        let cases = [
            ("A", Some(3)),
            ("AB", Some(1)),
            ("A.", Some(2)),
            ("A.B", Some(2)),
            ("A.B.C", Some(4)),
            ("B", None),
            ("", None),
        ];
        for (name, expected) in cases {
            let found = find_pattern(&rows, |row| row.0, name).map(|row| row.1);
            assert_eq!(found, expected, "{name}");
        }
    }
}
