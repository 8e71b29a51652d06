//! Whether a value keeps to the rules, and nothing else: most values do, and then
//! nobody asks where, why or what was evaluated.

use super::memo::Memo;
use super::plan::Plan;
use super::steps::{Ask, Next, Place, Step, Steps, WHOLE};
use super::{Evaluated, Rule, Rules, Visit, Way, check_number, check_text};
use crate::array::is_within;
use crate::path::Path;
use crate::report::Report;
use crate::view::{self, Elements, Look, View};

/// How many steps are made at most: remembering what is known pays after that.
const MOST: u32 = 1024;

impl Rules {
    /// Whether `value` keeps to the rules; `None` where that takes long to tell.
    pub(super) fn holds_quickly(&self, value: &dyn View) -> Option<bool> {
        if self.tracks || !self.is_static {
            return None;
        }
        let new_plan = || Plan::new(&self.schemas, self.start);
        let plan = self.plan.get_or_init(new_plan);
        let mut quick = Quick {
            rules: self,
            plan,
            left: MOST,
            report: Report::silent(),
        };
        let holds = quick.passes(&plan.start, value);
        (quick.left > 0).then_some(holds)
    }
}

struct Quick<'r> {
    rules: &'r Rules,
    plan: &'r Plan,
    /// How many steps may still be made; no answer counts once there are none.
    left: u32,
    /// Where rules tell what nobody asks for.
    report: Report,
}

impl<'r> Quick<'r> {
    fn passes(&mut self, steps: &'r Steps, value: &dyn View) -> bool {
        let mut seen = Seen::new(&steps.places, value);
        let mut next = steps.first;
        while let Next::Step(at) = next {
            self.left = self.left.saturating_sub(1);
            if self.left == 0 {
                return false;
            }
            let Step { place, ask, exits } = &steps.steps[at];
            next = match seen.at(*place) {
                None => exits.missing,
                Some(value) if self.says_yes(ask, value) => exits.yes,
                Some(_) => exits.no,
            };
        }
        next == Next::Pass
    }

    fn says_yes(&mut self, ask: &'r Ask, value: &dyn View) -> bool {
        match ask {
            Ask::Anything => true,
            Ask::Object => matches!(value.look(), Look::Object(_)),
            Ask::Shared(place) => self.passes(&self.plan.shared[*place], value),
            Ask::One(all) => all.iter().filter(|it| self.passes(it, value)).count() == 1,
            Ask::Rule(id, place) => self.keeps(&self.rules.schemas[*id].rules[*place], value),
            Ask::Items { .. } | Ask::Contains { .. } => match value.look() {
                Look::Array(items) => self.items(ask, items),
                _ => true,
            },
        }
    }

    fn items(&mut self, ask: &'r Ask, items: &dyn Elements) -> bool {
        match ask {
            Ask::Items { prefix, rest } => {
                let asked = prefix.iter().chain(std::iter::repeat(&**rest));
                let mut asked = items.iter().zip(asked);
                asked.all(|(item, steps)| self.passes(steps, item))
            }
            Ask::Contains { item, least, most } => self.contains(item, (*least, *most), items),
            _ => true,
        }
    }

    fn contains(
        &mut self,
        steps: &'r Steps,
        (least, most): (u64, Option<u64>),
        items: &dyn Elements,
    ) -> bool {
        // Once there are as many, no more have to be looked at.
        let enough = most.map_or(least, |most| most.saturating_add(1));
        let mut count = 0;
        let mut items = items.iter();
        while count < enough
            && let Some(item) = items.next()
        {
            count += u64::from(self.passes(steps, item));
        }
        is_within((least, most), count)
    }

    /// Whether a value keeps to a rule that applies no schema, or does so in a way of
    /// its own.
    fn keeps(&mut self, rule: &Rule, value: &dyn View) -> bool {
        match (rule, value.look()) {
            (Rule::Type(types), look) => types.iter().any(|it| it.is_type_of(&look)),
            (Rule::Const(constant), look) => view::looks_same(&constant.look(), &look),
            (Rule::Enum(all), look) => all.iter().any(|it| view::looks_same(&it.look(), &look)),
            (
                Rule::Minimum(_)
                | Rule::Maximum(_)
                | Rule::ExclusiveMinimum(_)
                | Rule::ExclusiveMaximum(_)
                | Rule::MultipleOf(_),
                Look::Number(number),
            ) => check_number(rule, &number, Path::ROOT, &mut self.report).is_some(),
            (Rule::Sum(sum), _) => sum.check(value, Path::ROOT, &mut self.report).is_some(),
            (Rule::SameLength(same), _) => {
                same.check(value, Path::ROOT, &mut self.report).is_some()
            }
            (Rule::Text(_) | Rule::Size(_), Look::String(text)) => {
                check_text(rule, &text, Path::ROOT, &mut self.report).is_some()
            }
            _ => self.keeps_other(rule, value),
        }
    }

    #[inline(never)]
    fn keeps_other(&mut self, rule: &Rule, value: &dyn View) -> bool {
        let visit = Visit {
            rules: self.rules,
            value,
            at: Path::ROOT,
            way: Way {
                scope: None,
                depth: 0,
                memo: &Memo::default(),
            },
        };
        visit
            .rule(rule, &Evaluated::default(), &mut self.report)
            .is_some()
    }
}

/// How many places are looked up no more than once.
const FEW: usize = 12;

/// What is at the places of a value.
struct Seen<'v> {
    places: &'v [Place],
    found: [Option<&'v dyn View>; FEW],
    /// Which of them have been looked up, a bit each.
    known: u32,
}

impl<'v> Seen<'v> {
    fn new(places: &'v [Place], value: &'v dyn View) -> Self {
        let mut found = [None; FEW];
        found[WHOLE] = Some(value);
        Self {
            places,
            found,
            known: 1 << WHOLE,
        }
    }

    fn at(&mut self, place: usize) -> Option<&'v dyn View> {
        if let Some(found) = self.known(place) {
            return found;
        }
        let Place { parent, name } = &self.places[place];
        let above = match self.known(*parent) {
            Some(found) => found,
            None => self.at(*parent),
        };
        let found = above.and_then(|it| it.member(name));
        if place < FEW {
            self.found[place] = found;
            self.known |= 1 << place;
        }
        found
    }

    fn known(&self, place: usize) -> Option<Option<&'v dyn View>> {
        let is_known = place < FEW && self.known & (1 << place) != 0;
        is_known.then(|| self.found[place])
    }
}
