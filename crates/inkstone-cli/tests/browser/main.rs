//! The pages as a person sees them, in headless Chromium. Where Chromium or its driver is
//! missing, the tests say that they are skipped.
#![allow(clippy::unwrap_used, clippy::panic)]

mod driver;
mod orders;
mod page;
mod sheet;
mod studio;
mod support;
mod use_of_page;
