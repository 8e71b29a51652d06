//! Any bytes as a document of any form: see `checks/document.rs`.

#![no_main]

#[path = "../checks/document.rs"]
mod document;

libfuzzer_sys::fuzz_target!(
    // typify may panic, which is caught and told as a problem; libfuzzer's hook would
    // abort before. A panic that nobody catches still ends the run.
    init: drop(std::panic::take_hook()),
    |data: &[u8]| document::check(data)
);
