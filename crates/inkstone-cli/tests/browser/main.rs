//! The pages as a person sees them, in headless Chromium. Where Chromium or its driver is
//! missing, the tests say that they are skipped.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod driver;
mod orders;
mod page;
mod scene;
mod sheet;
mod studio;
mod support;
mod use_of_page;
