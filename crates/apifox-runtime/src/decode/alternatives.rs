//! `anyOf` and `oneOf`: deciding between alternatives.

use crate::validate::alternatives::none_fits;
use crate::validate::report::Report;
use crate::value::node::Node;
use crate::value::path::Path;

/// Decodes one alternative.
pub type Alternative<T> = fn(&Node<'_>, Path<'_>, &mut Report) -> Option<T>;

/// The first alternative that accepts `node`.
pub fn any_of<T>(
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
    alternatives: &[Alternative<T>],
) -> Option<T> {
    if report.records_nothing() {
        return alternatives
            .iter()
            .find_map(|decode| decode(node, at, report));
    }
    for alternative in alternatives {
        let mut attempt = report.attempt();
        if let Some(value) = alternative(node, at, &mut attempt) {
            report.keep_warnings(attempt);
            return Some(value);
        }
    }
    why_none("anyOf", node, at, report, alternatives)
}

/// The only alternative that accepts `node`.
pub fn one_of<T>(
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
    alternatives: &[Alternative<T>],
) -> Option<T> {
    let mut fitting = None;
    let mut count = 0;
    for alternative in alternatives {
        let mut attempt = report.attempt();
        if let Some(value) = alternative(node, at, &mut attempt) {
            fitting = Some((value, attempt));
            count += 1;
        }
    }
    match fitting {
        None => why_none("oneOf", node, at, report, alternatives),
        Some((value, attempt)) if count == 1 => {
            report.keep_warnings(attempt);
            Some(value)
        }
        Some(_) => {
            let expected = format_args!("to fit one alternative, not {count} of them");
            report.violation(at, "oneOf", node, expected)
        }
    }
}

/// Tries every alternative again, to find out why it does not accept `node`.
fn why_none<T>(
    keyword: &'static str,
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
    alternatives: &[Alternative<T>],
) -> Option<T> {
    if report.ignores_violations() {
        return None;
    }
    let mut failed = Vec::with_capacity(alternatives.len());
    for alternative in alternatives {
        let mut trial = Report::default();
        let _ = alternative(node, at, &mut trial);
        failed.push(trial);
    }
    none_fits(keyword, failed, node, at, report);
    None
}
