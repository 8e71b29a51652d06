//! What a batch has cost, in words.

use tr::tr;

use crate::batch::journal::Journal;
use crate::error::CliError;

/// What was spent on pictures that came; and apart from it, what others may have cost.
pub fn text(journal: &Journal) -> Result<String, CliError> {
    let (settled, reserved) = (journal.settled()?, journal.reserved()?);
    let spent = match settled.images {
        0 => tr!("nothing spent"),
        _ => settled.text(),
    };
    if reserved.images == 0 {
        return Ok(spent);
    }
    let reserved = reserved.text();
    Ok(tr!(
        "{spent}, and up to {reserved} reserved",
        spent,
        reserved
    ))
}
