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
        let (assumed, given_up) = (self.assumed, self.given_up);
        let meter = self.meter();
        let found = ask(self);
        let is_certain = assumed == self.assumed
            && given_up == self.given_up
            && self.fuel > 0
            && self.spent < ALL_FUEL;
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
        }
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
                    let (told, spent, known) = found(&old, &new, usize::MAX);
                    let without = found(&old, &new, 0);
                    assert_eq!((told, spent, 0), without, "{old}\n{new}");
                    remembered += known;
                    longest = longest.max(spent);
                }
            }
        }
        assert!(remembered > 1000, "{remembered}");
        // Some of it is given up for lack of fuel.
        assert!(longest > 20_000, "{longest}");
    }
}
