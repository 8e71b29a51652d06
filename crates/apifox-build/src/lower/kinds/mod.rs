//! One file a kind of schema.

mod apart;
mod array;
mod conjunction;
mod constants;
mod described;
mod merge;
mod number;
mod object;
mod telling;
mod text;
mod types;
mod union;
