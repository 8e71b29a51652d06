//! The file of each picture. A name is noted before the file gets it, so that no picture
//! is saved twice or mistaken for another.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{OptionalExtension as _, named_params};

use crate::batch::journal::change::Change;
use crate::batch::journal::{Journal, broken, made_before};
use crate::database::{all, one};
use crate::error::CliError;
use crate::output::files;

/// The file of a picture.
#[derive(Debug)]
pub struct Named {
    pub file: String,
    /// Whether it is complete, with its sidecar.
    pub is_saved: bool,
}

/// A picture's place in the reply, from 0, and its file.
pub type Numbered = (usize, String);

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

    /// A picture and its sidecar are on disk.
    pub fn saved(&self, job: i64, number: usize) -> Change<'_> {
        let sql = "UPDATE pictures SET saved = 1 WHERE job = :job AND number = :number";
        self.change(sql, named_params! {":job": job, ":number": number})
    }

    /// The pictures of done jobs whose files are gone from `directory`, or empty: their numbers
    /// and files, by job.
    pub fn gone(&self, directory: &Path) -> Result<BTreeMap<i64, Vec<Numbered>>, CliError> {
        let sql = "SELECT job, number, file FROM pictures JOIN jobs ON seq = job
            WHERE saved AND state = 'done' ORDER BY job, number";
        let mut statement = self.sql.prepare_cached(sql).map_err(broken)?;
        let rows = statement.query_map([], |row| row.try_into());
        let mut gone: BTreeMap<i64, Vec<Numbered>> = BTreeMap::new();
        for row in rows.map_err(broken)? {
            let (job, number, file): (i64, usize, String) = row.map_err(broken)?;
            if !files::has_bytes(&directory.join(&file)) {
                gone.entry(job).or_default().push((number, file));
            }
        }
        Ok(gone)
    }

    /// A done job has pictures to be fetched again.
    pub fn fetch_again(&self, job: i64, pictures: &[Numbered]) -> Change<'_> {
        self.not_saved(job, pictures);
        let sql = "UPDATE jobs SET state = 'replied' WHERE seq = :job AND state = 'done'";
        self.change(sql, named_params! {":job": job})
    }

    /// These pictures are not on disk any more; their names stay theirs.
    fn not_saved(&self, job: i64, pictures: &[Numbered]) {
        for (number, _) in pictures {
            let sql = "UPDATE pictures SET saved = 0 WHERE job = :job AND number = :number";
            let change = self.change(sql, named_params! {":job": job, ":number": number});
            change.commit_with_next();
        }
    }

    /// These pictures of a done job are gone for good.
    pub fn lost(&self, job: i64, pictures: &[Numbered]) -> Change<'_> {
        self.not_saved(job, pictures);
        let files: Vec<_> = pictures.iter().map(|(_, file)| file.as_str()).collect();
        let why = made_before::gone(&files);
        let sql = "UPDATE jobs SET unmade = iif(unmade IS NULL, :why, unmade || '; ' || :why)
            WHERE seq = :job";
        self.change(sql, named_params! {":job": job, ":why": why})
    }

    /// The files of the saved pictures of a job, in the order of the reply.
    pub fn files(&self, job: i64) -> Result<Vec<String>, CliError> {
        let sql = "SELECT file FROM pictures WHERE job = ? AND saved ORDER BY number";
        all(&self.sql, sql, [job], |row| row.get(0)).map_err(broken)
    }
}
