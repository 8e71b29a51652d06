//! Hashes of JSON values: what JSON Schema calls equal has the same.

use std::hash::{BuildHasher as _, Hash as _, Hasher as _, RandomState};

use serde_json::Number;

use crate::value::json_view::{JsonRef, JsonView};
use crate::value::number;

/// Hashes JSON values, differently each time that one is made: nobody can choose values
/// with equal hashes.
#[derive(Default)]
pub(crate) struct JsonHasher(RandomState);

impl JsonHasher {
    /// The hash of a value. `1` and `1.0` have the same, and so have objects whose members
    /// are in another order.
    pub fn hash(&self, value: &dyn JsonView) -> u64 {
        match value.as_json() {
            JsonRef::Null => 0,
            JsonRef::Bool(value) => self.0.hash_one(value),
            JsonRef::Number(value) => self.number(&value),
            JsonRef::String(text) => self.0.hash_one(&*text),
            JsonRef::Array(items) => {
                let mut hasher = self.0.build_hasher();
                for item in items.iter() {
                    hasher.write_u64(self.hash(item));
                }
                hasher.finish()
            }
            JsonRef::Object(members) => {
                let mut sum = self.0.hash_one('{');
                members.for_each(&mut |name, value| {
                    sum = sum.wrapping_add(self.0.hash_one((name, self.hash(value))));
                });
                sum
            }
        }
    }

    fn number(&self, number: &Number) -> u64 {
        let mut hasher = self.0.build_hasher();
        match number::whole(number) {
            Some(whole) => whole.hash(&mut hasher),
            None => number::float(number).to_bits().hash(&mut hasher),
        }
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::JsonHasher;
    use crate::value::node::Node;

    #[test]
    fn what_is_equal_has_the_same_hash() {
        let equal = [
            ("1", "1.0"),
            ("-0.0", "0"),
            ("1e2", "100"),
            ("1e300", "10e299"),
            ("0.5", "5e-1"),
            (
                "123456789012345680000000000000",
                "123456789012345680000000000000.0",
            ),
            (r#"{"a":1,"b":[2]}"#, r#"{"b":[2.0],"a":1}"#),
            (r#""\u0041""#, r#""A""#),
        ];
        let hasher = JsonHasher::default();
        for (a, b) in equal {
            let [a, b] = [a, b].map(|text| Node::parse(text.as_bytes()).expect(text));
            assert_eq!(a, b);
            assert_eq!(hasher.hash(&a), hasher.hash(&b), "{a:?} {b:?}");
        }
        let others = [
            "[1,2]", "[2,1]", "[[1],2]", "{}", "[]", "\"\"", "0", "1", "false",
        ];
        for (at, a) in others.iter().enumerate() {
            for b in &others[..at] {
                let [a, b] = [a, b].map(|text| Node::parse(text.as_bytes()).expect(text));
                assert_ne!(hasher.hash(&a), hasher.hash(&b), "{a:?} {b:?}");
            }
        }
    }
}
