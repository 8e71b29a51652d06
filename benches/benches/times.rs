//! How long each way takes, by criterion; see `ratios` for how they compare.

use criterion::Criterion;
use inkstone_bench::contests;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for contest in contests(|_| true) {
        let mut group = criterion.benchmark_group(format!("{}, {}", contest.what, contest.against));
        // As many as criterion asks for: some take seconds.
        group.sample_size(10);
        group.bench_function("inkstone", |bencher| bencher.iter(&contest.ours));
        group.bench_function("peer", |bencher| bencher.iter(&contest.peer));
        group.finish();
    }
    criterion.final_summary();
}
