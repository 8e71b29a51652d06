//! Why a value fits none of several alternatives.

use crate::validate::report::Report;
use crate::value::json_view::JsonView;
use crate::value::path::Path;

/// Says why no alternative fits, in the words of the one that was meant where
/// that can be told: the only one that finds fault not with the value itself
/// but with a part of it.
pub(crate) fn none_fits(
    keyword: &'static str,
    failed: Vec<Report>,
    value: &dyn JsonView,
    at: Path<'_>,
    report: &mut Report,
) {
    let here = at.to_string();
    let is_meant = |trial: &Report| trial.violations().iter().all(|it| it.pointer != here);
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
    report.note(at, keyword, value, &reasons.join("; or "));
}
