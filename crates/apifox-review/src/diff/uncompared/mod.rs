//! What differs between two documents beside what was compared.
//!
//! Both documents are walked through along the table of members, as they are written. A
//! member that the table reports, and a value that a member can't have, is not compared:
//! where it differs, that counts as breaking. So does a schema that was not compared, and
//! what says who may call the API and where. A used member that differs although the
//! comparison found nothing is told as neutral, and so is what no operation uses.

mod difference;
mod pairs;
mod skipped;
mod told;
mod used;

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value};

use self::difference::Difference;
use self::pairs::{paired, resolved, unpaired};
use self::told::{Compared, DISCRIMINATOR, Told, with_discriminator};
use self::used::{is_shared_part, leads_to, used_in};
use super::change::{Change, Relation, Role};
use super::schema::IMAGE;
use apifox_document::Form;
use apifox_document::api::Api;
use apifox_document::forms::openapi::resolve_refs;
use apifox_document::forms::with_callbacks;
use apifox_document::members::{Holds, ObjectKind, Problem, subject};
use apifox_document::pointer::{JsonPointerExt as _, JsonValueExt as _, steps};
use apifox_document::schema::keywords::applies;

/// A document: as it is written, and as it is understood.
type Written<'d> = (&'d Value, &'d Api);

/// What differs between two documents beside these changes; `compared` are the places of the
/// schemas that were compared.
pub(super) fn uncompared(
    (old, old_api): Written<'_>,
    (new, new_api): Written<'_>,
    changes: &[Change],
    compared: &HashSet<(String, String)>,
) -> Vec<Change> {
    let (Some(root), Some(new_root)) = (Form::of(old).root(), Form::of(new).root()) else {
        return Vec::new();
    };
    // Documents of two forms share no members.
    if root != new_root {
        return Vec::new();
    }
    let (old, new) = (&*with_callbacks(old), &*with_callbacks(new));
    let mut walk = Walk {
        old,
        new,
        root,
        told: Told::new(
            changes,
            compared,
            [&old_api.json, &new_api.json],
            [old, new],
        ),
        used: OnceCell::new(),
        seen: HashSet::new(),
        is_shared_part: false,
        are_parts_equal: are_equal_but_for_operations(old, new),
        changes: Vec::new(),
    };
    walk.object(root, "", "");
    walk.discriminators();
    walk.skipped(old_api, new_api);
    walk.changes
}

/// How many steps lead to a component, as in `/components/schemas/Pet`.
const LONGEST_OF_COMPONENT: usize = 3;

const SAME_EFFECT: &str = "with the same effect";

struct Walk<'d> {
    old: &'d Value,
    new: &'d Value,
    root: ObjectKind,
    told: Told,
    /// The places that operations use, of the old document and of the new one.
    used: OnceCell<[BTreeSet<String>; 2]>,
    /// The pairs of places that were walked through, or compared as a whole.
    seen: HashSet<(String, String)>,
    /// Whether the walk is in parts that operations may refer to: what they do refer to was
    /// walked through before.
    is_shared_part: bool,
    /// Whether the documents differ in their operations alone, so that references lead to the
    /// same in both.
    are_parts_equal: bool,
    changes: Vec<Change>,
}

/// A place in the old document, and the value there; and the same of the new one.
#[derive(Clone, Copy)]
struct Sides<'s> {
    old: (&'s str, Option<&'s Value>),
    new: (&'s str, Option<&'s Value>),
}

impl<'s> Sides<'s> {
    fn new(old: (&'s str, Option<&'s Value>), new: (&'s str, Option<&'s Value>)) -> Self {
        Self { old, new }
    }
}

impl Walk<'_> {
    /// Walks through two objects of a kind.
    fn object(&mut self, kind: ObjectKind, old: &str, new: &str) {
        self.beside_reference(kind, old, new);
        let places = resolved(self.old, kind, old).zip(resolved(self.new, kind, new));
        let Some((old, new)) = places else {
            return self.whole(old, new);
        };
        let objects = (self.old.value_at(&old), self.new.value_at(&new));
        let (Some(Value::Object(before)), Some(Value::Object(after))) = objects else {
            return self.whole(&old, &new);
        };
        let is_new = self.seen.insert((old.clone(), new.clone()));
        if !is_new || kind.is_idle(before) && kind.is_idle(after) {
            return;
        }
        for name in names(before, after) {
            let places = (old.child(name), new.child(name));
            let sides = Sides::new((&places.0, before.get(name)), (&places.1, after.get(name)));
            let was_shared_part = self.is_shared_part;
            self.is_shared_part |= is_shared_part(name) && old.is_empty();
            self.member(kind, name, sides);
            self.is_shared_part = was_shared_part;
        }
    }

    /// Looks at a member of two objects.
    fn member(&mut self, kind: ObjectKind, name: &str, sides: Sides<'_>) {
        let judged = |value: Option<&Value>| value.map_or(Ok(None), |it| kind.judge(name, it));
        match (judged(sides.old.1), judged(sides.new.1)) {
            (Ok(None), Ok(None)) => {}
            (Ok(Some(old)), Ok(Some(new))) if old == new => self.value(kind, name, old, sides),
            (Ok(_), Ok(_)) => self.differs(kind, name, sides),
            (Err(Problem::Unknown), Err(Problem::Unknown)) => {
                self.not_compared(Holds::Anything, name, sides);
            }
            _ => {
                let holds = kind
                    .member(name)
                    .map_or(Holds::Anything, |member| member.holds);
                self.not_compared(holds, name, sides);
            }
        }
    }

    /// Looks at the values of a used member.
    fn value(&mut self, kind: ObjectKind, name: &str, holds: Holds, sides: Sides<'_>) {
        let (old, new) = (sides.old.0, sides.new.0);
        if self.are_parts_equal && sides.old.1 == sides.new.1 {
            return;
        }
        match holds {
            Holds::Schema => self.schema(name, sides),
            Holds::Schemas => self.schemas(sides),
            Holds::Object(_) | Holds::List(_) | Holds::Map(_) | Holds::ListOrObject { .. } => {
                for (kind, old, new) in paired(holds, (self.old, old), (self.new, new)) {
                    self.object(kind, &old, &new);
                }
                for (kind, name, old, new) in unpaired(holds, (self.old, old), (self.new, new)) {
                    let sides = Sides::new(
                        (&old, self.old.value_at(&old)),
                        (&new, self.new.value_at(&new)),
                    );
                    self.differs(kind, &name, sides);
                }
            }
            _ if sides.old.1 != sides.new.1 => self.differs(kind, name, sides),
            _ => {}
        }
    }

    /// Looks at schemas by their names.
    fn schemas(&mut self, sides: Sides<'_>) {
        if let (Some(Value::Object(a)), Some(Value::Object(b))) = (sides.old.1, sides.new.1) {
            for name in names(a, b) {
                let places = (sides.old.0.child(name), sides.new.0.child(name));
                let sides = Sides::new((&places.0, a.get(name)), (&places.1, b.get(name)));
                self.schema(name, sides);
            }
        }
    }

    /// Looks at a schema of either document.
    fn schema(&mut self, name: &str, sides: Sides<'_>) {
        let place = |json, place: &str| resolve_refs(json, place).unwrap_or(place.to_owned());
        let (old, new) = (place(self.old, sides.old.0), place(self.new, sides.new.0));
        match self.told.compared(&old, &new) {
            Compared::Whole => return,
            Compared::Parts => return self.schema_parts(&old, &new),
            Compared::No if is_of_form(sides.new.0) => return self.schema_parts(&old, &new),
            Compared::No => {}
        }
        let mut difference = Difference::new(self.old, self.new);
        if !difference.is_in(Holds::Schema, &old, &new) {
            return;
        }
        match self.is_shared_part {
            true => self.unused(name, sides),
            false => self.not_compared(Holds::Schema, name, sides),
        }
    }

    /// Looks at the schemas of forms, whose properties were compared one by one.
    fn schema_parts(&mut self, old: &str, new: &str) {
        let (a, b) = (self.old.value_at(old), self.new.value_at(new));
        let (Some(Value::Object(a)), Some(Value::Object(b))) = (a, b) else {
            return;
        };
        for name in names(a, b) {
            let places = (old.child(name), new.child(name));
            let sides = Sides::new((&places.0, a.get(name)), (&places.1, b.get(name)));
            match name.as_str() {
                "required" => {}
                // What is gone or new is told, and so is what holds files in another way.
                "properties" if self.told.is_told_nearby(&[old, new]) => {}
                "properties" => self.schemas(sides),
                _ if applies(name).is_some() || name == IMAGE => {
                    self.not_compared(Holds::Anything, name, sides)
                }
                _ => {}
            }
        }
    }

    /// Looks at what stands beside a reference.
    fn beside_reference(&mut self, kind: ObjectKind, old: &str, new: &str) {
        let objects = (self.old.value_at(old), self.new.value_at(new));
        let (Some(Value::Object(a)), Some(Value::Object(b))) = objects else {
            return;
        };
        if !kind.may_refer() || !a.contains_key("$ref") || !b.contains_key("$ref") {
            return;
        }
        for name in names(a, b) {
            if ObjectKind::Reference.member(name).is_none() {
                let places = (old.child(name), new.child(name));
                let sides = Sides::new((&places.0, a.get(name)), (&places.1, b.get(name)));
                self.not_compared(Holds::Anything, name, sides);
            }
        }
    }

    /// Adds that a value is no object, or a reference that leads to nothing, in one document
    /// or in both.
    fn whole(&mut self, old: &str, new: &str) {
        let (a, b) = (self.old.value_at(old), self.new.value_at(new));
        let is_empty = |value: Option<&Value>| match value {
            Some(Value::Object(members)) => members.is_empty(),
            value => value.is_none_or(Value::is_null),
        };
        if a != b && !(is_empty(a) && is_empty(b)) {
            let sides = Sides::new((old, a), (new, b));
            let name = steps(new).last().unwrap_or_default();
            self.not_compared(Holds::Anything, &name, sides);
        }
    }

    /// Adds that a member is not compared, if it differs.
    fn not_compared(&mut self, holds: Holds, name: &str, sides: Sides<'_>) {
        let mut difference = Difference::new(self.old, self.new);
        let is_in_both = sides.old.1.is_some() && sides.new.1.is_some();
        let is_other = !is_in_both || difference.is_in(holds, sides.old.0, sides.new.0);
        self.seen.extend(difference.seen);
        if is_other {
            self.add(Relation::NotCompared, name, sides, "and is not compared");
        }
    }

    /// Adds that compared schemas tell their values apart in another way.
    fn discriminators(&mut self) {
        let (old, new) = (self.old, self.new);
        let places = &with_discriminator(old) | &with_discriminator(new);
        for place in places {
            if !self.told.has_compared(&place) {
                continue;
            }
            let (a, b) = (old.value_at(&place), new.value_at(&place));
            let (Some(Value::Object(a)), Some(Value::Object(b))) = (a, b) else {
                continue;
            };
            let (a, b) = (a.get(DISCRIMINATOR), b.get(DISCRIMINATOR));
            if a != b {
                let place = place.child(DISCRIMINATOR);
                let sides = Sides::new((&place, a), (&place, b));
                let (relation, how) = match (a, b) {
                    (Some(a), Some(b)) if tells_more(a, b) => {
                        (Relation::Equal, "and tells the same values apart as before")
                    }
                    _ => (Relation::Other, "so values are told apart in another way"),
                };
                self.add(relation, DISCRIMINATOR, sides, how);
            }
        }
    }

    /// Adds that a used member differs, unless a change tells of it.
    fn differs(&mut self, kind: ObjectKind, name: &str, sides: Sides<'_>) {
        let places = [sides.old, sides.new].map(|(place, value)| value.map(|_| place));
        let places: Vec<&str> = places.into_iter().flatten().collect();
        // What a component is in one document alone, the changes of what uses it say.
        let is_component = |place: &&str| steps(place).count() <= LONGEST_OF_COMPONENT;
        let is_alone = places.len() == 1 && places.iter().all(is_component);
        if self.is_shared_part && (is_alone || !self.is_used(sides)) {
            return self.unused(name, sides);
        }
        // Callbacks of Apifox are a text only where it could not be read.
        let is_text = |value: Option<&Value>| value.is_some_and(Value::is_string);
        let is_unread = kind == ObjectKind::Endpoint
            && name == "callbacks"
            && (is_text(sides.old.1) || is_text(sides.new.1));
        let is_strict = told::decides_who_and_where(kind) || told::names_who_and_where(name);
        if is_unread {
            self.not_compared(Holds::Anything, name, sides);
        } else if is_strict && !asks_for_nothing(sides) {
            if !self.told.is_told(kind, name, &places) {
                self.not_compared(Holds::Anything, name, sides);
            }
        } else if !self.told.is_told_nearby(&places) {
            self.add(Relation::Equal, name, sides, SAME_EFFECT);
        }
    }

    /// Adds that a shared part differs that no operation uses, or that makes no difference to
    /// those that do.
    fn unused(&mut self, name: &str, sides: Sides<'_>) {
        // What is there in one document alone may be used in that one: the changes say so.
        let is_in_both = sides.old.1.is_some() && sides.new.1.is_some();
        let is_first = self.told.is_nothing() && self.changes.is_empty();
        if !is_in_both && !is_first {
            return;
        }
        let how = match self.is_used(sides) {
            true => SAME_EFFECT,
            false => "and no operation uses it",
        };
        self.add(Relation::Equal, name, sides, how);
    }

    /// Whether operations of either document use what is at these places, or a part of it.
    fn is_used(&self, sides: Sides<'_>) -> bool {
        let used = || [self.old, self.new].map(used_in);
        let [old, new] = self.used.get_or_init(used);
        leads_to(old, sides.old.0) || leads_to(new, sides.new.0)
    }

    fn add(&mut self, relation: Relation, name: &str, sides: Sides<'_>, how: &str) {
        let (json, place) = match sides.new.1 {
            Some(_) => (self.new, sides.new.0),
            None => (self.old, sides.old.0),
        };
        let (operation, part) = match subject(json, self.root, place) {
            Some(subject) => split(&subject),
            None => (None, String::new()),
        };
        self.changes.push(Change {
            operation,
            part,
            keyword: Some(name.to_owned()),
            old: sides.old.1.map(|_| sides.old.0.to_owned()),
            new: sides.new.1.map(|_| sides.new.0.to_owned()),
            ..Change::new(
                Role::Both,
                relation,
                format!("{} {}, {how}", shown(name, place), verb(sides)),
            )
        });
    }
}

/// Whether a discriminator differs from an older one in further entries of its `mapping` alone.
/// What alternatives these are for is told by the changes of the schema.
fn tells_more(old: &Value, new: &Value) -> bool {
    let but_mapping = |discriminator: &Value| {
        let mut rest = discriminator.clone();
        let mapping = rest.as_object_mut().and_then(|it| it.remove("mapping"));
        (rest, mapping)
    };
    let ((old, old_mapping), (new, new_mapping)) = (but_mapping(old), but_mapping(new));
    let entries = |mapping: &Option<Value>| mapping.as_ref().and_then(Value::as_object).cloned();
    let (Some(before), Some(after)) = (entries(&old_mapping), entries(&new_mapping)) else {
        return false;
    };
    old == new && before.iter().all(|(name, of)| after.get(name) == Some(of))
}

/// Whether two documents differ in their operations alone.
fn are_equal_but_for_operations(old: &Value, new: &Value) -> bool {
    let (Value::Object(old), Value::Object(new)) = (old, new) else {
        return false;
    };
    let is_equal = |name: &String| {
        let holds_operations = matches!(name.as_str(), "paths" | "webhooks" | "x-webhooks");
        holds_operations || old.get(name) == new.get(name)
    };
    names(old, new).into_iter().all(is_equal)
}

/// The names of the members of two objects; those of parts that others refer to come last.
fn names<'m>(old: &'m Map<String, Value>, new: &'m Map<String, Value>) -> Vec<&'m String> {
    let added = new.keys().filter(|name| !old.contains_key(*name));
    let mut names: Vec<&String> = old.keys().chain(added).collect();
    names.sort_by_key(|name| is_shared_part(name));
    names
}

/// Whether a schema is that of a form, whose fields are compared one by one.
fn is_of_form(place: &str) -> bool {
    let media = steps(place).collect::<Vec<_>>();
    let media = media.iter().rev().nth(1);
    media.is_some_and(|media| {
        media.starts_with("multipart/") || media.starts_with("application/x-www-form-urlencoded")
    })
}

/// Whether security requirements were added or removed that ask for nothing, where there are
/// no others.
fn asks_for_nothing(sides: Sides<'_>) -> bool {
    let is_empty = |value: &Value| value.as_object().is_some_and(Map::is_empty);
    let is_nothing = |value: &Value| match value {
        Value::Array(sets) => sets.iter().all(is_empty),
        value => is_empty(value),
    };
    let is_alone = |place: &str| place.ends_with("/security") || place.ends_with("/security/0");
    match (sides.old, sides.new) {
        ((place, Some(value)), (_, None)) | ((_, None), (place, Some(value))) => {
            is_alone(place) && is_nothing(value)
        }
        _ => false,
    }
}

/// A member by its name; an item by its number, and what it is an item of.
fn shown(name: &str, place: &str) -> String {
    let list = steps(place).collect::<Vec<_>>();
    match (name.parse::<usize>(), list.iter().rev().nth(1)) {
        (Ok(index), Some(list)) if list != "responses" => {
            format!("item {} of {list}", index + 1)
        }
        _ => name.to_owned(),
    }
}

/// What happened to a value.
fn verb(sides: Sides<'_>) -> &'static str {
    match (sides.old.1, sides.new.1) {
        (Some(_), None) => "is gone",
        (None, _) => "is new",
        (Some(_), Some(_)) => "differs",
    }
}

/// The operation that a subject names first, and the rest. A parameter of its path may have a comma
/// too.
fn split(subject: &str) -> (Option<String>, String) {
    let mut depth = 0_i64;
    let mut signs = subject.match_indices(['{', '}', ',']);
    let end = signs.find_map(|(at, sign)| {
        match sign {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => return (depth == 0 && subject[at..].starts_with(", ")).then_some(at),
        }
        None
    });
    let (first, rest) = end.map_or((subject, ""), |at| (&subject[..at], &subject[at + 2..]));
    match first.contains(" /") {
        true => (Some(first.to_owned()), rest.to_owned()),
        false => (None, subject.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_path_may_have_a_comma_within_braces() {
        let cases = [
            ("GET /a, response 200", "GET /a", "response 200"),
            (
                "GET /a/{x, y}, response 200",
                "GET /a/{x, y}",
                "response 200",
            ),
            ("GET /a/{x, y}", "GET /a/{x, y}", ""),
        ];
        for (subject, operation, part) in cases {
            assert_eq!(
                split(subject),
                (Some(operation.to_owned()), part.to_owned())
            );
        }
        let model = "schema a, b";
        assert_eq!(split(model), (None, model.to_owned()));
    }
}
