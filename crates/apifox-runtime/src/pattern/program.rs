//! Expressions as instructions, so that a search needs no recursion.

use crate::pattern::expression::{CharSet, Expression};

/// The most instructions of an expression. Repetitions are written out.
const MOST: usize = 20_000;

/// An instruction of a search. The next one follows, unless it says otherwise.
pub(super) enum Instruction {
    One {
        set: CharSetId,
        is_backward: bool,
    },
    Start,
    End,
    WordBoundary {
        is_negated: bool,
    },
    /// Continues at the first; if that fails, at the second. The third is its number.
    Split(usize, usize, usize),
    Jump(usize),
    /// Notes the position in a register.
    Save(usize),
    /// Fails where the position is still that in a register.
    Progress(usize),
    /// Forgets the positions in these registers.
    Clear(usize, usize),
    /// What one of these groups has matched.
    Reference {
        groups: Vec<usize>,
        is_backward: bool,
    },
    /// Continues at `next` if what follows this matches.
    Look {
        is_negated: bool,
        next: usize,
    },
    Accept,
}

/// The index of a set of characters.
pub(super) type CharSetId = usize;

/// An expression as instructions.
#[derive(Default)]
pub(super) struct Program {
    pub code: Vec<Instruction>,
    pub sets: Vec<CharSet>,
    /// How many of the instructions are [`Instruction::Split`].
    pub splits: usize,
    /// How many registers there are: for each group where it starts and ends, and for each
    /// repetition where it started.
    pub registers: usize,
    /// Whether groups are referred to, so that it matters what they have matched.
    pub refers: bool,
}

impl Program {
    /// `None` where there would be too many instructions.
    pub fn new(expression: Expression, groups: usize) -> Option<Self> {
        let mut program = Self {
            registers: 2 * (groups + 1),
            refers: refers(&expression),
            ..Self::default()
        };
        program.write(&expression, false)?;
        program.push(Instruction::Accept)?;
        Some(program)
    }

    fn push(&mut self, instruction: Instruction) -> Option<usize> {
        self.code.push(instruction);
        (self.code.len() <= MOST).then(|| self.code.len() - 1)
    }

    fn split(&mut self) -> Option<usize> {
        self.splits += 1;
        self.push(Instruction::Split(0, 0, self.splits - 1))
    }

    /// Lets the split at `at` continue here before `other`, or after it.
    fn link(&mut self, at: usize, first: usize, second: usize) {
        if let Instruction::Split(to, or, _) = &mut self.code[at] {
            (*to, *or) = (first, second);
        }
    }

    fn write(&mut self, expression: &Expression, is_backward: bool) -> Option<()> {
        match expression {
            Expression::One(set) => {
                let set = self.set(set);
                self.push(Instruction::One { set, is_backward })?;
            }
            Expression::Start => drop(self.push(Instruction::Start)?),
            Expression::End => drop(self.push(Instruction::End)?),
            Expression::WordBoundary { is_negated } => {
                let is_negated = *is_negated;
                self.push(Instruction::WordBoundary { is_negated })?;
            }
            Expression::Group(index, inner) => {
                let (first, last) = match is_backward {
                    false => (2 * index, 2 * index + 1),
                    true => (2 * index + 1, 2 * index),
                };
                self.register(Instruction::Save(first))?;
                self.write(inner, is_backward)?;
                self.register(Instruction::Save(last))?;
            }
            Expression::Reference(groups) => {
                let groups = groups.clone();
                self.push(Instruction::Reference {
                    groups,
                    is_backward,
                })?;
            }
            Expression::Alternatives(all) => self.alternatives(all, is_backward)?,
            Expression::Sequence(terms) if is_backward => {
                terms
                    .iter()
                    .rev()
                    .try_for_each(|term| self.write(term, true))?;
            }
            Expression::Sequence(terms) => {
                terms.iter().try_for_each(|term| self.write(term, false))?;
            }
            Expression::Look {
                is_behind,
                is_negated,
                inner,
            } => {
                let (is_negated, next) = (*is_negated, 0);
                let look = self.push(Instruction::Look { is_negated, next })?;
                self.write(inner, *is_behind)?;
                self.push(Instruction::Accept)?;
                let end = self.code.len();
                if let Instruction::Look { next, .. } = &mut self.code[look] {
                    *next = end;
                }
            }
            Expression::Repeat { .. } => self.repeat(expression, is_backward)?,
        }
        Some(())
    }

    /// Writes what only matters where groups are referred to.
    fn register(&mut self, instruction: Instruction) -> Option<()> {
        match self.refers {
            true => self.push(instruction).map(drop),
            false => Some(()),
        }
    }

    fn set(&mut self, set: &CharSet) -> CharSetId {
        self.sets.push(set.clone());
        self.sets.len() - 1
    }

    fn alternatives(&mut self, all: &[Expression], is_backward: bool) -> Option<()> {
        let mut ends = Vec::new();
        let last = all.len() - 1;
        for (at, one) in all.iter().enumerate() {
            let split = if at < last { Some(self.split()?) } else { None };
            self.write(one, is_backward)?;
            if let Some(split) = split {
                ends.push(self.push(Instruction::Jump(0))?);
                self.link(split, split + 1, self.code.len());
            }
        }
        let end = self.code.len();
        for jump in ends {
            self.code[jump] = Instruction::Jump(end);
        }
        Some(())
    }

    fn repeat(&mut self, repeat: &Expression, is_backward: bool) -> Option<()> {
        let Expression::Repeat {
            inner,
            min,
            max,
            is_greedy,
            groups,
        } = repeat
        else {
            return Some(());
        };
        let clear = || Instruction::Clear(2 * groups.0, 2 * groups.1);
        for _ in 0..*min {
            let before = self.code.len();
            self.register(clear())?;
            self.write(inner, is_backward)?;
            // What takes no instructions may be repeated any number of times.
            if self.code.len() == before {
                break;
            }
        }
        let start = self.registers;
        self.registers += 1;
        let mut splits = Vec::new();
        let count = max.map_or(1, |max| max.saturating_sub(*min));
        // Each takes an instruction at least.
        for _ in 0..count {
            let split = self.split()?;
            splits.push(split);
            self.register(Instruction::Save(start))?;
            self.register(clear())?;
            self.write(inner, is_backward)?;
            // A round that matches nothing does not count.
            self.register(Instruction::Progress(start))?;
            if max.is_none() {
                self.push(Instruction::Jump(split))?;
            }
        }
        let end = self.code.len();
        for split in splits {
            match is_greedy {
                true => self.link(split, split + 1, end),
                false => self.link(split, end, split + 1),
            }
        }
        Some(())
    }
}

/// Whether an expression refers to groups.
fn refers(expression: &Expression) -> bool {
    match expression {
        Expression::One(_)
        | Expression::Start
        | Expression::End
        | Expression::WordBoundary { .. } => false,
        Expression::Reference(_) => true,
        Expression::Group(_, inner)
        | Expression::Look { inner, .. }
        | Expression::Repeat { inner, .. } => refers(inner),
        Expression::Alternatives(all) | Expression::Sequence(all) => all.iter().any(refers),
    }
}
