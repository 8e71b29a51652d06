//! Any text as a published page: see `checks/page.rs`.

#![no_main]

#[path = "../checks/page.rs"]
mod page;

libfuzzer_sys::fuzz_target!(
    // As in `document.rs`.
    init: drop(std::panic::take_hook()),
    |data: &[u8]| page::check(data)
);
