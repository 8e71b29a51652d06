//! Describes what two schemas accept differently: one change for each place and keyword.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::api_comparison::ApiComparison;
use super::change::{Change, Effect, Relation, Role};
use super::schema::{
    Differences, Mismatch, MismatchKind, NodeId, Path, Paths, SchemaComparison, Side,
};
use apifox_document::api::Api;

impl<'d> ApiComparison<'d> {
    /// The changes between schemas at pointers of the two documents: any of the old ones
    /// against any of the new ones.
    pub(super) fn schema_changes(&mut self, role: Role, old: &[&str], new: &[&str]) -> Vec<Change> {
        for old in old {
            let pairs = new.iter().map(|new| ((*old).to_owned(), (*new).to_owned()));
            self.compared.extend(pairs);
        }
        let nodes = (
            self.nodes(Side::Old, self.old, old),
            self.nodes(Side::New, self.new, new),
        );
        let (Some(old), Some(new)) = nodes else {
            let message = "may accept other values: a schema can't be found";
            return vec![Change::new(role, Relation::Unknown, message)];
        };
        let mut changes = self.described(old.clone(), new.clone(), role).to_vec();
        if let ([old], [new]) = (&old[..], &new[..]) {
            changes.extend(self.annotation_changes(*old, *new));
        }
        if changes.is_empty() {
            changes.extend(self.rewritten(&old, &new, role));
        }
        changes
    }

    /// The changes that differences between schemas make.
    fn described(&mut self, old: Vec<NodeId>, new: Vec<NodeId>, role: Role) -> Rc<[Change]> {
        if let ([old], [new]) = (&old[..], &new[..])
            && self.schemas.are_equivalent(*old, *new)
        {
            return Rc::new([]);
        }
        let key = (self.schemas.target(old), self.schemas.target(new), role);
        if let Some(known) = self.described.get(&key) {
            return Rc::clone(known);
        }
        let differences = self.schemas.differences(&key.0, &key.1);
        let changes: Rc<[Change]> = describe(&self.schemas, &differences, role).into();
        self.described.insert(key, Rc::clone(&changes));
        changes
    }

    /// That schemas are not the same, though they accept the same values.
    fn rewritten(&mut self, old: &[NodeId], new: &[NodeId], role: Role) -> Option<Change> {
        let mut pairs = old.iter().zip(new);
        let other = pairs.find(|(old, new)| !self.schemas.are_equivalent(**old, **new));
        let (old, new) = other?;
        let message = "is written differently, and accepts the same values";
        Some(Change {
            old: self.schemas.pointer(*old, Side::Old),
            new: self.schemas.pointer(*new, Side::New),
            ..Change::new(role, Relation::Equal, message)
        })
    }

    fn nodes(&mut self, side: Side, api: &'d Api, pointers: &[&str]) -> Option<Vec<NodeId>> {
        let pointers = pointers.iter();
        pointers
            .map(|pointer| self.schemas.place(side, &api.json, pointer, api.is_shared))
            .collect()
    }
}

/// The changes that differences between schemas make.
fn describe(schemas: &SchemaComparison<'_>, differences: &Differences, role: Role) -> Vec<Change> {
    let groups = Group::all(differences);
    // A required property that appears or is gone is one change, not two.
    let paths = |keyword| {
        let groups = groups.iter().filter(|group| group.is_presence(keyword));
        groups.map(Group::place_and_way).collect::<HashSet<_>>()
    };
    let (required, declared) = (paths("required"), paths("properties"));
    let mut changes = Vec::new();
    for group in &groups {
        let way = group.place_and_way();
        let is_in_both = required.contains(&way) && declared.contains(&way);
        if group.is_presence("properties") && is_in_both {
            continue;
        }
        let message = match group.is_presence("required") && is_in_both {
            true => group.required_property_message(),
            false => group.message(&schemas.paths),
        };
        changes.push(group.change(schemas, role, message));
    }
    changes
}

/// What is lost and gained at a path, by a keyword.
struct Group<'m> {
    path: Path,
    keyword: &'m str,
    lost: Vec<&'m Mismatch>,
    gained: Vec<&'m Mismatch>,
}

impl<'m> Group<'m> {
    /// The groups of all mismatches, in the order of the first of each.
    fn all(differences: &'m Differences) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        let mut known: HashMap<(Path, &str), usize> = HashMap::new();
        let lost = differences.lost.iter().map(|mismatch| (mismatch, true));
        let gained = differences.gained.iter().map(|mismatch| (mismatch, false));
        for (mismatch, is_lost) in lost.chain(gained) {
            let (path, keyword) = (mismatch.path, mismatch.keyword.as_str());
            let at = *known.entry((path, keyword)).or_insert_with(|| {
                groups.push(Self {
                    path,
                    keyword,
                    lost: Vec::new(),
                    gained: Vec::new(),
                });
                groups.len() - 1
            });
            match is_lost {
                true => groups[at].lost.push(mismatch),
                false => groups[at].gained.push(mismatch),
            }
        }
        groups
    }

    fn mismatches(&self) -> impl Iterator<Item = &'m Mismatch> {
        self.lost.iter().chain(&self.gained).copied()
    }

    /// Whether it is only about a property being there, by this keyword.
    fn is_presence(&self, keyword: &str) -> bool {
        use MismatchKind::{Missing, Undeclared};
        self.keyword == keyword
            && self
                .mismatches()
                .all(|mismatch| matches!(mismatch.kind, Missing | Undeclared))
    }

    /// Its path, and whether it loses and gains.
    fn place_and_way(&self) -> (Path, bool, bool) {
        (self.path, self.lost.is_empty(), self.gained.is_empty())
    }

    fn relation(&self) -> Relation {
        let is_unclear = |mismatch: &Mismatch| matches!(mismatch.kind, MismatchKind::Unclear(_));
        match (self.lost.is_empty(), self.gained.is_empty()) {
            _ if self.mismatches().any(is_unclear) => Relation::Unknown,
            (true, true) => Relation::Equal,
            (true, false) => Relation::Wider,
            (false, true) => Relation::Narrower,
            (false, false) => Relation::Other,
        }
    }

    fn change(&self, schemas: &SchemaComparison<'_>, role: Role, message: String) -> Change {
        let mut change = Change::new(role, self.relation(), message);
        if self.mismatches().all(Mismatch::is_undeclared) {
            // Nobody sent an undeclared property, but readers may rely on one.
            let reply = match self.gained.is_empty() {
                true => Effect::Additive,
                false => Effect::Breaking,
            };
            change = change.with_effects(role, Effect::Additive, reply);
        }
        change.path = schemas.paths.pointer(self.path);
        change.keyword = Some(self.keyword.to_owned()).filter(|keyword| !keyword.is_empty());
        (change.old, change.new) = self.pointers(schemas);
        change
    }

    /// The pointers to the schemas in the old and in the new document.
    fn pointers(&self, schemas: &SchemaComparison<'_>) -> (Option<String>, Option<String>) {
        let lost = self
            .lost
            .iter()
            .flat_map(|lost| [lost.accepts, lost.refuses]);
        let gained = self
            .gained
            .iter()
            .flat_map(|gained| [gained.refuses, gained.accepts]);
        let ids: Vec<NodeId> = lost.chain(gained).flatten().collect();
        let first_on = |side| ids.iter().find_map(|id| schemas.pointer(*id, side));
        (first_on(Side::Old), first_on(Side::New))
    }

    /// That a required property appeared or is gone.
    fn required_property_message(&self) -> String {
        match self.lost.is_empty() {
            false => "is a new property, and required".into(),
            true => "was required, and is no longer a property".into(),
        }
    }

    fn message(&self, paths: &Paths) -> String {
        if let ([lost], [gained]) = (&self.lost[..], &self.gained[..])
            && let Some(message) = moved_limit(lost, gained)
        {
            return message;
        }
        let lost = self
            .lost
            .iter()
            .map(|mismatch| self.lost_text(paths, mismatch));
        let gained = self
            .gained
            .iter()
            .map(|mismatch| self.gained_text(paths, mismatch));
        let mut texts: Vec<String> = lost.chain(gained).collect();
        texts.dedup();
        texts.join("; ")
    }

    fn lost_text(&self, paths: &Paths, mismatch: &Mismatch) -> String {
        let keyword = self.keyword;
        match &mismatch.kind {
            MismatchKind::Limit { has: None, wants } => {
                format!("{keyword} {wants} is new: accepts less")
            }
            MismatchKind::Limit {
                has: Some(has),
                wants,
            } => format!("{keyword} {has} → {wants}: accepts less"),
            MismatchKind::Values(values) => format!("no longer accepts {}", values.join(", ")),
            MismatchKind::Missing => "is required now".into(),
            MismatchKind::Undeclared => "is a new property; so far it could hold anything".into(),
            MismatchKind::PartlyDeclared => {
                "is a property of more alternatives; so far it could hold anything in them".into()
            }
            MismatchKind::Anything => format!("{} no longer accepted", self.subject(paths)),
            MismatchKind::Unclear(why) => self.unclear_text(why),
        }
    }

    fn gained_text(&self, paths: &Paths, mismatch: &Mismatch) -> String {
        let keyword = self.keyword;
        match &mismatch.kind {
            MismatchKind::Limit { has: None, wants } => {
                format!("{keyword} {wants} is gone: accepts more")
            }
            MismatchKind::Limit {
                has: Some(has),
                wants,
            } => format!("{keyword} {wants} → {has}: accepts more"),
            MismatchKind::Values(values) => format!("accepts {} as well", values.join(", ")),
            MismatchKind::Missing => "is no longer required".into(),
            MismatchKind::Undeclared => "is no longer a property; it may hold anything now".into(),
            MismatchKind::PartlyDeclared => {
                "is no longer a property of all alternatives; in others it may hold anything now"
                    .into()
            }
            MismatchKind::Anything => format!("{} accepted now", self.subject(paths)),
            MismatchKind::Unclear(why) => self.unclear_text(why),
        }
    }

    fn subject(&self, paths: &Paths) -> &'static str {
        match paths.is_to_any(self.path) {
            true => "others are",
            false => "it is",
        }
    }

    fn unclear_text(&self, why: &str) -> String {
        match self.keyword.is_empty() {
            true => format!("may accept other values: {why}"),
            false => format!("{} may accept other values: {why}", self.keyword),
        }
    }
}

/// That a limit of one schema and a limit of the other each refuse some values.
fn moved_limit(lost: &Mismatch, gained: &Mismatch) -> Option<String> {
    let (MismatchKind::Limit { wants: new, .. }, MismatchKind::Limit { wants: old, .. }) =
        (&lost.kind, &gained.kind)
    else {
        return None;
    };
    Some(format!(
        "{} {old} → {new}: accepts other values",
        lost.keyword
    ))
}
