//! What would a batch cost, and is that within the limits given?

use serde_json::json;

use crate::args::Batch;
use crate::batch::budget::Budget;
use crate::batch::journal::Journal;
use crate::batch::prices::Prices;
use crate::batch::{reading, summary};
use crate::exit::Failure;
use crate::output;

/// Checks every job and prints what they may cost; sends nothing, and makes no
/// file.
pub fn print(args: &Batch, prices: &Prices) -> Result<(), Failure> {
    let journal = Journal::temporary()?;
    reading::take_in(&args.jobs, args.api, journal.intake(prices)?)?;
    check(&journal, args)?;
    let outstanding = journal.outstanding()?;
    output::json(&json!({
        "jobs": journal.jobs()?,
        "images_at_most": outstanding.images,
        "cost_at_most": summary::cost_json(&outstanding, prices),
    }))
}

/// Refuses a limit on the cost that can't be held to.
pub fn check(journal: &Journal, args: &Batch) -> Result<(), Failure> {
    if args.max_cost.is_none() {
        return Ok(());
    }
    let unpriced = journal.unpriced_models()?;
    if !unpriced.is_empty() {
        return Err(Failure::usage(
            "--max-cost needs the price of every model, and that of these is not known",
        )
        .details(unpriced)
        .hint("give a list of prices with --prices, or a limit with --max-images"));
    }
    match journal.currencies()?.as_slice() {
        [_, _, ..] => Err(Failure::usage(
            "--max-cost is an amount of one currency, and the prices are in several",
        )
        .hint("give a limit with --max-images")),
        _ => Ok(()),
    }
}

/// The budget, with what earlier runs have spent of it.
pub fn budget(journal: &Journal, args: &Batch) -> Result<Budget, Failure> {
    let spent = journal.spent()?;
    Ok(Budget {
        max_images: args.max_images,
        max_cost: args.max_cost,
        images: spent.images,
        // There is one currency where there is a limit.
        cost: spent.cost.values().next().copied().unwrap_or_default(),
    })
}
