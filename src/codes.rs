//! What the error codes of both APIs mean for a caller: the whole table.
//!
//! Codes are an open set: the exact code decides, else the longest prefix that
//! ends at a dot, else the HTTP status.

use crate::error::Stage;

/// A code, and what a reply with it means.
struct Row(&'static str, Stage);

use Stage::{Account, OutcomeUnknown, Refused, Throttled};

/// Sorted by API, then by what to do.
const CODES: &[Row] = &[
    // DashScope: the request.
    Row("InvalidParameter", Refused),
    Row("BadRequest", Refused),
    Row("InvalidURL", Refused),
    Row("InvalidImage", Refused),
    Row("InvalidFile", Refused),
    Row("UnsupportedOperation", Refused),
    Row("DataInspectionFailed", Refused),
    Row("IPInfringementSuspect", Refused),
    Row("CustomRoleBlocked", Refused),
    Row("ModelNotFound", Refused),
    Row("WorkSpaceNotFound", Refused),
    Row("NotFound", Refused),
    // DashScope: the key or the account.
    Row("InvalidApiKey", Account),
    Row("invalid_api_key", Account),
    Row("Arrearage", Account),
    Row("AccessDenied", Account),
    Row("Model.AccessDenied", Account),
    Row("Workspace.AccessDenied", Account),
    Row("AllocationQuota", Account),
    Row("CommodityNotPurchased", Account),
    Row("PrepaidBillOverdue", Account),
    Row("PostpaidBillOverdue", Account),
    Row("BudgetLimitExceeded", Account),
    Row("insufficient_quota", Account),
    // DashScope: too much at once.
    Row("Throttling", Throttled),
    Row("LimitRequests", Throttled),
    Row("ModelServingError", Throttled),
    Row("ModelUnavailable", Throttled),
    // DashScope: whether the picture was made, and billed, can't be told.
    Row("RequestTimeOut", OutcomeUnknown),
    Row("InternalError", OutcomeUnknown),
    Row("SystemError", OutcomeUnknown),
    Row("ModelServiceFailed", OutcomeUnknown),
    Row("RewriteFailed", OutcomeUnknown),
    // The gateway, whose errors come with status 500 unless they say otherwise.
    Row("invalid_request", Refused),
    Row("convert_request_failed", Refused),
    Row("model_not_found", Refused),
    Row("sensitive_words_detected", Refused),
    Row("prompt_blocked", Refused),
    Row("access_denied", Account),
    Row("insufficient_user_quota", Account),
    Row("pre_consume_token_quota_failed", Account),
];

/// The stage that a reply with this code and status stands for.
pub(crate) fn classify(code: Option<&str>, status: u16) -> Stage {
    by_code(code.unwrap_or_default()).unwrap_or_else(|| by_status(status))
}

fn by_code(code: &str) -> Option<Stage> {
    let mut prefix = code;
    loop {
        if let Some(Row(_, stage)) = CODES.iter().find(|Row(code, _)| *code == prefix) {
            return Some(*stage);
        }
        (prefix, _) = prefix.rsplit_once('.')?;
    }
}

fn by_status(status: u16) -> Stage {
    match status {
        401..=403 => Account,
        408 => OutcomeUnknown,
        429 => Throttled,
        // An error under a status that reports success is a refusal all the same.
        200..=299 | 400..=499 => Refused,
        _ => OutcomeUnknown,
    }
}

#[cfg(test)]
mod tests {
    use super::classify;
    use crate::error::Stage::{self, Account, OutcomeUnknown, Refused, Throttled};

    #[test]
    fn the_exact_code_decides_then_the_prefix_then_the_status() {
        let cases: &[(Option<&str>, u16, Stage)] = &[
            (Some("invalid_request"), 500, Refused),
            (Some("Throttling.RateQuota"), 429, Throttled),
            (Some("InternalError.Algo"), 500, OutcomeUnknown),
            (Some("InvalidParameter.DataInspection"), 400, Refused),
            (Some("Workspace.AccessDenied"), 403, Account),
            (Some("Arrearage"), 400, Account),
            (Some("SomethingNew"), 400, Refused),
            (Some("SomethingNew"), 500, OutcomeUnknown),
            (Some(""), 404, Refused),
            (None, 401, Account),
            (None, 429, Throttled),
            (None, 503, OutcomeUnknown),
            (None, 524, OutcomeUnknown),
            (None, 302, OutcomeUnknown),
            (None, 200, Refused),
        ];
        for (code, status, stage) in cases {
            assert_eq!(classify(*code, *status), *stage, "{code:?} under {status}");
        }
    }
}
