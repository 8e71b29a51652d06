//! Asks of conjunctions what may be known of them already.
//!
//! Remembering changes no answer. What relied on an assumption, or was given up, is not
//! remembered. What is remembered costs the fuel that asking again would cost, and is asked
//! again where that would not do.

use super::conjunction::Conjunction;
use super::inclusion::{ALL_FUEL, SchemaComparison};
use super::memory::{Meter, Refusing};
use super::mismatch::Mismatch;

impl<'d> SchemaComparison<'d> {
    /// What is found out of a conjunction and `refusing`, which may be known already.
    pub(super) fn remembered(
        &mut self,
        conjunction: &Conjunction<'d>,
        refusing: Refusing,
        ask: impl FnOnce(&mut Self) -> Vec<Mismatch>,
    ) -> Vec<Mismatch> {
        let number = conjunction.number(&mut self.numbers).order;
        let key = (number, refusing, self.depth, self.is_brief);
        if let Some((found, cost)) = self.memory.get(&key)
            && self.fuel > cost
            && self.spent + u64::from(cost) < ALL_FUEL
        {
            self.fuel -= cost;
            self.spent += u64::from(cost);
            return found.to_vec();
        }
        let meter = self.meter();
        let found = ask(self);
        let is_certain = self.relies_on_nothing(meter) && self.fuel > 0 && self.spent < ALL_FUEL;
        let once = self.memory.paid_once.saturating_sub(meter.paid_once);
        let cost = meter.fuel.saturating_sub(self.fuel).saturating_sub(once);
        if is_certain {
            self.memory.insert(key, &found, cost);
        }
        found
    }

    pub(super) fn meter(&self) -> Meter {
        Meter {
            fuel: self.fuel,
            paid_once: self.memory.paid_once,
            assumed: self.assumed,
            given_up: self.given_up,
        }
    }

    /// Whether nothing was assumed or given up since then.
    pub(super) fn relies_on_nothing(&self, since: Meter) -> bool {
        (since.assumed, since.given_up) == (self.assumed, self.given_up)
    }

    /// Notes that what was spent since then will not be spent again.
    pub(super) fn is_known_now(&mut self, since: Meter) {
        let spent = since.fuel.saturating_sub(self.fuel);
        self.memory.paid_once = since.paid_once.saturating_add(spent);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::SchemaComparison;
    use crate::diff::schema::mismatch::{Mismatch, Reason};
    use crate::diff::schema::node::Side;

    /// What differs between two schemas, and the fuel that was spent on it, where so much may be
    /// remembered.
    fn found(old: &Value, new: &Value, most: usize) -> (Vec<(String, Reason)>, u64, usize) {
        let mut comparison = SchemaComparison::default();
        comparison.memory.most = most;
        let old = comparison.place(Side::Old, old, "", false);
        let new = comparison.place(Side::New, new, "", false);
        let differences = comparison.differences(&[old.unwrap()], &[new.unwrap()]);
        let all = differences.lost.iter().chain(&differences.gained);
        let told = |it: &Mismatch| (comparison.paths.pointer(it.path), Reason::clone(it));
        let told = all.map(told).collect();
        (told, comparison.spent, comparison.memory.len())
    }

    /// What is remembered of their comparison; and that nothing else is found, nor at another cost,
    /// where nothing is remembered.
    fn assert_memory_changes_nothing(old: &Value, new: &Value) -> (usize, u64) {
        let (told, spent, known) = found(old, new, usize::MAX);
        let without = found(old, new, 0);
        assert_eq!((told, spent, 0), without, "{old}\n{new}");
        (known, spent)
    }

    #[test]
    fn what_is_remembered_is_what_asking_again_would_find_at_the_same_cost() {
        let cases = include_str!("../../../tests/diff/cases.json");
        let cases: Vec<Value> = serde_json::from_str(cases).unwrap();
        let (mut remembered, mut longest) = (0, 0);
        for many in [2, 5, 12] {
            for some in cases.chunks(many) {
                let side = |name: &str| some.iter().map(|it| it[name].clone()).collect::<Value>();
                let (old, new) = (side("old"), side("new"));
                for (old, new) in [
                    (json!({"anyOf": old}), json!({"anyOf": new})),
                    (json!({"oneOf": new}), json!({"oneOf": old})),
                    (json!({"anyOf": old}), json!({"oneOf": new})),
                    (
                        json!({"properties": {"a": {"anyOf": old}, "b": {"oneOf": new}}}),
                        json!({"additionalProperties": {"anyOf": new, "oneOf": old}}),
                    ),
                ] {
                    let (known, spent) = assert_memory_changes_nothing(&old, &new);
                    remembered += known;
                    longest = longest.max(spent);
                }
            }
        }
        assert!(remembered > 1000, "{remembered}");
        // Some of it is given up for lack of fuel.
        assert!(longest > 20_000, "{longest}");
    }

    /// How many pairs of schemas are drawn that refer to each other.
    const PAIRS: usize = 20;
    const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

    /// A schema that refers to some of the others; `draw` gives a number below another.
    fn drawn(draw: &mut impl FnMut(usize) -> usize) -> Value {
        let reference = |name: usize| json!({"$ref": format!("#/$defs/{}", NAMES[name])});
        let mut refer = || reference(draw(NAMES.len()));
        let (one, other, third) = (refer(), refer(), refer());
        match draw(9) {
            0 => json!({"anyOf": [one, other, {"const": draw(3)}]}),
            1 => json!({"oneOf": [one, other, third]}),
            2 => json!({"allOf": [one, {"anyOf": [other, third]}]}),
            3 => json!({"properties": {"x": one, "y": other}, "required": ["x"]}),
            4 => json!({"type": "object", "additionalProperties": one, "properties": {"x": other}}),
            5 => json!({"type": "array", "items": one, "minItems": draw(2)}),
            6 => json!({"not": one}),
            7 => json!({"type": ["integer", "null"], "minimum": draw(3)}),
            _ => json!({"enum": [draw(2), draw(3), "x", null]}),
        }
    }

    #[test]
    fn memory_changes_nothing_where_schemas_refer_to_each_other() {
        // Where it starts, 20 pairs are enough to notice that a nested question's fuel is counted
        // for the one around it.
        let mut state = 8_u64;
        let mut draw = |below: usize| {
            // Knuth's generator: any will do, if it is the same each time.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % below
        };
        let mut remembered = 0;
        for _ in 0..PAIRS {
            let mut old =
                json!({"anyOf": NAMES.map(|it| json!({"$ref": format!("#/$defs/{it}")}))});
            for name in NAMES {
                old["$defs"][name] = drawn(&mut draw);
            }
            let mut new = old.clone();
            for _ in 0..=draw(3) {
                let name = NAMES[draw(NAMES.len())];
                new["$defs"][name] = drawn(&mut draw);
            }
            remembered += assert_memory_changes_nothing(&old, &new).0;
        }
        assert!(remembered > 100, "{remembered}");
    }
}
