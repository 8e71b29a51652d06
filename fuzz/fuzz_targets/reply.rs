//! What an outsider's server answers: see `src/fuzzing.rs` of inkstone.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| inkstone::fuzzing::reply(data));
