//! The errors that the APIs document, each with its status.

/// A documented error.
#[derive(Debug)]
pub struct Code {
    pub code: &'static str,
    pub status: u16,
    /// What the API says with it, roughly.
    pub message: &'static str,
}

const fn code(status: u16, code: &'static str, message: &'static str) -> Code {
    Code {
        code,
        status,
        message,
    }
}

/// The documented error of a code. A code of both APIs has the same status in both.
pub fn find(name: &str) -> Option<&'static Code> {
    all().find(|known| known.code == name)
}

/// Every documented error of both APIs.
pub fn all() -> impl Iterator<Item = &'static Code> {
    DASHSCOPE.iter().chain(GATEWAY)
}

/// The codes that DashScope's pages name; of a group of codes, some.
const DASHSCOPE: &[Code] = &[
    code(400, "InvalidParameter", "a parameter is invalid"),
    code(
        400,
        "InvalidParameter.DataInspection",
        "unable to download the media resource",
    ),
    code(400, "BadRequest", "the request is malformed"),
    code(
        400,
        "BadRequest.InputDownloadFailed",
        "failed to download the input file",
    ),
    code(400, "InvalidURL", "the URL is invalid"),
    code(
        400,
        "InvalidURL.Timeout",
        "the URL took too long to download",
    ),
    code(
        400,
        "InvalidURL.ConnectionRefused",
        "the connection to the URL was refused",
    ),
    code(400, "InvalidImage", "the image is invalid"),
    code(400, "InvalidImage.ImageSize", "the image is too large"),
    code(
        400,
        "InvalidImageResolution",
        "the image's resolution is out of range",
    ),
    code(
        400,
        "InvalidFile.Format",
        "the file's format is not supported",
    ),
    code(400, "InvalidFile.Size", "the file is too large"),
    code(
        400,
        "UnsupportedOperation",
        "the operation is not supported",
    ),
    code(
        400,
        "DataInspectionFailed",
        "input or output data may contain inappropriate content",
    ),
    code(
        400,
        "IPInfringementSuspect",
        "input data is suspected of IP infringement",
    ),
    code(
        400,
        "CustomRoleBlocked",
        "a custom rule blocked input or output",
    ),
    code(
        400,
        "Arrearage",
        "access denied, make sure your account is in good standing",
    ),
    code(401, "InvalidApiKey", "Invalid API-key provided."),
    code(401, "invalid_api_key", "Incorrect API key provided."),
    code(403, "AccessDenied", "access denied"),
    code(
        403,
        "AccessDenied.Unpurchased",
        "access to the model denied, make sure you are eligible",
    ),
    code(403, "Model.AccessDenied", "model access denied"),
    code(403, "Workspace.AccessDenied", "workspace access denied"),
    code(
        403,
        "AllocationQuota.FreeTierOnly",
        "the free tier of the model is exhausted",
    ),
    code(404, "ModelNotFound", "the model does not exist"),
    code(404, "WorkSpaceNotFound", "the workspace does not exist"),
    code(404, "NotFound", "not found"),
    code(
        408,
        "RequestTimeOut",
        "request timed out, please try again later",
    ),
    code(429, "Throttling", "requests throttled"),
    code(
        429,
        "Throttling.RateQuota",
        "requests rate limit exceeded, please try again later",
    ),
    code(
        429,
        "Throttling.BurstRate",
        "request rate increased too quickly",
    ),
    code(
        429,
        "Throttling.Concurrency",
        "too many concurrent requests",
    ),
    code(429, "LimitRequests", "you exceeded your current requests"),
    code(
        429,
        "Throttling.AllocationQuota",
        "allocated quota exceeded",
    ),
    code(429, "insufficient_quota", "you exceeded your current quota"),
    code(
        429,
        "CommodityNotPurchased",
        "the commodity is not purchased",
    ),
    code(429, "PrepaidBillOverdue", "the prepaid bill is overdue"),
    code(429, "PostpaidBillOverdue", "the postpaid bill is overdue"),
    code(429, "BudgetLimitExceeded", "the budget is exceeded"),
    code(500, "InternalError", "an internal error has occurred"),
    code(500, "InternalError.Algo", "inference internal error"),
    code(500, "InternalError.Timeout", "inference timed out"),
    code(500, "SystemError", "a system error has occurred"),
    code(
        500,
        "ModelServiceFailed",
        "failed to request the model service",
    ),
    code(500, "RewriteFailed", "failed to rewrite the prompt"),
    code(
        503,
        "ModelServingError",
        "the model can't be served, please try again later",
    ),
    code(503, "ModelUnavailable", "the model is unavailable for now"),
];

/// The codes of the gateway, which belongs to the new-api family.
const GATEWAY: &[Code] = &[
    code(400, "invalid_request", "invalid request"),
    code(
        500,
        "convert_request_failed",
        "the request could not be converted",
    ),
    code(404, "model_not_found", "no channel has the model"),
    code(403, "access_denied", "access denied"),
    code(400, "sensitive_words_detected", "sensitive words detected"),
    code(400, "prompt_blocked", "the prompt was blocked"),
    code(
        403,
        "insufficient_user_quota",
        "the user's quota is used up",
    ),
    code(
        403,
        "pre_consume_token_quota_failed",
        "the token's quota is used up",
    ),
    code(429, "rate_limit_exceeded", "too many requests"),
    code(
        500,
        "bad_response_status_code",
        "the upstream answered with an error",
    ),
    code(
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
        let codes: Vec<_> = all().map(|row| row.code).collect();
        for (index, row) in all().enumerate() {
            assert!((400..600).contains(&row.status), "{row:?}");
            assert!(!codes[index + 1..].contains(&row.code), "{row:?}");
        }
    }
}
