//! From a reply to files: the pictures, and whatever must not be lost.

use std::path::{Path, PathBuf};

use inkstone::{Client, Error, Image, ImageFormat, Reply, Source, Stage};
use serde_json::{Value, json};

use crate::exit::{Code, Failure};
use crate::files;
use crate::interrupt::{Interrupt, Interrupted};
use crate::output;
use crate::progress::Progress;
use crate::sent::Sent;
use crate::sidecar;
use crate::verdict::violation_json;
use crate::whole::Whole;

/// What became of the pictures of a reply.
#[derive(Default)]
pub struct Outcome {
    pub saved: Vec<Saved>,
    pub unsaved: Vec<Unsaved>,
    /// Why there are not more of them, a reason each.
    pub unmade: Vec<String>,
    pub interrupted: bool,
    /// The file with the whole reply, which is written when a picture is missing.
    kept: Option<PathBuf>,
}

pub struct Saved {
    path: PathBuf,
    image: Image,
    /// Whether it was there before.
    is_old: bool,
}

pub struct Unsaved {
    image: Image,
    reason: String,
    /// Whether it is no longer where it was.
    gone: bool,
    /// The file with as much of it as came.
    cut_short: Option<PathBuf>,
}

/// Saves every picture that can be saved.
pub async fn pictures(
    client: &Client,
    sent: &Sent<'_>,
    images: Vec<Image>,
    progress: &Progress,
    interrupt: &mut Interrupt,
) -> Outcome {
    let mut outcome = Outcome::default();
    let count = images.len();
    for (at, image) in images.into_iter().enumerate() {
        progress.say(format!("saving picture {} of {count}", at + 1));
        let stem = format!("{}-{}", sent.stamp.stem, at + 1);
        if let Some(path) = saved_before(sent, &image, &stem) {
            let is_old = true;
            outcome.saved.push(Saved {
                path,
                image,
                is_old,
            });
            continue;
        }
        let saving = client.save(&image, sent.out, &stem);
        let (reason, gone, cut_short) = match interrupt.or(saving).await {
            Ok(Ok(path)) => {
                let is_old = false;
                outcome.saved.push(Saved {
                    path,
                    image,
                    is_old,
                });
                continue;
            }
            Ok(Err(error)) => (
                error.to_string(),
                error.stage() == Stage::Expired,
                error.kept().map(Path::to_owned),
            ),
            Err(Interrupted) => {
                outcome.interrupted = true;
                ("interrupted".to_owned(), false, None)
            }
        };
        outcome.unsaved.push(Unsaved {
            image,
            reason,
            gone,
            cut_short,
        });
    }
    outcome
}

/// The file that an earlier wait for the same task has saved the picture in, as the file
/// beside it says.
fn saved_before(sent: &Sent<'_>, image: &Image, stem: &str) -> Option<PathBuf> {
    let task_id = sent.task_id?;
    let paths = ImageFormat::ALL.map(|it| sent.out.join(format!("{stem}.{}", it.ending())));
    paths.into_iter().filter(|it| it.exists()).find(|path| {
        sidecar::beside(path)
            .is_some_and(|it| it["task_id"] == task_id && it["source"]["pointer"] == image.pointer)
    })
}

impl Outcome {
    /// Writes a file beside each picture that says how it was made.
    pub fn write_sidecars(&self, sent: &Sent<'_>, request_id: Option<&str>) {
        for saved in self.saved.iter().filter(|it| !it.is_old) {
            let json = sidecar::of(sent, request_id, &saved.image);
            let name = saved.path.file_name().unwrap_or_default().to_string_lossy();
            let written =
                files::write_new(sent.out, &name, "json", format!("{json:#}\n").as_bytes());
            if let Err(error) = written {
                let path = saved.path.display();
                output::warning(&format!("{path}.json can't be written: {error}"));
            }
        }
    }

    /// Prints the paths, or all of it as JSON.
    pub fn print(
        &self,
        sent: &Sent<'_>,
        reply: &Reply<Value>,
        as_json: bool,
    ) -> Result<(), Failure> {
        if !as_json {
            let mut paths = self.saved.iter().map(|it| it.path.display());
            return paths.try_for_each(|path| output::line(&path.to_string()));
        }
        let image = |it: &Saved| {
            let mut image = json!({"path": it.path.display().to_string()});
            image["source"] = sidecar::source(&it.image);
            image
        };
        let deviations = reply.deviations().iter().map(violation_json);
        let mut told = json!({
            "images": self.saved.iter().map(image).collect::<Vec<_>>(),
            "request_id": reply.request_id(),
            "model": sent.model,
            "api": sent.api,
            "time": sent.stamp.time,
            "unsaved": self.unsaved.iter().map(Unsaved::json).collect::<Vec<_>>(),
            "kept": self.kept.as_ref().map(|it| it.display().to_string()),
            "deviations": deviations.collect::<Vec<_>>(),
        });
        if let Some(task_id) = sent.task_id {
            told["task_id"] = task_id.into();
            told["unmade"] = json!(self.unmade);
        }
        output::json(&told)
    }

    /// Keeps the reply where a picture is missing: it is paid for.
    pub fn keep(&mut self, sent: &Sent<'_>, reply: &Reply<Value>) {
        if self.unsaved.is_empty() {
            return;
        }
        let mut record = sidecar::record(sent, reply.request_id());
        record["unsaved"] = self.unsaved.iter().map(Unsaved::json).collect();
        record["reply"] = reply.json().clone();
        let text = format!("{record:#}\n");
        let written = files::write_new_with(sent.out, &sent.stamp.stem, "json", |file| {
            reply.restore(text.as_bytes(), file)
        });
        match written {
            Ok(path) => self.kept = Some(path),
            Err(error) => output::warning(&format!("the reply can't be kept: {error}")),
        }
    }

    /// Fails when a picture is missing.
    pub fn conclude(&self) -> Result<(), Failure> {
        let missing = self.unsaved.len();
        let message = match (missing, missing + self.saved.len()) {
            (0, made) => return self.conclude_unmade(made),
            (1, 1) => "the picture could not be saved".to_owned(),
            (missing, all) => format!("{missing} of {all} pictures could not be saved"),
        };
        let code = match self.interrupted {
            true => Code::Interrupted,
            false => Code::Unsaved,
        };
        let unsaved = self.unsaved.iter().map(Unsaved::text);
        let unmade = self.unmade.iter().map(|it| format!("not made: {it}"));
        let details = unsaved.chain(unmade).collect();
        Err(Failure::new(code, message)
            .details(details)
            .hint(self.hint()))
    }

    /// What can be done about the pictures that are missing.
    fn hint(&self) -> String {
        let is_there = |it: &Unsaved| !it.gone && matches!(it.image.source, Source::Url(_));
        let advice = if self.unsaved.iter().any(is_there) {
            Some("fetch the URLs within a day, before they expire".to_owned())
        } else if self.unsaved.iter().all(|it| it.gone) {
            Some("what is no longer there can't be fetched again".to_owned())
        } else {
            None
        };
        let kept = self.kept.as_ref();
        let kept = kept.map(|it| format!("the whole reply is kept in {}", it.display()));
        let both: Vec<_> = advice.into_iter().chain(kept).collect();
        both.join("; ")
    }

    /// Fails when a picture was not made that was asked for.
    fn conclude_unmade(&self, made: usize) -> Result<(), Failure> {
        let missing = self.unmade.len();
        if missing == 0 {
            return Ok(());
        }
        let message = format!("{missing} of {} pictures were not made", missing + made);
        Err(Failure::new(Code::Unsaved, message)
            .details(self.unmade.clone())
            .hint("what was not made is not billed, and the others are saved"))
    }
}

impl Unsaved {
    fn json(&self) -> Value {
        let mut json = sidecar::source(&self.image);
        json["reason"] = self.reason.as_str().into();
        if let Some(path) = &self.cut_short {
            json["cut_short"] = path.display().to_string().into();
        }
        json
    }

    fn text(&self) -> String {
        match &self.image.source {
            Source::Url(url) => format!("{url}\n  {}", self.reason),
            Source::Base64(_) | Source::Spooled(_) => {
                format!("{} in the reply\n  {}", self.image.pointer, self.reason)
            }
        }
    }
}

/// The failure that a reply without pictures is.
pub fn nothing(sent: &Sent<'_>, reply: &Reply<Value>) -> Failure {
    let message = "the reply reports success and holds no picture; it may have been billed";
    let kept = keep(sent.out, &sent.stamp.stem, reply);
    Failure::new(Code::OutcomeUnknown, message).hint(kept)
}

/// Keeps the body of an error that may have been billed; says where.
pub fn keep_reply(sent: &Sent<'_>, error: &Error) -> Option<String> {
    let is_worth_it = error.may_have_been_billed() && !error.text().is_empty();
    is_worth_it.then(|| keep(sent.out, &format!("{}-reply", sent.stamp.stem), error))
}

fn keep(out: &Path, stem: &str, what: &impl Whole) -> String {
    match what.keep(out, stem) {
        Ok(path) => format!("the reply is kept in {}", path.display()),
        Err(error) => format!("the reply can't be kept: {error}"),
    }
}
