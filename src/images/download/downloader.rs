//! Saves pictures, or holds them in memory.

use std::io;
use std::path::Path;
use std::time::Duration;

use apifox_client::Key;
use bytes::Bytes;
use reqwest::Url;
use rustls::ClientConfig;
use tokio::sync::Semaphore;

use super::blocking::blocking;
use super::check::CheckError;
use super::file::PictureFile;
use super::remote::fetch::fetch;
use super::remote::resolve::NotPublic;
use super::remote::routes::Routes;
use super::settings::Downloads;
use super::sink::{Sink, Store};
use super::{failure, inline, spooled};
use crate::error::Error;
use crate::images::image::{Image, Source};
use crate::images::new_file::UnnamedFile;
use crate::images::picture::ImageFormat;

/// How many pictures are brought to the disk at the same time: file systems write what is
/// waited for at the same time together, and each has a thread wait for it, and for what a caller
/// has to be on the disk beside it.
const WRITERS: usize = 64;

/// A picture that came, or its start, and why no more of it.
struct Came {
    file: CameIn,
    format: ImageFormat,
    cut: Option<Error>,
}

/// The file that it came in.
enum CameIn {
    Linked(UnnamedFile),
    Own(PictureFile),
}

/// What a client downloads with.
#[derive(Debug)]
pub(crate) struct Downloader {
    routes: Routes,
    settings: Downloads,
    key: Key,
    writers: Semaphore,
}

impl Downloader {
    /// What a client of the API at `base` downloads with. The key is never sent along, nor
    /// shown should a server quote it.
    pub fn new(
        base: &Url,
        tls: &ClientConfig,
        connect_timeout: Duration,
        settings: Downloads,
        key: Key,
    ) -> reqwest::Result<Self> {
        let routes = Routes::new(base.clone(), tls, connect_timeout, settings.read_timeout)?;
        Ok(Self {
            routes,
            settings,
            key,
            writers: Semaphore::new(WRITERS),
        })
    }

    /// The HTTP client that may reach `url`, which knows no key.
    pub fn client_for(&self, url: &Url) -> Result<&reqwest::Client, NotPublic> {
        self.routes.to(url)
    }

    /// Saves a picture as [`Client::save_with`](crate::Client::save_with) says.
    pub async fn save<T: Send + 'static>(
        &self,
        image: &Image,
        directory: &Path,
        stem: &str,
        finish: impl FnOnce(UnnamedFile, ImageFormat) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        // Most are there already, and asking leads to no other thread.
        if !directory.is_dir() {
            let made = tokio::fs::create_dir_all(directory).await;
            made.map_err(|error| failure::unwritable(directory, error))?;
        }
        let Came { file, format, cut } = match self.link(image, directory).await? {
            Some(linked) => linked,
            None => self.fetch(image, directory).await?,
        };
        let (directory, stem) = (directory.to_owned(), stem.to_owned());
        let finish = move || {
            let synced = match file {
                CameIn::Linked(file) => Ok(file),
                CameIn::Own(file) => file.sync(),
            };
            let Some(error) = cut else {
                let finished = synced.and_then(|file| finish(file, format));
                return finished.map_err(|error| failure::unwritable(&directory, error));
            };
            let stem = format!("{stem}-cut-short");
            let kept = synced.and_then(|file| file.name_in(&directory, &stem, format.ending()));
            Err(match kept {
                Ok(path) => error.kept_at(&path),
                // Why it is cut short says more.
                Err(_) => error,
            })
        };
        // It is never closed; were it, there would be no reason to wait.
        let _writer = self.writers.acquire().await;
        blocking(finish).await
    }

    /// The bytes of a picture.
    pub async fn bytes(&self, image: &Image) -> Result<Bytes, Error> {
        let mut sink = self.sink(Vec::new());
        self.fill(image, &mut sink).await?;
        Ok(sink.into_store().into())
    }

    /// An error that does not show the key, should a picture's server know and
    /// quote it.
    fn discreet(&self, error: Error) -> Error {
        error.without(Some(&self.key))
    }

    /// A further name for a picture that lies in a file, if it is one and its file system can
    /// do that.
    async fn link(&self, image: &Image, directory: &Path) -> Result<Option<Came>, Error> {
        let Source::Spooled(spooled) = &image.source else {
            return Ok(None);
        };
        let (spooled, settings) = (spooled.clone(), self.settings.clone());
        let directory = directory.to_owned();
        let linked = blocking(move || spooled::link(&spooled, &settings, &directory)).await;
        let linked = linked.map_err(|error| self.discreet(error))?;
        Ok(linked.map(|(file, format, cut)| Came {
            file: CameIn::Linked(file),
            format,
            cut,
        }))
    }

    /// A picture, brought to a file of its own.
    async fn fetch(&self, image: &Image, directory: &Path) -> Result<Came, Error> {
        let mut sink = self.sink(PictureFile::new(directory));
        let (format, cut) = match (self.fill(image, &mut sink).await, sink.cut()) {
            (Ok(format), _) => (format, None),
            (Err(error), Some(format)) => (format, Some(error)),
            (Err(error), None) => return Err(error),
        };
        Ok(Came {
            file: CameIn::Own(sink.into_store()),
            format,
            cut,
        })
    }

    fn sink<S: Store>(&self, store: S) -> Sink<S> {
        Sink::new(store, self.settings.max_bytes)
    }

    /// Brings the bytes of `image` to `sink`, and says which format they have.
    async fn fill(&self, image: &Image, sink: &mut Sink<impl Store>) -> Result<ImageFormat, Error> {
        let brought = self.bring(image, sink).await;
        brought.map_err(|error| self.discreet(error))
    }

    async fn bring(
        &self,
        image: &Image,
        sink: &mut Sink<impl Store>,
    ) -> Result<ImageFormat, Error> {
        match &image.source {
            Source::Base64(text) => inline::decode(text, sink).await?,
            Source::Bytes(bytes) => inline::copy(&bytes[..], sink, inline::undecodable).await?,
            Source::Spooled(spooled) => spooled::read(spooled, sink).await?,
            Source::Url(url) if self.key.is_in(url) => {
                let message =
                    "the picture is not fetched: its URL would show the key to its server";
                return Err(failure::download(message));
            }
            Source::Url(url) => {
                return fetch(url, sink, &self.routes, &self.settings, &self.key).await;
            }
        }
        sink.check(&self.settings)
            .await
            .map_err(CheckError::into_error)
    }
}
