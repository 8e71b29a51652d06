//! What follows from all schemas together: what each has within reach, and which refer to
//! themselves.
//!
//! Schemas are compiled in batches, and those of a batch refer to others of it or of
//! batches before. So each schema is looked at once. Nothing recurses: chains of
//! references are as long as the document likes.

use crate::validate::rules::compiled::CompiledSchemas;
use crate::validate::rules::draft::Unsupported;
use crate::validate::rules::rule::{Id, LogicRule, Rule, SchemaRules, To};

/// Completes what is known of the schemas from `first` on.
pub(super) fn complete(compiled: &mut CompiledSchemas, first: Id) {
    mark_endless(compiled, first);
    let batch = &compiled.schemas[first..];
    let applied: Vec<Vec<Id>> = batch
        .iter()
        .map(|schema| applied(schema, &compiled.dynamic_anchors))
        .collect();
    let breaks_by: Vec<Option<Vec<Id>>> = batch.iter().map(breaks_by).collect();
    let users = users(&applied, first);
    let all = &compiled.schemas;
    let own = batch.iter().map(|schema| {
        let rules = schema.rules.iter().map(Rule::reach);
        rules.fold(schema.reach, |all, reach| all.and(reach))
    });
    let reach = spread(
        own.collect(),
        &applied,
        &users,
        first,
        |id| all[id].reach,
        |a, b| a.and(b),
    );
    let own = batch.iter().map(|schema| schema.fault).collect();
    let fault = spread(own, &applied, &users, first, |id| all[id].fault, Option::or);
    let own = breaks_by.iter().map(Option::is_none).collect();
    let breaks_by: Vec<Vec<Id>> = breaks_by
        .into_iter()
        .map(Option::unwrap_or_default)
        .collect();
    let users = self::users(&breaks_by, first);
    let can_break = spread(
        own,
        &breaks_by,
        &users,
        first,
        |id| all[id].can_break,
        |a, b| a || b,
    );
    for (at, schema) in compiled.schemas[first..].iter_mut().enumerate() {
        schema.reach = reach[at];
        schema.fault = fault[at];
        schema.can_break = can_break[at];
    }
}

/// The schemas that a schema applies, those that a dynamic reference may mean among them.
fn applied(schema: &SchemaRules, anchors: &[Vec<(String, Id)>]) -> Vec<Id> {
    let mut all = Vec::new();
    for rule in &schema.rules {
        all.extend(rule.applied().1);
        if let Rule::Logic(LogicRule::DynamicRef { anchor, .. }) = rule {
            let named = anchors.iter().flatten().filter(|(name, _)| name == anchor);
            all.extend(named.map(|(_, id)| *id));
        }
    }
    all
}

/// The schemas of which a value has to break one to break this one; `None` where it may
/// break this one otherwise.
fn breaks_by(schema: &SchemaRules) -> Option<Vec<Id>> {
    let rules: Option<Vec<Vec<Id>>> = schema.rules.iter().map(Rule::breaks_by).collect();
    Some(rules?.concat())
}

/// For each schema of the batch that starts at `first`, those of it that use it.
fn users(uses: &[Vec<Id>], first: Id) -> Vec<Vec<usize>> {
    let mut users = vec![Vec::new(); uses.len()];
    for (at, used) in uses.iter().enumerate() {
        for id in used.iter().filter(|id| **id >= first) {
            users[id - first].push(at);
        }
    }
    users
}

/// Joins to what each schema has what those that it uses have, and so on. `known` is what
/// those of earlier batches have.
fn spread<T: Copy + PartialEq>(
    mut own: Vec<T>,
    uses: &[Vec<Id>],
    users: &[Vec<usize>],
    first: Id,
    known: impl Fn(Id) -> T,
    join: impl Fn(T, T) -> T,
) -> Vec<T> {
    for (at, used) in uses.iter().enumerate() {
        for id in used.iter().filter(|id| **id < first) {
            own[at] = join(own[at], known(*id));
        }
    }
    let mut pending: Vec<usize> = (0..own.len()).collect();
    while let Some(at) = pending.pop() {
        for user in &users[at] {
            let joined = join(own[*user], own[at]);
            if joined != own[*user] {
                own[*user] = joined;
                pending.push(*user);
            }
        }
    }
    own
}

/// How far the search for cycles is with a schema.
#[derive(Clone, Copy, PartialEq)]
enum Visit {
    None,
    Open,
    Done,
}

/// Notes the schemas that refer back to themselves for the same value.
fn mark_endless(compiled: &mut CompiledSchemas, first: Id) {
    let mut visits = vec![Visit::None; compiled.schemas.len() - first];
    let mut endless = Vec::new();
    for start in first..compiled.schemas.len() {
        let mut path = vec![(start, Vec::new())];
        visits[start - first] = match visits[start - first] {
            Visit::None => Visit::Open,
            _ => continue,
        };
        path[0].1 = same_place(&compiled.schemas[start]);
        while let Some((id, next)) = path.last_mut() {
            match next.pop() {
                None => {
                    visits[*id - first] = Visit::Done;
                    path.pop();
                }
                Some(next) if next < first => {}
                Some(next) => match visits[next - first] {
                    Visit::Done => {}
                    Visit::Open => endless.push(next),
                    Visit::None => {
                        visits[next - first] = Visit::Open;
                        path.push((next, same_place(&compiled.schemas[next])));
                    }
                },
            }
        }
    }
    for id in endless {
        compiled.schemas[id]
            .fault
            .get_or_insert(compiled.faults.len());
        compiled.faults.push(Unsupported {
            pointer: compiled.pointers[id].to_string(),
            keyword: "$ref".into(),
            message: "refers to itself without end".into(),
        });
    }
}

/// The schemas that a schema applies to the same value, the first last.
fn same_place(schema: &SchemaRules) -> Vec<Id> {
    let applied = schema.rules.iter().map(Rule::applied);
    let mut same: Vec<Id> = applied
        .filter(|(to, _)| *to == To::Same)
        .flat_map(|(_, ids)| ids)
        .collect();
    same.reverse();
    same
}
