//! What two schemas accept differently, told as changes: one for each place and
//! keyword, whichever way it went.

use std::collections::BTreeSet;

use super::change::{Change, Effect, Relation, Role};
use super::schema::{Comparison, Differences, Id, Obstacle, Side, What};

/// The changes that differences between schemas make.
pub(super) fn tell(comparison: &Comparison<'_>, found: &Differences, role: Role) -> Vec<Change> {
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    for obstacle in &found.lost {
        Pair::of(&mut pairs, obstacle).lost.push(obstacle);
    }
    for obstacle in &found.gained {
        Pair::of(&mut pairs, obstacle).gained.push(obstacle);
    }
    // A required property that appears or is gone is one change, not two.
    let paths = |keyword| {
        let of = pairs.iter().filter(|it| it.is_property(keyword));
        of.map(|it| it.path).collect::<BTreeSet<_>>()
    };
    let (required, declared) = (paths("required"), paths("properties"));
    let is_told = |it: &&Pair<'_>| !(it.is_property("properties") && required.contains(it.path));
    let is_whole = |it: &Pair<'_>| it.is_property("required") && declared.contains(it.path);
    let told = pairs.iter().filter(is_told);
    told.map(|it| it.change(comparison, role, is_whole(it)))
        .collect()
}

/// What is lost and gained at a place, by a keyword.
struct Pair<'o> {
    path: &'o str,
    keyword: &'o str,
    lost: Vec<&'o Obstacle>,
    gained: Vec<&'o Obstacle>,
}

impl<'o> Pair<'o> {
    /// The pair that an obstacle belongs to; a new one if there is none.
    fn of<'p>(pairs: &'p mut Vec<Self>, obstacle: &'o Obstacle) -> &'p mut Self {
        let is_its = |it: &Self| it.path == obstacle.path && it.keyword == obstacle.keyword;
        let at = pairs.iter().position(is_its).unwrap_or(pairs.len());
        if at == pairs.len() {
            pairs.push(Self {
                path: &obstacle.path,
                keyword: &obstacle.keyword,
                lost: Vec::new(),
                gained: Vec::new(),
            });
        }
        &mut pairs[at]
    }

    /// Whether it is only about a property being there.
    fn is_property(&self, keyword: &str) -> bool {
        let mut all = self.lost.iter().chain(&self.gained);
        let is_property = |it: &&Obstacle| matches!(it.what, What::Missing | What::Undeclared);
        self.keyword == keyword && all.all(is_property)
    }

    fn relation(&self) -> Relation {
        let mut all = self.lost.iter().chain(&self.gained);
        match (self.lost.is_empty(), self.gained.is_empty()) {
            _ if all.any(|it| matches!(it.what, What::Unclear(_))) => Relation::Unknown,
            (true, true) => Relation::Equal,
            (true, false) => Relation::Wider,
            (false, true) => Relation::Narrower,
            (false, false) => Relation::Other,
        }
    }

    /// `is_whole` where a required property appears or is gone altogether.
    fn change(&self, comparison: &Comparison<'_>, role: Role, is_whole: bool) -> Change {
        let relation = self.relation();
        let mut change = Change::of(role, relation, self.message(is_whole));
        if self.lost.iter().chain(&self.gained).all(|it| it.is_soft()) {
            // Nobody sent what nothing was said of; but it may be read.
            let reply = match self.gained.is_empty() {
                true => Effect::Additive,
                false => Effect::Breaking,
            };
            change = change.judged(role, Effect::Additive, reply);
        }
        self.path.clone_into(&mut change.path);
        change.keyword = Some(self.keyword.to_owned()).filter(|it| !it.is_empty());
        (change.old, change.new) = self.places(comparison);
        change
    }

    fn places(&self, comparison: &Comparison<'_>) -> (Option<String>, Option<String>) {
        let lost = self.lost.iter().flat_map(|it| [it.accepts, it.refuses]);
        let gained = self.gained.iter().flat_map(|it| [it.refuses, it.accepts]);
        let ids: Vec<Id> = lost.chain(gained).flatten().collect();
        let on = |side| ids.iter().find_map(|id| comparison.pointer(*id, side));
        (on(Side::Old), on(Side::New))
    }

    fn message(&self, is_whole: bool) -> String {
        if is_whole {
            return match self.lost.is_empty() {
                false => "is a new property, and required".into(),
                true => "was required, and is no property any longer".into(),
            };
        }
        let mut texts = Vec::new();
        match (&self.lost[..], &self.gained[..]) {
            ([lost], [gained]) if limits(lost, gained).is_some() => {
                texts.extend(limits(lost, gained));
            }
            (lost, gained) => {
                texts.extend(lost.iter().map(|it| self.text(it, true)));
                texts.extend(gained.iter().map(|it| self.text(it, false)));
            }
        }
        texts.dedup();
        texts.join("; ")
    }

    fn text(&self, obstacle: &Obstacle, is_lost: bool) -> String {
        let keyword = self.keyword;
        let others = match self.path.ends_with("/*") {
            true => "others are",
            false => "it is",
        };
        match (&obstacle.what, is_lost) {
            (What::Limit { has: None, wants }, true) => {
                format!("{keyword} {wants} is new: accepts less")
            }
            (What::Limit { has: None, wants }, false) => {
                format!("{keyword} {wants} is gone: accepts more")
            }
            (
                What::Limit {
                    has: Some(has),
                    wants,
                },
                true,
            ) => {
                format!("{keyword} {has} → {wants}: accepts less")
            }
            (
                What::Limit {
                    has: Some(has),
                    wants,
                },
                false,
            ) => {
                format!("{keyword} {wants} → {has}: accepts more")
            }
            (What::Values(values), true) => format!("no longer accepts {}", values.join(", ")),
            (What::Values(values), false) => format!("accepts {} as well", values.join(", ")),
            (What::Missing, true) => "is required now".into(),
            (What::Missing, false) => "is no longer required".into(),
            (What::Undeclared, true) => "is a new property; so far it could hold anything".into(),
            (What::Undeclared, false) => {
                "is no property any longer; it may hold anything now".into()
            }
            (What::Anything, true) => format!("{others} no longer accepted"),
            (What::Anything, false) => format!("{others} accepted now"),
            (What::Unclear(why), _) => match keyword.is_empty() {
                true => format!("may accept other values: {why}"),
                false => format!("{keyword} may accept other values: {why}"),
            },
        }
    }
}

/// A limit that one side has, and another that the other has.
fn limits(lost: &Obstacle, gained: &Obstacle) -> Option<String> {
    let (What::Limit { wants: new, .. }, What::Limit { wants: old, .. }) =
        (&lost.what, &gained.what)
    else {
        return None;
    };
    Some(format!(
        "{} {old} → {new}: accepts other values",
        lost.keyword
    ))
}
