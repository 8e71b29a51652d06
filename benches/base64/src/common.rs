//! What the contestants, the server and the program share.

use std::error::Error;

pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

#[expect(clippy::print_stdout, reason = "this is a program")]
pub fn print(line: &str) {
    println!("{line}");
}
