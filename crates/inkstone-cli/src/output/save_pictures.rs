//! Saves the pictures of a reply, one after the other.

use std::path::{Path, PathBuf};

use inkstone::{Client, Error, Image, ImageFormat, Stage};
use tr::tr;

use crate::client::interrupt::{Interrupt, Interrupted};
use crate::client::progress::Progress;
use crate::error::CliError;
use crate::output::arrived::Arrived;
use crate::output::files;
use crate::output::outcome::{SaveOutcome, Saved, Unsaved};
use crate::output::request_context::RequestContext;
use crate::output::save_budget::SaveBudget;
use crate::output::sidecar;
use crate::request::picture_count::asked;

/// The longest name of a picture, in bytes and without its ending. File systems take 255; the
/// ending, that of the sidecar, and a number follow where the name is taken.
const LONGEST_STEM: usize = 240;

/// Refuses a name that is too long for the files of the request, before anything is paid for.
pub fn check_names(request: &RequestContext<'_>) -> Result<(), CliError> {
    let length = picture_stem(request, asked(request.body) - 1).len();
    if length <= LONGEST_STEM {
        return Ok(());
    }
    Err(CliError::usage(tr!(
        "-o: the picture's name has {length} bytes, and at most {most} fit; nothing was sent",
        length,
        most = LONGEST_STEM
    ))
    .hint(tr!("shorten it: a Chinese character has 3 bytes")))
}

/// Saves every picture that can be saved; `saved_before` finds the file of one that is there,
/// by its name without ending.
pub async fn save(
    client: &Client,
    request: &RequestContext<'_>,
    arrived: &impl Arrived,
    (progress, interrupt): (&Progress, &mut Interrupt),
    saved_before: impl Fn(&Image, &str) -> Option<PathBuf>,
) -> SaveOutcome {
    let mut outcome = SaveOutcome::default();
    let images = arrived.images();
    let count = images.len();
    let mut budget = SaveBudget::for_request(request);
    for (index, image) in images.into_iter().enumerate() {
        if index >= budget.most {
            let reason = budget.too_many(count);
            outcome.unsaved.push(Unsaved::new(image, reason));
            continue;
        }
        progress.say(tr!(
            "saving picture {number} of {count}",
            number = index + 1,
            count
        ));
        let stem = picture_stem(request, index);
        if let Some(path) = saved_before(&image, &stem) {
            outcome.saved.push(Saved::new(path, image, true));
            continue;
        }
        let saving = budget.save(save_one(client, arrived, &image, request.out, &stem));
        let unsaved = match interrupt.or(saving).await {
            Ok(Ok(Ok(path))) => {
                budget.spend(path.metadata().map_or(0, |found| found.len()));
                outcome.saved.push(Saved::new(path, image, false));
                continue;
            }
            Ok(Ok(Err(error))) => failed(image, &error),
            Ok(Err(reason)) => Unsaved::new(image, reason),
            Err(Interrupted) => {
                outcome.interrupted = true;
                Unsaved::new(image, "interrupted".to_owned())
            }
        };
        outcome.unsaved.push(unsaved);
    }
    outcome
}

/// Saves a picture, in its other form where it has one and the first is of no use.
pub async fn save_one(
    client: &Client,
    arrived: &impl Arrived,
    image: &Image,
    out: &Path,
    stem: &str,
) -> Result<PathBuf, Error> {
    let first = match client.save(image, out, stem).await {
        Ok(path) => return Ok(path),
        Err(error) => error,
    };
    match arrived.fallback(image) {
        Some(other) => client.save(&other, out, stem).await.map_err(|_| first),
        None => Err(first),
    }
}

fn failed(image: Image, error: &inkstone::Error) -> Unsaved {
    Unsaved {
        is_gone: error.stage() == Stage::Expired,
        cut_short: error.kept().map(Path::to_owned),
        ..Unsaved::new(image, error.to_string())
    }
}

/// The file of a picture that an earlier wait for the same task has saved, by its
/// sidecar.
pub fn with_sidecar(request: &RequestContext<'_>, image: &Image, stem: &str) -> Option<PathBuf> {
    let task_id = request.task_id?;
    named(request.out, stem, |path| {
        sidecar::read(path).is_some_and(|sidecar| {
            sidecar["task_id"] == task_id && sidecar["source"]["pointer"] == image.pointer
        })
    })
}

/// The file of a picture whose name nobody else gives.
pub fn with_name(out: &Path, stem: &str) -> Option<PathBuf> {
    named(out, stem, |_| true)
}

fn named(out: &Path, stem: &str, is_own: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    let path = |format: ImageFormat| out.join(format!("{stem}.{}", format.ending()));
    let mut paths = ImageFormat::ALL.map(path).into_iter();
    paths.find(|path| files::has_bytes(path) && is_own(path))
}

/// The name of the picture at `index` of a reply, without its ending.
fn picture_stem(request: &RequestContext<'_>, index: usize) -> String {
    let stem = &request.stamp.stem;
    let Some(template) = &request.stamp.template else {
        return format!("{stem}-{}", index + 1);
    };
    let seed = ["/seed", "/parameters/seed"];
    let seed = seed.iter().find_map(|place| request.body.pointer(place));
    let values = [
        ("model", request.model.unwrap_or_default().to_owned()),
        (
            "seed",
            seed.map_or_else(|| "random".to_owned(), ToString::to_string),
        ),
        // As in 20261121-083000.
        ("time", stem.chars().take(15).collect()),
    ];
    template.fill_in(index + 1, &values)
}
