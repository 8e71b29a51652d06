//! Our own `x-same-length`: two arrays in one value are equally long.

use jsonptr::Pointer;
use jsonptr::index::Index;
use serde_json::Value;

use crate::validate::report::Report;
use crate::value::json_view::{JsonRef, JsonView};
use crate::value::path::Path;

/// `x-same-length`: an array has as many items as another one, or as another one has items
/// with a certain member.
#[derive(Debug, PartialEq, Eq)]
pub struct SameLength {
    /// The steps to the array.
    pub array: Vec<Step>,
    /// The steps to the other array.
    pub other: Vec<Step>,
    /// The JSON pointer to the other array, as it is written.
    pointer: String,
    /// The member that an item of the other array has to have to count.
    pub counting: Option<String>,
}

impl SameLength {
    /// What the keyword's value has to be.
    pub(crate) const FORM: &'static str = "is not like {\"array\": \"/boxes\", \"as\": \"/parts\", \
         \"counting\": \"image\"}, where `counting` may be left out";

    /// `None` where the keyword's value is not as [`FORM`](Self::FORM) shows.
    #[must_use]
    pub fn from_keyword(value: &Value) -> Option<Self> {
        let members = value.as_object()?;
        let text = |name| members.get(name).and_then(Value::as_str);
        let counting = text("counting").map(str::to_owned);
        let is_whole = members.len() == 2 + usize::from(counting.is_some());
        let pointer = text("as").filter(|_| is_whole)?;
        Some(Self {
            array: steps(text("array")?)?,
            other: steps(pointer)?,
            pointer: pointer.to_owned(),
            counting,
        })
    }

    /// Checks the arrays in `value`, if both are present.
    pub(crate) fn check(
        &self,
        value: &dyn JsonView,
        at: Path<'_>,
        report: &mut Report,
    ) -> Option<()> {
        let follow = |steps: &[Step]| {
            let mut steps = steps.iter();
            steps.try_fold(value, |value, to| step(value, &to.name, to.index))
        };
        let counting = self.counting.as_deref();
        match have_same_length(follow(&self.array), || follow(&self.other), counting) {
            Ok(()) => Some(()),
            Err(count) => self.tell(&self.array, count, (value, at), report),
        }
    }

    /// Follows `steps` to the array, so that its path is known, and tells how long it should be.
    fn tell(
        &self,
        steps: &[Step],
        count: usize,
        (value, at): (&dyn JsonView, Path<'_>),
        report: &mut Report,
    ) -> Option<()> {
        let json = value.as_json();
        if let Some((first, rest)) = steps.split_first()
            && let Some(next) = step(value, &first.name, first.index)
        {
            let at = match (&json, first.index) {
                (JsonRef::Array(_), Some(index)) => at.index(index),
                _ => at.key(&first.name),
            };
            return self.tell(rest, count, (next, at), report);
        }
        let found = match json {
            JsonRef::Array(items) => items.count(),
            _ => 0,
        };
        let with = match &self.counting {
            Some(name) => format!(" with `{name}`"),
            None => String::new(),
        };
        let pointer = &self.pointer;
        let expected =
            format_args!("as many items as {pointer} has{with}, {count} and not {found}");
        report.violation(at, "x-same-length", value, expected)
    }
}

/// Whether two values, if both are arrays, are equally long; otherwise how long the first should
/// be. Of the other one items count that have the member `counting`.
#[inline]
pub(crate) fn have_same_length<'v>(
    array: Option<&'v dyn JsonView>,
    other: impl FnOnce() -> Option<&'v dyn JsonView>,
    counting: Option<&str>,
) -> Result<(), usize> {
    let Some(JsonRef::Array(items)) = array.map(JsonView::as_json) else {
        return Ok(());
    };
    let Some(JsonRef::Array(others)) = other().map(JsonView::as_json) else {
        return Ok(());
    };
    let counts = |item: &&dyn JsonView| counting.is_none_or(|name| item.member(name).is_some());
    let count = others.iter().filter(counts).count();
    match items.count() == count {
        true => Ok(()),
        false => Err(count),
    }
}

/// A step of a JSON pointer.
#[derive(Debug, PartialEq, Eq)]
pub struct Step {
    /// The member that it leads to.
    pub name: String,
    /// The item that it leads to.
    pub index: Option<usize>,
}

/// The steps of a JSON pointer.
fn steps(pointer: &str) -> Option<Vec<Step>> {
    let tokens = Pointer::parse(pointer).ok()?.tokens();
    let steps = tokens.map(|token| Step {
        name: token.decoded().into_owned(),
        index: match token.to_index() {
            Ok(Index::Num(index)) => Some(index),
            _ => None,
        },
    });
    Some(steps.collect())
}

/// The member or item that a step leads to.
#[inline]
pub(crate) fn step<'v>(
    value: &'v dyn JsonView,
    name: &str,
    index: Option<usize>,
) -> Option<&'v dyn JsonView> {
    match value.as_json() {
        JsonRef::Object(members) => members.member(name),
        JsonRef::Array(items) => items.item(index?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::SameLength;
    use crate::validate::report::Report;
    use crate::value::node::Node;
    use crate::value::path::Path;

    fn fault(rule: &Value, value: &Value) -> String {
        let mut report = Report::default();
        let same = SameLength::from_keyword(rule).expect("a rule");
        let checked = same.check(&Node::from(value), Path::ROOT, &mut report);
        let found = report.violations().first();
        assert_eq!(checked.is_none(), found.is_some());
        let said = found.map(|violation| format!("{}: {}", violation.pointer, violation.expected));
        said.unwrap_or_default()
    }

    #[test]
    fn two_arrays_have_as_many_items() {
        let rule = json!({"array": "/p/boxes", "as": "/parts/0/c~1d", "counting": "image"});
        let value =
            |boxes: Value, parts: Value| json!({"p": {"boxes": boxes}, "parts": [{"c/d": parts}]});
        let part = json!({"image": null});
        let fine = [
            value(json!([]), json!([])),
            value(json!([1]), json!([{"text": ""}, part])),
            value(json!([1, 2]), json!([part, part])),
            value(json!(5), json!([part])),
            value(json!([1, 2]), json!("no array")),
            json!({"p": {}, "parts": [{"c/d": [part]}]}),
            json!({"p": {"boxes": [1]}}),
            json!([1]),
        ];
        for value in fine {
            assert_eq!(fault(&rule, &value), "", "{value}");
        }
        assert_eq!(
            fault(&rule, &value(json!([1]), json!([part, part, 5]))),
            "/p/boxes: as many items as /parts/0/c~1d has with `image`, 2 and not 1"
        );
        let rule = json!({"array": "/1", "as": "/0"});
        assert_eq!(fault(&rule, &json!([[1], [2]])), "");
        assert_eq!(
            fault(&rule, &json!([[1, 1], []])),
            "/1: as many items as /0 has, 2 and not 0"
        );
        let rule = json!({"array": "/01", "as": "/0"});
        assert_eq!(fault(&rule, &json!([[1, 1], []])), "");
    }

    #[test]
    fn other_values_are_no_rule() {
        for value in [
            json!(null),
            json!({"array": "/a"}),
            json!({"as": "/a"}),
            json!({"array": "a", "as": "/b"}),
            json!({"array": "/a", "as": 5}),
            json!({"array": "/a", "as": "/b", "counting": 5}),
            json!({"array": "/a", "as": "/b", "with": "c"}),
        ] {
            assert_eq!(SameLength::from_keyword(&value), None, "{value}");
        }
    }
}
