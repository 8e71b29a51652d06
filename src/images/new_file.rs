//! Files that are whole or not there.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Seek as _, Write};
use std::path::{Component, Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

/// A file that gets its name when it is whole, and is gone when it never is.
///
/// Until [`finish`](Self::finish) or [`replace`](Self::replace) it lies in its
/// directory as `.inkstone-….part`; dropping it removes it.
#[derive(Debug)]
pub struct NewFile {
    directory: PathBuf,
    file: NamedTempFile,
}

impl NewFile {
    /// An empty file in `directory`, which has to be there.
    ///
    /// # Errors
    ///
    /// When no file can be made there.
    pub fn create(directory: &Path) -> io::Result<Self> {
        let mut builder = hidden();
        // As any new file: temporary ones are the owner's alone otherwise.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(directory)?;
        Ok(Self {
            directory: directory.to_owned(),
            file,
        })
    }

    /// Names it `<stem>.<ending>`, or where that is taken `<stem>-2.<ending>` and
    /// so on, and returns its path. No existing file is ever replaced.
    ///
    /// # Errors
    ///
    /// When it can't be written to disk, or `stem` leads out of the directory.
    pub fn finish(self, stem: &str, ending: &str) -> io::Result<PathBuf> {
        let directory = self.directory.clone();
        self.sync()?.name_in(&directory, stem, ending)
    }

    /// Names it `path`, in place of what was there, whose permissions it gets.
    ///
    /// # Errors
    ///
    /// When it can't be written to disk, or `path` lies on another one.
    pub fn replace(self, path: &Path) -> io::Result<()> {
        if let Ok(there) = std::fs::metadata(path) {
            keep_access(self.file.as_file(), &there)?;
        }
        self.file.as_file().sync_all()?;
        self.file.persist(path)?;
        Ok(())
    }

    /// Waits until all of it is on the disk, and closes it. It has no name yet.
    pub(crate) fn sync(self) -> io::Result<UnnamedFile> {
        self.file.as_file().sync_all()?;
        Ok(UnnamedFile(self.file.into_temp_path()))
    }

    /// The directory that it lies in.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Throws away what was written so far.
    pub(crate) fn restart(&mut self) -> io::Result<()> {
        self.file.as_file().set_len(0)?;
        self.file.rewind()
    }

    /// What was written so far, to be read.
    pub(crate) fn contents(&self) -> &File {
        self.file.as_file()
    }

    /// Leaves it where it lies, closed, until the path is dropped.
    pub(crate) fn into_path(self) -> TempPath {
        self.file.into_temp_path()
    }
}

/// A file that is whole, on the disk and closed, and has no name of its own yet; dropping it
/// removes it.
#[derive(Debug)]
pub struct UnnamedFile(TempPath);

impl UnnamedFile {
    /// One more name for a file that is on the disk, in `directory`; its bytes are not copied.
    pub(crate) fn link(file: &Path, directory: &Path) -> io::Result<Self> {
        let linked = hidden().make_in(directory, |path| std::fs::hard_link(file, path))?;
        Ok(Self(linked.into_temp_path()))
    }

    /// Where it lies until it has a name. It is only to be read: it may be one of several names
    /// of a reply that is kept.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Names it `path`, unless there is such a file.
    ///
    /// # Errors
    ///
    /// [`AlreadyExists`](ErrorKind::AlreadyExists) when there is, or whatever else keeps the
    /// system from it, such as that `path` lies on another disk. The file comes along.
    pub fn name(self, path: &Path) -> Result<(), (io::Error, Self)> {
        let named = self.0.persist_noclobber(path);
        named.map_err(|failed| (failed.error, Self(failed.path)))
    }

    /// Names it as [`NewFile::finish`] does.
    pub(crate) fn name_in(
        mut self,
        directory: &Path,
        stem: &str,
        ending: &str,
    ) -> io::Result<PathBuf> {
        for name in names(stem, ending) {
            let path = directory.join(file_name(&name)?);
            match self.name(&path) {
                Ok(()) => return Ok(path),
                Err((error, file)) if error.kind() == ErrorKind::AlreadyExists => self = file,
                Err((error, _)) => return Err(error),
            }
        }
        Err(ErrorKind::AlreadyExists.into())
    }
}

/// Gives a file the permissions and, where this user may, the owner of another.
#[cfg(unix)]
fn keep_access(file: &File, other: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    // Only root gives files away; the owner comes first, for a change of it takes permissions.
    let _ = fchown(file, Some(other.uid()), Some(other.gid()));
    file.set_permissions(other.permissions())
}

/// Elsewhere a file has its permissions from its directory.
#[cfg(not(unix))]
fn keep_access(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

/// What makes files that have no name yet.
fn hidden() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".inkstone-").suffix(".part");
    builder
}

/// The names that are tried, one after another.
fn names(stem: &str, ending: &str) -> impl Iterator<Item = String> {
    let later = (2_u64..).map(move |number| format!("{stem}-{number}.{ending}"));
    std::iter::once(format!("{stem}.{ending}")).chain(later)
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// `name`, if it is the name of a file and no path to one.
fn file_name(name: &str) -> io::Result<&str> {
    let mut components = Path::new(name).components();
    match (components.next(), components.next()) {
        (Some(Component::Normal(only)), None) if only == name => Ok(name),
        _ => {
            let message = format!("{name:?} is not the name of a file");
            Err(io::Error::new(ErrorKind::InvalidInput, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::path::Path;

    use super::{NewFile, UnnamedFile};

    fn names(directory: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(directory).expect("a directory");
        let mut names: Vec<_> = entries
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .into_string()
                    .expect("UTF-8")
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn the_first_free_name_is_taken() {
        let directory = tempfile::tempdir().expect("a directory");
        for expected in ["cat.png", "cat-2.png", "cat-3.png"] {
            let mut file = NewFile::create(directory.path()).expect("a file");
            file.write_all(expected.as_bytes()).expect("written");
            let path = file.finish("cat", "png").expect("a name");
            assert_eq!(path, directory.path().join(expected));
            assert_eq!(std::fs::read_to_string(path).expect("a file"), expected);
        }
        assert_eq!(names(directory.path()).len(), 3);
    }

    #[test]
    fn no_name_leads_out_of_the_directory() {
        let directory = tempfile::tempdir().expect("a directory");
        for stem in ["../cat", "/tmp/cat", "a/cat", "cat/.", "./cat"] {
            let file = NewFile::create(directory.path()).expect("a file");
            let error = file.finish(stem, "png").expect_err(stem);
            assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{stem}");
        }
        assert!(names(directory.path()).is_empty());
    }

    #[test]
    fn a_file_whose_name_is_taken_comes_back_without_one() {
        let directory = tempfile::tempdir().expect("a directory");
        let (taken, free) = (directory.path().join("a"), directory.path().join("b"));
        std::fs::write(&taken, "first").expect("written");
        let mut file = NewFile::create(directory.path()).expect("a file");
        file.write_all(b"second").expect("written");
        let file = file.sync().expect("on the disk");
        let linked = UnnamedFile::link(file.path(), directory.path()).expect("a link");
        let (error, file) = file.name(&taken).expect_err("taken");
        assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists);
        file.name(&free).expect("a name");
        assert_eq!(names(directory.path()).len(), 3);
        drop(linked);
        assert_eq!(names(directory.path()), ["a", "b"]);
        let texts = [taken, free].map(|path| std::fs::read_to_string(path).expect("a file"));
        assert_eq!(texts, ["first", "second"]);
    }

    #[cfg(unix)]
    #[test]
    fn what_replaces_a_file_has_its_permissions() {
        use std::fs::{Permissions, metadata, set_permissions};
        use std::os::unix::fs::PermissionsExt as _;

        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("keys.json");
        for mode in [0o600, 0o640, 0o666] {
            std::fs::write(&path, "old").expect("written");
            set_permissions(&path, Permissions::from_mode(mode)).expect("permissions");
            let mut file = NewFile::create(directory.path()).expect("a file");
            file.write_all(b"new").expect("written");
            file.replace(&path).expect("replaced");
            let found = metadata(&path).expect("a file").permissions().mode();
            assert_eq!(found & 0o777, mode);
            assert_eq!(std::fs::read_to_string(&path).expect("a file"), "new");
        }
    }

    #[test]
    fn a_file_that_is_dropped_is_gone() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut file = NewFile::create(directory.path()).expect("a file");
        file.write_all(b"half").expect("written");
        assert_eq!(names(directory.path()).len(), 1);
        drop(file);
        assert!(names(directory.path()).is_empty());
    }
}
