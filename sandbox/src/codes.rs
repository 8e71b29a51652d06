//! Which errors do the APIs document, and with which status?

use crate::api::Api;

/// A documented error.
#[derive(Debug)]
pub struct Code {
    pub api: Api,
    pub code: &'static str,
    pub status: u16,
    /// What the API says with it, roughly.
    pub message: &'static str,
}

const fn code(api: Api, status: u16, code: &'static str, message: &'static str) -> Code {
    Code {
        api,
        code,
        status,
        message,
    }
}

/// The documented error of a code; one that both APIs know has the same status in both.
pub fn find(name: &str) -> Option<&'static Code> {
    CODES.iter().find(|known| known.code == name)
}

use Api::{DashScope as D, Gateway as G};

/// Every code that the APIs' pages name, those that stand for a group of codes
/// with an example of the group.
pub const CODES: &[Code] = &[
    code(D, 400, "InvalidParameter", "a parameter is invalid"),
    code(
        D,
        400,
        "InvalidParameter.DataInspection",
        "unable to download the media resource",
    ),
    code(D, 400, "BadRequest", "the request is malformed"),
    code(
        D,
        400,
        "BadRequest.InputDownloadFailed",
        "failed to download the input file",
    ),
    code(D, 400, "InvalidURL", "the URL is invalid"),
    code(
        D,
        400,
        "InvalidURL.Timeout",
        "the URL took too long to download",
    ),
    code(
        D,
        400,
        "InvalidURL.ConnectionRefused",
        "the connection to the URL was refused",
    ),
    code(D, 400, "InvalidImage", "the image is invalid"),
    code(D, 400, "InvalidImage.ImageSize", "the image is too large"),
    code(
        D,
        400,
        "InvalidImageResolution",
        "the image's resolution is out of range",
    ),
    code(
        D,
        400,
        "InvalidFile.Format",
        "the file's format is not supported",
    ),
    code(D, 400, "InvalidFile.Size", "the file is too large"),
    code(
        D,
        400,
        "UnsupportedOperation",
        "the operation is not supported",
    ),
    code(
        D,
        400,
        "DataInspectionFailed",
        "input or output data may contain inappropriate content",
    ),
    code(
        D,
        400,
        "IPInfringementSuspect",
        "input data is suspected of IP infringement",
    ),
    code(
        D,
        400,
        "CustomRoleBlocked",
        "a custom rule blocked input or output",
    ),
    code(
        D,
        400,
        "Arrearage",
        "access denied, make sure your account is in good standing",
    ),
    code(D, 401, "InvalidApiKey", "Invalid API-key provided."),
    code(D, 401, "invalid_api_key", "Incorrect API key provided."),
    code(D, 403, "AccessDenied", "access denied"),
    code(
        D,
        403,
        "AccessDenied.Unpurchased",
        "access to the model denied, make sure you are eligible",
    ),
    code(D, 403, "Model.AccessDenied", "model access denied"),
    code(D, 403, "Workspace.AccessDenied", "workspace access denied"),
    code(
        D,
        403,
        "AllocationQuota.FreeTierOnly",
        "the free tier of the model is exhausted",
    ),
    code(D, 404, "ModelNotFound", "the model does not exist"),
    code(D, 404, "WorkSpaceNotFound", "the workspace does not exist"),
    code(D, 404, "NotFound", "not found"),
    code(
        D,
        408,
        "RequestTimeOut",
        "request timed out, please try again later",
    ),
    code(D, 429, "Throttling", "requests throttled"),
    code(
        D,
        429,
        "Throttling.RateQuota",
        "requests rate limit exceeded, please try again later",
    ),
    code(
        D,
        429,
        "Throttling.BurstRate",
        "request rate increased too quickly",
    ),
    code(
        D,
        429,
        "Throttling.Concurrency",
        "too many concurrent requests",
    ),
    code(
        D,
        429,
        "LimitRequests",
        "you exceeded your current requests",
    ),
    code(
        D,
        429,
        "Throttling.AllocationQuota",
        "allocated quota exceeded",
    ),
    code(
        D,
        429,
        "insufficient_quota",
        "you exceeded your current quota",
    ),
    code(
        D,
        429,
        "CommodityNotPurchased",
        "the commodity is not purchased",
    ),
    code(D, 429, "PrepaidBillOverdue", "the prepaid bill is overdue"),
    code(
        D,
        429,
        "PostpaidBillOverdue",
        "the postpaid bill is overdue",
    ),
    code(D, 429, "BudgetLimitExceeded", "the budget is exceeded"),
    code(D, 500, "InternalError", "an internal error has occurred"),
    code(D, 500, "InternalError.Algo", "inference internal error"),
    code(D, 500, "InternalError.Timeout", "inference timed out"),
    code(D, 500, "SystemError", "a system error has occurred"),
    code(
        D,
        500,
        "ModelServiceFailed",
        "failed to request the model service",
    ),
    code(D, 500, "RewriteFailed", "failed to rewrite the prompt"),
    code(
        D,
        503,
        "ModelServingError",
        "the model can't be served, please try again later",
    ),
    code(
        D,
        503,
        "ModelUnavailable",
        "the model is unavailable for now",
    ),
    code(G, 400, "invalid_request", "invalid request"),
    code(
        G,
        500,
        "convert_request_failed",
        "the request could not be converted",
    ),
    code(G, 404, "model_not_found", "no channel has the model"),
    code(G, 403, "access_denied", "access denied"),
    code(
        G,
        400,
        "sensitive_words_detected",
        "sensitive words detected",
    ),
    code(G, 400, "prompt_blocked", "the prompt was blocked"),
    code(
        G,
        403,
        "insufficient_user_quota",
        "the user's quota is used up",
    ),
    code(
        G,
        403,
        "pre_consume_token_quota_failed",
        "the token's quota is used up",
    ),
    code(G, 429, "rate_limit_exceeded", "too many requests"),
    code(
        G,
        500,
        "bad_response_status_code",
        "the upstream answered with an error",
    ),
    code(
        G,
        500,
        "do_request_failed",
        "the upstream could not be reached",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once_with_an_error_s_status() {
        for (index, row) in CODES.iter().enumerate() {
            assert!((400..600).contains(&row.status), "{row:?}");
            let again = CODES[index + 1..]
                .iter()
                .find(|other| other.code == row.code);
            assert!(again.is_none(), "{row:?}");
        }
    }
}
