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
pub(crate) struct SameLength {
    /// The steps to the array.
    array: Vec<Step>,
    /// The steps to the other array.
    other: Vec<Step>,
    /// The JSON pointer to the other array, as it is written.
    pointer: String,
    /// The member that an item of the other array has to have to count.
    counting: Option<String>,
}

impl SameLength {
    /// What the keyword's value has to be.
    pub const FORM: &'static str = "is not like {\"array\": \"/boxes\", \"as\": \"/parts\", \
         \"counting\": \"image\"}, where `counting` may be left out";

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

    /// The names of the members that lead to the array; `None` where some of them may be
    /// indexes.
    pub fn array_members(&self) -> Option<Vec<&str>> {
        let is_member = |step: &Step| step.index.is_none();
        let names = self.array.iter().map(|step| step.name.as_str());
        self.array.iter().all(is_member).then(|| names.collect())
    }

    /// Checks the arrays in `value`, if both are present.
    pub fn check(&self, value: &dyn JsonView, at: Path<'_>, report: &mut Report) -> Option<()> {
        let array = |steps| match follow(value, steps)?.as_json() {
            JsonRef::Array(items) => Some(items),
            _ => None,
        };
        let (Some(items), Some(others)) = (array(&self.array), array(&self.other)) else {
            return Some(());
        };
        let counts = |item: &&dyn JsonView| {
            let counting = self.counting.as_ref();
            counting.is_none_or(|name| item.member(name).is_some())
        };
        let count = others.iter().filter(counts).count();
        match items.count() == count {
            true => Some(()),
            false => self.check_below(&self.array, count, (value, at), report),
        }
    }

    /// Follows `steps` to the array, so that its path is known, and compares its length.
    fn check_below(
        &self,
        steps: &[Step],
        count: usize,
        (value, at): (&dyn JsonView, Path<'_>),
        report: &mut Report,
    ) -> Option<()> {
        if let Some((first, rest)) = steps.split_first() {
            return match step(value, first) {
                Some((value, Some(index))) => {
                    self.check_below(rest, count, (value, at.index(index)), report)
                }
                Some((value, None)) => {
                    self.check_below(rest, count, (value, at.key(&first.name)), report)
                }
                None => Some(()),
            };
        }
        match value.as_json() {
            JsonRef::Array(items) if items.count() != count => {
                let with = match &self.counting {
                    Some(name) => format!(" with `{name}`"),
                    None => String::new(),
                };
                let expected = format_args!(
                    "as many items as {} has{with}, {count} and not {}",
                    self.pointer,
                    items.count()
                );
                report.violation(at, "x-same-length", value, expected)
            }
            _ => Some(()),
        }
    }
}

/// A step of a JSON pointer.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    /// The member that it leads to.
    name: String,
    /// The item that it leads to.
    index: Option<usize>,
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

fn follow<'v>(value: &'v dyn JsonView, steps: &[Step]) -> Option<&'v dyn JsonView> {
    steps
        .iter()
        .try_fold(value, |value, to| step(value, to).map(|(value, _)| value))
}

/// The member or item that a step leads to; with its index, if it is an item.
fn step<'v>(value: &'v dyn JsonView, to: &Step) -> Option<(&'v dyn JsonView, Option<usize>)> {
    match value.as_json() {
        JsonRef::Object(members) => Some((members.member(&to.name)?, None)),
        JsonRef::Array(items) => Some((items.item(to.index?)?, to.index)),
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
