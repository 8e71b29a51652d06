//! From rules to a plan: what to look at to tell whether a value keeps to them.
//!
//! What is asked of one member is gathered, what no value breaks is left out, and so
//! are the schemas on the way from a rule to the value that it is about.

use std::collections::{BTreeMap, HashMap};

use crate::validate::rules::rule::{Id, Rule, RuleId, SchemaRules};
use crate::validate::rules::same_length::SameLength;

/// How many schemas are planned anew for each reference to them.
const MOST: usize = 256;

/// What a value passes or fails.
#[derive(Debug)]
pub enum Predicate {
    /// Every value passes.
    Always,
    /// None does.
    Never,
    /// What a reference leads to, by its place among the shared tests.
    Shared(usize),
    /// All of these are passed.
    All(Vec<Predicate>),
    /// Any of these is.
    Any(Vec<Predicate>),
    /// One of these is, and no other.
    One(Vec<Predicate>),
    /// This is failed.
    Not(Box<Predicate>),
    /// Where the first is passed the second is, and else the third.
    If(Box<[Predicate; 3]>),
    /// Of an object.
    Members(Vec<MemberPredicate>),
    /// Of an array: what the first items pass, each its own, and all others.
    Items {
        /// In order.
        prefix: Vec<Predicate>,
        /// Of each one of the others.
        rest: Box<Predicate>,
    },
    /// Of an array: how many items pass.
    Contains {
        /// What they pass.
        item: Box<Predicate>,
        /// The fewest that do.
        least: u64,
        /// The most that may.
        most: Option<u64>,
    },
    /// A rule that applies no schema, or does so in a way of its own.
    Rule(RuleId),
}

/// What is asked of a member.
#[derive(Debug)]
pub struct MemberPredicate {
    /// What it is called.
    pub name: String,
    /// Whether it has to be there.
    pub is_required: bool,
    /// What it passes if it is there.
    pub predicate: Predicate,
}

/// The tests of a schema.
pub(crate) struct Plan {
    pub start: Predicate,
    /// What references lead to.
    pub shared: Vec<Predicate>,
}

impl Plan {
    /// For schemas none of which asks what others have evaluated, or by which way it was
    /// come to.
    pub fn new(schemas: &[SchemaRules], start: Id) -> Self {
        let mut planner = Planner {
            schemas,
            within: Vec::new(),
            planned: 0,
            referred: Vec::new(),
            places: HashMap::new(),
        };
        let start = planner.schema(start);
        let mut shared = Vec::new();
        // Planning one may find more.
        while let Some(id) = planner.referred.get(shared.len()) {
            shared.push(planner.schema(*id));
        }
        Self { start, shared }
    }
}

struct Planner<'s> {
    schemas: &'s [SchemaRules],
    /// The schemas that are being planned, each a part of the one before it.
    within: Vec<Id>,
    /// How many schemas have been planned.
    planned: usize,
    /// The schemas that tests refer to.
    referred: Vec<Id>,
    /// The place of each among them.
    places: HashMap<Id, usize>,
}

impl Planner<'_> {
    fn schema(&mut self, id: Id) -> Predicate {
        if self.schemas[id].only_warns {
            return Predicate::Always;
        }
        self.within.push(id);
        self.planned += 1;
        let rules = self.schemas[id].rules.iter().enumerate();
        let tests = rules.map(|(place, rule)| self.rule(rule, (id, place)));
        let test = all(tests.collect());
        self.within.pop();
        test
    }

    fn schemas(&mut self, ids: &[Id]) -> Vec<Predicate> {
        ids.iter().map(|id| self.schema(*id)).collect()
    }

    fn rule(&mut self, rule: &Rule, (id, place): (Id, usize)) -> Predicate {
        match rule {
            Rule::Never => Predicate::Never,
            Rule::Warning(_) => Predicate::Always,
            Rule::Ref(id) => self.reference(*id),
            Rule::AllOf(ids) => all(self.schemas(ids)),
            Rule::AnyOf(ids) => any(self.schemas(ids)),
            Rule::OneOf(ids) => Predicate::One(self.schemas(ids)),
            Rule::Not(id) => not(self.schema(*id)),
            Rule::If {
                condition,
                then,
                otherwise,
                ..
            } => self.condition(*condition, *then, *otherwise),
            Rule::Required(names) => {
                Predicate::Members(names.iter().map(|it| required(it)).collect())
            }
            Rule::Members {
                properties,
                patterns,
                additional: None,
            } if patterns.is_empty() => self.members(properties),
            Rule::Items { prefix, rest } => items(self.schemas(prefix), self.optional(*rest)),
            Rule::Contains {
                schema,
                min_contains,
                max_contains,
            } => Predicate::Contains {
                item: Box::new(self.schema(*schema)),
                least: *min_contains,
                most: *max_contains,
            },
            Rule::SameLength(same) => any(vec![no_array(same), Predicate::Rule(RuleId(id, place))]),
            _ => Predicate::Rule(RuleId(id, place)),
        }
    }

    /// A schema may refer to what it is a part of, or many to the same: the test there
    /// is made later, and once.
    fn reference(&mut self, id: Id) -> Predicate {
        if self.planned < MOST && !self.within.contains(&id) {
            return self.schema(id);
        }
        if self.schemas[id].only_warns {
            return Predicate::Always;
        }
        Predicate::Shared(*self.places.entry(id).or_insert_with(|| {
            self.referred.push(id);
            self.referred.len() - 1
        }))
    }

    fn optional(&mut self, id: Option<Id>) -> Predicate {
        id.map_or(Predicate::Always, |id| self.schema(id))
    }

    fn condition(&mut self, condition: Id, then: Option<Id>, otherwise: Option<Id>) -> Predicate {
        let (then, otherwise) = (self.optional(then), self.optional(otherwise));
        // Mostly branches bound what is not even there, and conditions look far.
        match (then, otherwise) {
            (Predicate::Always, Predicate::Always) => Predicate::Always,
            (then, Predicate::Always) => any(vec![then, not(self.schema(condition))]),
            (Predicate::Always, otherwise) => any(vec![otherwise, self.schema(condition)]),
            (then, otherwise) => Predicate::If(Box::new([self.schema(condition), then, otherwise])),
        }
    }

    fn members(&mut self, properties: &[(String, Id)]) -> Predicate {
        let member = |(name, id): &(String, Id)| MemberPredicate {
            name: name.clone(),
            is_required: false,
            predicate: self.schema(*id),
        };
        Predicate::Members(properties.iter().map(member).collect())
    }
}

fn required(name: &str) -> MemberPredicate {
    MemberPredicate {
        name: name.to_owned(),
        is_required: true,
        predicate: Predicate::Always,
    }
}

/// Passed where there is no array that has to be as long as another.
fn no_array(same: &SameLength) -> Predicate {
    let within = |test, name: &str| {
        Predicate::Members(vec![MemberPredicate {
            name: name.to_owned(),
            is_required: false,
            predicate: test,
        }])
    };
    let names = same.array_members();
    names.map_or(Predicate::Never, |names| {
        names.into_iter().rev().fold(Predicate::Never, within)
    })
}

fn items(prefix: Vec<Predicate>, rest: Predicate) -> Predicate {
    let is_any = |it: &Predicate| matches!(it, Predicate::Always);
    match is_any(&rest) && prefix.iter().all(is_any) {
        true => Predicate::Always,
        false => Predicate::Items {
            prefix,
            rest: Box::new(rest),
        },
    }
}

fn not(test: Predicate) -> Predicate {
    match test {
        Predicate::Always => Predicate::Never,
        Predicate::Never => Predicate::Always,
        Predicate::Not(test) => *test,
        test => Predicate::Not(Box::new(test)),
    }
}

fn any(tests: Vec<Predicate>) -> Predicate {
    let alternatives = |test| match test {
        Predicate::Any(tests) => tests,
        Predicate::Never => Vec::new(),
        test => vec![test],
    };
    let mut tests: Vec<Predicate> = tests.into_iter().flat_map(alternatives).collect();
    match tests.len() {
        _ if tests.iter().any(|it| matches!(it, Predicate::Always)) => Predicate::Always,
        1 => tests.remove(0),
        0 => Predicate::Never,
        _ => Predicate::Any(tests),
    }
}

fn all(tests: Vec<Predicate>) -> Predicate {
    let parts = |test| match test {
        Predicate::All(tests) => tests,
        Predicate::Always => Vec::new(),
        test => vec![test],
    };
    let (mut others, mut asked) = (Vec::new(), Vec::new());
    for test in tests.into_iter().flat_map(parts) {
        match test {
            Predicate::Never => return Predicate::Never,
            Predicate::Members(members) => asked.extend(members),
            test => others.push(test),
        }
    }
    let members = gathered(asked);
    if !members.is_empty() {
        others.push(Predicate::Members(members));
    }
    match others.len() {
        0 => Predicate::Always,
        1 => others.remove(0),
        _ => Predicate::All(others),
    }
}

/// Each member once, and those alone of which something is asked.
fn gathered(members: Vec<MemberPredicate>) -> Vec<MemberPredicate> {
    let mut by_name: BTreeMap<String, (bool, Vec<Predicate>)> = BTreeMap::new();
    for member in members {
        let (is_required, tests) = by_name.entry(member.name).or_default();
        *is_required |= member.is_required;
        tests.push(member.predicate);
    }
    let member = |(name, (is_required, tests))| MemberPredicate {
        name,
        is_required,
        predicate: all(tests),
    };
    let members = by_name.into_iter().map(member);
    let is_asked =
        |it: &MemberPredicate| it.is_required || !matches!(it.predicate, Predicate::Always);
    members.filter(is_asked).collect()
}
