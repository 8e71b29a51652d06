//! JSON and YAML are read as other readers read them, and each place holds its value.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::{Map, Value, json};

use super::{Values, json as read_json, yaml as read_yaml};
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _};

/// How a value may be written: the choices in turn, over and over.
struct Writer<'c> {
    choices: std::iter::Cycle<std::slice::Iter<'c, u8>>,
}

impl Writer<'_> {
    fn choice(&mut self, count: u8) -> u8 {
        self.choices.next().map_or(0, |choice| choice % count)
    }

    fn blank(&mut self) -> &'static str {
        ["", "", " ", "\n", "\t ", "\r\n"][usize::from(self.choice(6))]
    }

    fn json(&mut self, value: &Value) -> String {
        let text = match value {
            Value::String(text) => self.string(text),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.json(item)).collect();
                format!("[{}{}]", items.join(","), self.blank())
            }
            Value::Object(members) => {
                let member = |(name, value): (&String, &Value)| {
                    let name = self.string(name);
                    let (before, after) = (self.blank(), self.blank());
                    format!("{before}{name}{after}:{}", self.json(value))
                };
                let members: Vec<String> = members.iter().map(member).collect();
                format!("{{{}{}}}", members.join(","), self.blank())
            }
            other => other.to_string(),
        };
        format!("{}{text}{}", self.blank(), self.blank())
    }

    fn string(&mut self, text: &str) -> String {
        let written = text.chars().map(|c| match self.choice(8) {
            0 => {
                let mut units = [0; 2];
                let units = c.encode_utf16(&mut units).iter();
                units.map(|unit| format!("\\u{unit:04x}")).collect()
            }
            _ => {
                let plain = Value::from(c.to_string()).to_string();
                plain[1..plain.len() - 1].to_owned()
            }
        });
        format!("\"{}\"", written.collect::<String>())
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c~/%]{0,2}", "[ -~]{0,6}", any::<String>()]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(|number: f64| json!(number)),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        let members = prop::collection::vec((text(), inner.clone()), 0..5);
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(Value::from),
            members.prop_map(|members| Value::Object(Map::from_iter(members))),
        ]
    })
}

/// Checks that the text at the place of each value is that value.
fn places_hold(
    values: &Values,
    text: &str,
    read: &dyn Fn(&str) -> Option<Value>,
) -> Result<(), TestCaseError> {
    let mut pending = vec![(String::new(), &values.json)];
    while let Some((pointer, value)) = pending.pop() {
        let bytes = values.tree.value(&pointer).expect("a place");
        let found = read(&text[bytes]);
        prop_assert_eq!(found.as_ref(), Some(value), "{} in {}", pointer, text);
        match value {
            Value::Array(items) => {
                let below = items.iter().enumerate();
                pending.extend(below.map(|(at, item)| (pointer.child(at), item)));
            }
            Value::Object(members) => {
                let below = members.iter();
                pending.extend(below.map(|(name, member)| (pointer.child(name), member)));
            }
            _ => {}
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn json_is_what_serde_reads(value in value(), choices in prop::collection::vec(any::<u8>(), 1..40)) {
        let mut writer = Writer { choices: choices.iter().cycle() };
        let text = writer.json(&value);
        let expected: Value = serde_json::from_str(&text).expect("JSON");
        let values = read_json(&text).expect("JSON");
        prop_assert_eq!(&values.json, &expected, "{}", text);
        prop_assert!(values.repeated.listed.is_empty());
        places_hold(&values, &text, &|text| serde_json::from_str(text).ok())?;
    }

    #[test]
    fn what_serde_refuses_is_refused(text in "[\\[\\]{}\",:0-9a\\\\.eE+u\\- \u{c}\u{1}tfn]{0,12}") {
        let expected = serde_json::from_str::<Value>(&text).map_err(|error| error.to_string());
        let values = read_json(&text);
        if let Ok(values) = &values {
            prop_assert!(values.tree.value("").is_some(), "{}", text);
        }
        let read = values.map(|values| values.json).map_err(|error| error.to_string());
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn json_is_yaml(value in value()) {
        // YAML does not allow every character of JSON as it is.
        let escaped = |text: String| -> String {
            let escape = |c: char| match c {
                ' '..='~' | '\n' => c.to_string(),
                c => {
                    let mut units = [0; 2];
                    let units = c.encode_utf16(&mut units).iter();
                    units.map(|unit| format!("\\u{unit:04x}")).collect()
                }
            };
            text.chars().map(escape).collect()
        };
        let is_plain = |text: &str| !text.chars().any(|c| c > '\u{ffff}');
        let text = escaped(format!("{value:#}"));
        prop_assume!(is_plain(&value.to_string()));
        let values = read_yaml(&text, 0).expect("YAML");
        let expected: Value = serde_json::from_str(&text).expect("JSON");
        prop_assert_eq!(&values.json, &expected, "{}", text);
        let read = |text: &str| serde_json::from_str(text).ok();
        places_hold(&values, &text, &read)?;
    }

    #[test]
    fn a_member_that_is_planted_again_is_found(
        value in value(),
        at in any::<prop::sample::Index>(),
        choices in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let mut objects = Vec::new();
        let mut pending = vec![(String::new(), &value)];
        while let Some((pointer, value)) = pending.pop() {
            match value {
                Value::Object(members) => {
                    objects.extend((!members.is_empty()).then(|| pointer.clone()));
                    pending.extend(members.iter().map(|(name, value)| (pointer.child(name), value)));
                }
                Value::Array(items) => {
                    let items = items.iter().enumerate();
                    pending.extend(items.map(|(index, value)| (pointer.child(index), value)));
                }
                _ => {}
            }
        }
        prop_assume!(!objects.is_empty());
        let object = at.get(&objects);
        let name = value.value_at(object).and_then(Value::as_object);
        let name = name.and_then(|members| members.keys().next()).expect("a member");
        let again = object.child(name);
        // The member is written first under a name of its own, which is then replaced.
        let mut planted = value.clone();
        let members = planted.pointer_mut(object).and_then(Value::as_object_mut).expect("an object");
        members.insert("PLANTED-HERE".into(), Value::Null);
        let mut writer = Writer { choices: choices.iter().cycle() };
        let plain = planted.to_string().replace("\"PLANTED-HERE\"", &writer.string(name));
        let values = read_json(&plain).expect("JSON");
        let listed = &values.repeated.listed;
        prop_assert_eq!(listed.len(), 1, "{}", plain);
        prop_assert_eq!(&listed[0].pointer, &again, "{}", plain);
        let names = listed[0].names.clone().map(|bytes| serde_json::from_str::<String>(&plain[bytes]).ok());
        prop_assert_eq!(names, [Some(name.clone()), Some(name.clone())]);
        let is_plain = plain.chars().all(|c| matches!(c, ' '..='~'));
        if is_plain && !name.contains("<<") {
            let values = read_yaml(&plain, 0).expect("YAML");
            prop_assert_eq!(&values.repeated.listed[0].pointer, &again, "{}", plain);
        }
    }
}
