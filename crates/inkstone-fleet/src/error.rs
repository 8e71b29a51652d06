//! Why the journal or the store can't be used now.

use tokio_postgres::error::SqlState;

/// Why the journal can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It can't be reached now, or is changing over: what was asked may be asked again.
    #[error("{0}")]
    Unavailable(String),
    /// It answers, but is not ready: a server that starts or stops, or a pooler whose server
    /// is away. It may be asked again in seconds.
    #[error("{0}")]
    NotReady(String),
    /// It refuses what was asked, and would again.
    #[error("{0}")]
    Refused(String),
}

impl Error {
    /// Whether it may be asked again.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::NotReady(_))
    }
}

/// Why the store can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// It can't be reached now: what was asked may be asked again.
    #[error("{0}")]
    Unavailable(String),
    /// It refuses what was asked, and would again.
    #[error("{0}")]
    Refused(String),
}

impl StoreError {
    /// Whether it may be asked again.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(reported) = error.as_db_error() else {
            // Without a report of the server, the connection is at fault; a value that can't
            // be written or read is a mistake of ours.
            let text = with_source(&error);
            return match is_of_values(&text) {
                true => Self::Refused(text),
                false => Self::Unavailable(text),
            };
        };
        let text = format!("{} ({})", reported.message(), reported.code().code());
        match is_transient(reported.code()) {
            true if is_about_connections(reported.code()) => Self::NotReady(text),
            true => Self::Unavailable(text),
            false => Self::Refused(text),
        }
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(error) => error.into(),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

fn with_source(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn is_of_values(text: &str) -> bool {
    ["error serializing", "error deserializing", "invalid c"]
        .iter()
        .any(|start| text.starts_with(start))
}

/// Whether a server that reports this may answer in a while: while it starts, stops, fails
/// over, or has too many connections; or after another transaction.
pub(crate) fn is_transient(code: &SqlState) -> bool {
    matches!(class(code), "08" | "40" | "53" | "55" | "57" | "58")
        || *code == SqlState::READ_ONLY_SQL_TRANSACTION
}

/// Whether the server reports that it takes no connections now, or ends those that it has.
fn is_about_connections(code: &SqlState) -> bool {
    matches!(class(code), "08" | "57")
}

/// The first two characters of a code, which is what a server says: it may be any text.
fn class(code: &SqlState) -> &str {
    code.code().get(..2).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use tokio_postgres::error::SqlState;

    use super::is_transient;

    #[test]
    fn a_failover_is_waited_out_and_a_mistake_is_not() {
        let cases = [
            (SqlState::ADMIN_SHUTDOWN, true),
            (SqlState::CANNOT_CONNECT_NOW, true),
            (SqlState::T_R_DEADLOCK_DETECTED, true),
            (SqlState::TOO_MANY_CONNECTIONS, true),
            (SqlState::READ_ONLY_SQL_TRANSACTION, true),
            (SqlState::INVALID_PASSWORD, false),
            (SqlState::UNDEFINED_TABLE, false),
            (SqlState::UNIQUE_VIOLATION, false),
            // No server of PostgreSQL's says these, but what is at that address may.
            (SqlState::from_code(""), false),
            (SqlState::from_code("5"), false),
            (SqlState::from_code("5\u{e9}7"), false),
            (SqlState::from_code("57"), true),
        ];
        for (code, expected) in cases {
            assert_eq!(is_transient(&code), expected, "{}", code.code());
        }
    }
}
