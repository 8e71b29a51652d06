//! `anyOf` and `oneOf`: deciding between alternatives.

use std::any::TypeId;

use crate::validate::alternatives::none_fits;
use crate::validate::report::{Report, TriedPlace};
use crate::value::node::Node;
use crate::value::path::Path;

/// Decodes one alternative.
pub type Alternative<T> = fn(&Node<'_>, Path<'_>, &mut Report) -> Option<T>;

/// The first alternative that accepts `node`.
#[inline]
pub fn any_of<T: 'static>(
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
    alternatives: &[Alternative<T>],
) -> Option<T> {
    match report.only_decides() {
        true => decide(node, at, report, (alternatives, false)),
        false => choose("anyOf", node, at, report, (alternatives, 1)),
    }
}

/// The only alternative that accepts `node`.
#[inline]
pub fn one_of<T: 'static>(
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
    alternatives: &[Alternative<T>],
) -> Option<T> {
    match report.only_decides() {
        true => decide(node, at, report, (alternatives, true)),
        false => choose("oneOf", node, at, report, (alternatives, usize::MAX)),
    }
}

/// The alternative that accepts `node`, where nothing is recorded and no union remembered; none
/// if several do and just one may.
#[inline]
fn decide<T>(
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
    (alternatives, is_exclusive): (&[Alternative<T>], bool),
) -> Option<T> {
    report.enter_alternatives();
    let mut fitting = None;
    for alternative in alternatives {
        let Some(value) = alternative(node, at, report) else {
            continue;
        };
        if fitting.is_some() {
            fitting = None;
            break;
        }
        fitting = Some(value);
        if !is_exclusive {
            break;
        }
    }
    report.leave_alternatives();
    fitting
}

/// The alternative that accepts `node`, if only one of the first `most` that do does.
fn choose<T: 'static>(
    keyword: &'static str,
    node: &Node<'_>,
    at: Path<'_>,
    report: &mut Report,
    (alternatives, most): (&[Alternative<T>], usize),
) -> Option<T> {
    let mut fitting = None;
    // The index is one of those that are counted below.
    let mut try_one = |index: usize, report: &mut Report| {
        let decoded = alternatives[index](node, at, report);
        let fits = decoded.is_some();
        if fits {
            fitting = decoded;
        }
        fits
    };
    let union = Union {
        keyword,
        node,
        at,
        place: (TypeId::of::<T>(), std::ptr::from_ref(node).addr()),
        count: alternatives.len(),
        most,
    };
    let fits = union.choose(report, &mut try_one);
    fitting.filter(|_| fits)
}

/// A value that is to fit an alternative. What is remembered and told of that is compiled once,
/// and not once for each type.
struct Union<'n> {
    keyword: &'static str,
    node: &'n Node<'n>,
    at: Path<'n>,
    place: TriedPlace,
    /// How many alternatives there are.
    count: usize,
    /// How many that accept the value are looked for.
    most: usize,
}

/// Tries the alternative of an index: whether it accepts the value, which is kept then.
type TryOne<'a> = &'a mut dyn FnMut(usize, &mut Report) -> bool;

impl Union<'_> {
    /// Whether an alternative accepts the value, and no other of the first `most`.
    fn choose(&self, report: &mut Report, try_one: TryOne<'_>) -> bool {
        report.enter_alternatives();
        let candidates = match report.tried(self.place) {
            // It was tried before, for an alternative of a value around it.
            Some(Some(index)) => index..index + 1,
            Some(None) if report.ignores_violations() => 0..0,
            _ => 0..self.count,
        };
        let are_all = candidates.len() == self.count;
        let (mut fitting, mut warned, mut count) = (None, None, 0);
        for index in candidates {
            // Warnings count only if the alternative does.
            let mut attempt = report.attempt();
            let fits = try_one(index, &mut attempt);
            report.end_attempt(&mut attempt);
            if fits {
                (fitting, warned) = (Some(index), Some(attempt));
                count += 1;
            }
            if count == self.most {
                break;
            }
        }
        if are_all {
            report.set_tried(self.place, fitting.filter(|_| count == 1));
        }
        match (count, warned) {
            (0, _) => self.explain(report, try_one),
            (1, Some(attempt)) => report.keep_warnings(attempt),
            _ => {
                let expected = format_args!("to fit one alternative, not {count} of them");
                report.record(self.at, self.keyword, self.node, &expected);
            }
        }
        report.leave_alternatives();
        count == 1
    }

    /// Tries every alternative again, to find out why it does not accept the value.
    fn explain(&self, report: &mut Report, try_one: TryOne<'_>) {
        if report.ignores_violations() {
            return;
        }
        let mut failed = Vec::with_capacity(self.count);
        for index in 0..self.count {
            let Some(mut trial) = report.trial() else {
                let expected = "a value that fits one of the alternatives";
                return report.record(self.at, self.keyword, self.node, &expected);
            };
            try_one(index, &mut trial);
            report.end_attempt(&mut trial);
            failed.push(trial);
        }
        none_fits(self.keyword, failed, self.node, self.at, report);
    }
}
