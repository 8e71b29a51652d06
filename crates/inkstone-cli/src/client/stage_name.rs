//! Names of stages.

use inkstone::Stage;

/// The name of a stage in the journal and the summary.
pub fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Configuration => "configuration",
        Stage::Invalid => "invalid",
        Stage::NotSent => "not_sent",
        Stage::Refused => "refused",
        Stage::Account => "account",
        Stage::Throttled => "throttled",
        Stage::Unreadable => "unreadable",
        Stage::Unfinished => "unfinished",
        Stage::Download => "download",
        Stage::Expired => "expired",
        Stage::File => "file",
        // A stage that this program does not know may mean a bill.
        _ => "outcome_unknown",
    }
}
