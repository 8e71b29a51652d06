//! `anyOf` and `oneOf`: deciding between alternatives.

use std::any::TypeId;

use crate::validate::alternatives::none_fits;
use crate::validate::report::{Report, TriedPlace};
use crate::value::node::Node;
use crate::value::path::Path;

/// Decodes one alternative.
pub type Alternative<T> = fn(&Node<'_>, Path<'_>, &mut Report) -> Option<T>;

/// The first alternative that accepts `node`.
pub fn any_of<T: 'static>(
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
    alternatives: &[Alternative<T>],
) -> Option<T> {
    choose("anyOf", node, at, report, (alternatives, 1))
}

/// The only alternative that accepts `node`.
pub fn one_of<T: 'static>(
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
    alternatives: &[Alternative<T>],
) -> Option<T> {
    choose("oneOf", node, at, report, (alternatives, usize::MAX))
}

/// The alternative that accepts `node`, if only one of the first `most` that do does.
fn choose<T: 'static>(
    keyword: &'static str,
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
    (alternatives, most): (&[Alternative<T>], usize),
) -> Option<T> {
    let place: TriedPlace = (TypeId::of::<T>(), std::ptr::from_ref(node).addr());
    report.enter_alternatives();
    let candidates = match report.tried(place) {
        // It was tried before, for an alternative of a value around it.
        Some(Some(index)) => &alternatives[index..=index],
        Some(None) if report.ignores_violations() => &[],
        _ => alternatives,
    };
    let (mut fitting, mut warned) = (None, None);
    let mut count = 0;
    for (index, alternative) in candidates.iter().enumerate() {
        // Warnings count only if the alternative does.
        let mut attempt = (!report.records_nothing()).then(|| report.attempt());
        let decoded = alternative(node, at, attempt.as_mut().unwrap_or(report));
        if let Some(attempt) = &mut attempt {
            report.end_attempt(attempt);
        }
        if let Some(value) = decoded {
            fitting = Some((value, index));
            warned = attempt;
            count += 1;
        }
        if count == most {
            break;
        }
    }
    if candidates.len() == alternatives.len() {
        let only = fitting.as_ref().filter(|_| count == 1);
        report.set_tried(place, only.map(|(_, index)| *index));
    }
    let chosen = match fitting {
        None => why_none(keyword, node, at, report, alternatives),
        Some((value, _)) if count == 1 => {
            if let Some(attempt) = warned {
                report.keep_warnings(attempt);
            }
            Some(value)
        }
        Some(_) => {
            let expected = format_args!("to fit one alternative, not {count} of them");
            report.violation(at, keyword, node, expected)
        }
    };
    report.leave_alternatives();
    chosen
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
        let Some(mut trial) = report.trial() else {
            let expected = "a value that fits one of the alternatives";
            return report.violation(at, keyword, node, expected);
        };
        let _ = alternative(node, at, &mut trial);
        report.end_attempt(&mut trial);
        failed.push(trial);
    }
    none_fits(keyword, failed, node, at, report);
    None
}
