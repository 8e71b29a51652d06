//! Copies jobs from one journal to another, as JSON objects of their columns.

use rusqlite::types::{self, ValueRef};
use rusqlite::{Connection, Error, OptionalExtension as _, params_from_iter};
use serde_json::{Map, Value};

use crate::batch::jobs::lines::Place;
use crate::batch::journal::{Journal, broken};
use crate::database::{one, run};
use crate::error::CliError;

/// What is known of a job before it is sent.
const BEFORE: [&str; 14] = [
    "id", "stem", "line", "offset", "length", "hash", "api", "document", "model", "request",
    "worst", "price", "inputs", "currency",
];

/// What became of it.
const AFTER: [&str; 14] = [
    "seq",
    "state",
    "lost",
    "lost_attempts",
    "made",
    "time",
    "stage",
    "status",
    "code",
    "request_id",
    "message",
    "reply_file",
    "task_id",
    "unmade",
];

impl Journal {
    /// The first job after `seq`, with its place in the jobs file.
    pub fn copied_out(&self, after: i64) -> Result<Option<(i64, Place, Value)>, CliError> {
        let sql = format!(
            "SELECT seq, line, offset, length, {} FROM jobs WHERE seq > ? ORDER BY seq LIMIT 1",
            BEFORE.join(", ")
        );
        let found = one(&self.sql, &sql, [after], |row| {
            let place = Place {
                number: row.get(1)?,
                offset: row.get(2)?,
                length: row.get(3)?,
            };
            let mut json = Map::new();
            for (column, name) in BEFORE.into_iter().enumerate() {
                json.insert(name.to_owned(), to_json(row.get_ref(4 + column)?)?);
            }
            Ok((row.get(0)?, place, json.into()))
        });
        found.optional().map_err(broken)
    }

    /// Adds jobs as they are elsewhere, each with the files of its pictures: all of them or none.
    pub fn copy_in<'a>(
        &self,
        jobs: impl IntoIterator<Item = (&'a Value, &'a [String])>,
    ) -> Result<(), CliError> {
        let transaction = self.sql.unchecked_transaction().map_err(broken)?;
        for (row, files) in jobs {
            add(&transaction, row, files).map_err(broken)?;
        }
        transaction.commit().map_err(broken)
    }
}

fn add(sql: &Connection, row: &Value, files: &[String]) -> Result<(), Error> {
    let names: Vec<&str> = BEFORE.into_iter().chain(AFTER).collect();
    let text = format!(
        "INSERT INTO jobs ({}) VALUES ({})",
        names.join(", "),
        vec!["?"; names.len()].join(", ")
    );
    let values = names.iter().map(|name| from_json(&row[*name]));
    run(sql, &text, params_from_iter(values))?;
    let text = "INSERT INTO pictures (job, number, file, taken, saved)
        VALUES (?1, ?2, ?3, ?3, 1)";
    for (number, file) in files.iter().enumerate() {
        run(sql, text, (row["seq"].as_i64(), number, file))?;
    }
    Ok(())
}

/// Whole numbers and texts are all that there is.
fn to_json(value: ValueRef<'_>) -> Result<Value, Error> {
    Ok(match value {
        ValueRef::Integer(number) => number.into(),
        ValueRef::Text(_) => value.as_str()?.into(),
        _ => Value::Null,
    })
}

fn from_json(value: &Value) -> types::Value {
    match value {
        Value::Number(number) => number
            .as_i64()
            .map_or(types::Value::Null, types::Value::Integer),
        Value::String(text) => types::Value::Text(text.clone()),
        _ => types::Value::Null,
    }
}
