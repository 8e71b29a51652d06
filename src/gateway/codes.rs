//! What the gateway's error codes mean for a caller: the whole table.

use crate::meaning::Meaning::{Account, Refused};
use crate::meaning::Row;

/// Sorted by what to do. The gateway's errors come with status 500 unless they say
/// otherwise.
pub(crate) const CODES: &[Row] = &[
    Row("invalid_request", Refused),
    Row("convert_request_failed", Refused),
    Row("model_not_found", Refused),
    Row("sensitive_words_detected", Refused),
    Row("prompt_blocked", Refused),
    Row("access_denied", Account),
    Row("insufficient_user_quota", Account),
    Row("pre_consume_token_quota_failed", Account),
];
