//! What is asked by way of other schemas: all, any or one of them, or none.

use super::flat::Flat;
use super::goals::Goal;
use super::include::Comparison;
use super::kinds::Kinds;
use super::node::{Id, Literal};
use super::obstacle::{Obstacle, What};

/// As many obstacles as are worth telling of the alternative that comes closest.
const CLOSE: usize = 3;

impl<'d> Comparison<'d> {
    pub(super) fn of_logic(&mut self, flat: &Flat<'d>, goal: Goal<'d, '_>) -> Vec<Obstacle> {
        match goal.keyword {
            "$ref" => {
                let target = goal.value.as_str();
                match target.and_then(|it| self.nodes.target(goal.schema, it)) {
                    Some(target) => self.holds(flat, target),
                    None => goal.missed(flat, What::Unclear("the reference leads nowhere")),
                }
            }
            "allOf" => {
                let parts = self.nodes.list(goal.schema, "allOf").into_iter();
                parts.flat_map(|it| self.holds(flat, it)).collect()
            }
            "anyOf" => {
                let ids = self.nodes.list(goal.schema, "anyOf");
                self.any(flat, &ids, goal.schema)
            }
            "oneOf" => self.one(flat, goal),
            "not" => self.negated(flat, goal),
            _ => self.conditional(flat, goal),
        }
    }

    /// Each kind of value in some alternative.
    pub(super) fn any(&mut self, flat: &Flat<'d>, ids: &[Id], big: Id) -> Vec<Obstacle> {
        let mut found = Vec::new();
        for piece in self.pieces(flat) {
            if let Some(values) = &piece.values {
                found.extend(self.accepts_each(&piece, values, big));
                continue;
            }
            found.extend(self.covered(&piece, ids, big));
        }
        found
    }

    /// The kinds of values that are left when what is ruled out is counted in.
    pub(super) fn left(&mut self, flat: &Flat<'d>) -> Kinds {
        let pieces = self.pieces(flat);
        let kinds = pieces.into_iter().map(|it| it.kinds);
        kinds.fold(Kinds::NONE, Kinds::with)
    }

    /// A flat for each kind of value that there may be.
    fn pieces(&mut self, flat: &Flat<'d>) -> Vec<Flat<'d>> {
        let kinds = self.possible(flat).each().into_iter();
        let pieces: Vec<Flat<'d>> = kinds
            .map(|it| flat.clone().only(&mut self.nodes, it))
            .collect();
        let may_be = |it: &Flat<'d>| !self.is_plainly_never(it);
        pieces.into_iter().filter(may_be).collect()
    }

    /// Why no alternative accepts all of a flat: what the closest one refuses.
    fn covered(&mut self, flat: &Flat<'d>, ids: &[Id], big: Id) -> Vec<Obstacle> {
        let mut closest: Option<Vec<Obstacle>> = None;
        for id in ids {
            let found = self.holds(flat, *id);
            if found.is_empty() {
                return found;
            }
            let weight = |it: &[Obstacle]| {
                let is_other = |it: &Obstacle| it.path.is_empty() && it.keyword == "type";
                let hard = it.iter().filter(|it| !it.is_soft()).count();
                (it.iter().any(is_other), hard, it.len())
            };
            if closest
                .as_ref()
                .is_none_or(|it| weight(&found) < weight(it))
            {
                closest = Some(found);
            }
        }
        let is_plain = |it: &Vec<Obstacle>| {
            let is_kind = |it: &Obstacle| it.path.is_empty() && it.keyword == "type";
            it.len() <= CLOSE && (ids.len() == 1 || !it.iter().any(is_kind))
        };
        closest.filter(is_plain).unwrap_or_else(|| {
            let has = Some(flat.kinds.to_string());
            vec![Obstacle {
                path: String::new(),
                keyword: "anyOf".into(),
                accepts: flat.origin("anyOf"),
                refuses: Some(big),
                what: What::Limit {
                    has,
                    wants: "one of the alternatives".into(),
                },
            }]
        })
    }

    fn one(&mut self, flat: &Flat<'d>, goal: Goal<'d, '_>) -> Vec<Obstacle> {
        let ids = self.nodes.list(goal.schema, "oneOf");
        let mut found = Vec::new();
        for piece in self.pieces(flat) {
            if let Some(values) = &piece.values {
                found.extend(self.accepts_each(&piece, values, goal.schema));
                continue;
            }
            let missed = self.covered(&piece, &ids, goal.schema);
            match missed.is_empty() {
                true if self.is_alone(&piece, &ids) => {}
                true => {
                    let why = "a value may fit several alternatives";
                    found.extend(goal.missed(&piece, What::Unclear(why)));
                }
                false => found.extend(missed),
            }
        }
        found
    }

    /// Whether one alternative accepts all of a flat and the others nothing of it.
    fn is_alone(&mut self, flat: &Flat<'d>, ids: &[Id]) -> bool {
        ids.iter().any(|one| {
            self.holds(flat, *one).is_empty()
                && (ids.iter()).all(|other| other == one || self.excludes(flat, *other))
        })
    }

    fn negated(&mut self, flat: &Flat<'d>, goal: Goal<'d, '_>) -> Vec<Obstacle> {
        match self.nodes.below(goal.schema, "not") {
            Some(it) if !self.excludes(flat, it) => {
                goal.missed(flat, What::Unclear("what it rules out can't be compared"))
            }
            _ => Vec::new(),
        }
    }

    fn conditional(&mut self, flat: &Flat<'d>, goal: Goal<'d, '_>) -> Vec<Obstacle> {
        let Some(condition) = self.nodes.below(goal.schema, "if") else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (literal, keyword) in [
            (Literal::yes(condition), "then"),
            (Literal::no(condition), "else"),
        ] {
            let Some(needed) = self.nodes.below(goal.schema, keyword) else {
                continue;
            };
            let case = flat.clone().and(&mut self.nodes, &[literal]);
            if !self.is_never(&case) {
                found.extend(self.holds(&case, needed));
            }
        }
        found
    }
}
