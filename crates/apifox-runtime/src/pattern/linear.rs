//! Expressions that are matched in time linear in the text.

use regex_automata::meta;

use crate::pattern::syntax;

/// The most memory for an expression's automaton, in bytes. Repeating repetitions
/// multiplies states: `(?:a{99}){99}`.
const LARGEST: usize = 1 << 20;

/// The automaton of `source`; `None` where it looks around, refers back to a group, or
/// would be too large.
pub(super) fn compile(source: &str) -> Option<meta::Regex> {
    let expression = syntax::parse(source)?;
    let config = meta::Config::new()
        .nfa_size_limit(Some(LARGEST))
        .which_captures(regex_automata::nfa::thompson::WhichCaptures::Implicit);
    let mut builder = meta::Builder::new();
    builder.configure(config).build_from_hir(&expression).ok()
}
