//! The file of each picture. A name is noted before the file gets it, so that no picture
//! is saved twice or mistaken for another.

use rusqlite::{OptionalExtension as _, named_params};

use crate::batch::journal::change::Change;
use crate::batch::journal::{Journal, broken};
use crate::database::{all, one};
use crate::error::CliError;

/// The file of a picture.
#[derive(Debug)]
pub struct Named {
    pub file: String,
    /// Whether it is complete, with its sidecar.
    pub is_saved: bool,
}

impl Journal {
    /// The file of a picture, if it has one.
    pub fn picture(&self, job: i64, number: usize) -> Result<Option<Named>, CliError> {
        let sql = "SELECT file, saved FROM pictures WHERE job = ? AND number = ?";
        let found = one(&self.sql, sql, (job, number), |row| row.try_into()).optional();
        let found: Option<(String, bool)> = found.map_err(broken)?;
        Ok(found.map(|(file, is_saved)| Named { file, is_saved }))
    }

    /// Notes the name of a picture's file; `None` if another picture has that name.
    pub fn name(
        &self,
        job: i64,
        number: usize,
        file: &str,
    ) -> Result<Option<Change<'_>>, CliError> {
        let taken = file.to_lowercase();
        let sql = "SELECT 1 FROM pictures WHERE taken = ? AND (job <> ? OR number <> ?)";
        let mut statement = self.sql.prepare_cached(sql).map_err(broken)?;
        if statement.exists((&taken, job, number)).map_err(broken)? {
            return Ok(None);
        }
        let sql = "INSERT INTO pictures (job, number, file, taken)
            VALUES (:job, :number, :file, :taken)
            ON CONFLICT (job, number) DO UPDATE SET file = excluded.file, taken = excluded.taken";
        Ok(Some(self.change(
            sql,
            named_params! {":job": job, ":number": number, ":file": file, ":taken": taken},
        )))
    }

    /// A picture and its sidecar are on disk. That may be lost: the files are found under the name
    /// that was noted.
    pub fn saved(&self, job: i64, number: usize) {
        let sql = "UPDATE pictures SET saved = 1 WHERE job = :job AND number = :number";
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        self.change_with_next(sql, &[(":job", job), (":number", number)]);
    }

    /// The files of the saved pictures of a job, in the order of the reply.
    pub fn files(&self, job: i64) -> Result<Vec<String>, CliError> {
        let sql = "SELECT file FROM pictures WHERE job = ? AND saved ORDER BY number";
        all(&self.sql, sql, [job], |row| row.get(0)).map_err(broken)
    }
}
