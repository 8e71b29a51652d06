//! Prints the code for many operations, or their document: `code inkstone|typify|document COUNT`.

#![allow(clippy::expect_used, clippy::print_stdout)]

use inkstone_bench::operations;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("inkstone|typify|document COUNT");
    let (who, count) = (next(), next().parse().expect("a whole number"));
    let document = operations::document(count);
    let code = match who.as_str() {
        "inkstone" => operations::ours(&document),
        "document" => document.to_string(),
        _ => operations::typifys(&operations::schemas(&document)),
    };
    println!("{code}");
}
