//! From a reply to files: each picture under its job's name, with its sidecar.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use inkstone::{Image, ImageFormat, Operation, Stage};
use tempfile::{NamedTempFile, TempPath};

use crate::batch::flight::Crew;
use crate::batch::journal::course::Task;
use crate::batch::replies;
use crate::batch::target::Target;
use crate::exit::Failure;
use crate::sent::Sent;
use crate::sidecar;
use crate::stamp::Stamp;

/// Where files are until they have a name, in the directory of the batch.
const INCOMING: &str = ".incoming";

/// Where what came of pictures is that ended too early.
const CUT_SHORT: &str = "cut-short";

/// Why a picture is not on disk.
pub struct Trouble {
    pub stage: Stage,
    pub message: String,
}

/// Makes room for files on their way; drops what a process that is gone left.
pub fn prepare(out: &Path) -> io::Result<()> {
    clean(out);
    replies::clean(out);
    fs::create_dir_all(directory(out))
}

/// Where files lie until they have a name.
pub fn directory(out: &Path) -> PathBuf {
    out.join(INCOMING)
}

/// A file on its way into `out`, which is gone if it never gets a name.
pub fn incoming(out: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    // As any new file: temporary ones are the owner's alone otherwise.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(directory(out))
}

/// Removes what [`prepare`] made.
pub fn clean(out: &Path) {
    // What stays behind is hidden and harmless.
    let _ = fs::remove_dir_all(directory(out));
}

/// Saves every picture that can be saved and isn't yet; says why the first one
/// that can't be is not.
pub async fn pictures(
    crew: &Crew<'_>,
    task: &Task,
    target: &Target,
    operation: &'static Operation,
    images: Vec<Image>,
) -> Result<Option<Trouble>, Failure> {
    let desk = Desk {
        crew,
        task,
        target,
        operation,
    };
    let mut first = None;
    for (number, image) in images.iter().enumerate() {
        if let Err(trouble) = desk.save(number, image).await? {
            first.get_or_insert(trouble);
        }
    }
    if first.is_none()
        && let Err(error) = sync(crew.out)
    {
        return Ok(Some(unwritable(crew.out, &error)));
    }
    Ok(first)
}

struct Desk<'a> {
    crew: &'a Crew<'a>,
    task: &'a Task,
    target: &'a Target,
    operation: &'static Operation,
}

/// The outer result is the journal's.
type Tried<T> = Result<Result<T, Trouble>, Failure>;

impl Desk<'_> {
    async fn save(&self, number: usize, image: &Image) -> Tried<()> {
        let Crew { journal, out, .. } = *self.crew;
        let file = match journal.picture(self.task.seq, number)? {
            Some(known) if known.is_saved => return Ok(Ok(())),
            // It got its name, and the end came before that was noted.
            Some(known) if exists(&out.join(&known.file)) => known.file,
            _ => match self.bring(number, image).await? {
                Ok(file) => file,
                Err(trouble) => return Ok(Err(trouble)),
            },
        };
        if let Err(error) = self.write_sidecar(&file, image) {
            return Ok(Err(unwritable(out, &error)));
        }
        journal.saved(self.task.seq, number)?;
        Ok(Ok(()))
    }

    /// Fetches a picture and gives it its name.
    async fn bring(&self, number: usize, image: &Image) -> Tried<String> {
        let incoming = directory(self.crew.out);
        let stem = format!("{}-{}", self.task.seq, number + 1);
        match self.target.client.save(image, &incoming, &stem).await {
            Ok(path) => {
                let named = self.name(number, path);
                if let Ok(Ok(_)) = named {
                    self.forget_part(number);
                }
                named
            }
            Err(error) => Ok(Err(Trouble {
                stage: error.stage(),
                message: match error.kept() {
                    Some(part) => self.keep_part(number, part, error.to_string()),
                    None => error.to_string(),
                },
            })),
        }
    }

    /// Where what came of a picture is kept that ended too early, without its ending.
    fn part(&self, number: usize) -> PathBuf {
        let name = format!("{}-{}", self.task.stem, number + 1);
        self.crew.out.join(CUT_SHORT).join(name)
    }

    /// Keeps what came of a picture, unless more of it came before; `message` says where.
    fn keep_part(&self, number: usize, part: &Path, message: String) -> String {
        let ending = part.extension().unwrap_or_default().to_string_lossy();
        let mut kept = self.part(number).into_os_string();
        kept.push(format!(".{ending}"));
        let kept = Path::new(&kept);
        let length = |path: &Path| fs::metadata(path).map_or(0, |it| it.len());
        if length(part) > length(kept) {
            let made = fs::create_dir_all(self.crew.out.join(CUT_SHORT));
            if made.and_then(|()| fs::rename(part, kept)).is_err() {
                return message;
            }
        }
        message.replace(&part.display().to_string(), &kept.display().to_string())
    }

    /// Drops what was kept of a picture that is whole now.
    fn forget_part(&self, number: usize) {
        let mut kept = self.part(number).into_os_string();
        kept.push(".");
        for format in ImageFormat::ALL {
            let mut kept = kept.clone();
            kept.push(format.ending());
            // Mostly there is none.
            let _ = fs::remove_file(kept);
        }
        let _ = fs::remove_dir(self.crew.out.join(CUT_SHORT));
    }

    /// Gives a picture the first free name, which is noted before.
    fn name(&self, number: usize, path: PathBuf) -> Tried<String> {
        let Crew { journal, out, .. } = *self.crew;
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let ending = ending.into_owned();
        let mut path = match TempPath::try_from_path(path) {
            Ok(path) => path,
            Err(error) => return Ok(Err(unwritable(out, &error))),
        };
        for copy in 1_u64.. {
            let file = match copy {
                1 => format!("{}.{ending}", self.task.stem),
                _ => format!("{}-{copy}.{ending}", self.task.stem),
            };
            let is_taken = exists(&out.join(&file)) || exists(&out.join(format!("{file}.json")));
            if is_taken || !journal.name(self.task.seq, number, &file)? {
                continue;
            }
            match path.persist_noclobber(out.join(&file)) {
                Ok(()) => return Ok(Ok(file)),
                Err(failed) if failed.error.kind() == ErrorKind::AlreadyExists => {
                    path = failed.path;
                }
                Err(failed) => return Ok(Err(unwritable(out, &failed.error))),
            }
        }
        Ok(Err(unwritable(out, &ErrorKind::AlreadyExists.into())))
    }

    /// Writes the file beside a picture; the name belongs to this job already.
    fn write_sidecar(&self, file: &str, image: &Image) -> io::Result<()> {
        let Task {
            model,
            request,
            time,
            stem,
            request_id,
            id,
            ..
        } = self.task;
        let sent = Sent {
            api: self.operation.api,
            document: Some(self.operation.name),
            model: Some(model),
            body: request,
            task_id: None,
            stamp: Stamp {
                time: time.clone().unwrap_or_default(),
                stem: stem.clone(),
            },
            out: self.crew.out,
        };
        let mut json = sidecar::of(&sent, request_id.as_deref(), image);
        json["id"] = id.as_str().into();
        let mut written = incoming(self.crew.out)?;
        writeln!(written, "{json:#}")?;
        written.as_file().sync_all()?;
        written.persist(self.crew.out.join(format!("{file}.json")))?;
        Ok(())
    }
}

/// Whether there is anything of this name, be it a link to nowhere.
fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn unwritable(path: &Path, error: &io::Error) -> Trouble {
    Trouble {
        stage: Stage::File,
        message: format!("{} can't be written: {error}", path.display()),
    }
}

/// Waits until the names of new files are on the disk as well.
#[cfg(unix)]
fn sync(directory: &Path) -> io::Result<()> {
    fs::File::open(directory)?.sync_all()
}

/// Elsewhere a directory can't be opened, and needs no such thing.
#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}
