//! A JSON value that borrows what it can from the text it was read from.
//!
//! Decoding goes through this tree rather than through serde's visitors: a
//! schema may look at a value more than once (`anyOf`, `contains`), and an
//! error has to say where in the instance it lies.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::{Number, Value};

use crate::read::Entries;
use crate::view;

/// The key under which serde_json passes a number on when its feature
/// `arbitrary_precision` is switched on anywhere in a build.
const ARBITRARY_PRECISION: &str = "$serde_json::private::Number";

/// A JSON value.
#[derive(Clone, Debug)]
pub enum Node<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Node<'a>>),
    /// An object's members in the order of the text. Of repeated keys the last
    /// one counts, as it does in [`serde_json::Value`].
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// Reads JSON text.
    ///
    /// # Errors
    ///
    /// When `json` is not one well-formed JSON value.
    pub fn parse(json: &'a [u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(json)
    }

    /// What `value` encodes to.
    ///
    /// # Errors
    ///
    /// When `value` has no JSON form, such as a map whose keys aren't strings.
    pub fn encode(value: &impl Serialize) -> serde_json::Result<Node<'static>> {
        serde_json::to_value(value).map(|value| Node::from(&value).into_owned())
    }

    /// The same value, borrowing nothing.
    #[must_use]
    pub fn into_owned(self) -> Node<'static> {
        match self {
            Self::Null => Node::Null,
            Self::Bool(value) => Node::Bool(value),
            Self::Number(value) => Node::Number(value),
            Self::String(value) => Node::String(Cow::Owned(value.into_owned())),
            Self::Array(items) => Node::Array(items.into_iter().map(Node::into_owned).collect()),
            Self::Object(members) => Node::Object(
                members
                    .into_iter()
                    .map(|(key, value)| (Cow::Owned(key.into_owned()), value.into_owned()))
                    .collect(),
            ),
        }
    }

    /// The same value as a [`serde_json::Value`].
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(value) => Value::Number(value.clone()),
            Self::String(value) => Value::String(value.clone().into_owned()),
            Self::Array(items) => items.iter().map(Node::to_value).collect(),
            Self::Object(members) => members
                .iter()
                .map(|(key, value)| (key.clone().into_owned(), value.to_value()))
                .collect(),
        }
    }

    /// The member `key` of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members
                .iter()
                .find(|(found, _)| found == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(value) => Some(value),
            _ => None,
        }
    }

    /// JSON Schema's name for the type of this value.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }
}

impl<'a> From<&'a Value> for Node<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(value) => Self::Number(value.clone()),
            Value::String(value) => Self::String(Cow::Borrowed(value)),
            Value::Array(items) => Self::Array(items.iter().map(Node::from).collect()),
            Value::Object(members) => Self::Object(
                members
                    .iter()
                    .map(|(key, value)| (Cow::Borrowed(key.as_str()), Node::from(value)))
                    .collect(),
            ),
        }
    }
}

/// JSON Schema's equality.
impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        view::same(self, other)
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => value.serialize(serializer),
            Self::String(value) => serializer.serialize_str(value),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(members) => {
                serializer.collect_map(members.iter().map(|(key, value)| (key, value)))
            }
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Node<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Node::of(|read| read.deserialize(deserializer))
    }
}

impl<'de> Node<'de> {
    /// Drops a tree that mostly has nothing to drop.
    #[inline]
    pub(crate) fn discard(self) {
        let has_nothing = match &self {
            Self::Null | Self::Bool(_) | Self::String(Cow::Borrowed(_)) => true,
            // With serde_json's `arbitrary_precision` it is a string.
            Self::Number(_) => !std::mem::needs_drop::<Number>(),
            _ => false,
        };
        match has_nothing {
            true => std::mem::forget(self),
            false => drop(self),
        }
    }

    /// The value that `read` reads, unless it reads nothing.
    pub(crate) fn of<E>(
        read: impl FnOnce(NodeVisitor<'_, 'de>) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut node = Node::Null;
        read(NodeVisitor(&mut node))?;
        Ok(node)
    }
}

/// Reads a value into what is `null` so far: a small result takes less time on its way
/// through the functions of a deserializer than a tree would.
pub(crate) struct NodeVisitor<'p, 'de>(pub &'p mut Node<'de>);

impl<'de> NodeVisitor<'_, 'de> {
    /// Reads an object.
    pub(crate) fn members<A: MapAccess<'de>>(
        self,
        entries: &mut Entries<'de, A>,
    ) -> Result<(), A::Error> {
        let members = entries.members()?;
        self.put(object(members))
    }

    fn put<E>(self, node: Node<'de>) -> Result<(), E> {
        // There is nothing to drop of `null`.
        std::mem::forget(std::mem::replace(self.0, node));
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for NodeVisitor<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeVisitor<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(ANY)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<(), D::Error> {
        self.deserialize(inner)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<(), D::Error> {
        self.deserialize(inner)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.put(Node::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.put(Node::Number(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.put(Node::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        match Number::from_f64(value) {
            Some(number) => self.put(Node::Number(number)),
            None => Err(E::custom(format_args!("{value} is not a JSON number"))),
        }
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<(), E> {
        self.put(Node::String(Cow::Borrowed(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<(), E> {
        self.put(Node::String(Cow::Owned(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        self.put(Node::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        self.members(&mut Entries::of(access)?)
    }
}

/// What a value may be.
pub(crate) const ANY: &str = "a JSON value";

/// The object of `members`, of which there may be several with one key; or the number
/// that it stands for.
pub(crate) fn object<'a>(mut members: Vec<(Cow<'a, str>, Node<'a>)>) -> Node<'a> {
    if let [(key, Node::String(digits))] = &members[..]
        && may_be_precise(key)
        && let Ok(number) = digits.parse()
    {
        return Node::Number(number);
    }
    keep_last_of_repeated(&mut members);
    Node::Object(members)
}

/// Whether an object whose member is `key` may stand for a number.
pub(crate) fn may_be_precise(key: &str) -> bool {
    // Without the feature such a number is an infinity, which JSON does not have.
    key == ARBITRARY_PRECISION && "1e999".parse::<Number>().is_ok()
}

fn keep_last_of_repeated(members: &mut Vec<(Cow<'_, str>, Node<'_>)>) {
    /// Up to so many members comparing each with each is quicker than a map.
    const FEW: usize = 16;
    if members.len() <= FEW {
        let mut at = 0;
        while at < members.len() {
            let (key, later) = (&members[at].0, &members[at + 1..]);
            if later.iter().any(|(other, _)| other == key) {
                members.remove(at);
            } else {
                at += 1;
            }
        }
        return;
    }
    let mut last = std::collections::HashMap::with_capacity(members.len());
    for (at, (key, _)) in members.iter().enumerate() {
        last.insert(key.clone(), at);
    }
    if last.len() < members.len() {
        let mut at = 0;
        members.retain(|(key, _)| {
            at += 1;
            last.get(key) == Some(&(at - 1))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::Node;

    fn node(json: &str) -> Node<'_> {
        Node::parse(json.as_bytes()).expect(json)
    }

    #[test]
    fn equality_is_json_schemas() {
        let equal = [
            ("1", "1.0"),
            ("-0.0", "0"),
            ("1e2", "100"),
            (r#"{"a":1,"b":[2]}"#, r#"{"b":[2.0],"a":1}"#),
            (r#""\u0041""#, r#""A""#),
        ];
        for (a, b) in equal {
            assert_eq!(node(a), node(b));
        }
        let different = [
            ("1", "true"),
            ("0", "false"),
            ("null", "0"),
            ("[1,2]", "[2,1]"),
            (r#"{"a":1}"#, r#"{"a":1,"b":1}"#),
            ("9007199254740993", "9007199254740992.0"),
            ("18446744073709551615", "18446744073709551615.0"),
        ];
        for (a, b) in different {
            assert_ne!(node(a), node(b));
        }
    }

    #[test]
    fn the_last_of_repeated_keys_counts() {
        assert_eq!(node(r#"{"a":1,"b":2,"a":3}"#), node(r#"{"b":2,"a":3}"#));
        let many: Vec<String> = (0..40).map(|n| format!("\"k{}\":{n}", n % 20)).collect();
        let text = format!("{{{}}}", many.join(","));
        let value: serde_json::Value = serde_json::from_str(&text).expect("an object");
        assert_eq!(node(&text).to_value(), value);
    }

    #[test]
    fn text_is_borrowed() {
        use std::borrow::Cow;
        assert!(matches!(node(r#""a""#), Node::String(Cow::Borrowed("a"))));
        assert!(matches!(node(r#""\n""#), Node::String(Cow::Owned(_))));
    }
}
