//! The pictures that a directory has already, by the sidecars beside them: a job that made
//! them is not sent again, even where its journal is gone.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::output::{files, sidecar};

/// What the sidecars of a job say.
#[derive(Debug, Default)]
pub struct MadeBefore {
    pub request: Value,
    pub api: String,
    pub time: String,
    pub request_id: Option<String>,
    /// Whether a sandbox made them.
    pub is_rehearsal: bool,
    /// Its pictures, by the names of their files.
    pub there: Vec<Picture>,
    /// The pictures whose files are gone, or empty: they were paid for.
    pub gone: Vec<Picture>,
}

/// A picture by its sidecar.
#[derive(Debug)]
pub struct Picture {
    pub file: String,
    /// Where it was fetched, and may be again.
    pub url: Option<String>,
}

impl MadeBefore {
    /// How many pictures the job has, wherever they are.
    pub fn count(&self) -> usize {
        self.there.len() + self.gone.len()
    }

    /// The pictures that are gone and may be fetched again.
    fn to_fetch(&self) -> impl Iterator<Item = &Picture> {
        self.gone.iter().filter(|gone| gone.url.is_some())
    }

    /// The files that are gone for good.
    pub fn lost(&self) -> Vec<&str> {
        let lost = self.gone.iter().filter(|gone| gone.url.is_none());
        lost.map(|gone| gone.file.as_str()).collect()
    }

    pub fn has_to_fetch(&self) -> bool {
        self.to_fetch().next().is_some()
    }

    /// The pictures that are there or may be, and whether they are: first those that are to be
    /// fetched.
    pub fn pictures(&self) -> impl Iterator<Item = (&Picture, bool)> {
        let there = self.there.iter().map(|picture| (picture, true));
        self.to_fetch().map(|picture| (picture, false)).chain(there)
    }

    /// The URLs of those that are to be fetched, as a reply has them; `None` where there are none.
    pub fn reply(&self) -> Option<String> {
        let urls = self.to_fetch().map(|picture| &picture.url);
        let data: Vec<Value> = urls.map(|url| json!({"url": url})).collect();
        (!data.is_empty()).then(|| json!({"data": data}).to_string())
    }

    /// A file of the job, for people to look at.
    pub fn any_file(&self) -> &str {
        let first = self.there.first().or(self.gone.first());
        first.map_or("", |picture| &picture.file)
    }
}

/// What is said of pictures that were paid for and can't be fetched again.
pub fn gone(files: &[&str]) -> String {
    let files = files.join(", ");
    format!("{files}: paid for, and gone from the directory")
}

/// What the sidecars in `directory` say, by the ids of jobs.
pub fn read(directory: &Path) -> HashMap<String, MadeBefore> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<_> = names.filter_map(picture).collect();
    names.sort_unstable_by_key(|name| (name.len(), name.clone()));
    let mut made = HashMap::new();
    for name in names {
        let Some((id, sidecar)) = sidecar_of(directory, &name) else {
            continue;
        };
        let text = |member: &str| sidecar[member].as_str().map(str::to_owned);
        let job: &mut MadeBefore = made.entry(id).or_insert_with(|| MadeBefore {
            request: sidecar["request"].clone(),
            api: text("api").unwrap_or_default(),
            time: text("time").unwrap_or_default(),
            request_id: text("request_id"),
            is_rehearsal: sidecar["sandbox"] == true,
            there: Vec::new(),
            gone: Vec::new(),
        });
        let is_there = files::has_bytes(&directory.join(&name));
        let picture = Picture {
            file: name,
            url: sidecar["source"]["url"].as_str().map(str::to_owned),
        };
        match is_there {
            true => job.there.push(picture),
            false => job.gone.push(picture),
        }
    }
    made
}

/// The name of the picture whose sidecar has this name.
fn picture(sidecar: String) -> Option<String> {
    let name = sidecar.strip_suffix(".json")?;
    let ending = Path::new(name).extension()?.to_str()?;
    sidecar::media_type(ending).map(|_| name.to_owned())
}

/// The sidecar of a picture, and the id of its job; none where another command wrote it.
fn sidecar_of(directory: &Path, picture: &str) -> Option<(String, Value)> {
    let text = fs::read(directory.join(format!("{picture}.json"))).ok()?;
    let sidecar: Value = serde_json::from_slice(&text).ok()?;
    let id = sidecar["id"].as_str()?.to_owned();
    Some((id, sidecar))
}
