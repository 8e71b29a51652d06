//! Saves pictures, or holds them in memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;
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
use super::spooled::{self, cut_short};
use super::{failure, inline};
use crate::error::Error;
use crate::images::image::{Image, Source};
use crate::images::picture::ImageFormat;
use crate::images::spool::Spooled;

/// How many pictures are brought to the disk at the same time: file systems write what is
/// waited for at the same time together, and each has a thread wait for it.
const WRITERS: usize = 32;

/// What a client downloads with.
#[derive(Clone, Debug)]
pub(crate) struct Downloader {
    routes: Routes,
    settings: Downloads,
    key: Key,
    writers: Arc<Semaphore>,
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
            writers: Arc::new(Semaphore::new(WRITERS)),
        })
    }

    /// The HTTP client that may reach `url`, which knows no key.
    pub fn client_for(&self, url: &Url) -> Result<&reqwest::Client, NotPublic> {
        self.routes.to(url)
    }

    /// Saves a picture under the first free name, as [`Client::save`](crate::Client::save)
    /// says.
    pub async fn save(
        &self,
        image: &Image,
        directory: &Path,
        stem: &str,
    ) -> Result<PathBuf, Error> {
        // Most are there already, and asking leads to no other thread.
        if !directory.is_dir() {
            let made = tokio::fs::create_dir_all(directory).await;
            made.map_err(|error| failure::unwritable(directory, error))?;
        }
        if let Source::Spooled(spooled) = &image.source
            && let Some(path) = self.link(spooled, directory, stem).await?
        {
            return Ok(path);
        }
        let mut sink = self.sink(PictureFile::new(directory));
        let (stem, format, cut) = match (self.fill(image, &mut sink).await, sink.cut()) {
            (Ok(format), _) => (stem.to_owned(), format, None),
            (Err(error), Some(format)) => (cut_short(stem), format, Some(error)),
            (Err(error), None) => return Err(error),
        };
        // It is never closed; were it, there would be no reason to wait.
        let _writer = self.writers.acquire().await;
        match (sink.into_store().finish(stem, format).await, cut) {
            (Ok(path), Some(error)) => Err(error.kept_at(&path)),
            (path, None) => path,
            // Why it is cut short says more.
            (Err(_), Some(error)) => Err(error),
        }
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

    /// Gives a picture that lies in a file a further name, if it is one and its file
    /// system can do that.
    async fn link(
        &self,
        spooled: &Spooled,
        directory: &Path,
        stem: &str,
    ) -> Result<Option<PathBuf>, Error> {
        let (spooled, settings) = (spooled.clone(), self.settings.clone());
        let (directory, stem) = (directory.to_owned(), stem.to_owned());
        let linked = blocking(move || spooled::link(&spooled, &settings, &directory, &stem)).await;
        linked.map_err(|error| self.discreet(error))
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
