//! What DashScope's error codes mean for a caller: the whole table.

use apifox_client::Stage;

use crate::meaning::Meaning::{
    Access, Account, Quota, Refused, Throttled, Unfetched, Unknown, Wrapped,
};
use crate::meaning::Row;

/// Sorted by what to do. The gateway passes these on.
pub(crate) const CODES: &[Row] = &[
    // The request.
    Row("InvalidParameter", Refused),
    Row("InvalidParameter.*", Refused),
    Row("BadRequest", Refused),
    Row("BadRequest.*", Refused),
    Row("InvalidURL", Refused),
    Row("InvalidURL.*", Refused),
    Row("InvalidImage*", Refused),
    Row("InvalidFile", Refused),
    Row("InvalidFile.*", Refused),
    Row("UnsupportedOperation", Refused),
    Row("ModelNotFound", Refused),
    Row("WorkSpaceNotFound", Refused),
    Row("NotFound", Refused),
    // What was asked for, or what came of it, is not to be shown.
    Row("DataInspectionFailed", Refused),
    Row("IPInfringementSuspect", Refused),
    Row("CustomRoleBlocked", Refused),
    // An input image could not be fetched.
    Row("InvalidURL.Timeout", Unfetched),
    Row("InvalidURL.ConnectionRefused", Unfetched),
    Row("BadRequest.InputDownloadFailed", Unfetched),
    // The key or the account.
    Row("InvalidApiKey", Account),
    Row("invalid_api_key", Account),
    Row("Arrearage", Account),
    Row("AccessDenied", Access),
    Row("AccessDenied.*", Account),
    Row("Model.AccessDenied", Account),
    Row("Workspace.AccessDenied", Account),
    Row("AllocationQuota.*", Account),
    Row("CommodityNotPurchased", Account),
    Row("PrepaidBillOverdue", Account),
    Row("PostpaidBillOverdue", Account),
    Row("BudgetLimitExceeded", Account),
    // Too much at once, or too much for the plan.
    Row("Throttling.AllocationQuota", Quota(Stage::Throttled)),
    Row("insufficient_quota", Quota(Stage::Account)),
    // Too much at once.
    Row("Throttling", Throttled),
    Row("Throttling.*", Throttled),
    Row("LimitRequests", Throttled),
    Row("ModelServingError", Throttled),
    Row("ModelUnavailable", Throttled),
    // Whether the picture was made, and billed, can't be told.
    Row("RequestTimeOut", Unknown),
    Row("InternalError", Unknown),
    Row("InternalError.*", Unknown),
    Row("InternalError.Algo", Wrapped),
    Row("InternalError.Algo.*", Wrapped),
    Row("InternalError.Algo.InvalidParameter*", Refused),
    Row("SystemError", Unknown),
    Row("ModelServiceFailed", Unknown),
    Row("RewriteFailed", Unknown),
];
