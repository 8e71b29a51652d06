//! Generates Rust of documents, and prints how long each takes: `cost FILE...`. With `OUT`, a
//! directory, the code is written there; with `ONLY`, names of operations with commas between
//! them, it has only those.

#![allow(clippy::expect_used, clippy::print_stdout)]

use std::path::Path;
use std::time::Instant;

use apifox_build::Standalone;

fn main() {
    for file in std::env::args().skip(1) {
        let bytes = std::fs::metadata(&file).expect("a file").len();
        let start = Instant::now();
        let only = std::env::var("ONLY").unwrap_or_default();
        let only = only.split(',').filter(|name| !name.is_empty());
        let standalone = Standalone::new("Root").only_operations(only);
        let made = standalone.file(Path::new(&file));
        let time = start.elapsed().as_secs_f64();
        if let (Ok(code), Some(out)) = (&made, std::env::var_os("OUT")) {
            let name = Path::new(&file).with_extension("rs");
            let name = name.file_name().expect("a name");
            std::fs::write(Path::new(&out).join(name), &code.text).expect("a file");
        }
        let made = match &made {
            Ok(code) => format!("{} lines", code.text.lines().count()),
            Err(problems) => format!("{} problems", problems.0.len()),
        };
        // Where there is no such file, as outside Linux, memory is not told.
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let most = status.lines().find(|line| line.starts_with("VmHWM"));
        println!("{file}: {bytes} bytes, {time:.2} s, {made}, {most:?}");
    }
}
