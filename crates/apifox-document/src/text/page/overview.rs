//! The overview of a page: a table in Markdown, or lines of a label and a value.

use super::json::quoted;

/// The rows of the overview, with the key each has in a project export.
///
/// `Method` and `Path` are left out: the page's second line has them.
const OVERVIEW: [(&str, &str); 4] = [
    ("Type", "type"),
    ("Status", "status"),
    ("Module", "moduleId"),
    ("Folder", "folderId"),
];

/// The members of the endpoint object that an overview holds, as JSON.
pub(super) fn overview(lines: &[&str]) -> Vec<(&'static str, String)> {
    OVERVIEW
        .iter()
        .filter_map(|(label, key)| {
            let value = lines.iter().find_map(|line| overview_value(line, label))?;
            let is_number = serde_json::from_str::<serde_json::Number>(value).is_ok();
            Some((
                *key,
                if is_number {
                    value.to_owned()
                } else {
                    quoted(value)
                },
            ))
        })
        .collect()
}

/// The value of the row `| Label | value |` or of the line `Labelvalue`.
pub(super) fn overview_value<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    let line = line.trim();
    match line.strip_prefix('|') {
        Some(row) => {
            let (found, value) = row.strip_suffix('|')?.split_once('|')?;
            (found.trim() == label).then(|| value.trim())
        }
        None => line.strip_prefix(label).map(str::trim),
    }
}
