//! The store of pictures: files with names that are new, whole once they are there.
//!
//! S3 and what speaks as it does, GCS, Azure, and directories. Keys come from the environment,
//! by the names that each vendor's own tools use.

use std::path::Path as FilePath;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncReadExt as _;
use tokio::sync::Semaphore;
use url::Url;

use crate::error::Error;

/// How many files are on their way at a time: each is in memory meanwhile. Whoever brings more
/// waits, and with it the job.
const AT_A_TIME: usize = 4;

/// How much of a file is read at a time, in bytes.
const PART: usize = 1 << 20;

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
    pub fn open(place: &str) -> Result<Self, Error> {
        // TLS of the clients that object_store makes is by the default provider, where there
        // is one already by that.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let refused = |error: &dyn std::fmt::Display| {
            Error::Refused(format!("{place} can't be used for pictures: {error}"))
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
            return Err(Error::Refused(
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

    fn path(&self, name: &str) -> Path {
        name.split('/')
            .fold(self.prefix.clone(), |path, part| path.join(part))
    }

    /// Puts a file under a new name, and makes sure that it is there and whole: by reading it
    /// again. A file that is there already with the same bytes is taken for this one, which a
    /// worker may have put before it ended.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or the store can't be reached or does not keep what it is
    /// given.
    pub async fn create(&self, name: &str, file: &FilePath) -> Result<Put, Error> {
        // It is never closed.
        let _turn = self.turns.acquire().await;
        let unreadable = |error: std::io::Error| {
            Error::Refused(format!("{} can't be read: {error}", file.display()))
        };
        let mut from = tokio::fs::File::open(file).await.map_err(unreadable)?;
        let (mut parts, mut hash) = (Vec::new(), Sha256::new());
        loop {
            let mut part = Vec::with_capacity(PART);
            let mut taken = (&mut from).take(PART as u64);
            if taken.read_to_end(&mut part).await.map_err(unreadable)? == 0 {
                break;
            }
            hash.update(&part);
            parts.push(Bytes::from(part));
        }
        let payload: PutPayload = parts.into_iter().collect();
        self.create_whole(name, payload, hex(hash)).await
    }

    /// Puts bytes under a new name, as [`create`](Self::create) does.
    ///
    /// # Errors
    ///
    /// If the store can't be reached or does not keep what it is given.
    pub async fn create_bytes(&self, name: &str, bytes: Bytes) -> Result<Put, Error> {
        let mut hash = Sha256::new();
        hash.update(&bytes);
        self.create_whole(name, bytes.into(), hex(hash)).await
    }

    async fn create_whole(
        &self,
        name: &str,
        payload: PutPayload,
        sha256: String,
    ) -> Result<Put, Error> {
        let path = self.path(name);
        let length = payload.content_length() as u64;
        let put = self.put_new(&path, payload).await;
        let is_new = match put {
            Ok(()) => true,
            Err(object_store::Error::AlreadyExists { .. }) => false,
            // It may be there all the same: the answer was lost.
            Err(error) => {
                return match self.digest(&path).await {
                    Ok(Some(found)) if found == (length, sha256.clone()) => {
                        Ok(Put::There { length, sha256 })
                    }
                    _ => Err(unavailable(name, &error)),
                };
            }
        };
        match self.digest(&path).await? {
            Some(found) if found == (length, sha256.clone()) => Ok(Put::There { length, sha256 }),
            Some(_) if !is_new => Ok(Put::Taken),
            _ => Err(Error::Unavailable(format!(
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
        match self.inner.head(path).await {
            Err(object_store::Error::NotFound { .. }) => {
                self.inner.put(path, payload).await.map(drop)
            }
            Err(error) => Err(error),
            Ok(_) => Err(object_store::Error::AlreadyExists {
                path: path.to_string(),
                source: "it was there before".into(),
            }),
        }
    }

    /// Length and SHA-256 of what is under a name; `None` if nothing is.
    async fn digest(&self, path: &Path) -> Result<Option<(u64, String)>, Error> {
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

    /// Puts bytes under a name, whatever had it.
    ///
    /// # Errors
    ///
    /// If the store can't be reached.
    pub async fn replace(&self, name: &str, bytes: Bytes) -> Result<(), Error> {
        let put = self.inner.put(&self.path(name), bytes.into()).await;
        put.map(drop).map_err(|error| unavailable(name, &error))
    }

    /// The bytes under a name; `None` if nothing has it.
    ///
    /// # Errors
    ///
    /// If the store can't be reached.
    pub async fn read(&self, name: &str) -> Result<Option<Bytes>, Error> {
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
    pub async fn remove(&self, name: &str) -> Result<(), Error> {
        match self.inner.delete(&self.path(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(unavailable(name, &error)),
        }
    }
}

fn unavailable(name: &str, error: &object_store::Error) -> Error {
    Error::Unavailable(format!(
        "{name} can't be put into the store or read: {error}"
    ))
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

    use super::{Put, Store};

    #[tokio::test]
    async fn a_name_is_given_once() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("out");
        let store = Store::open(out.to_str().unwrap()).unwrap();
        let file = directory.path().join("picture");
        std::fs::write(&file, vec![7; 3 << 20]).unwrap();
        let first = store.create("a/cat.png", &file).await.unwrap();
        let Put::There { length, .. } = &first else {
            panic!("{first:?}")
        };
        assert_eq!(*length, 3 << 20);
        let again = store.create("a/cat.png", &file).await.unwrap();
        assert_eq!(again, first, "the same bytes are the same picture");
        let other = store.create_bytes("a/cat.png", Bytes::from_static(b"x"));
        assert_eq!(other.await.unwrap(), Put::Taken);
        assert_eq!(
            store.read("a/cat.png").await.unwrap().unwrap().len(),
            3 << 20
        );
        store
            .replace("a/cat.png", Bytes::from_static(b"x"))
            .await
            .unwrap();
        assert_eq!(store.read("a/cat.png").await.unwrap().unwrap(), "x");
        store.remove("a/cat.png").await.unwrap();
        store.remove("a/cat.png").await.unwrap();
        assert_eq!(store.read("a/cat.png").await.unwrap(), None);
    }

    #[test]
    fn keys_are_not_taken_from_urls() {
        let error = Store::open("s3://me:secret@bucket/x").err().unwrap();
        assert!(!error.to_string().contains("secret"), "{error}");
        assert!(error.to_string().contains("environment"), "{error}");
    }
}
