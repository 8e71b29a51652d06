//! Expressions with few states, as a table of what each byte leads to.
//!
//! Most of a text is bytes that change nothing: a URL's, after `https://`.

use regex_automata::Input;
use regex_automata::dfa::dense::{self, DFA};
use regex_automata::dfa::{Automaton as _, StartKind};
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_automata::util::alphabet::ByteClasses;
use regex_automata::util::primitives::StateID;
use regex_syntax::hir::Hir;

/// The most states that have a table, 256 bytes each.
const FEW: usize = 100;

/// The most steps of an expression that is tried as a table.
const MOST_STEPS: usize = 400;

/// The most memory for what a table is made of, in bytes.
const LARGEST: usize = 1 << 17;

/// The states of an expression.
pub(super) struct Table {
    /// Where a text starts.
    start: u8,
    states: Vec<State>,
}

struct State {
    /// The state that each byte leads to: its place among those of the table, or what is known of
    /// a text that gets there.
    next: [u8; 256],
    /// Whether a text that ends here matches.
    is_match_at_end: bool,
}

/// It matches, whatever follows.
const MATCHES: u8 = u8::MAX;
/// It does not.
const FAILS: u8 = u8::MAX - 1;

impl Table {
    /// `None` where there are too many states for a table.
    pub fn new(expression: &Hir) -> Option<Self> {
        let nfa = thompson::Config::new()
            .nfa_size_limit(Some(LARGEST))
            .which_captures(WhichCaptures::None);
        let nfa = NFA::compiler()
            .configure(nfa)
            .build_from_hir(expression)
            .ok()?;
        // What has many states here has more than a table's, and finding that out takes a while.
        // Between the bytes of a character no empty text is found.
        if nfa.states().len() > MOST_STEPS || (nfa.has_empty() && nfa.is_utf8()) {
            return None;
        }
        let config = dense::Config::new()
            .start_kind(StartKind::Unanchored)
            .accelerate(false)
            .dfa_size_limit(Some(LARGEST))
            .determinize_size_limit(Some(LARGEST));
        let dfa = dense::Builder::new()
            .configure(config)
            .build_from_nfa(&nfa)
            .ok()?;
        Self::from_automaton(&dfa, nfa.byte_classes())
    }

    fn from_automaton(dfa: &DFA<Vec<u32>>, classes: &ByteClasses) -> Option<Self> {
        let (mut ids, mut states) = (Vec::new(), Vec::new());
        let start = dfa.start_state_forward(&Input::new("")).ok()?;
        let start = index(dfa, start, &mut ids)?;
        while let Some(id) = ids.get(states.len()).copied() {
            states.push(State {
                next: next(dfa, id, classes, &mut ids)?,
                is_match_at_end: dfa.is_match_state(dfa.next_eoi_state(id)),
            });
        }
        Some(Self { start, states })
    }

    /// Whether some part of `text` matches.
    pub fn is_match(&self, text: &str) -> bool {
        let mut here = self.start;
        let Some(mut state) = self.states.get(usize::from(here)) else {
            return here == MATCHES;
        };
        for byte in text.bytes() {
            let next = state.next[usize::from(byte)];
            // It mostly is, so that the processor goes on to the next byte before it knows.
            if next == here {
                continue;
            }
            state = match self.states.get(usize::from(next)) {
                Some(state) => state,
                None => return next == MATCHES,
            };
            here = next;
        }
        state.is_match_at_end
    }
}

/// The states that the bytes lead to, which are the same for all of a class.
fn next(
    dfa: &DFA<Vec<u32>>,
    from: StateID,
    classes: &ByteClasses,
    ids: &mut Vec<StateID>,
) -> Option<[u8; 256]> {
    let (mut next, mut of_class) = ([0; 256], [None; 256]);
    for (byte, next) in (0..=u8::MAX).zip(&mut next) {
        let known = &mut of_class[usize::from(classes.get(byte))];
        if known.is_none() {
            *known = Some(index(dfa, dfa.next_state(from, byte), ids)?);
        }
        *next = known.unwrap_or_default();
    }
    Some(next)
}

/// The place of a state among those that were found, or what is known once it is reached: one that
/// matches is reached by the byte behind the match. `None` where there are too many states, or
/// one that gives up.
fn index(dfa: &DFA<Vec<u32>>, id: StateID, ids: &mut Vec<StateID>) -> Option<u8> {
    if dfa.is_quit_state(id) {
        return None;
    }
    if dfa.is_match_state(id) {
        return Some(MATCHES);
    }
    if dfa.is_dead_state(id) {
        return Some(FAILS);
    }
    let known = ids.iter().position(|known| *known == id);
    let index = known.unwrap_or_else(|| {
        ids.push(id);
        ids.len() - 1
    });
    u8::try_from(index).ok().filter(|_| index < FEW)
}
