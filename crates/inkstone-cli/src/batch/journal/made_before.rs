//! The pictures that a directory has already, by the sidecars beside them: a job that made
//! them is not sent again, even where its journal is gone.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::output::sidecar;

/// What the sidecars of a job say.
#[derive(Debug, Default)]
pub struct MadeBefore {
    pub request: Value,
    pub api: String,
    pub time: String,
    pub request_id: Option<String>,
    /// The files of its pictures, by name.
    pub files: Vec<String>,
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
            files: Vec::new(),
        });
        job.files.push(name);
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
