//! Why no alternative accepts a value.

use crate::validate::report::{Report, Violation};
use crate::value::json_view::{JsonRef, JsonView};
use crate::value::path::Path;

/// Reports why no alternative accepts `value`. Where one was meant, its violations are
/// reported: the only one whose tags are right, if others refuse a tag; or the only one that
/// complains about parts of the value and not about the value itself. Where none was, those of
/// the one that comes nearest are, if one does.
pub(crate) fn none_fits(
    keyword: &'static str,
    failed: Vec<Report>,
    value: &dyn JsonView,
    at: Path<'_>,
    report: &mut Report,
) {
    let here = at.to_string();
    if let Some(meant) = meant(&failed, &here) {
        failed
            .into_iter()
            .skip(meant)
            .take(1)
            .for_each(|trial| report.extend(trial));
        return;
    }
    if let Some(nearest) = nearest(&failed, &here, value) {
        let (count, number) = (failed.len(), nearest + 1);
        let expected =
            format!("one of {count} alternatives, of which number {number} comes nearest");
        report.record(at, keyword, value, &expected);
        failed
            .into_iter()
            .skip(nearest)
            .take(1)
            .for_each(|trial| report.extend(trial));
        return;
    }
    report.record(at, keyword, value, &reasons(&failed, &here));
}

/// What the alternatives expect, each of it once, with the first place that it is missing at: the
/// first by name, for the members of an object may come in any order.
fn reasons(failed: &[Report], here: &str) -> String {
    /// More are not read.
    const MOST: usize = 20;
    let mut seen: Vec<&str> = Vec::new();
    let mut told: Vec<String> = Vec::new();
    for trial in failed {
        let mut all: Vec<&Violation> = trial.violations().iter().collect();
        all.sort_by(|one, other| one.pointer.cmp(&other.pointer));
        for violation in all {
            if seen.contains(&violation.expected.as_str()) {
                continue;
            }
            if seen.len() == MOST {
                told.push("something else".to_owned());
                return told.join("; or ");
            }
            seen.push(&violation.expected);
            let below = violation.pointer.strip_prefix(here);
            told.push(match below.and_then(|below| below.strip_prefix('/')) {
                Some(below) => format!("{} at /{below}", violation.expected),
                None => violation.expected.clone(),
            });
        }
    }
    told.join("; or ")
}

/// The alternative with the fewest violations, of those that an object or an array is of the type
/// of; none where several have as few.
fn nearest(failed: &[Report], here: &str, value: &dyn JsonView) -> Option<usize> {
    if !matches!(value.as_json(), JsonRef::Object(_) | JsonRef::Array(_)) {
        return None;
    }
    let of_type = || {
        let all = failed.iter().enumerate();
        all.filter(|(_, trial)| is_of_type(trial, here))
            .map(|(index, trial)| (trial.violations().len(), index))
    };
    let (fewest, index) = of_type().min()?;
    let is_alone = of_type().filter(|(count, _)| *count == fewest).count() == 1;
    // Where there is no other, what all expect says as much.
    (is_alone && of_type().count() > 1).then_some(index)
}

/// Whether an alternative is of the type that a value has.
fn is_of_type(trial: &Report, here: &str) -> bool {
    let mut violations = trial.violations().iter();
    violations.all(|violation| violation.pointer != here || violation.keyword != "type")
}

/// The alternative that was meant, of those that failed for these reasons.
fn meant(failed: &[Report], here: &str) -> Option<usize> {
    let has_right_tags = |trial: &&Report| {
        let mut violations = trial.violations().iter();
        !violations.any(|violation| {
            let is_constant = matches!(violation.keyword, "const" | "enum");
            is_constant && is_member(&violation.pointer, here)
        })
    };
    let complains_of_parts = |trial: &&Report| {
        let mut violations = trial.violations().iter();
        violations.all(|violation| violation.pointer != here)
    };
    let only = |is_it: &dyn Fn(&&Report) -> bool| {
        let mut found = failed.iter().enumerate().filter(|(_, trial)| is_it(trial));
        let (index, _) = found.next()?;
        found.next().is_none().then_some(index)
    };
    let are_tagged = failed.iter().any(|trial| !has_right_tags(&trial));
    let by_tag =
        are_tagged.then(|| only(&|trial| is_of_type(trial, here) && has_right_tags(trial)));
    by_tag.flatten().or_else(|| only(&complains_of_parts))
}

/// Whether a place is a member of what is at another.
fn is_member(place: &str, around: &str) -> bool {
    let step = place.strip_prefix(around);
    step.and_then(|step| step.strip_prefix('/'))
        .is_some_and(|step| !step.contains('/'))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::validate::guard::{Guard, SchemaText};
    use crate::validate::rules::draft::Draft;
    use crate::value::node::Node;
    use crate::value::path::Path;

    const SHAPES: &str = r#"{"oneOf": [
        {"type": "object", "required": ["kind", "radius"], "properties": {
            "kind": {"const": "circle"}, "radius": {"type": "number"}}},
        {"type": "object", "required": ["kind", "side"], "properties": {
            "kind": {"enum": ["square", "cube"]}, "side": {"type": "number"}}},
        {"type": "null"}
    ]}"#;

    #[test]
    fn the_alternative_with_the_right_tag_is_told() {
        static GUARD: Guard = Guard::new(SchemaText::new(SHAPES), "", Draft::Latest);
        let told = |value: Value| {
            let mut report = super::Report::default();
            let checked = GUARD.check(&Node::from(&value), Path::ROOT, &mut report);
            report.conclude(checked).expect_err("no shape").to_string()
        };
        let cases = [
            (
                json!({"kind": "circle"}),
                r#"(root): required: expected the field "radius", found {"kind":"circle"}"#,
            ),
            (
                json!({"kind": "cube", "side": "a", "radius": 1}),
                r#"/side: type: expected a number, found "a""#,
            ),
            (
                json!({"kind": "line"}),
                r#"(root): oneOf: expected the field "radius"; or "circle" at /kind; or the field "side"; or one of "square", "cube" at /kind; or null, found {"kind":"line"}"#,
            ),
            (
                json!(1),
                "(root): oneOf: expected an object; or null, found 1",
            ),
        ];
        for (value, expected) in cases {
            assert_eq!(told(value.clone()), expected, "{value}");
        }
    }

    #[test]
    fn what_several_ways_lead_to_is_told_once() {
        const TWICE: &str = r##"{
            "allOf": [
                {"properties": {"n": {"maximum": 4}}, "required": ["m"]},
                {"properties": {"n": {"maximum": 4}}, "required": ["m"]},
                {"properties": {"n": {"enum": []}}}
            ],
            "if": true,
            "then": {"properties": {"n": {"maximum": 4}}}
        }"##;
        static GUARD: Guard = Guard::new(SchemaText::new(TWICE), "", Draft::Latest);
        let mut report = super::Report::default();
        let value = Node::from(&json!({"n": 9})).into_owned();
        let checked = GUARD.check(&value, Path::ROOT, &mut report);
        let told = report.conclude(checked).expect_err("too many");
        let mut told: Vec<String> = told.violations().iter().map(ToString::to_string).collect();
        told.sort_unstable();
        let expected = [
            r#"(root): required: expected the field "m", found {"n":9}"#,
            "/n: enum: expected no value at all, found 9",
            "/n: maximum: expected at most 4, found 9",
        ];
        assert_eq!(told, expected);
    }

    const PETS: &str = r#"{
        "x-tags": {"property": "kind", "values": {"cat": 0, "dog": 1}},
        "oneOf": [
            {"type": "object", "required": ["kind", "lives"]},
            {"type": "object", "required": ["kind", "tricks", "age"]}
        ]
    }"#;

    #[test]
    fn a_tag_that_names_an_alternative_means_it() {
        static GUARD: Guard = Guard::new(SchemaText::new(PETS), "", Draft::Latest);
        let told = |value: Value| {
            let mut report = super::Report::default();
            let checked = GUARD.check(&Node::from(&value), Path::ROOT, &mut report);
            report.conclude(checked).expect_err("no pet").to_string()
        };
        assert_eq!(
            told(json!({"kind": "dog", "tricks": 3})),
            r#"(root): required: expected the field "age", found {"kind":"dog","tricks":3}"#
        );
        assert_eq!(
            told(json!({"kind": "bird"})),
            r#"(root): oneOf: expected one of 2 alternatives, of which number 1 comes nearest, found {"kind":"bird"}; (root): required: expected the field "lives", found {"kind":"bird"}"#
        );
        // What it restricts is the same.
        let fits = Node::from(&json!({"kind": "dog", "lives": 7})).into_owned();
        assert!(GUARD.accepts(&fits));
    }

    /// The members of an object come in any order, and what is told is the same.
    #[test]
    fn what_alternatives_expect_is_told_in_one_order() {
        const CLOSED: &str = r#"{"oneOf": [
            {"type": "object", "properties": {"c": {}, "e": {"type": "string"}},
                "additionalProperties": false},
            {"type": "object", "properties": {"d": {}, "e": {"type": "string"}},
                "additionalProperties": false}
        ]}"#;
        static GUARD: Guard = Guard::new(SchemaText::new(CLOSED), "", Draft::Latest);
        let told = |text: &str| {
            let mut report = super::Report::default();
            let value = Node::parse(text.as_bytes()).expect("JSON");
            let checked = GUARD.check(&value, Path::ROOT, &mut report);
            let error = report.conclude(checked).expect_err("no shape").to_string();
            error.split(", found ").next().map(str::to_owned)
        };
        let expected = "(root): oneOf: expected no such field at /a; or a string at /e";
        assert_eq!(told(r#"{"a":1,"b":2,"e":3}"#).as_deref(), Some(expected));
        assert_eq!(told(r#"{"e":3,"b":2,"a":1}"#).as_deref(), Some(expected));
    }
}
