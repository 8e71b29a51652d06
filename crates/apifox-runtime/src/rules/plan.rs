//! From rules to a plan: what to look at to tell whether a value keeps to them.
//!
//! What is asked of one member is gathered, what no value breaks is left out, and so
//! are the schemas on the way from a rule to the value that it is about.

use std::collections::{BTreeMap, HashMap};

use super::length::SameLength;
use super::{Id, Rule, Schema};

/// How many schemas are planned anew for each reference to them.
const MOST: usize = 256;

/// What a value passes or fails.
#[derive(Debug)]
pub enum Test {
    /// Every value passes.
    Always,
    /// None does.
    Never,
    /// What a reference leads to, by its place among the shared tests.
    Shared(usize),
    /// All of these are passed.
    All(Vec<Test>),
    /// Any of these is.
    Any(Vec<Test>),
    /// One of these is, and no other.
    One(Vec<Test>),
    /// This is failed.
    Not(Box<Test>),
    /// Where the first is passed the second is, and else the third.
    If(Box<[Test; 3]>),
    /// Of an object.
    Members(Vec<Member>),
    /// Of an array: what the first items pass, each its own, and all others.
    Items {
        /// In order.
        prefix: Vec<Test>,
        /// Of each one of the others.
        rest: Box<Test>,
    },
    /// Of an array: how many items pass.
    Contains {
        /// What they pass.
        item: Box<Test>,
        /// The fewest that do.
        least: u64,
        /// The most that may.
        most: Option<u64>,
    },
    /// A rule that applies no schema, or does so in a way of its own.
    Rule(Place),
}

/// The place of a rule: its schema, and its place there.
#[derive(Clone, Copy, Debug)]
pub struct Place(pub(super) Id, pub(super) usize);

/// What is asked of a member.
#[derive(Debug)]
pub struct Member {
    /// What it is called.
    pub name: String,
    /// Whether it has to be there.
    pub is_required: bool,
    /// What it passes if it is there.
    pub test: Test,
}

/// The tests of a schema.
pub(super) struct Plan {
    pub start: Test,
    /// What references lead to.
    pub shared: Vec<Test>,
}

impl Plan {
    /// For schemas none of which asks what others have evaluated, or by which way it was
    /// come to.
    pub fn new(schemas: &[Schema], start: Id) -> Self {
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
    schemas: &'s [Schema],
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
    fn schema(&mut self, id: Id) -> Test {
        if self.schemas[id].only_warns {
            return Test::Always;
        }
        self.within.push(id);
        self.planned += 1;
        let rules = self.schemas[id].rules.iter().enumerate();
        let tests = rules.map(|(place, rule)| self.rule(rule, (id, place)));
        let test = all(tests.collect());
        self.within.pop();
        test
    }

    fn schemas(&mut self, ids: &[Id]) -> Vec<Test> {
        ids.iter().map(|id| self.schema(*id)).collect()
    }

    fn rule(&mut self, rule: &Rule, (id, place): (Id, usize)) -> Test {
        match rule {
            Rule::Never => Test::Never,
            Rule::Warning(_) => Test::Always,
            Rule::Ref(id) => self.reference(*id),
            Rule::AllOf(ids) => all(self.schemas(ids)),
            Rule::AnyOf(ids) => any(self.schemas(ids)),
            Rule::OneOf(ids) => Test::One(self.schemas(ids)),
            Rule::Not(id) => not(self.schema(*id)),
            Rule::If {
                condition,
                then,
                otherwise,
                ..
            } => self.condition(*condition, *then, *otherwise),
            Rule::Required(names) => Test::Members(names.iter().map(|it| required(it)).collect()),
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
            } => Test::Contains {
                item: Box::new(self.schema(*schema)),
                least: *min_contains,
                most: *max_contains,
            },
            Rule::SameLength(same) => any(vec![no_array(same), Test::Rule(Place(id, place))]),
            _ => Test::Rule(Place(id, place)),
        }
    }

    /// A schema may refer to what it is a part of, or many to the same: the test there
    /// is made later, and once.
    fn reference(&mut self, id: Id) -> Test {
        if self.planned < MOST && !self.within.contains(&id) {
            return self.schema(id);
        }
        if self.schemas[id].only_warns {
            return Test::Always;
        }
        Test::Shared(*self.places.entry(id).or_insert_with(|| {
            self.referred.push(id);
            self.referred.len() - 1
        }))
    }

    fn optional(&mut self, id: Option<Id>) -> Test {
        id.map_or(Test::Always, |id| self.schema(id))
    }

    fn condition(&mut self, condition: Id, then: Option<Id>, otherwise: Option<Id>) -> Test {
        let (then, otherwise) = (self.optional(then), self.optional(otherwise));
        // Mostly branches bound what is not even there, and conditions look far.
        match (then, otherwise) {
            (Test::Always, Test::Always) => Test::Always,
            (then, Test::Always) => any(vec![then, not(self.schema(condition))]),
            (Test::Always, otherwise) => any(vec![otherwise, self.schema(condition)]),
            (then, otherwise) => Test::If(Box::new([self.schema(condition), then, otherwise])),
        }
    }

    fn members(&mut self, properties: &[(String, Id)]) -> Test {
        let member = |(name, id): &(String, Id)| Member {
            name: name.clone(),
            is_required: false,
            test: self.schema(*id),
        };
        Test::Members(properties.iter().map(member).collect())
    }
}

fn required(name: &str) -> Member {
    Member {
        name: name.to_owned(),
        is_required: true,
        test: Test::Always,
    }
}

/// Passed where there is no array that has to be as long as another.
fn no_array(same: &SameLength) -> Test {
    let within = |test, name: &str| {
        Test::Members(vec![Member {
            name: name.to_owned(),
            is_required: false,
            test,
        }])
    };
    let names = same.array_members();
    names.map_or(Test::Never, |names| {
        names.into_iter().rev().fold(Test::Never, within)
    })
}

fn items(prefix: Vec<Test>, rest: Test) -> Test {
    let is_any = |it: &Test| matches!(it, Test::Always);
    match is_any(&rest) && prefix.iter().all(is_any) {
        true => Test::Always,
        false => Test::Items {
            prefix,
            rest: Box::new(rest),
        },
    }
}

fn not(test: Test) -> Test {
    match test {
        Test::Always => Test::Never,
        Test::Never => Test::Always,
        Test::Not(test) => *test,
        test => Test::Not(Box::new(test)),
    }
}

fn any(tests: Vec<Test>) -> Test {
    let alternatives = |test| match test {
        Test::Any(tests) => tests,
        Test::Never => Vec::new(),
        test => vec![test],
    };
    let mut tests: Vec<Test> = tests.into_iter().flat_map(alternatives).collect();
    match tests.len() {
        _ if tests.iter().any(|it| matches!(it, Test::Always)) => Test::Always,
        1 => tests.remove(0),
        0 => Test::Never,
        _ => Test::Any(tests),
    }
}

fn all(tests: Vec<Test>) -> Test {
    let parts = |test| match test {
        Test::All(tests) => tests,
        Test::Always => Vec::new(),
        test => vec![test],
    };
    let (mut others, mut asked) = (Vec::new(), Vec::new());
    for test in tests.into_iter().flat_map(parts) {
        match test {
            Test::Never => return Test::Never,
            Test::Members(members) => asked.extend(members),
            test => others.push(test),
        }
    }
    let members = gathered(asked);
    if !members.is_empty() {
        others.push(Test::Members(members));
    }
    match others.len() {
        0 => Test::Always,
        1 => others.remove(0),
        _ => Test::All(others),
    }
}

/// Each member once, and those alone of which something is asked.
fn gathered(members: Vec<Member>) -> Vec<Member> {
    let mut by_name: BTreeMap<String, (bool, Vec<Test>)> = BTreeMap::new();
    for member in members {
        let (is_required, tests) = by_name.entry(member.name).or_default();
        *is_required |= member.is_required;
        tests.push(member.test);
    }
    let member = |(name, (is_required, tests))| Member {
        name,
        is_required,
        test: all(tests),
    };
    let members = by_name.into_iter().map(member);
    let is_asked = |it: &Member| it.is_required || !matches!(it.test, Test::Always);
    members.filter(is_asked).collect()
}
