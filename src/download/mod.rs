//! Brings a picture to disk or into memory: from a server or out of the reply.

mod address;
mod check;
mod failure;
mod fetch;
mod file;
mod inline;
mod part;
mod resolve;
mod roads;
mod settings;
mod sink;
mod spooled;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Url;
use rustls::ClientConfig;
use tokio::sync::Semaphore;

use crate::client::Client;
use crate::error::{Error, Stage};
use crate::image::{Image, Source};
use crate::picture::ImageFormat;
use crate::spool::Spooled;
use check::Unfit;
use file::PictureFile;
use roads::Roads;
use sink::{Sink, Store};

#[cfg(test)]
pub(crate) use inline::LENIENT;
pub use settings::{Downloads, Verify};

/// How many pictures are brought to the disk at the same time: it gets no faster by
/// more, and each has a thread wait for it.
const WRITERS: usize = 8;

/// What a client downloads with.
#[derive(Clone, Debug)]
pub(crate) struct Downloader {
    roads: Roads,
    settings: Downloads,
    writers: Arc<Semaphore>,
}

impl Downloader {
    pub fn new(
        base: &Url,
        tls: &ClientConfig,
        connect_timeout: Duration,
        settings: Downloads,
    ) -> reqwest::Result<Self> {
        let roads = Roads::new(base.clone(), tls, connect_timeout, settings.read_timeout)?;
        Ok(Self {
            roads,
            settings,
            writers: Arc::new(Semaphore::new(WRITERS)),
        })
    }
}

impl Client {
    /// Saves a picture in `directory` under the name `stem`, with the ending of
    /// its format, and returns its path. An existing file is left alone: the
    /// name gets a number then.
    ///
    /// The bytes go to a file of another name first, or to memory while they are few,
    /// so that under its own name a picture is always whole; dropping the future
    /// removes that file. The key
    /// is not sent along. A download that fails in passing is taken up again, as
    /// [`Downloads`] says, and costs nothing.
    ///
    /// A picture that was announced as whole and ends too early is fetched again too. If
    /// it stays so, it is kept as `<stem>-cut-short`, and [`Error::kept`] says where.
    ///
    /// Pictures are fetched by http and https, over at most 5 redirects, and from
    /// the public internet alone, save where the API itself is not there: then
    /// also from its own host and port, and with an API on this machine from any
    /// port of it. Behind a proxy of the system it is the proxy that resolves
    /// names, and has to see to that.
    ///
    /// # Errors
    ///
    /// [`Stage::Expired`] when the picture's server has it no more,
    /// [`Stage::Download`] when it can't be fetched or is none, and
    /// [`Stage::File`] when it can't be written.
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
        let _writer = self.downloader.writers.acquire().await;
        match (sink.into_store().finish(stem, format).await, cut) {
            (Ok(path), Some(error)) => Err(error.kept_at(&path)),
            (path, None) => path,
            // Why it is cut short says more.
            (Err(_), Some(error)) => Err(error),
        }
    }

    /// The bytes of a picture, which are fetched and checked as for
    /// [`save`](Self::save).
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save), but for [`Stage::File`]. A picture that ends too
    /// early is left where it is: [`save`](Self::save) keeps what came of it.
    pub async fn bytes(&self, image: &Image) -> Result<Bytes, Error> {
        let mut sink = self.sink(Vec::new());
        self.fill(image, &mut sink).await?;
        Ok(sink.into_store().into())
    }

    /// An error that does not show the key, should a picture's server know and
    /// quote it.
    fn discreet(&self, error: Error) -> Error {
        error.without(self.key.text())
    }

    /// Gives a picture that lies in a file a further name, if it is one and its file
    /// system can do that.
    async fn link(
        &self,
        spooled: &Spooled,
        directory: &Path,
        stem: &str,
    ) -> Result<Option<PathBuf>, Error> {
        let (spooled, settings) = (spooled.clone(), self.downloader.settings.clone());
        let (directory, stem) = (directory.to_owned(), stem.to_owned());
        let linked = blocking(move || spooled::link(&spooled, &settings, &directory, &stem)).await;
        linked.map_err(|error| self.discreet(error))
    }

    fn sink<S: Store>(&self, store: S) -> Sink<S> {
        Sink::new(store, self.downloader.settings.max_bytes)
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
        let Downloader {
            roads, settings, ..
        } = &self.downloader;
        match &image.source {
            Source::Base64(text) => inline::decode(text, sink).await?,
            Source::Spooled(spooled) => spooled::read(spooled, sink).await?,
            Source::Url(url) => {
                return fetch::fetch(url, sink, roads, settings, self.key.text()).await;
            }
        }
        sink.check(settings).await.map_err(Unfit::into_error)
    }
}

/// The name of a picture that is not all there, instead of `stem`.
fn cut_short(stem: &str) -> String {
    format!("{stem}-cut-short")
}

/// Runs what waits for the disk, or decodes a picture.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::new(Stage::File, "writing was interrupted").caused_by(error))?
}
