//! Expressions that are matched in time linear in the text.

use regex_automata::meta;
use regex_syntax::hir::{Hir, HirKind};

use crate::pattern::syntax;
use crate::pattern::table::Table;

/// The most memory for an expression's automaton, in bytes. Repeating repetitions
/// multiplies states: `(?:a{99}){99}`.
const LARGEST: usize = 1 << 20;

/// Up to this many states and bytes an automaton is made deterministic at once. Matching
/// then takes a third of the time that it takes where that is done state by state.
const FEW_STATES: usize = 400;
const FEW_BYTES: usize = 1 << 17;

/// An expression that is matched in linear time.
pub(super) enum Linear {
    /// One with few states.
    Table(Table),
    /// Any other.
    Regex(meta::Regex),
}

impl Linear {
    /// Whether some part of `text` matches.
    pub fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Table(table) => table.is_match(text),
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

/// Whether the automaton of an expression is certainly not too large.
pub(super) fn is_small(expression: &Hir) -> bool {
    /// A character may take some ten states, if its class has many ranges.
    const FEW: u64 = 1000;
    size(expression) <= FEW
}

/// How many characters an expression has, with repetitions written out.
fn size(expression: &Hir) -> u64 {
    match expression.kind() {
        HirKind::Empty | HirKind::Look(_) => 0,
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(_) => 1,
        HirKind::Repetition(repetition) => {
            let count = repetition.max.unwrap_or(repetition.min).max(1);
            size(&repetition.sub).saturating_mul(count.into())
        }
        HirKind::Capture(capture) => size(&capture.sub),
        HirKind::Concat(all) | HirKind::Alternation(all) => {
            all.iter().map(size).fold(0, u64::saturating_add)
        }
    }
}

/// The automaton of `source`; `None` where it looks around, refers back to a group, or
/// would be too large.
pub(super) fn compile(source: &str) -> Option<Linear> {
    let expression = syntax::parse(source)?;
    if let Some(table) = Table::new(&expression) {
        return Some(Linear::Table(table));
    }
    let config = meta::Config::new()
        .nfa_size_limit(Some(LARGEST))
        .dfa_state_limit(Some(FEW_STATES))
        .dfa_size_limit(Some(FEW_BYTES))
        .which_captures(regex_automata::nfa::thompson::WhichCaptures::Implicit);
    let mut builder = meta::Builder::new();
    let regex = builder.configure(config).build_from_hir(&expression);
    regex.ok().map(Linear::Regex)
}
