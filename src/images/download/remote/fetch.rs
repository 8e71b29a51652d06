//! Fetches a picture from a server, and goes on where that broke off.

use apifox_client::{Deadline, Decoder, Effect, Key, excerpt};
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Response, StatusCode, Url};

use super::part::Part;
use super::routes::Routes;
use crate::error::Error;
use crate::images::download::failure::{self, AttemptError, broken, damaged, download, unfetched};
use crate::images::download::settings::Downloads;
use crate::images::download::sink::{Sink, Store};
use crate::images::picture::ImageFormat;
use crate::stage::Stage;

/// How many redirects a download follows.
const REDIRECTS: usize = 5;

/// How often a picture is asked for that is not there: stores may take a moment to have what was
/// put there, and what expired is given up soon.
const LAGGING: u32 = 3;

/// Fetches the picture at `url` to `sink`, and says which format it has; no log shows
/// the key.
pub(crate) async fn fetch(
    url: &str,
    sink: &mut Sink<impl Store>,
    routes: &Routes,
    settings: &Downloads,
    key: &Key,
) -> Result<ImageFormat, Error> {
    let url = Url::parse(url).map_err(|error| {
        let shown = excerpt(url.as_bytes());
        download(format!("{shown:?} is not a URL: {error}"))
    })?;
    let mut fetching = Fetching {
        routes,
        url,
        part: Part::default(),
        sink,
        settings,
    };
    let deadline = Deadline::after(Some(settings.deadline));
    let mut last = None;
    let mut attempts = 0;
    let mut missed = 0;
    loop {
        attempts += 1;
        let proxy = routes.proxy_for(&fetching.url);
        let after = |error: Error| {
            let error = error.without(Some(key)).by_proxy(proxy.clone());
            error.after_attempts(Effect::Safe, attempts)
        };
        let error = match deadline.run(fetching.attempt()).await {
            Ok(Ok(format)) => return Ok(format),
            Ok(Err(AttemptError::Final(error))) => return Err(after(error)),
            Ok(Err(AttemptError::Retryable(error))) => after(error),
            Err(passed) => return Err(after(failure::late(passed, last))),
        };
        missed += u32::from(error.stage() == Stage::Expired);
        let is_given_up = error.stage() == Stage::Expired && missed >= LAGGING;
        match settings.retries.pause_after(attempts, error.retry_after()) {
            // What can't come in time is not waited for.
            Some(pause) if deadline.allows(pause) && !is_given_up => {
                tracing::debug!(%error, ?pause, "the picture is fetched again");
                tokio::time::sleep(pause).await;
            }
            _ => return Err(error),
        }
        last = Some(error);
    }
}

/// A picture on its way.
struct Fetching<'a, S> {
    routes: &'a Routes,
    url: Url,
    part: Part,
    sink: &'a mut Sink<S>,
    settings: &'a Downloads,
}

impl<S: Store> Fetching<'_, S> {
    /// Asks once for what is missing, takes what comes, and looks whether that is all.
    async fn attempt(&mut self) -> Result<ImageFormat, AttemptError> {
        let asked = self.part.rest(self.sink.length());
        let response = self.answer(asked.clone().unwrap_or_default()).await?;
        match response.status() {
            StatusCode::PARTIAL_CONTENT if asked.is_some() => self.go_on(response.headers())?,
            // Proxies may answer 201 or 203.
            StatusCode::OK | StatusCode::CREATED | StatusCode::NON_AUTHORITATIVE_INFORMATION => {
                return self.take_all(response).await;
            }
            StatusCode::RANGE_NOT_SATISFIABLE => {
                self.forget()?;
                return Err(unfetched(response).await);
            }
            _ => return Err(unfetched(response).await),
        }
        self.take(response, Decoder::plain()).await?;
        self.checked().await
    }

    /// Takes all of the picture, which some stores have compressed and send so, whoever asks.
    async fn take_all(&mut self, response: Response) -> Result<ImageFormat, AttemptError> {
        let mut headers = response.headers().clone();
        let decoder = Decoder::new(&mut headers);
        match decoder.is_plain() {
            true => self.start_over(&headers)?,
            // How much there is to be, and where a part begins, is said of what is compressed.
            false => self.forget()?,
        }
        self.take(response, decoder).await?;
        self.checked().await
    }

    /// Whether what came is the picture.
    async fn checked(&mut self) -> Result<ImageFormat, AttemptError> {
        // What goes on from a part that is not a picture would not be one either.
        self.part = Part::default();
        Ok(self.sink.check(self.settings).await?)
    }

    /// The answer to a request with `headers`, past any redirects.
    async fn answer(&self, headers: HeaderMap) -> Result<Response, AttemptError> {
        let mut url = self.url.clone();
        for _ in 0..=REDIRECTS {
            if !matches!(url.scheme(), "http" | "https") {
                let message = "the picture is not fetched: its URL is neither http nor https";
                return Err(download(message).into());
            }
            let request = self.routes.to(&url)?.get(url.clone());
            let response = request.headers(headers.clone()).send().await;
            let response = response.map_err(broken)?;
            let location = response.headers().get(LOCATION);
            let Some(location) = location.filter(|_| response.status().is_redirection()) else {
                return Ok(response);
            };
            let next = location
                .to_str()
                .ok()
                .and_then(|location| url.join(location).ok());
            url = next
                .ok_or_else(|| download("the picture was moved to something that is not a URL"))?;
        }
        Err(download(format!("the picture was moved more than {REDIRECTS} times")).into())
    }

    /// All of the picture comes.
    fn start_over(&mut self, headers: &HeaderMap) -> Result<(), AttemptError> {
        self.forget()?;
        self.part = Part::announced_by(headers);
        self.sink.expect(self.part.total.unwrap_or_default())?;
        Ok(())
    }

    /// The rest of the picture comes, if the server has understood.
    fn go_on(&mut self, headers: &HeaderMap) -> Result<(), AttemptError> {
        if self.part.goes_on(headers, self.sink.length()) {
            return Ok(());
        }
        self.forget()?;
        let message = "the picture's server sent another part than it was asked for";
        Err(AttemptError::Retryable(download(message)))
    }

    /// The next attempt is for all of the picture.
    fn forget(&mut self) -> Result<(), Error> {
        self.part = Part::default();
        self.sink.restart()
    }

    async fn take(
        &mut self,
        mut response: Response,
        mut decoder: Decoder,
    ) -> Result<(), AttemptError> {
        while let Some(mut chunk) = response.chunk().await.map_err(broken)? {
            while !chunk.is_empty() {
                let decoded = decoder.decode(&mut chunk).map_err(damaged)?;
                self.sink.write(&decoded)?;
            }
        }
        let (left, finished) = decoder.finish();
        self.sink.write(&left)?;
        finished.map_err(damaged)?;
        let came = self.sink.length();
        match self.part.total {
            Some(total) if came < total => {
                let message = format!("the picture broke off after {came} of {total} bytes");
                Err(AttemptError::Retryable(download(message)))
            }
            Some(total) if came > total => {
                self.forget()?;
                let message = format!("{came} bytes came of a picture of {total}");
                Err(AttemptError::Retryable(download(message)))
            }
            _ => Ok(()),
        }
    }
}
