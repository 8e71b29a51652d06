//! The store of pictures: files with names that are new, whole once they are there.
//!
//! S3 and what speaks as it does, GCS, Azure, and directories. Keys come from the environment,
//! by the names that each vendor's own tools use.

use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::sync::Semaphore;
use url::Url;

use crate::error::StoreError;

/// How many files are on their way at a time. Whoever brings more waits, and with it the job.
const AT_A_TIME: usize = 4;

/// How much of a file is in memory, in bytes: a longer one is put in parts of this length, one
/// after the other.
const PART: usize = 8 << 20;

/// How much of a file is read at a time for its hash.
const PIECE: usize = 1 << 18;

/// How the names of files begin that are there to see whether a store keeps them.
const CHECK: &str = ".inkstone-check-";

/// How long such a file is waited for to be gone: the client of a store asks again for minutes.
const REMOVING: Duration = Duration::from_secs(5);

/// Where pictures are put.
pub struct Store {
    inner: Arc<dyn ObjectStore>,
    prefix: Path,
    turns: Semaphore,
}

/// What became of a file that was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is there, and whole.
    There {
        /// How many bytes it has.
        length: u64,
        /// Their SHA-256, in hexadecimal digits.
        sha256: String,
    },
    /// Another file has the name.
    Taken,
}

impl Store {
    /// The store at a URL, as in `s3://bucket/prefix`, or in a directory.
    ///
    /// # Errors
    ///
    /// If it is neither, or the settings in the environment are not complete.
    pub fn open(place: &str) -> Result<Self, StoreError> {
        // TLS of the clients that object_store makes is by the default provider, where there
        // is one already by that.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let refused = |error: &dyn std::fmt::Display| {
            StoreError::Refused(format!("{place} can't be used for pictures: {error}"))
        };
        let url = match Url::parse(place) {
            Ok(url) if place.contains("://") => url,
            _ => {
                let directory = std::path::absolute(place).map_err(|error| refused(&error))?;
                std::fs::create_dir_all(&directory).map_err(|error| refused(&error))?;
                Url::from_directory_path(directory).map_err(|()| refused(&"not a path"))?
            }
        };
        if url.password().is_some() {
            return Err(StoreError::Refused(
                "the URL for pictures has a password, and is kept in the journal: give it in the \
                 environment"
                    .to_owned(),
            ));
        }
        let known = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?.to_lowercase();
            Some((name, value.into_string().ok()?))
        });
        let (inner, prefix) =
            object_store::parse_url_opts(&url, known).map_err(|error| refused(&error))?;
        Ok(Self {
            inner: Arc::from(inner),
            prefix,
            turns: Semaphore::new(AT_A_TIME),
        })
    }

    /// Names are kept as they are, as pages link to them: `join` encodes other scripts' letters.
    fn path(&self, name: &str) -> Path {
        match Path::parse(format!("{}/{name}", self.prefix)) {
            Ok(path) => path,
            // Such as one with `//`: encoded, each part is a name.
            Err(_) => name
                .split('/')
                .fold(self.prefix.clone(), |path, part| path.join(part)),
        }
    }

    /// Makes sure that pictures can be put here: puts a file, reads it again, and removes it.
    /// `by` is what nobody else is called who does so; it may do so again.
    ///
    /// # Errors
    ///
    /// If the store can't be reached or does not keep what it is given.
    pub async fn check(&self, by: &str) -> Result<(), StoreError> {
        let name = format!("{CHECK}{by}");
        let text = Bytes::from_static(b"inkstone was here to see whether pictures can be put");
        if self.create_bytes(&name, text).await? == Put::Taken {
            let changed = format!("{name} is not in the store as it was put there");
            return Err(StoreError::Refused(changed));
        }
        // Who may not remove it may put pictures all the same.
        let removed = tokio::time::timeout(REMOVING, self.remove(&name)).await;
        if !matches!(removed, Ok(Ok(()))) {
            tracing::info!(name, ?removed, "a file stays in the store");
        }
        Ok(())
    }

    /// Puts a file under a new name, and makes sure that it is there and whole: by reading it
    /// again. A file that is there already with the same bytes is taken for this one, which a
    /// worker may have put before it ended.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or the store can't be reached or does not keep what it is
    /// given.
    pub async fn create(&self, name: &str, file: &FilePath) -> Result<Put, StoreError> {
        // It is never closed.
        let _turn = self.turns.acquire().await;
        let known = digest_of(file).await?;
        let path = self.path(name);
        let put = match known.0 <= PART as u64 {
            true => self.put_new(&path, whole(file).await?).await,
            // Names of pictures are taken by their sidecars, which are put as new; what has this
            // name all the same is somebody else's, or this file from before.
            false => match self.expect_free(&path).await {
                Ok(()) => self.put_in_parts(&path, file).await?,
                taken => taken,
            },
        };
        self.confirmed(name, &path, known, put).await
    }

    /// Puts a file in parts, of which one is in memory at a time. It is there when all are, or
    /// not at all.
    async fn put_in_parts(
        &self,
        path: &Path,
        file: &FilePath,
    ) -> Result<object_store::Result<()>, StoreError> {
        let failed = |error: std::io::Error| unreadable(file, &error);
        let mut from = tokio::fs::File::open(file).await.map_err(failed)?;
        let mut upload = match self.inner.put_multipart(path).await {
            Ok(upload) => upload,
            Err(error) => return Ok(Err(error)),
        };
        let sent = async {
            loop {
                let part = piece(&mut from, PART).await.map_err(failed)?;
                if part.is_empty() {
                    return Ok(upload.complete().await.map(drop));
                }
                if let Err(error) = upload.put_part(part.into()).await {
                    return Ok(Err(error));
                }
            }
        };
        let sent: Result<object_store::Result<()>, StoreError> = sent.await;
        if !matches!(sent, Ok(Ok(()))) {
            // Parts that stay behind only take up room: a rule of the store may remove them.
            let _ = upload.abort().await;
        }
        sent
    }

    /// Puts bytes under a new name, as [`create`](Self::create) does.
    ///
    /// # Errors
    ///
    /// If the store can't be reached or does not keep what it is given.
    pub async fn create_bytes(&self, name: &str, bytes: Bytes) -> Result<Put, StoreError> {
        let mut hash = Sha256::new();
        hash.update(&bytes);
        let known = (bytes.len() as u64, hex(hash));
        let path = self.path(name);
        let put = self.put_new(&path, bytes.into()).await;
        self.confirmed(name, &path, known, put).await
    }

    /// Holds what is under a name against what was put there: length and SHA-256.
    async fn confirmed(
        &self,
        name: &str,
        path: &Path,
        (length, sha256): (u64, String),
        put: object_store::Result<()>,
    ) -> Result<Put, StoreError> {
        let is_new = match put {
            Ok(()) => true,
            Err(object_store::Error::AlreadyExists { .. }) => false,
            // It may be there all the same: the answer was lost.
            Err(error) => {
                return match self.digest(path).await {
                    Ok(Some(found)) if found == (length, sha256.clone()) => {
                        Ok(Put::There { length, sha256 })
                    }
                    _ => Err(unavailable(name, &error)),
                };
            }
        };
        match self.digest(path).await? {
            Some(found) if found == (length, sha256.clone()) => Ok(Put::There { length, sha256 }),
            Some(_) if !is_new => Ok(Put::Taken),
            _ => Err(StoreError::Unavailable(format!(
                "{name} is not in the store as it was put there"
            ))),
        }
    }

    /// Puts under a name that nothing has. A store that can't promise that is asked first: the
    /// names of a job are only put by the worker that has it.
    async fn put_new(&self, path: &Path, payload: PutPayload) -> object_store::Result<()> {
        let create = PutOptions::from(PutMode::Create);
        match self.inner.put_opts(path, payload.clone(), create).await {
            Err(
                object_store::Error::NotImplemented { .. }
                | object_store::Error::NotSupported { .. },
            ) => {}
            done => return done.map(drop),
        }
        self.expect_free(path).await?;
        self.inner.put(path, payload).await.map(drop)
    }

    /// An error where something is under a name, or the store does not say.
    async fn expect_free(&self, path: &Path) -> object_store::Result<()> {
        match self.inner.head(path).await {
            Ok(_) => Err(taken(path)),
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// What `keep` makes of the names in this store, but for those in folders below it. All are in
    /// memory while it is listed.
    ///
    /// # Errors
    ///
    /// If the store can't be reached, or says that it may not be listed.
    pub async fn names<T>(&self, keep: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, StoreError> {
        let unlisted = |error| {
            let text = format!("the store can't be listed: {error}");
            match error {
                object_store::Error::PermissionDenied { .. }
                | object_store::Error::Unauthenticated { .. }
                | object_store::Error::NotImplemented { .. }
                | object_store::Error::NotSupported { .. } => StoreError::Refused(text),
                _ => StoreError::Unavailable(text),
            }
        };
        let listed = self.inner.list_with_delimiter(Some(&self.prefix)).await;
        let objects = listed.map_err(unlisted)?.objects;
        let names = objects
            .iter()
            .filter_map(|object| object.location.filename());
        Ok(names.filter_map(keep).collect())
    }

    /// Length and SHA-256, in hexadecimal digits, of what is under a name; `None` if nothing is.
    ///
    /// # Errors
    ///
    /// If the store can't be reached.
    pub async fn find(&self, name: &str) -> Result<Option<(u64, String)>, StoreError> {
        self.digest(&self.path(name)).await
    }

    /// Length and SHA-256 of what is under a path; `None` if nothing is.
    async fn digest(&self, path: &Path) -> Result<Option<(u64, String)>, StoreError> {
        let found = match self.inner.get(path).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(unavailable(path.as_ref(), &error)),
        };
        let (mut hash, mut length) = (Sha256::new(), 0);
        let mut parts = found.into_stream();
        while let Some(part) = parts
            .try_next()
            .await
            .map_err(|error| unavailable(path.as_ref(), &error))?
        {
            length += part.len() as u64;
            hash.update(&part);
        }
        Ok(Some((length, hex(hash))))
    }

    /// Puts a file under a name, whatever had it.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or the store can't be reached.
    pub async fn replace(&self, name: &str, file: &FilePath) -> Result<(), StoreError> {
        let path = self.path(name);
        let metadata = tokio::fs::metadata(file).await;
        let length = metadata.map_err(|error| unreadable(file, &error))?.len();
        let put = match length <= PART as u64 {
            true => self.inner.put(&path, whole(file).await?).await.map(drop),
            false => self.put_in_parts(&path, file).await?,
        };
        put.map_err(|error| unavailable(name, &error))
    }

    /// The bytes under a name; `None` if nothing has it.
    ///
    /// # Errors
    ///
    /// If the store can't be reached.
    pub async fn read(&self, name: &str) -> Result<Option<Bytes>, StoreError> {
        match self.inner.get(&self.path(name)).await {
            Ok(found) => {
                let bytes = found.bytes().await;
                bytes.map(Some).map_err(|error| unavailable(name, &error))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(unavailable(name, &error)),
        }
    }

    /// Removes what is under a name, if anything is.
    ///
    /// # Errors
    ///
    /// If the store can't be reached.
    pub async fn remove(&self, name: &str) -> Result<(), StoreError> {
        match self.inner.delete(&self.path(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(unavailable(name, &error)),
        }
    }
}

/// Length and SHA-256 of a file.
async fn digest_of(file: &FilePath) -> Result<(u64, String), StoreError> {
    let failed = |error: std::io::Error| unreadable(file, &error);
    let mut from = tokio::fs::File::open(file).await.map_err(failed)?;
    let (mut hash, mut length) = (Sha256::new(), 0);
    loop {
        let piece = piece(&mut from, PIECE).await.map_err(failed)?;
        if piece.is_empty() {
            return Ok((length, hex(hash)));
        }
        length += piece.len() as u64;
        hash.update(&piece);
    }
}

/// What is in a file that fits into one request.
async fn whole(file: &FilePath) -> Result<PutPayload, StoreError> {
    let whole = tokio::fs::read(file).await;
    Ok(whole.map_err(|error| unreadable(file, &error))?.into())
}

/// The next bytes, so many of them unless it ends before.
async fn piece(from: &mut (impl AsyncRead + Unpin), length: usize) -> std::io::Result<Vec<u8>> {
    let mut piece = Vec::with_capacity(length);
    let mut taken = from.take(length as u64);
    taken.read_to_end(&mut piece).await?;
    Ok(piece)
}

fn unreadable(file: &FilePath, error: &std::io::Error) -> StoreError {
    StoreError::Refused(format!("{} can't be read: {error}", file.display()))
}

fn taken(path: &Path) -> object_store::Error {
    object_store::Error::AlreadyExists {
        path: path.to_string(),
        source: "it was there before".into(),
    }
}

/// What a store is wrong with that is not there, or does not take the key, does not change by
/// asking again.
fn unavailable(name: &str, error: &object_store::Error) -> StoreError {
    use object_store::Error::{NotFound, PermissionDenied, Unauthenticated};
    let text = format!("{name} can't be put into the store or read: {error}");
    match error {
        NotFound { .. } | PermissionDenied { .. } | Unauthenticated { .. } => {
            StoreError::Refused(text)
        }
        _ => StoreError::Unavailable(text),
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
#[expect(clippy::panic, clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use bytes::Bytes;

    use super::{PART, Put, Store};

    /// Pages link to the names that they were given.
    #[tokio::test]
    async fn names_are_as_they_were_given() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("图");
        let store = Store::open(out.to_str().unwrap()).unwrap();
        let memory = Store::open("memory:///a/b").unwrap();
        for name in ["一只猫-0.png", "replies/é b%41~#.json", "a..b"] {
            let put = store.create_bytes(name, Bytes::from_static(b"x")).await;
            assert!(matches!(put.unwrap(), Put::There { .. }), "{name}");
            assert!(out.join(name).is_file(), "{name}");
            assert_eq!(store.read(name).await.unwrap().unwrap(), "x", "{name}");
            let put = memory.create_bytes(name, Bytes::from_static(b"x")).await;
            assert!(matches!(put.unwrap(), Put::There { .. }), "{name}");
        }
        for store in [store, memory] {
            let mut names = store.names(|name| Some(name.to_owned())).await.unwrap();
            names.sort_unstable();
            assert_eq!(names, ["a..b", "一只猫-0.png"]);
            let dots = store.names(|name| name.find("..")).await.unwrap();
            assert_eq!(dots, [1]);
        }
    }

    #[tokio::test]
    async fn a_name_is_given_once() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("out");
        let store = Store::open(out.to_str().unwrap()).unwrap();
        let file = directory.path().join("picture");
        // In one request, and in parts.
        for (name, length) in [("a/cat.png", 3 << 20), ("b/cow.png", 2 * PART + 1)] {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            std::fs::write(&file, &bytes).unwrap();
            let first = store.create(name, &file).await.unwrap();
            let Put::There { length, .. } = &first else {
                panic!("{first:?}")
            };
            assert_eq!(*length, bytes.len() as u64);
            assert_eq!(store.read(name).await.unwrap().unwrap(), bytes);
            let again = store.create(name, &file).await.unwrap();
            assert_eq!(again, first, "the same bytes are the same picture");
            let other = store.create_bytes(name, Bytes::from_static(b"x"));
            assert_eq!(other.await.unwrap(), Put::Taken);
            std::fs::write(&file, vec![7; bytes.len()]).unwrap();
            assert_eq!(store.create(name, &file).await.unwrap(), Put::Taken);
            assert_eq!(store.read(name).await.unwrap().unwrap(), bytes);
            store.replace(name, &file).await.unwrap();
            assert_eq!(
                store.read(name).await.unwrap().unwrap(),
                vec![7; bytes.len()]
            );
            store.remove(name).await.unwrap();
            store.remove(name).await.unwrap();
            assert_eq!(store.read(name).await.unwrap(), None);
        }
    }

    /// It leaves nothing behind, and a store that is gone is told before anything is put there.
    #[tokio::test]
    async fn a_store_shows_that_it_keeps_what_it_is_given() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("out");
        let store = Store::open(out.to_str().unwrap()).unwrap();
        store.check("one").await.unwrap();
        assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
        std::fs::remove_dir(&out).unwrap();
        std::fs::write(&out, "a file").unwrap();
        let error = store.check("one").await.unwrap_err().to_string();
        assert!(error.contains(".inkstone-check-one"), "{error}");
    }

    #[test]
    fn keys_are_not_taken_from_urls() {
        let error = Store::open("s3://me:secret@bucket/x").err().unwrap();
        assert!(!error.to_string().contains("secret"), "{error}");
        assert!(error.to_string().contains("environment"), "{error}");
    }
}
