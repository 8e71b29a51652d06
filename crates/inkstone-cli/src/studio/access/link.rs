//! The file that leads the browser to the page: all users of a machine see what its programs were
//! started with, so the address with the token is no argument of one.

use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

const PREFIX: &str = "inkstone-studio";
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

/// A new file: what has its name already, as a pipe of somebody else, is neither opened nor replaced.
fn create(directory: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    let builder = builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(0);
    builder.tempfile_in(directory)
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
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::process::Command;

    use super::*;

    #[test]
    fn the_file_is_new_its_owners_alone_and_gone_in_the_end() {
        let [out, private] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let write = || write(out.path(), private.path(), "http://127.0.0.1:1/?token=2").unwrap();
        let own = out.path().join("inkstone-studio.html");
        let link = write();
        assert_eq!(link.path(), own);
        assert_eq!(own.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let text = fs::read_to_string(&own).unwrap();
        assert!(
            text.contains("content=\"0;url=http://127.0.0.1:1/?token=2\""),
            "{text}"
        );
        // A second studio of the same directory.
        let other = private.path().join("inkstone-studio.html");
        assert_eq!(write().path(), other);
        drop(link);
        assert!(!own.exists() && !other.exists());
        let target = private.path().join("target");
        fs::write(&target, "theirs").unwrap();
        let strangers: [&dyn Fn(); 4] = [
            &|| assert!(Command::new("mkfifo").arg(&own).status().unwrap().success()),
            &|| symlink(&target, &own).unwrap(),
            &|| symlink("nothing", &own).unwrap(),
            &|| fs::write(&own, "?token=1").unwrap(),
        ];
        for make in strangers {
            make();
            let kind = own.symlink_metadata().unwrap().file_type();
            assert_eq!(write().path(), other);
            assert_eq!(own.symlink_metadata().unwrap().file_type(), kind);
            fs::remove_file(&own).unwrap();
        }
        assert_eq!(fs::read_to_string(target).unwrap(), "theirs");
    }
}
