//! The file that leads the browser to the page: all users of a machine see what its programs were
//! started with, so the address with the token is no argument of one.

use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

const PREFIX: &str = "inkstone-studio-";
const SUFFIX: &str = ".html";

/// A file for its owner alone, which is gone once this is dropped. It is in `out`, where browsers that
/// see only a part of the disk may find it; or else in `private`, which nobody else can read.
pub fn write(out: &Path, private: &Path, address: &str) -> io::Result<NamedTempFile> {
    let text = format!(
        "<!doctype html>\n<meta charset=\"utf-8\">\n<title>inkstone studio</title>\n\
         <meta http-equiv=\"refresh\" content=\"0;url={address}\">\n\
         <a href=\"{address}\">inkstone studio</a>\n"
    );
    let out = std::path::absolute(out)?;
    let mut file = create(&out)
        .and_then(only_private)
        .or_else(|_| create(private))?;
    file.write_all(text.as_bytes())?;
    Ok(file)
}

/// A new file, under a name that nobody can take before.
fn create(directory: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX).tempfile_in(directory)
}

/// Some disks know no owners: what is there, others may read.
#[cfg(unix)]
fn only_private(file: NamedTempFile) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = file.as_file().metadata()?;
    let is_own = metadata.uid() == rustix::process::geteuid().as_raw();
    match is_own && metadata.mode() & 0o077 == 0 {
        true => Ok(file),
        false => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// Who may read a file is not asked elsewhere.
#[cfg(not(unix))]
fn only_private(_: NamedTempFile) -> io::Result<NamedTempFile> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_file_is_its_owners_alone_and_gone_in_the_end() {
        let [out, private] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let write = |out: &Path| write(out, private.path(), "http://127.0.0.1:1/?token=2").unwrap();
        // A second studio of the same directory has its own.
        let (link, other) = (write(out.path()), write(out.path()));
        assert_ne!(link.path(), other.path());
        for link in [&link, &other] {
            assert_eq!(link.path().parent(), Some(out.path()));
            let permissions = link.path().metadata().unwrap().permissions();
            assert_eq!(permissions.mode() & 0o777, 0o600);
            let text = fs::read_to_string(link.path()).unwrap();
            let address = "content=\"0;url=http://127.0.0.1:1/?token=2\"";
            assert!(text.contains(address), "{text}");
        }
        drop((link, other));
        assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0);
        let elsewhere = write(&out.path().join("none"));
        assert_eq!(elsewhere.path().parent(), Some(private.path()));
    }
}
