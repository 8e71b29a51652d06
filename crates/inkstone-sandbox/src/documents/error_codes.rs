//! The errors that the APIs document, each with its status.

/// A documented error.
#[derive(Debug)]
pub struct Code {
    pub code: &'static str,
    pub status: u16,
    /// What the API says with it, roughly.
    pub message: &'static str,
}

/// A table of errors: status, code and message.
macro_rules! codes {
    ($($status:literal $code:literal $message:literal)*) => {
        &[$(Code { status: $status, code: $code, message: $message }),*]
    };
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
const DASHSCOPE: &[Code] = codes! {
    400 "InvalidParameter" "a parameter is invalid"
    400 "InvalidParameter.DataInspection" "unable to download the media resource"
    400 "BadRequest" "the request is malformed"
    400 "BadRequest.InputDownloadFailed" "failed to download the input file"
    400 "InvalidURL" "the URL is invalid"
    400 "InvalidURL.Timeout" "the URL took too long to download"
    400 "InvalidURL.ConnectionRefused" "the connection to the URL was refused"
    400 "InvalidImage" "the image is invalid"
    400 "InvalidImage.ImageSize" "the image is too large"
    400 "InvalidImageResolution" "the image's resolution is out of range"
    400 "InvalidFile.Format" "the file's format is not supported"
    400 "InvalidFile.Size" "the file is too large"
    400 "UnsupportedOperation" "the operation is not supported"
    400 "DataInspectionFailed" "input or output data may contain inappropriate content"
    400 "IPInfringementSuspect" "input data is suspected of IP infringement"
    400 "CustomRoleBlocked" "a custom rule blocked input or output"
    400 "Arrearage" "access denied, make sure your account is in good standing"
    401 "InvalidApiKey" "Invalid API-key provided."
    401 "invalid_api_key" "Incorrect API key provided."
    403 "AccessDenied" "access denied"
    403 "AccessDenied.Unpurchased" "access to the model denied, make sure you are eligible"
    403 "Model.AccessDenied" "model access denied"
    403 "Workspace.AccessDenied" "workspace access denied"
    403 "AllocationQuota.FreeTierOnly" "the free tier of the model is exhausted"
    404 "ModelNotFound" "the model does not exist"
    404 "WorkSpaceNotFound" "the workspace does not exist"
    404 "NotFound" "not found"
    408 "RequestTimeOut" "request timed out, please try again later"
    429 "Throttling" "requests throttled"
    429 "Throttling.RateQuota" "requests rate limit exceeded, please try again later"
    429 "Throttling.BurstRate" "request rate increased too quickly"
    429 "Throttling.Concurrency" "too many concurrent requests"
    429 "LimitRequests" "you exceeded your current requests"
    429 "Throttling.AllocationQuota" "allocated quota exceeded"
    429 "insufficient_quota" "you exceeded your current quota"
    429 "CommodityNotPurchased" "the commodity is not purchased"
    429 "PrepaidBillOverdue" "the prepaid bill is overdue"
    429 "PostpaidBillOverdue" "the postpaid bill is overdue"
    429 "BudgetLimitExceeded" "the budget is exceeded"
    500 "InternalError" "an internal error has occurred"
    500 "InternalError.Algo" "inference internal error"
    500 "InternalError.Timeout" "inference timed out"
    500 "SystemError" "a system error has occurred"
    500 "ModelServiceFailed" "failed to request the model service"
    500 "RewriteFailed" "failed to rewrite the prompt"
    503 "ModelServingError" "the model can't be served, please try again later"
    503 "ModelUnavailable" "the model is unavailable for now"
};

/// The codes of the gateway, which belongs to the new-api family.
const GATEWAY: &[Code] = codes! {
    400 "invalid_request" "invalid request"
    500 "convert_request_failed" "the request could not be converted"
    404 "model_not_found" "no channel has the model"
    403 "access_denied" "access denied"
    400 "sensitive_words_detected" "sensitive words detected"
    400 "prompt_blocked" "the prompt was blocked"
    403 "insufficient_user_quota" "the user's quota is used up"
    403 "pre_consume_token_quota_failed" "the token's quota is used up"
    429 "rate_limit_exceeded" "too many requests"
    500 "bad_response_status_code" "the upstream answered with an error"
    500 "do_request_failed" "the upstream could not be reached"
};

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
