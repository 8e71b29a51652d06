//! What became of the pictures of a reply: written, printed, and as an exit code.

use std::fs;
use std::path::PathBuf;

use inkstone::Image;
use serde_json::{Value, json};

use tr::tr;

use crate::args::preview::Presentation;
use crate::console;
use crate::error::{CliError, Code};
use crate::language::libraries;
use crate::output::arrived::{Arrived, Cut};
use crate::output::files;
use crate::output::reply_record::ReplyRecord;
use crate::output::request_context::RequestContext;
use crate::output::sidecar;
use crate::request::verdict::violation_json;

/// How many pictures that are not saved are printed; the kept reply has all.
const MOST_DETAILS: usize = 20;

/// What became of the pictures of a reply.
#[derive(Default)]
pub struct SaveOutcome {
    pub saved: Vec<Saved>,
    pub unsaved: Vec<Unsaved>,
    /// Why pictures that were asked for were not made, one reason each.
    pub unmade: Vec<String>,
    /// Why these may have been made all the same.
    cut: Option<Cut>,
    pub interrupted: bool,
    /// The file with the full reply, written if a picture is missing.
    kept: Option<PathBuf>,
}

/// A picture on disk.
pub struct Saved {
    path: PathBuf,
    image: Image,
    /// Whether it was there before.
    is_old: bool,
}

/// A picture that is not on disk.
pub struct Unsaved {
    pub image: Image,
    pub reason: String,
    /// Whether its URL has expired.
    pub is_gone: bool,
    /// The file with as much of it as arrived.
    pub cut_short: Option<PathBuf>,
}

impl Saved {
    pub fn new(path: PathBuf, image: Image, is_old: bool) -> Self {
        Self {
            path,
            image,
            is_old,
        }
    }

    fn json(&self) -> Value {
        json!({
            "path": self.path.display().to_string(),
            "source": sidecar::source(&self.image),
        })
    }
}

impl Unsaved {
    pub fn new(image: Image, reason: String) -> Self {
        Self {
            image,
            reason,
            is_gone: false,
            cut_short: None,
        }
    }

    fn json(&self) -> Value {
        let mut json = sidecar::source(&self.image);
        json["reason"] = self.reason.as_str().into();
        if let Some(path) = &self.cut_short {
            json["cut_short"] = path.display().to_string().into();
        }
        json
    }

    fn text(&self) -> String {
        // Kept in English, for that is what JSON has.
        let reason = libraries::error(&self.reason);
        match sidecar::url(&self.image) {
            Some(url) => format!("{url}\n  {reason}"),
            None => {
                let place = tr!("{pointer} in the reply", pointer = self.image.pointer);
                format!("{place}\n  {reason}")
            }
        }
    }

    /// Whether it can still be fetched from its URL.
    fn is_available(&self) -> bool {
        !self.is_gone && sidecar::url(&self.image).is_some()
    }
}

impl SaveOutcome {
    /// Writes a sidecar beside each picture that has none: one that was there may lack it, where
    /// the program ended after it was saved.
    pub fn write_sidecars(&self, request: &RequestContext<'_>, request_id: Option<&str>) {
        let lacks_sidecar = |saved: &&Saved| !saved.is_old || sidecar::read(&saved.path).is_none();
        for saved in self.saved.iter().filter(lacks_sidecar) {
            let json = sidecar::for_picture(request, request_id, &saved.image);
            let text = format!("{json:#}\n");
            let name = saved.path.file_name().unwrap_or_default().to_string_lossy();
            if let Err(error) = files::write_new(request.out, &name, "json", text.as_bytes()) {
                let path = saved.path.display();
                console::warning(&tr!("{path}.json can't be written: {error}", path, error));
            }
        }
    }

    /// The paths of the saved pictures.
    pub fn paths(&self) -> impl Iterator<Item = String> {
        self.saved
            .iter()
            .map(|saved| saved.path.display().to_string())
    }

    /// Prints the paths, or everything as JSON.
    pub fn print(
        &self,
        request: &RequestContext<'_>,
        reply: &impl Arrived,
        presentation: Presentation,
    ) -> Result<(), CliError> {
        match presentation.json {
            true => console::json(&self.json(request, reply))?,
            false => self.paths().try_for_each(|path| console::line(&path))?,
        }
        self.saved
            .iter()
            .for_each(|saved| presentation.show(&saved.path));
        Ok(())
    }

    fn json(&self, request: &RequestContext<'_>, reply: &impl Arrived) -> Value {
        let deviations = reply.deviations().iter().map(violation_json);
        let failed = self.conclude().err();
        let kept = self.kept.as_ref();
        let mut json = json!({
            "images": self.saved.iter().map(Saved::json).collect::<Vec<_>>(),
            "request_id": reply.request_id(),
            "model": request.model,
            "api": request.api,
            "time": request.stamp.time,
            "unsaved": self.unsaved.iter().map(Unsaved::json).collect::<Vec<_>>(),
            "unmade": self.unmade,
            "status": reply.status(),
            "error": failed.as_ref().map(|error| error.message.as_str()),
            "exit_code": failed.as_ref().map_or(0, |error| error.code as u8),
            "flaw": reply.flaw(),
            "kept": kept.map(|path| path.display().to_string()),
            "deviations": deviations.collect::<Vec<_>>(),
        });
        if let Some(task_id) = request.task_id {
            json["task_id"] = task_id.into();
        }
        json
    }

    /// Keeps the reply if a picture is missing: it was paid for. `before` is the file that it was
    /// kept in until now.
    pub fn keep_reply(
        &mut self,
        request: &RequestContext<'_>,
        reply: &impl Arrived,
        before: Option<PathBuf>,
    ) {
        // What is missing from a reply that is not whole may still be in it, in part.
        self.cut = reply.cut(&self.unmade);
        if self.unsaved.is_empty() && self.cut.is_none() {
            if let Some(path) = before {
                // A file that stays behind does no harm.
                let _ = fs::remove_file(path);
            }
            return;
        }
        let unsaved = self.unsaved.iter().map(Unsaved::json).collect();
        let record = ReplyRecord::new(request, reply, unsaved);
        let kept = match before {
            Some(path) => {
                // Where this fails, what is there has all but the reasons.
                let _ = record.replace(&path);
                path
            }
            None => match record.keep(request) {
                Ok(path) => path,
                Err(error) => {
                    console::warning(&tr!("the reply can't be kept: {error}", error));
                    return;
                }
            },
        };
        self.kept = Some(kept);
    }

    /// Fails if a picture is missing.
    pub fn conclude(&self) -> Result<(), CliError> {
        let missing = self.unsaved.len();
        let message = match (missing, missing + self.saved.len()) {
            (0, made) => return self.conclude_unmade(made),
            (1, 1) => tr!("the picture could not be saved"),
            (missing, all) => tr!(
                "{missing} of {all} pictures could not be saved",
                missing,
                all
            ),
        };
        let code = match self.interrupted {
            true => Code::Interrupted,
            false => Code::Unsaved,
        };
        let unsaved = self.unsaved.iter().map(Unsaved::text).take(MOST_DETAILS);
        let others = missing.saturating_sub(MOST_DETAILS);
        let others = (others > 0).then(|| tr!("… and {others} more, in the kept reply", others));
        let unsaved = unsaved.chain(others);
        let unmade = self.unmade.iter();
        let unmade =
            unmade.map(|reason| tr!("not made: {reason}", reason = libraries::error(reason)));
        let details = unsaved.chain(unmade).collect();
        Err(CliError::new(code, message)
            .details(details)
            .hint(self.hint()))
    }

    /// What can be done about the pictures that are missing.
    fn hint(&self) -> String {
        let advice = if self.unsaved.iter().any(Unsaved::is_available) {
            Some(tr!("fetch the URLs within a day, before they expire"))
        } else if self.unsaved.iter().all(|unsaved| unsaved.is_gone) {
            Some(tr!("expired pictures can't be fetched again"))
        } else {
            None
        };
        let kept = self.kept.as_ref();
        let kept = kept.map(|path| tr!("the full reply is kept in {path}", path = path.display()));
        let both: Vec<_> = advice.into_iter().chain(kept).collect();
        both.join(&tr!("; "))
    }

    /// Fails if a picture that was asked for was not made.
    fn conclude_unmade(&self, made: usize) -> Result<(), CliError> {
        let missing = self.unmade.len();
        if missing == 0 {
            return Ok(());
        }
        let unmade = self.unmade.iter().map(|reason| libraries::error(reason));
        let message = tr!(
            "{missing} of {all} pictures were not made",
            missing,
            all = missing + made
        );
        let kept = self.kept.as_ref().map_or_else(String::new, |path| {
            tr!("; the full reply is kept in {path}", path = path.display())
        });
        let hint = match self.cut {
            Some(Cut::NotWhole) => tr!(
                "the reply is not whole: what is missing may have been made and billed; the others \
                 are saved"
            ),
            Some(Cut::Counted) => tr!(
                "the reply counts more pictures than it has: what is missing may have been billed; \
                 the others are saved"
            ),
            None => tr!("pictures that were not made are not billed; the others are saved"),
        };
        Err(CliError::unsaved(message)
            .details(unmade.collect())
            .hint(format!("{hint}{kept}")))
    }
}
