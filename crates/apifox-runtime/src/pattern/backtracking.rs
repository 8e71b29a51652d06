//! Expressions that are not regular in the strict sense: alternatives are tried one after
//! another.
//!
//! Where no group is referred to, it is remembered where trying has failed: nothing is
//! tried twice, and time is linear in the text. Otherwise there are only so many steps.

use regress::Regex;

use crate::pattern::expression;
use crate::pattern::program::{Instruction, Program};

/// Why an expression that is one is refused.
pub(super) const TOO_MUCH: &str = "it nests or repeats more than can be matched in bounded time";

/// An expression that is matched by trying.
pub(crate) struct Backtracking {
    program: Program,
}

/// There are no more steps.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct GaveUp;

impl Backtracking {
    /// Compiles with the flag `u`, as JSON Schema requires, or without it where `source` is
    /// valid only then, such as `\-`.
    ///
    /// # Errors
    ///
    /// Why it is not a regular expression, or that it can't be matched in bounded time.
    pub fn new(source: &str) -> Result<Self, regress::Error> {
        let is_unicode = match Regex::with_flags(source, "u") {
            Ok(_) => true,
            Err(error) => Regex::new(source).map(|_| false).map_err(|_| error)?,
        };
        let parsed = expression::parse(source, is_unicode);
        let program = parsed.and_then(|(expression, groups)| Program::new(expression, groups));
        let program = program.ok_or_else(|| regress::Error {
            text: TOO_MUCH.into(),
        })?;
        Ok(Self { program })
    }

    /// Whether groups are referred to, so that there may be too few steps for a short text
    /// as well.
    pub fn refers(&self) -> bool {
        self.program.refers
    }

    /// Whether some part of `text` matches.
    ///
    /// # Errors
    ///
    /// There are too few steps to tell.
    pub fn is_match(&self, text: &str) -> Result<bool, GaveUp> {
        let mut search = Search::new(&self.program, text)?;
        let starts = text.char_indices().map(|(at, _)| at);
        let is_anchored = matches!(self.program.code[0], Instruction::Start);
        for start in starts.chain([text.len()]) {
            let state = State::new(&self.program, start);
            if search.run(0, state)?.is_some() {
                return Ok(true);
            }
            if is_anchored {
                break;
            }
        }
        Ok(false)
    }
}

/// Where a search is.
#[derive(Clone)]
struct State {
    at: usize,
    /// Positions, where groups are referred to.
    registers: Vec<Option<usize>>,
}

impl State {
    fn new(program: &Program, at: usize) -> Self {
        let count = if program.refers { program.registers } else { 0 };
        Self {
            at,
            registers: vec![None; count],
        }
    }
}

struct Search<'p> {
    program: &'p Program,
    text: &'p str,
    /// How many steps are left.
    left: usize,
    /// For each split and position, whether it was tried, and whether that succeeded.
    tried: Bits,
    succeeded: Bits,
}

/// What is tried once all before it has failed.
struct Alternative {
    instruction: usize,
    state: State,
    /// How many splits lead to it.
    depth: usize,
}

impl<'p> Search<'p> {
    fn new(program: &'p Program, text: &'p str) -> Result<Self, GaveUp> {
        /// The most memory for what was tried, in bits, and as much for what succeeded.
        const MOST_BITS: usize = 1 << 29;
        /// A short text gets so many steps, and each byte so many more.
        const STEPS: usize = 200_000;
        const STEPS_A_BYTE: usize = 64;
        let bits = match program.refers {
            true => 0,
            false => program.splits.saturating_mul(text.len() + 1),
        };
        if bits > MOST_BITS {
            return Err(GaveUp);
        }
        Ok(Self {
            program,
            text,
            left: STEPS.saturating_add(text.len().saturating_mul(STEPS_A_BYTE)),
            tried: Bits::new(bits),
            succeeded: Bits::new(bits),
        })
    }

    /// The state in which the instructions from `start` on accept. Recurses only for
    /// lookaround within lookaround.
    fn run(&mut self, start: usize, state: State) -> Result<Option<State>, GaveUp> {
        let mut alternatives = vec![Alternative {
            instruction: start,
            state,
            depth: 0,
        }];
        // The splits on the way to where the search is.
        let mut path = Vec::new();
        while let Some(Alternative {
            instruction,
            state,
            depth,
        }) = alternatives.pop()
        {
            path.truncate(depth);
            let found = self.follow(instruction, state, &mut path, &mut alternatives)?;
            if found.is_some() {
                for split in path {
                    self.succeeded.set(split);
                }
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Follows instructions until they accept or fail; what may be tried instead is added
    /// to `alternatives`.
    fn follow(
        &mut self,
        start: usize,
        mut state: State,
        path: &mut Vec<usize>,
        alternatives: &mut Vec<Alternative>,
    ) -> Result<Option<State>, GaveUp> {
        let program = self.program;
        let mut next = start;
        loop {
            self.left = self.left.checked_sub(1).ok_or(GaveUp)?;
            match &program.code[next] {
                Instruction::Accept => return Ok(Some(state)),
                Instruction::Jump(to) => next = *to,
                Instruction::Split(first, second, number) => {
                    let place = number * (self.text.len() + 1) + state.at;
                    if let Some(succeeds) = self.verdict(place) {
                        return Ok(succeeds.then_some(state));
                    }
                    if !program.refers {
                        self.tried.set(place);
                        path.push(place);
                    }
                    alternatives.push(Alternative {
                        instruction: *second,
                        state: state.clone(),
                        depth: path.len(),
                    });
                    next = *first;
                }
                Instruction::Look {
                    is_negated,
                    next: after,
                } => {
                    let found = self.run(next + 1, state.clone())?;
                    if found.is_some() == *is_negated {
                        return Ok(None);
                    }
                    // A group within keeps what it has matched.
                    state.registers = found.map_or(state.registers, |found| found.registers);
                    next = *after;
                }
                step if self.steps(step, &mut state) => next += 1,
                _ => return Ok(None),
            }
        }
    }

    /// What came of a split at a position, if it was tried before.
    fn verdict(&self, place: usize) -> Option<bool> {
        if self.program.refers {
            return None;
        }
        let succeeds = self.succeeded.has(place);
        (succeeds || self.tried.has(place)).then_some(succeeds)
    }

    /// Whether the text goes on as an instruction says that leads to the one behind it.
    fn steps(&mut self, instruction: &Instruction, state: &mut State) -> bool {
        match instruction {
            Instruction::One { set, is_backward } => {
                let set = &self.program.sets[*set];
                let found = self.beside(state.at, *is_backward);
                let found = found.filter(|char| set.has(*char));
                found.is_some_and(|char| state.step(char.len_utf8(), *is_backward))
            }
            Instruction::Start => state.at == 0,
            Instruction::End => state.at == self.text.len(),
            Instruction::WordBoundary { is_negated } => {
                let is_word = |is_backward| {
                    let char = self.beside(state.at, is_backward);
                    char.is_some_and(|char| char.is_ascii_alphanumeric() || char == '_')
                };
                (is_word(true) != is_word(false)) != *is_negated
            }
            Instruction::Save(register) => {
                state.registers[*register] = Some(state.at);
                true
            }
            Instruction::Progress(register) => state.registers[*register] != Some(state.at),
            Instruction::Clear(first, end) => {
                state.registers[*first..*end].fill(None);
                true
            }
            Instruction::Reference {
                groups,
                is_backward,
            } => {
                let group = groups.iter().find_map(|group| self.group(state, *group));
                // A group that has matched nothing matches nothing.
                let group = group.unwrap_or_default();
                let (before, after) = self.text.split_at(state.at);
                let is_there = match is_backward {
                    true => before.ends_with(group),
                    false => after.starts_with(group),
                };
                self.left = self.left.saturating_sub(group.len());
                is_there && state.step(group.len(), *is_backward)
            }
            // These lead elsewhere.
            Instruction::Accept
            | Instruction::Jump(_)
            | Instruction::Split(..)
            | Instruction::Look { .. } => false,
        }
    }

    /// The character before or behind a position.
    fn beside(&self, at: usize, is_backward: bool) -> Option<char> {
        match is_backward {
            true => self.text[..at].chars().next_back(),
            false => self.text[at..].chars().next(),
        }
    }

    /// What a group has matched, if it has matched something.
    fn group(&self, state: &State, group: usize) -> Option<&'p str> {
        let (start, end) = (state.registers[2 * group]?, state.registers[2 * group + 1]?);
        self.text.get(start..end)
    }
}

impl State {
    /// Goes on by so many bytes.
    fn step(&mut self, bytes: usize, is_backward: bool) -> bool {
        match is_backward {
            true => self.at -= bytes,
            false => self.at += bytes,
        }
        true
    }
}

/// A set of numbers.
struct Bits(Vec<u64>);

impl Bits {
    fn new(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn has(&self, at: usize) -> bool {
        self.0[at / 64] & (1 << (at % 64)) != 0
    }

    fn set(&mut self, at: usize) {
        self.0[at / 64] |= 1 << (at % 64);
    }
}
