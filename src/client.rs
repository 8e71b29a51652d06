//! A client: what it is set up with, and what it sends.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use apifox_client::{Hook, Retries, StopSignal};
use apifox_runtime::{Endpoint, Operation};
use bytes::Bytes;
use serde_json::Value;

use crate::api::ImageApi;
use crate::error::Error;
use crate::images::download::Downloader;
use crate::images::image::Image;
use crate::images::new_file::UnnamedFile;
use crate::images::picture::ImageFormat;
use crate::reply::Reply;
use crate::tasks::routes::TaskRoutes;

/// A client of one API, with its address and key. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) http: apifox_client::Client,
    pub(crate) downloader: Arc<Downloader>,
    pub(crate) polling: Polling,
    pub(crate) tasks: TaskRoutes,
    /// The region that requests go to, where there are several.
    pub(crate) region: Option<String>,
}

/// How long to pause between two questions about a task.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Polling {
    pub first: Duration,
    pub longest: Duration,
}

impl Client {
    /// This client with another deadline: how long each of its calls may take in
    /// all. Connections and limits are shared.
    ///
    /// ```no_run
    /// # async fn run(
    /// #     client: inkstone::Client,
    /// #     request: inkstone::gateway::wan2_7_image_pro::Request,
    /// # ) -> Result<(), inkstone::Error> {
    /// use std::time::Duration;
    ///
    /// let hurried = client.with_deadline(Duration::from_secs(60));
    /// let reply = hurried.send(&request).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_deadline(&self, limit: impl Into<Option<Duration>>) -> Self {
        self.with_http(self.http.with_deadline(limit))
    }

    /// This client with other retries. Connections and limits are shared.
    #[must_use]
    pub fn with_retries(&self, retries: Retries) -> Self {
        self.with_http(self.http.with_retries(retries))
    }

    /// This client with another directory that long pictures of its replies go to, or
    /// with none: see [`Builder::spool`](crate::Builder::spool). Connections and limits
    /// are shared.
    #[must_use]
    pub fn with_spool(&self, directory: impl Into<Option<PathBuf>>) -> Self {
        let spool = directory.into();
        let region = self.region.clone();
        self.with_http(self.http.with_api(ImageApi { spool, region }))
    }

    /// This client with one more hook, which sees each attempt and each pause. Connections
    /// and limits are shared.
    #[must_use]
    pub fn with_hook(&self, hook: impl Hook + 'static) -> Self {
        self.with_http(self.http.with_hook(hook))
    }

    /// This client with a signal that has its calls end where nothing is under way: while
    /// they wait for their turn, a connection, another attempt or a task. Connections and
    /// limits are shared.
    #[must_use]
    pub fn with_stop(&self, stop: StopSignal) -> Self {
        self.with_http(self.http.with_stop(stop))
    }

    fn with_http(&self, http: apifox_client::Client) -> Self {
        Self {
            http,
            ..self.clone()
        }
    }

    /// Checks `request`, sends it, and reads the reply.
    ///
    /// It is sent again only as the client's [`Retries`] say, and everything
    /// together takes no longer than its deadline. Dropping the future drops the
    /// connection; what the API had taken by then it may still do, and bill.
    ///
    /// # Errors
    ///
    /// See [`Stage`](crate::Stage); a reply that reports success is only an error when it
    /// is not JSON, is too long, or reports an error after all.
    pub async fn send<E: Endpoint>(&self, request: &E) -> Result<Reply<E::Response>, Error> {
        let sent = self.http.send(request).await;
        sent.map(Reply::from).map_err(Error::of_call)
    }

    /// Sends `body` to an operation that was chosen at run time.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_json(
        &self,
        operation: &Operation,
        body: &Value,
    ) -> Result<Reply<Value>, Error> {
        let sent = self.http.send_json(operation, body).await;
        sent.map(Reply::from).map_err(Error::of_call)
    }

    /// Saves a picture in `directory` under the name `stem`, with the ending of
    /// its format, and returns its path. An existing file is left alone: the
    /// name gets a number then.
    ///
    /// The bytes go to a temporary file first, or to memory while they are few, so that a
    /// file with the picture's name is always complete; dropping the future removes the
    /// temporary file. The key is not sent. A download that breaks off is resumed, as
    /// [`Downloads`](crate::Downloads) says, and costs nothing.
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
    /// [`Stage::Expired`](crate::Stage::Expired) when the picture's server has it no more,
    /// [`Stage::Download`](crate::Stage::Download) when it can't be fetched or is not a
    /// picture, and [`Stage::File`](crate::Stage::File) when it can't be written.
    pub async fn save(
        &self,
        image: &Image,
        directory: &Path,
        stem: &str,
    ) -> Result<PathBuf, Error> {
        let (place, name) = (directory.to_owned(), stem.to_owned());
        let finish = move |file: UnnamedFile, format: ImageFormat| {
            file.name_in(&place, &name, format.ending())
        };
        self.save_with(image, directory, stem, finish).await
    }

    /// Brings a picture to a file in `directory` as [`save`](Self::save) does, and has `finish`
    /// see to its name, and to what is to be on the disk before it has one. That may wait for
    /// the disk: it runs on a thread that is there for this, of which a client and its clones
    /// have 64, so it must not wait for another `save` of theirs. Once it runs it comes to its
    /// end, though what is returned here be dropped.
    ///
    /// The bytes are on the disk by then; the name is once the directory was synced after it.
    ///
    /// A picture that ends too early is kept under a name made of `stem`, without `finish`.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save); what `finish` fails with is of
    /// [`Stage::File`](crate::Stage::File).
    pub async fn save_with<T: Send + 'static>(
        &self,
        image: &Image,
        directory: &Path,
        stem: &str,
        finish: impl FnOnce(UnnamedFile, ImageFormat) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        self.downloader.save(image, directory, stem, finish).await
    }

    /// The bytes of a picture, which are fetched and checked as for
    /// [`save`](Self::save).
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save), but for [`Stage::File`](crate::Stage::File). A picture that
    /// ends too early is left where it is: [`save`](Self::save) keeps what came of it.
    pub async fn bytes(&self, image: &Image) -> Result<Bytes, Error> {
        self.downloader.bytes(image).await
    }
}
