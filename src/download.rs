//! Brings a picture to disk: from a server or out of the reply.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use reqwest::header::LOCATION;
use reqwest::{Response, Url};
use tempfile::NamedTempFile;

use crate::client::Client;
use crate::error::{Error, ErrorReply, Stage, excerpt};
use crate::image::{Image, Source};

/// How many redirects a download follows.
const REDIRECTS: usize = 5;

/// The formats of pictures: how their first bytes look, and their ending.
const FORMATS: [(&[u8], &str); 6] = [
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
];

/// As many bytes as tell every format.
const HEAD: usize = 12;

impl Client {
    /// Saves a picture in `directory` under the name `stem`, with the ending of
    /// its format, and returns its path. An existing file is left alone: the
    /// name gets a number then.
    ///
    /// The bytes are streamed to a file of another name first, so that under its
    /// own name a picture is always whole. The key is not sent along.
    ///
    /// # Errors
    ///
    /// [`Stage::Download`] when the picture can't be fetched or is none, and
    /// [`Stage::File`] when it can't be written.
    pub async fn save(
        &self,
        image: &Image,
        directory: &Path,
        stem: &str,
    ) -> Result<PathBuf, Error> {
        tokio::fs::create_dir_all(directory)
            .await
            .map_err(|error| unwritable(directory, error))?;
        let mut sink = Sink::create(directory)?;
        match &image.source {
            Source::Base64(text) => sink.write(&decode(text)?)?,
            Source::Url(url) => {
                let mut response = self.fetch(url).await?;
                while let Some(chunk) = response.chunk().await.map_err(broken)? {
                    sink.write(&chunk)?;
                }
            }
        }
        // Renaming and flushing wait for the disk.
        let stem = stem.to_owned();
        tokio::task::spawn_blocking(move || sink.finish(&stem))
            .await
            .map_err(|error| Error::new(Stage::File, "writing was interrupted").caused_by(error))?
    }

    /// Answers with the picture at `url`, past any redirects, without the key.
    async fn fetch(&self, url: &str) -> Result<Response, Error> {
        let mut url = Url::parse(url)
            .map_err(|error| Error::new(Stage::Download, format!("{url:?} is no URL: {error}")))?;
        for _ in 0..=REDIRECTS {
            let response = self.http.get(url.clone()).send().await.map_err(broken)?;
            let status = response.status();
            if status.is_success() {
                return Ok(response);
            }
            let location = response.headers().get(LOCATION);
            let Some(location) = location.filter(|_| status.is_redirection()) else {
                return Err(unfetched(response).await);
            };
            let next = location.to_str().ok().and_then(|it| url.join(it).ok());
            url = next
                .filter(|it| matches!(it.scheme(), "http" | "https"))
                .ok_or_else(|| {
                    Error::new(
                        Stage::Download,
                        "the picture was moved to what is no http URL",
                    )
                })?;
        }
        let message = format!("the picture was moved more than {REDIRECTS} times");
        Err(Error::new(Stage::Download, message))
    }
}

fn decode(text: &str) -> Result<Bytes, Error> {
    let compact: Vec<u8> = text
        .bytes()
        .filter(|it| !it.is_ascii_whitespace())
        .collect();
    STANDARD.decode(compact).map(Bytes::from).map_err(|error| {
        Error::new(
            Stage::Download,
            format!("the picture in the reply is no base64: {error}"),
        )
    })
}

fn broken(error: reqwest::Error) -> Error {
    // A result's URL is signed: whoever has it has the picture.
    let error = error.without_url();
    Error::new(
        Stage::Download,
        format!("the picture could not be fetched: {error}"),
    )
    .caused_by(error)
}

async fn unfetched(response: Response) -> Error {
    let status = response.status().as_u16();
    let body = response.bytes().await.unwrap_or_default();
    let message = match status {
        403 | 404 | 410 => {
            "the picture is no longer there; its URL is valid for about 24 hours".to_owned()
        }
        _ => format!("the picture could not be fetched: {}", excerpt(&body)),
    };
    Error::new(Stage::Download, message).with_reply(ErrorReply {
        status,
        body,
        ..ErrorReply::default()
    })
}

fn unwritable(path: &Path, error: std::io::Error) -> Error {
    Error::new(
        Stage::File,
        format!("{} can't be written: {error}", path.display()),
    )
    .caused_by(error)
}

/// A file that gets its name when it is whole, and is gone when it never is.
struct Sink {
    directory: PathBuf,
    file: NamedTempFile,
    head: Vec<u8>,
}

impl Sink {
    fn create(directory: &Path) -> Result<Self, Error> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".inkstone-").suffix(".part");
        // As any new file: temporary ones are the owner's alone otherwise.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = builder
            .tempfile_in(directory)
            .map_err(|error| unwritable(directory, error))?;
        Ok(Self {
            directory: directory.to_owned(),
            file,
            head: Vec::new(),
        })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let missing = HEAD.saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(missing));
        self.file
            .write_all(bytes)
            .map_err(|error| unwritable(&self.directory, error))
    }

    fn finish(self, stem: &str) -> Result<PathBuf, Error> {
        let Some(ending) = ending(&self.head) else {
            let message = format!("what came is no picture: {}", excerpt(&self.head));
            return Err(Error::new(Stage::Download, message));
        };
        let directory = self.directory;
        self.file
            .as_file()
            .sync_all()
            .map_err(|error| unwritable(&directory, error))?;
        let mut file = self.file;
        let mut number = 1_u32;
        loop {
            let name = match number {
                1 => format!("{stem}.{ending}"),
                _ => format!("{stem}-{number}.{ending}"),
            };
            let path = directory.join(name);
            match file.persist_noclobber(&path) {
                Ok(_) => return Ok(path),
                Err(taken) if taken.error.kind() == std::io::ErrorKind::AlreadyExists => {
                    file = taken.file;
                    number += 1;
                }
                Err(failed) => return Err(unwritable(&path, failed.error)),
            }
        }
    }
}

/// The ending of the format that starts with these bytes.
fn ending(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Some("webp");
    }
    let format = FORMATS.iter().find(|(start, _)| head.starts_with(start));
    format.map(|(_, ending)| *ending)
}
