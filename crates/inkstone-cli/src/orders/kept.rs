//! Replies that were paid for, kept until their pictures are saved: in the ledger, in a file
//! that it names, or where neither can be written in the system's temporary directory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tr::tr;

use crate::console;
use crate::language::for_user;
use crate::ledger::answer::Answer;
use crate::ledger::open::Left;
use crate::ledger::unfinished::KeptReply;
use crate::ledger::{Ledger, LedgerError};
use crate::output::arrived::Arrived;
use crate::output::files;
use crate::output::kept_body::KeptBody;
use crate::output::kept_reply;
use crate::output::request_context::RequestContext;
use crate::output::save_pictures;
use crate::output::sidecar;

/// The longest reply that goes into a row where no file takes it, in bytes.
const LONGEST_IN_NEED: usize = 32 << 20;

/// An order's row in the ledger.
#[derive(Clone, Copy)]
pub struct NotedOrder<'a> {
    pub ledger: &'a Ledger,
    pub seq: i64,
}

/// Whether pictures are still to be fetched: those that came with the reply are there at once.
pub fn has_urls(arrived: &impl Arrived) -> bool {
    let images = arrived.images();
    images.iter().any(|image| sidecar::url(image).is_some())
}

/// What is known of a reply, which is still kept nowhere.
fn record(arrived: &impl Arrived, unmade: &[String]) -> KeptReply {
    KeptReply {
        request_id: arrived.request_id().map(str::to_owned),
        unmade: unmade.to_vec(),
        flaw: arrived.flaw(),
        ..KeptReply::default()
    }
}

/// Keeps a reply whose pictures are fetched next, so that it outlives this process.
pub async fn before_fetching(
    noted: NotedOrder<'_>,
    context: &RequestContext<'_>,
    arrived: &(impl Arrived + Sync),
    unmade: &[String],
) -> Option<KeptReply> {
    let mut kept = record(arrived, unmade);
    match arrived.in_row() {
        Some(text) => kept.text = Some(text.to_owned()),
        None => in_file(&mut kept, context, arrived),
    }
    if let Err(LedgerError(why)) = noted.ledger.note_reply(noted.seq, &kept).await {
        in_file(&mut kept, context, arrived);
        // It is noted with what becomes of the order, as soon as that can be.
        warn(&kept, &why);
    }
    kept.is_there().then_some(kept)
}

/// Keeps a reply of which pictures could not be saved, in a file that people find.
pub fn after_fetching(
    before: Option<KeptReply>,
    context: &RequestContext<'_>,
    arrived: &impl Arrived,
    unmade: &[String],
) -> Option<KeptReply> {
    let mut kept = before.unwrap_or_else(|| record(arrived, unmade));
    in_file(&mut kept, context, arrived);
    kept.is_there().then_some(kept)
}

/// Keeps a reply in a file, where it is in none.
fn in_file(kept: &mut KeptReply, context: &RequestContext<'_>, arrived: &impl Arrived) {
    if kept.file.is_some() {
        return;
    }
    match kept_reply::keep(context.out, &file_stem(&context.stamp.stem), arrived) {
        (_, Some(path)) => {
            // From the directory of the pictures on, so that it is found where that is moved.
            let own = path.strip_prefix(context.out).unwrap_or(&path);
            kept.file = Some(own.display().to_string());
            kept.text = None;
        }
        (said, None) => {
            console::warning(&said);
            // As where no more files can be opened: those of the ledger are open.
            kept.text = kept.text.take().or_else(|| whole_in_row(arrived));
        }
    }
}

/// A reply for the row of its order, which is there already, where no file takes it.
fn whole_in_row(arrived: &impl Arrived) -> Option<String> {
    let mut text = Bounded(Vec::new());
    arrived.write(&mut text).ok()?;
    String::from_utf8(text.0).ok()
}

/// Takes as many bytes as a row does at most.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST_IN_NEED {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The name of an order's kept reply, without ending.
fn file_stem(stem: &str) -> String {
    format!("{stem}-reply")
}

/// The name of a file with the id of an order's task, without ending.
fn task_stem(stem: &str) -> String {
    format!("{stem}-task")
}

/// Removes what was kept of an order until its answer was noted, but for a reply that is needed.
pub fn clear(out: &Path, stem: &str, answer: &Answer) {
    let is_needed = answer.kept.is_some() || answer.failure.is_some();
    let replies = reply_files(stem).into_iter().filter(|_| !is_needed);
    for name in replies.chain([format!("{}.txt", task_stem(stem))]) {
        for directory in [out, &std::env::temp_dir()] {
            // As a rule, it is nowhere.
            let _ = fs::remove_file(directory.join(&name));
        }
    }
}

/// The names that an order's kept reply may have.
fn reply_files(stem: &str) -> [String; 2] {
    ["json", "bin"].map(|ending| format!("{}.{ending}", file_stem(stem)))
}

/// Keeps the id of a task that can't be noted; says where.
pub fn keep_task(out: &Path, stem: &str, task_id: &str) -> io::Result<PathBuf> {
    files::here_or_elsewhere(out, |directory| {
        files::write_new(directory, &task_stem(stem), "txt", task_id.as_bytes())
    })
}

/// What an order has left behind whose files' names begin with `stem`, where the program ended
/// before anything was noted: its reply or the id of its task, here or where there was room for
/// them, or pictures.
pub fn find(out: &Path, stem: &str) -> Option<Left> {
    let elsewhere = std::env::temp_dir();
    // A path from the directory of the pictures on, or a whole one.
    let find = |name: &str| {
        let mut paths = [PathBuf::from(name), elsewhere.join(name)].into_iter();
        paths.find(|path| files::has_bytes(&out.join(path)))
    };
    if let Some(path) = reply_files(stem).iter().find_map(|name| find(name)) {
        return Some(Left::Reply(KeptReply {
            file: Some(path.display().to_string()),
            ..KeptReply::default()
        }));
    }
    if let Some(path) = find(&format!("{}.txt", task_stem(stem))) {
        let task_id = fs::read_to_string(out.join(path)).ok()?;
        return Some(Left::Task(task_id));
    }
    let pictures = (1..).map_while(|number| {
        let path = save_pictures::with_name(out, &format!("{stem}-{number}"))?;
        Some(path.file_name()?.to_string_lossy().into_owned())
    });
    let pictures: Vec<_> = pictures.collect();
    (!pictures.is_empty()).then_some(Left::Pictures(pictures))
}

fn warn(kept: &KeptReply, why: &str) {
    console::warning(&for_user(|| match &kept.file {
        Some(file) => tr!(
            "the reply to an order can't be noted: {why}; it is kept in {file}",
            why,
            file
        ),
        None => tr!(
            "the reply to an order can't be noted, nor kept in a file: {why}",
            why
        ),
    }));
}

/// A reply that is kept.
pub fn read(out: &Path, kept: &KeptReply) -> io::Result<KeptBody> {
    let body = match &kept.file {
        Some(file) => fs::read(out.join(file))?,
        None => kept.text.clone().unwrap_or_default().into_bytes(),
    };
    Ok(KeptBody {
        body,
        unmade: kept.unmade.clone(),
        flaw: kept.flaw.clone(),
        request_id: kept.request_id.clone(),
    })
}

/// Removes the file of a reply whose pictures are saved.
pub fn remove(out: &Path, kept: &KeptReply) {
    if let Some(file) = &kept.file {
        // A file that stays behind only takes up room.
        let _ = fs::remove_file(out.join(file));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{LONGEST_IN_NEED, clear, find, keep_task, whole_in_row};
    use crate::ledger::answer::Answer;
    use crate::ledger::open::Left;
    use crate::output::kept_body::KeptBody;

    #[test]
    fn a_row_takes_a_reply_that_no_file_takes_up_to_a_length() {
        let reply = |length| KeptBody::from(vec![b'a'; length]);
        let length = |text: Option<String>| text.map(|text| text.len());
        let most = LONGEST_IN_NEED;
        assert_eq!(length(whole_in_row(&reply(most))), Some(most));
        assert_eq!(length(whole_in_row(&reply(most + 1))), None);
    }

    #[test]
    fn what_an_order_has_left_behind_is_found_by_its_name() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path();
        let stem = format!("inkstone-test-{}", out.file_name().unwrap().display());
        assert!(find(out, &stem).is_none());
        fs::write(out.join(format!("{stem}-1.png")), b"a").unwrap();
        fs::write(out.join(format!("{stem}-2.webp")), b"b").unwrap();
        // What a failing disk leaves is no picture.
        fs::write(out.join(format!("{stem}-3.png")), b"").unwrap();
        let names = [format!("{stem}-1.png"), format!("{stem}-2.webp")];
        assert!(matches!(find(out, &stem), Some(Left::Pictures(found)) if found == names));
        keep_task(out, &stem, "t-1").unwrap();
        assert!(matches!(find(out, &stem), Some(Left::Task(id)) if id == "t-1"));
        clear(out, &stem, &Answer::default());
        assert!(matches!(find(out, &stem), Some(Left::Pictures(_))));
        let elsewhere = std::env::temp_dir().join(format!("{stem}-reply.json"));
        fs::write(&elsewhere, b"{}").unwrap();
        let found = find(out, &stem);
        fs::remove_file(&elsewhere).unwrap();
        let file = Some(elsewhere.display().to_string());
        assert!(matches!(found, Some(Left::Reply(reply)) if reply.file == file));
    }
}
