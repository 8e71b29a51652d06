//! The pictures that a directory has already, by the sidecars beside them: a job that made
//! them is not sent again, even where its journal is gone.

use std::collections::HashMap;
use std::fs;
use std::io::{self, ErrorKind};
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
    /// What a sidecar says of its job, none of whose pictures is known yet.
    pub fn by(sidecar: &Value) -> Self {
        let text = |member: &str| sidecar[member].as_str().map(str::to_owned);
        Self {
            request: sidecar["request"].clone(),
            api: text("api").unwrap_or_default(),
            time: text("time").unwrap_or_default(),
            request_id: text("request_id"),
            is_rehearsal: sidecar["sandbox"] == true,
            there: Vec::new(),
            gone: Vec::new(),
        }
    }

    /// Adds a picture by its sidecar.
    pub fn add(&mut self, file: String, sidecar: &Value, is_there: bool) {
        let url = sidecar["source"]["url"].as_str().map(str::to_owned);
        let pictures = match is_there {
            true => &mut self.there,
            false => &mut self.gone,
        };
        pictures.push(Picture { file, url });
    }

    /// How many pictures the job has, wherever they are.
    pub fn count(&self) -> usize {
        self.there.len() + self.gone.len()
    }

    /// Whether so many of its pictures are there.
    pub fn is_whole(&self, asked: usize) -> bool {
        self.there.len() >= asked
    }

    /// The pictures that are gone and may be fetched again.
    pub fn to_fetch(&self) -> impl Iterator<Item = &Picture> {
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

    /// Why the job has fewer pictures in this place than so many: they were not made, or they are
    /// lost.
    pub fn unmade(&self, asked: usize, place: &str) -> Option<String> {
        let missing = asked.saturating_sub(self.count());
        let unmade = (missing > 0).then(|| {
            format!("{missing} of {asked} pictures are not in the {place}, which has the others")
        });
        let lost = self.lost();
        let lost = (!lost.is_empty()).then(|| {
            let files = lost.join(", ");
            format!("{files}: paid for, and gone from the {place}")
        });
        let whys: Vec<_> = unmade.into_iter().chain(lost).collect();
        (!whys.is_empty()).then(|| whys.join("; "))
    }

    /// A file of the job, for people to look at.
    pub fn any_file(&self) -> &str {
        let first = self.there.first().or(self.gone.first());
        first.map_or("", |picture| &picture.file)
    }
}

/// What the sidecars in `directory` say, by the ids of jobs, but for those of the pictures that are
/// known. Fails where one can't be read: its job may be paid for.
pub fn read(
    directory: &Path,
    is_known: impl Fn(&str) -> bool,
) -> io::Result<HashMap<String, MadeBefore>> {
    let mut names = Vec::new();
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(HashMap::new()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let name = entry?.file_name().into_string().ok();
        names.extend(
            name.as_deref()
                .and_then(picture)
                .filter(|name| !is_known(name)),
        );
    }
    sort(&mut names);
    let mut made = HashMap::new();
    for name in names {
        let Some((id, sidecar)) = sidecar_of(directory, &name)? else {
            continue;
        };
        let job = made.entry(id).or_insert_with(|| MadeBefore::by(&sidecar));
        let is_there = files::has_bytes(&directory.join(&name));
        job.add(name, &sidecar, is_there);
    }
    Ok(made)
}

/// Puts the pictures of each job in the order in which they got their names.
pub fn sort(names: &mut [String]) {
    names.sort_unstable_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
}

/// The name of the picture whose sidecar has this name.
pub fn picture(sidecar: &str) -> Option<String> {
    let name = sidecar.strip_suffix(".json")?;
    let ending = Path::new(name).extension()?.to_str()?;
    sidecar::media_type(ending).map(|_| name.to_owned())
}

/// The sidecar of a picture, and the id of its job; none where another command wrote it.
fn sidecar_of(directory: &Path, picture: &str) -> io::Result<Option<(String, Value)>> {
    let text = match fs::read(directory.join(format!("{picture}.json"))) {
        Ok(text) => text,
        Err(error) if is_no_file(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let sidecar: Value = serde_json::from_slice(&text).unwrap_or_default();
    let id = sidecar["id"].as_str().map(str::to_owned);
    Ok(id.map(|id| (id, sidecar)))
}

fn is_no_file(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::IsADirectory)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use super::read;

    #[test]
    fn what_can_not_be_read_is_not_as_if_it_were_not_there() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        fs::write(at("a.png.json"), r#"{"id": "a"}"#).unwrap();
        // What is no sidecar, or nobody's, is passed by.
        fs::write(at("b.png.json"), "{").unwrap();
        fs::create_dir(at("c.png.json")).unwrap();
        std::os::unix::fs::symlink(at("none"), at("d.png.json")).unwrap();
        let made = read(directory.path(), |_| false).unwrap();
        assert_eq!(made.keys().collect::<Vec<_>>(), ["a"]);
        assert!(read(&at("a.png.json"), |_| false).is_err());
        assert!(read(&at("none"), |_| false).unwrap().is_empty());
        // As where the disk fails: nobody knows what it says.
        std::os::unix::fs::symlink(at("e.png.json"), at("e.png.json")).unwrap();
        assert!(read(directory.path(), |_| false).is_err());
    }
}
