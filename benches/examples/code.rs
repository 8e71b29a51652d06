//! Prints the code for many operations: `code inkstone|typify COUNT`.

#![allow(clippy::expect_used, clippy::print_stdout)]

use inkstone_bench::operations;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("inkstone|typify COUNT");
    let (who, count) = (next(), next().parse().expect("a whole number"));
    let document = operations::document(count);
    let code = match who.as_str() {
        "inkstone" => operations::ours(&document),
        _ => operations::typifys(&operations::schemas(&document)),
    };
    println!("{code}");
}
