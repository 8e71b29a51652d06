//! Values of statements, each with its type in SQL.

use tokio_postgres::types::{ToSql, Type};

/// A value of a statement. It says its type, so that nothing has to be prepared before, which a
/// pooler may not keep.
pub(crate) trait Parameter: ToSql {
    fn sql_type(&self) -> Type;
}

macro_rules! parameters {
    ($($sql:ident: $($rust:ty),*;)*) => {
        $($(impl Parameter for $rust {
            fn sql_type(&self) -> Type {
                Type::$sql
            }
        })*)*
    };
}

parameters! {
    BOOL: bool;
    INT8: i64, Option<i64>;
    INT8_ARRAY: &[i64], Vec<i64>;
    FLOAT8: f64;
    TEXT: &str, Option<&str>, String;
    TEXT_ARRAY: &[String], Vec<String>, Vec<&str>;
    BYTEA: Option<&[u8]>;
    BYTEA_ARRAY: Vec<&[u8]>;
}

/// The values of a statement, in the order of their numbers.
pub(crate) type Values<'a> = &'a [&'a (dyn Parameter + Sync)];

/// The values as the driver takes them.
pub(crate) fn typed(values: Values<'_>) -> Vec<(&(dyn ToSql + Sync), Type)> {
    let typed = |value: &&(dyn Parameter + Sync)| value.sql_type();
    let types = values.iter().map(typed);
    values.iter().map(|value| *value as _).zip(types).collect()
}
