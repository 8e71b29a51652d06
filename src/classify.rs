//! What an error code of either API means for a caller.
//!
//! Codes are an open set. A code decides before the status it came with, because a gateway
//! reports what it likes as 500 and as 200: see [`find_pattern`] for how a code is looked up.
//! The gateway passes DashScope's codes on, and none means one thing here and another there,
//! so both tables serve both. The gateway's `type` says who failed rather than how; it is
//! looked up where the code is unknown.

use std::time::Duration;

use apifox_client::{Stage, find_pattern};

use crate::dashscope::codes::CODES as DASHSCOPE_CODES;
use crate::error_body::ErrorBody;
use crate::gateway::codes::CODES as GATEWAY_CODES;
use crate::meaning::Meaning::{
    Access, Account, Quota, Refused, Throttled, Unfetched, Unknown, Wrapped,
};
use crate::meaning::Row;

/// Words of a message that speak of the way a model is called, rather than of the account.
const CALLED_WRONG: &str = "asynchronous|synchronous call|异步|同步";

/// Words of a message that speak of a plan that is used up, rather than of a rate.
const USED_UP: &str = "billing|balance|your plan|purchas|free tier|arrear|\
    recharge|余额|欠费|套餐|充值";

/// Words of a message that speak of a rate.
const TOO_FAST: &str = "rate limit|per minute|per second|too many|too fast|\
    later|频率|稍后";

/// What a reply that reports a failure stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub stage: Stage,
    /// Whether trying once more may help, although the request was refused.
    pub retry_once: bool,
}

/// What a reply with this error and status stands for.
///
/// Whoever reports an unknown error as a success may have done anything; so may a 503
/// without a code that a vendor documents.
pub(crate) fn classify(error: &ErrorBody, status: u16, retry_after: Option<Duration>) -> Verdict {
    let mut names = [&error.code, &error.kind].into_iter().flatten();
    let row = names.find_map(|name| row(name));
    let stage = match row.map(|row| row.1) {
        Some(Refused | Unfetched) => Stage::Refused,
        Some(Access) if says(error, CALLED_WRONG) => Stage::Refused,
        Some(Account | Access) => Stage::Account,
        Some(Throttled) => Stage::Throttled,
        Some(Quota(otherwise)) => quota(error, retry_after).unwrap_or(otherwise),
        Some(Wrapped) if says(error, "invalidparameter") => Stage::Refused,
        Some(Unknown | Wrapped) => Stage::OutcomeUnknown,
        None => Stage::from_status(status),
    };
    Verdict {
        stage,
        retry_once: matches!(row, Some(Row(_, Unfetched))),
    }
}

/// The row of a code.
fn row(code: &str) -> Option<&'static Row> {
    let mut tables = [GATEWAY_CODES, DASHSCOPE_CODES].into_iter();
    tables.find_map(|table| find_pattern(table, |row| row.0, code))
}

/// `Retry-After` means throttling; without it the message decides.
fn quota(error: &ErrorBody, retry_after: Option<Duration>) -> Option<Stage> {
    match retry_after {
        Some(_) => Some(Stage::Throttled),
        None if says(error, USED_UP) => Some(Stage::Account),
        None if says(error, TOO_FAST) => Some(Stage::Throttled),
        None => None,
    }
}

fn says(error: &ErrorBody, words: &str) -> bool {
    let message = error.message.as_deref().unwrap_or_default().to_lowercase();
    words.split('|').any(|word| message.contains(word))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use apifox_client::Stage::{self, Account, OutcomeUnknown, Refused, Throttled};
    use serde_json::{Value, json};

    use super::{DASHSCOPE_CODES, GATEWAY_CODES, classify};
    use crate::error_body::{self, ErrorBody};

    /// Every row that the vendors publish: statuses, codes, what they mean, and
    /// whether once more may help.
    const PUBLISHED: &[(&[u16], &[&str], Stage, bool)] = &[
        (
            &[400],
            &[
                "InvalidParameter",
                "InvalidParameter.DataInspection",
                "BadRequest.TooLarge",
                "InvalidURL",
                "InvalidImageResolution",
                "InvalidImage.Format",
                "InvalidImage",
                "InvalidFile.Size",
                "UnsupportedOperation",
                "DataInspectionFailed",
                "IPInfringementSuspect",
                "CustomRoleBlocked",
            ],
            Refused,
            false,
        ),
        (&[400], &["Arrearage"], Account, false),
        (
            &[400],
            &[
                "InvalidURL.Timeout",
                "InvalidURL.ConnectionRefused",
                "BadRequest.InputDownloadFailed",
            ],
            Refused,
            true,
        ),
        (
            &[401],
            &["InvalidApiKey", "invalid_api_key"],
            Account,
            false,
        ),
        (
            &[403],
            &[
                "AccessDenied",
                "AccessDenied.Unpurchased",
                "Model.AccessDenied",
                "Workspace.AccessDenied",
                "AllocationQuota.FreeTierOnly",
            ],
            Account,
            false,
        ),
        (
            &[404],
            &["ModelNotFound", "WorkSpaceNotFound", "NotFound"],
            Refused,
            false,
        ),
        (
            &[408, 500],
            &["RequestTimeOut", "InternalError.Timeout"],
            OutcomeUnknown,
            false,
        ),
        (
            &[429],
            &[
                "Throttling",
                "Throttling.RateQuota",
                "Throttling.BurstRate",
                "Throttling.Concurrency",
                "LimitRequests",
            ],
            Throttled,
            false,
        ),
        (&[429], &["Throttling.AllocationQuota"], Throttled, false),
        (&[429], &["insufficient_quota"], Account, false),
        (
            &[429],
            &[
                "CommodityNotPurchased",
                "PrepaidBillOverdue",
                "PostpaidBillOverdue",
                "BudgetLimitExceeded",
            ],
            Account,
            false,
        ),
        (
            &[500],
            &[
                "InternalError",
                "InternalError.Algo",
                "InternalError.Algo.Unheard",
                "SystemError",
                "ModelServiceFailed",
                "RewriteFailed",
            ],
            OutcomeUnknown,
            false,
        ),
        (
            &[400, 500],
            &["InternalError.Algo.InvalidParameter"],
            Refused,
            false,
        ),
        (
            &[500, 503],
            &["ModelServingError", "ModelUnavailable"],
            Throttled,
            false,
        ),
        (
            &[400, 403, 500],
            &[
                "invalid_request",
                "convert_request_failed",
                "model_not_found",
                "sensitive_words_detected",
                "prompt_blocked",
            ],
            Refused,
            false,
        ),
        (
            &[403, 500],
            &[
                "access_denied",
                "insufficient_user_quota",
                "pre_consume_token_quota_failed",
            ],
            Account,
            false,
        ),
    ];

    /// The same error as each API words it.
    fn bodies(code: &Value, message: &str) -> [Value; 2] {
        [
            json!({"code": code, "message": message, "request_id": "r"}),
            json!({"error": {"code": code, "message": message, "param": "", "type": "ali_error"}}),
        ]
    }

    #[test]
    fn every_published_code_means_the_same_under_any_status_and_from_either_api() {
        for (statuses, codes, stage, retry_once) in PUBLISHED {
            for code in *codes {
                for body in bodies(&json!(code), "m") {
                    let error = error_body::read(&body).expect("an error");
                    // An error may come under a status that reports success.
                    for status in statuses.iter().chain(&[200, 500]) {
                        let verdict = classify(&error, *status, None);
                        assert_eq!(verdict.stage, *stage, "{status} {body}");
                        assert_eq!(verdict.retry_once, *retry_once, "{status} {body}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_row_of_the_table_is_tested() {
        let codes: Vec<_> = PUBLISHED.iter().flat_map(|row| row.1).collect();
        for row in DASHSCOPE_CODES.iter().chain(GATEWAY_CODES) {
            let start = row.0.trim_end_matches('*');
            assert!(
                codes.iter().any(|code| code.starts_with(start)),
                "{}",
                row.0
            );
        }
    }

    #[test]
    fn what_has_no_known_code_goes_by_its_status() {
        let codes = [
            json!("SomethingNew"),
            json!(1301),
            json!(429),
            json!(null),
            json!(""),
        ];
        let cases = [
            (200, OutcomeUnknown),
            (302, OutcomeUnknown),
            (400, Refused),
            (401, Account),
            (402, Account),
            (403, Account),
            (404, Refused),
            (408, OutcomeUnknown),
            (413, Refused),
            (429, Throttled),
            (500, OutcomeUnknown),
            (502, OutcomeUnknown),
            (503, OutcomeUnknown),
            (504, OutcomeUnknown),
            (524, OutcomeUnknown),
        ];
        for (status, stage) in cases {
            for body in codes.iter().flat_map(|code| bodies(code, "m")) {
                let error = error_body::read(&body).expect("an error");
                assert_eq!(
                    classify(&error, status, None).stage,
                    stage,
                    "{status} {body}"
                );
            }
            let nothing = ErrorBody::default();
            assert_eq!(classify(&nothing, status, None).stage, stage, "{status}");
        }
    }

    #[test]
    fn the_gateways_type_stands_in_for_a_code_that_says_nothing() {
        for code in [json!(null), json!(""), json!(1301), json!("bad_response")] {
            let body = json!({"error": {"code": code, "message": "m", "type": "model_not_found"}});
            let error = error_body::read(&body).expect("an error");
            assert_eq!(classify(&error, 500, None).stage, Refused, "{body}");
        }
    }

    #[test]
    fn a_quota_is_a_rate_or_a_plan_by_retry_after_then_by_its_message() {
        let soon = Some(Duration::from_secs(7));
        let exceeded = "Allocated quota exceeded, please increase your quota limit.";
        let used_up =
            "You exceeded your current quota, please check your plan and billing details.";
        let too_fast = "Requests rate limit exceeded, please try again later.";
        let cases = [
            ("Throttling.AllocationQuota", exceeded, None, Throttled),
            ("Throttling.AllocationQuota", used_up, None, Account),
            ("Throttling.AllocationQuota", used_up, soon, Throttled),
            ("insufficient_quota", exceeded, None, Account),
            ("insufficient_quota", used_up, None, Account),
            ("insufficient_quota", too_fast, None, Throttled),
            ("insufficient_quota", exceeded, soon, Throttled),
            ("insufficient_quota", "套餐额度已用完", None, Account),
        ];
        for (code, message, retry_after, stage) in cases {
            for body in bodies(&json!(code), message) {
                let error = error_body::read(&body).expect("an error");
                let verdict = classify(&error, 429, retry_after);
                assert_eq!(verdict.stage, stage, "{retry_after:?} {body}");
            }
        }
    }

    #[test]
    fn a_model_that_is_called_the_wrong_way_is_not_the_accounts_fault() {
        let cases = [
            (
                "current user api does not support asynchronous calls",
                Refused,
            ),
            (
                "Current user api does not support synchronous calls.",
                Refused,
            ),
            ("该模型不支持异步调用", Refused),
            ("Access denied.", Account),
        ];
        for (message, stage) in cases {
            for body in bodies(&json!("AccessDenied"), message) {
                let error = error_body::read(&body).expect("an error");
                assert_eq!(classify(&error, 403, None).stage, stage, "{body}");
            }
        }
    }

    #[test]
    fn an_internal_error_that_wraps_a_wrong_parameter_is_a_refusal() {
        let cases = [
            ("InternalError.Algo", "InvalidParameter: size", Refused),
            (
                "InternalError.Algo",
                "<500> InternalError.Algo.InvalidParameter: n",
                Refused,
            ),
            ("InternalError.Algo", "out of memory", OutcomeUnknown),
            ("InternalError", "InvalidParameter: size", OutcomeUnknown),
        ];
        for (code, message, stage) in cases {
            for body in bodies(&json!(code), message) {
                let error = error_body::read(&body).expect("an error");
                assert_eq!(classify(&error, 500, None).stage, stage, "{body}");
            }
        }
    }
}
