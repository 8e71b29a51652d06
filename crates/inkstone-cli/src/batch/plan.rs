//! What a batch may cost, and its budget.

use serde_json::json;

use tr::tr;

use crate::args::batch::BatchArgs;
use crate::batch::budget::Budget;
use crate::batch::execution::targets;
use crate::batch::jobs::jobs_file::JobsFile;
use crate::batch::jobs::read_jobs;
use crate::batch::journal::Journal;
use crate::batch::journal::totals::Spending;
use crate::batch::summary;
use crate::console;
use crate::error::CliError;
use crate::language::libraries;
use crate::pricing::prices::Prices;

/// Checks every job and prints what the jobs may cost, without sending or writing
/// anything.
pub fn print(args: &BatchArgs, jobs: &JobsFile, prices: &Prices) -> Result<(), CliError> {
    let journal = Journal::temporary()?;
    let intake = journal.intake(prices, &args.worker.address, None)?;
    read_jobs::take_in(jobs, intake)?;
    check(&journal, args)?;
    if !args.sandbox {
        targets::check(&journal.apis()?, &args.worker.address)?;
    }
    let outstanding = journal.outstanding()?;
    if !args.is_for_programs() {
        let lines = lines(journal.jobs()?, &outstanding, prices);
        return lines.iter().try_for_each(|line| console::prose(line));
    }
    console::json(&json!({
        "jobs": journal.jobs()?,
        "images_at_most": outstanding.images,
        "cost_at_most": summary::cost_json(&outstanding, prices),
    }))
}

/// As in `3 jobs: at most 4 pictures, 0.80 CNY`, and the prices that this is based on.
fn lines(jobs: u64, outstanding: &Spending, prices: &Prices) -> [String; 2] {
    let pictures = outstanding.images;
    let (date, source) = (&prices.date, libraries::rule(&prices.source));
    [
        tr!(
            "{jobs}: at most {pictures}, {cost}",
            jobs = tr!("{n} job" | "{n} jobs" % jobs),
            pictures = tr!("{n} picture" | "{n} pictures" % pictures),
            cost = outstanding.text()
        ),
        tr!("  as of {date}, from {source}", date, source),
    ]
}

/// Refuses a limit on the cost that can't be enforced.
pub fn check(journal: &Journal, args: &BatchArgs) -> Result<(), CliError> {
    if args.max_cost.is_none() {
        return Ok(());
    }
    let unpriced = journal.unpriced_models()?;
    if !unpriced.is_empty() {
        return Err(CliError::usage(tr!(
            "--max-cost needs the price of every model, but these have none"
        ))
        .details(unpriced)
        .hint(tr!("give their prices with --prices, or use --max-images")));
    }
    match journal.currencies()?.as_slice() {
        [_, _, ..] => Err(CliError::usage(tr!(
            "--max-cost is in one currency, but the prices are in several"
        ))
        .hint(tr!("use --max-images"))),
        _ => Ok(()),
    }
}

/// The budget, with what earlier runs have spent.
pub fn budget(journal: &Journal, args: &BatchArgs) -> Result<Budget, CliError> {
    let spent = journal.spent()?;
    Ok(Budget {
        max_images: args.max_images,
        max_cost: args.max_cost,
        images: spent.images,
        // With a limit, there is only one currency.
        cost: spent.cost.values().next().copied().unwrap_or_default(),
    })
}
