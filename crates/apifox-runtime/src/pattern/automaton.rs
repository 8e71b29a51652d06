//! A deterministic automaton: of each character of a text it is asked once what comes
//! next, however the expression is put together.
//!
//! It is made by Glushkov's construction: every place of a character in the expression
//! is a position; which positions a text may have come to is a state.

use super::syntax::{Characters, Expression, Part, parse};

/// A set of positions, a bit each.
type Positions = u128;

/// The position before all characters.
const START: Positions = 1;

/// More states than this are not worth their memory: 256 bytes each.
const MOST_STATES: usize = 64;

/// An expression as a table: the state that follows each state upon each byte.
pub(crate) struct Automaton {
    table: Vec<[u8; 256]>,
    /// Whether a text may end in the state.
    accepts: Vec<bool>,
}

impl Automaton {
    /// The automaton of an expression; `None` where it is of a kind that has none, or
    /// a large one.
    pub fn new(source: &str) -> Option<Self> {
        let expression = parse(source)?;
        let mut places = Places::default();
        places.push(0)?;
        let whole = places.of(&expression.part)?;
        places.follow(START, whole.first);
        let last = whole.last | if whole.may_be_empty { START } else { 0 };
        places.automaton(&expression, last)
    }

    /// Whether `text`, or some part of it where the expression is not anchored, matches.
    pub fn is_match(&self, text: &str) -> bool {
        let mut state = 0;
        let mut row = &self.table[0];
        for byte in text.bytes() {
            let next = row[usize::from(byte)];
            // Mostly it stays the same, and the next byte need not wait for its row.
            if next != state {
                state = next;
                row = &self.table[usize::from(state)];
            }
        }
        self.accepts[usize::from(state)]
    }
}

/// The positions of an expression.
#[derive(Default)]
struct Places {
    /// The characters at each.
    characters: Vec<Characters>,
    /// The positions that may come after each.
    after: Vec<Positions>,
}

/// Where a part of an expression may begin and end.
struct Ends {
    first: Positions,
    last: Positions,
    may_be_empty: bool,
}

/// What matches the empty text alone.
const EMPTY: Ends = Ends {
    first: 0,
    last: 0,
    may_be_empty: true,
};

impl Places {
    /// A new position, if there is a bit left for one.
    fn push(&mut self, characters: Characters) -> Option<Positions> {
        let position = u32::try_from(self.characters.len()).ok()?;
        self.characters.push(characters);
        self.after.push(0);
        START.checked_shl(position)
    }

    /// The ends of a part, whose positions are new.
    fn of(&mut self, part: &Part) -> Option<Ends> {
        match part {
            Part::One(characters) => {
                let position = self.push(*characters)?;
                Some(Ends {
                    first: position,
                    last: position,
                    may_be_empty: false,
                })
            }
            Part::Sequence(parts) => parts.iter().try_fold(EMPTY, |before, part| {
                let part = self.of(part)?;
                Some(self.join(before, part))
            }),
            Part::Choice(parts) => {
                let mut all = self.of(parts.first()?)?;
                for part in &parts[1..] {
                    let part = self.of(part)?;
                    all.first |= part.first;
                    all.last |= part.last;
                    all.may_be_empty |= part.may_be_empty;
                }
                Some(all)
            }
            Part::Repeated { part, least, most } => self.repeated(part, *least, *most),
        }
    }

    /// A part as often as it may come, each time with positions of its own.
    fn repeated(&mut self, part: &Part, least: usize, most: Option<usize>) -> Option<Ends> {
        let mut all = EMPTY;
        for count in 1..=most.unwrap_or(least) {
            let mut one = self.of(part)?;
            one.may_be_empty |= count > least;
            all = self.join(all, one);
        }
        if most.is_none() {
            let mut any = self.of(part)?;
            any.may_be_empty = true;
            self.follow(any.last, any.first);
            all = self.join(all, any);
        }
        Some(all)
    }

    /// One part after another.
    fn join(&mut self, before: Ends, after: Ends) -> Ends {
        self.follow(before.last, after.first);
        let or = |may_be_empty, others| if may_be_empty { others } else { 0 };
        Ends {
            first: before.first | or(before.may_be_empty, after.first),
            last: after.last | or(after.may_be_empty, before.last),
            may_be_empty: before.may_be_empty && after.may_be_empty,
        }
    }

    /// Has each of some positions followed by each of others.
    fn follow(&mut self, of: Positions, by: Positions) {
        for (at, after) in self.after.iter_mut().enumerate() {
            if of >> at & 1 == 1 {
                *after |= by;
            }
        }
    }

    /// The positions that come after any of some.
    fn after(&self, of: Positions) -> Positions {
        let after = self.after.iter().enumerate();
        let after = after.filter(|(at, _)| of >> at & 1 == 1);
        after.fold(0, |all, (_, after)| all | after)
    }

    /// The positions that a byte may stand at; none are for a part of a character.
    fn of_byte(&self, byte: u8) -> Positions {
        let is_at = |characters: &Characters| byte.is_ascii() && characters >> byte & 1 == 1;
        let places = self.characters.iter().enumerate();
        let places = places.filter(|(_, characters)| is_at(characters));
        places.fold(0, |all, (at, _)| all | START << at)
    }

    /// The automaton of an expression that may end at the positions `last`.
    fn automaton(&self, expression: &Expression, last: Positions) -> Option<Automaton> {
        let of_bytes: Vec<Positions> = (0..=u8::MAX).map(|byte| self.of_byte(byte)).collect();
        let mut states = vec![START];
        let (mut table, mut accepts) = (Vec::new(), Vec::new());
        while let Some(state) = states.get(table.len()).copied() {
            let is_end = state & last != 0;
            let after = self.after(state);
            let mut row = [0; 256];
            for (next, of_byte) in row.iter_mut().zip(&of_bytes) {
                let reached = match expression {
                    // What comes after a match does not matter.
                    Expression { to_end: false, .. } if is_end => state,
                    Expression {
                        from_start: true, ..
                    } => after & of_byte,
                    _ => after & of_byte | START,
                };
                *next = number(&mut states, reached)?;
            }
            table.push(row);
            accepts.push(is_end);
        }
        Some(Automaton { table, accepts })
    }
}

/// The number of a state, which is a new one perhaps.
fn number(states: &mut Vec<Positions>, state: Positions) -> Option<u8> {
    let known = states.iter().position(|it| *it == state);
    let number = known.unwrap_or(states.len());
    if known.is_none() {
        states.push(state);
    }
    (number < MOST_STATES).then_some(number)?.try_into().ok()
}
