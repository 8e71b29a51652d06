//! The plan of a schema: its rules reduced to one predicate, for a generator to write in
//! Rust. Checks on one member are merged, and rules that only warn are dropped.

use std::collections::BTreeMap;

use crate::validate::rules::compiled::CompiledSchema;
use crate::validate::rules::rule::{
    ArrayRule, Id, LogicRule, ObjectRule, Properties, Rule, RuleId,
};

/// Schemas that references lead to are planned anew for each reference, up to this many.
const MOST: usize = 256;

/// How deeply schemas may lie in each other, each a closure in the generated code: those
/// that read that code recurse.
const DEEPEST: usize = 24;

/// What a value satisfies or doesn't.
#[derive(Debug)]
pub enum Predicate {
    /// Every value satisfies it.
    Always,
    /// None does.
    Never,
    /// All of these hold.
    All(Vec<Predicate>),
    /// Any of these holds.
    Any(Vec<Predicate>),
    /// Exactly one of these holds.
    One(Vec<Predicate>),
    /// This does not hold.
    Not(Box<Predicate>),
    /// Where the first holds the second does, and otherwise the third.
    If(Box<[Predicate; 3]>),
    /// Of an object: each member satisfies its predicate.
    Members(Vec<MemberPredicate>),
    /// Of an object: it has no members but these.
    Only(Vec<String>),
    /// Of an array: every item satisfies this.
    Items(Box<Predicate>),
    /// Of an array: how many items satisfy a predicate.
    Contains {
        /// The predicate.
        item: Box<Predicate>,
        /// The fewest that do.
        least: u64,
        /// The most that may.
        most: Option<u64>,
    },
    /// A rule that is checked by itself.
    Rule(RuleId),
}

/// What a member of an object has to satisfy.
#[derive(Debug)]
pub struct MemberPredicate {
    /// The member's name.
    pub name: String,
    /// Whether it has to be present.
    pub is_required: bool,
    /// What it satisfies if it is present.
    pub predicate: Predicate,
}

/// The predicate of a schema; `None` where it can't be stated in one piece: what the
/// schema means depends on how it was reached or on what others evaluated, a pattern may
/// have to be given up, it contains itself, or it is too large or too deep.
pub(crate) fn predicate(schema: CompiledSchema<'_>) -> Option<Predicate> {
    let reach = schema.schema(schema.start).reach;
    if reach.is_dynamic || reach.tracks || reach.may_give_up {
        return None;
    }
    let mut planner = Planner {
        schemas: schema,
        open: Vec::new(),
        planned: 0,
        gave_up: false,
    };
    let predicate = planner.schema(schema.start);
    (!planner.gave_up).then_some(predicate)
}

struct Planner<'s> {
    schemas: CompiledSchema<'s>,
    /// The schemas that are being planned, each part of the one before it.
    open: Vec<Id>,
    /// How many schemas have been planned.
    planned: usize,
    /// Whether something can't be stated: what is returned then does not count.
    gave_up: bool,
}

impl Planner<'_> {
    fn schema(&mut self, id: Id) -> Predicate {
        self.gave_up |= self.open.len() >= DEEPEST;
        if self.gave_up || self.schemas.only_warns(id) {
            return Predicate::Always;
        }
        self.open.push(id);
        self.planned += 1;
        let rules = self.schemas.schema(id).rules.iter().enumerate();
        let predicates = rules.map(|(index, rule)| self.rule(rule, RuleId(id, index)));
        let predicate = all(predicates.collect());
        self.open.pop();
        predicate
    }

    fn schemas(&mut self, ids: &[Id]) -> Vec<Predicate> {
        ids.iter().map(|id| self.schema(*id)).collect()
    }

    fn rule(&mut self, rule: &Rule, id: RuleId) -> Predicate {
        match rule {
            Rule::Never => Predicate::Never,
            Rule::Warning(_) => Predicate::Always,
            Rule::Logic(rule) => self.logic(rule, id),
            Rule::Array(rule) => self.array(rule, id),
            Rule::Object(rule) => self.object(rule, id),
            Rule::Type(_)
            | Rule::Enum(_)
            | Rule::Const(_)
            | Rule::Number(..)
            | Rule::Text(_)
            | Rule::Size(_)
            | Rule::Sum(_)
            | Rule::SameLength(_) => Predicate::Rule(id),
        }
    }

    fn logic(&mut self, rule: &LogicRule, id: RuleId) -> Predicate {
        match rule {
            LogicRule::Ref(target) => self.reference(*target),
            LogicRule::AllOf(ids) => all(self.schemas(ids)),
            LogicRule::AnyOf(ids, _) => any(self.schemas(ids)),
            LogicRule::OneOf(ids, _) => Predicate::One(self.schemas(ids)),
            LogicRule::Not(id) => not(self.schema(*id)),
            LogicRule::If {
                condition,
                then,
                otherwise,
                ..
            } => self.condition(*condition, *then, *otherwise),
            LogicRule::DynamicRef { .. } => Predicate::Rule(id),
        }
    }

    fn array(&mut self, rule: &ArrayRule, id: RuleId) -> Predicate {
        match rule {
            ArrayRule::Items { prefix, rest } => self.items(prefix, *rest),
            ArrayRule::Contains {
                schema,
                min_contains,
                max_contains,
            } => Predicate::Contains {
                item: Box::new(self.schema(*schema)),
                least: *min_contains,
                most: *max_contains,
            },
            ArrayRule::Count { .. } | ArrayRule::Unique | ArrayRule::Unevaluated(_) => {
                Predicate::Rule(id)
            }
        }
    }

    fn object(&mut self, rule: &ObjectRule, id: RuleId) -> Predicate {
        match rule {
            ObjectRule::Required(names) => {
                Predicate::Members(names.iter().map(|name| required(name)).collect())
            }
            ObjectRule::Members {
                properties,
                patterns,
                additional,
            } if patterns.is_empty() => match additional {
                Some(id) if self.schemas.is_never(*id) => {
                    let names = properties.list.iter().map(|(name, _)| name.clone());
                    let only = Predicate::Only(names.collect());
                    all(vec![only, self.members(properties)])
                }
                Some(other) if !self.schemas.only_warns(*other) => Predicate::Rule(id),
                _ => self.members(properties),
            },
            ObjectRule::Members { .. }
            | ObjectRule::Names(_)
            | ObjectRule::MinProperties(_)
            | ObjectRule::MaxProperties(_)
            | ObjectRule::DependentRequired(_)
            | ObjectRule::DependentSchemas(_)
            | ObjectRule::Unevaluated(_) => Predicate::Rule(id),
        }
    }

    fn reference(&mut self, target: Id) -> Predicate {
        self.gave_up |= self.planned >= MOST || self.open.contains(&target);
        self.schema(target)
    }

    fn optional(&mut self, id: Option<Id>) -> Predicate {
        id.map_or(Predicate::Always, |id| self.schema(id))
    }

    fn condition(&mut self, condition: Id, then: Option<Id>, otherwise: Option<Id>) -> Predicate {
        let (then, otherwise) = (self.optional(then), self.optional(otherwise));
        // The branches come first: they mostly limit a member that is not present, while
        // conditions look at several.
        match (then, otherwise) {
            (Predicate::Always, Predicate::Always) => Predicate::Always,
            (then, Predicate::Always) => any(vec![then, not(self.schema(condition))]),
            (Predicate::Always, otherwise) => any(vec![otherwise, self.schema(condition)]),
            (then, otherwise) => Predicate::If(Box::new([self.schema(condition), then, otherwise])),
        }
    }

    fn members(&mut self, properties: &Properties) -> Predicate {
        let member = |(name, id): &(String, Id)| MemberPredicate {
            name: name.clone(),
            is_required: false,
            predicate: self.schema(*id),
        };
        Predicate::Members(properties.list.iter().map(member).collect())
    }

    fn items(&mut self, prefix: &[Id], rest: Option<Id>) -> Predicate {
        let first = self.schemas(prefix);
        self.gave_up |= !first.iter().all(is_always);
        match self.optional(rest) {
            Predicate::Always => Predicate::Always,
            // The first items would have to be left out.
            _ if !prefix.is_empty() => {
                self.gave_up = true;
                Predicate::Always
            }
            rest => Predicate::Items(Box::new(rest)),
        }
    }
}

const fn is_always(predicate: &Predicate) -> bool {
    matches!(predicate, Predicate::Always)
}

fn required(name: &str) -> MemberPredicate {
    MemberPredicate {
        name: name.to_owned(),
        is_required: true,
        predicate: Predicate::Always,
    }
}

fn not(predicate: Predicate) -> Predicate {
    match predicate {
        Predicate::Always => Predicate::Never,
        Predicate::Never => Predicate::Always,
        Predicate::Not(inner) => *inner,
        other => Predicate::Not(Box::new(other)),
    }
}

fn any(predicates: Vec<Predicate>) -> Predicate {
    let alternatives = |predicate| match predicate {
        Predicate::Any(inner) => inner,
        Predicate::Never => Vec::new(),
        other => vec![other],
    };
    let mut predicates: Vec<Predicate> = predicates.into_iter().flat_map(alternatives).collect();
    match predicates.len() {
        _ if predicates.iter().any(is_always) => Predicate::Always,
        1 => predicates.remove(0),
        0 => Predicate::Never,
        _ => Predicate::Any(predicates),
    }
}

fn all(predicates: Vec<Predicate>) -> Predicate {
    let parts = |predicate| match predicate {
        Predicate::All(inner) => inner,
        Predicate::Always => Vec::new(),
        other => vec![other],
    };
    let (mut others, mut members) = (Vec::new(), Vec::new());
    for predicate in predicates.into_iter().flat_map(parts) {
        match predicate {
            Predicate::Never => return Predicate::Never,
            Predicate::Members(more) => members.extend(more),
            other => others.push(other),
        }
    }
    let members = merged(members);
    if !members.is_empty() {
        others.push(Predicate::Members(members));
    }
    match others.len() {
        0 => Predicate::Always,
        1 => others.remove(0),
        _ => Predicate::All(others),
    }
}

/// One predicate a member, without those that every value satisfies.
fn merged(members: Vec<MemberPredicate>) -> Vec<MemberPredicate> {
    let mut by_name: BTreeMap<String, (bool, Vec<Predicate>)> = BTreeMap::new();
    for member in members {
        let (is_required, predicates) = by_name.entry(member.name).or_default();
        *is_required |= member.is_required;
        predicates.push(member.predicate);
    }
    let member = |(name, (is_required, predicates))| MemberPredicate {
        name,
        is_required,
        predicate: all(predicates),
    };
    let members = by_name.into_iter().map(member);
    members
        .filter(|member| member.is_required || !is_always(&member.predicate))
        .collect()
}
