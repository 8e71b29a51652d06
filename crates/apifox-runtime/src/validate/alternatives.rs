//! Why no alternative accepts a value.

use crate::validate::report::Report;
use crate::value::json_view::JsonView;
use crate::value::path::Path;

/// Reports why no alternative accepts `value`. Where exactly one alternative complains
/// about parts of the value only and not about the value itself, that one was meant, and
/// its violations are reported.
pub(crate) fn none_fits(
    keyword: &'static str,
    failed: Vec<Report>,
    value: &dyn JsonView,
    at: Path<'_>,
    report: &mut Report,
) {
    let here = at.to_string();
    let is_meant = |trial: &Report| {
        trial
            .violations()
            .iter()
            .all(|violation| violation.pointer != here)
    };
    if failed.iter().filter(|trial| is_meant(trial)).count() == 1 {
        failed
            .into_iter()
            .filter(is_meant)
            .for_each(|trial| report.extend(trial));
        return;
    }
    let mut reasons: Vec<&str> = Vec::new();
    for violation in failed.iter().flat_map(Report::violations) {
        if !reasons.contains(&violation.expected.as_str()) {
            reasons.push(&violation.expected);
        }
    }
    report.record(at, keyword, value, &reasons.join("; or "));
}
