//! Carries a call through: its turn, its attempts, and the pauses between them.

use reqwest::Request;

use crate::client::Client;
use crate::deadline::Deadline;
use crate::error::{Error, Nature, Stage};
use crate::gate;
use crate::limiter::{Asked, Permit, What};
use crate::receive::{Terms, receive};
use crate::reply::Received;

/// What has to be known of a call to carry it through.
pub(crate) struct Call<'a> {
    pub nature: Nature,
    /// Whether the body of a reply has to be JSON.
    pub json: bool,
    pub api: &'a str,
    pub what: What<'a>,
}

impl Client {
    /// Sends what `request` makes, anew for each attempt, and answers with the reply
    /// that reports success. The permit counts as a request under way until it is
    /// dropped.
    pub(crate) async fn exchange(
        &self,
        call: &Call<'_>,
        request: impl Fn() -> Result<Request, Error>,
    ) -> Result<(Received, Permit), Error> {
        let terms = self.terms(call);
        let mut random = fastrand::Rng::new();
        let mut attempts = 0;
        // Whether an attempt before may have been taken.
        let mut doubtful = false;
        loop {
            let request = request()?;
            let permit = self.admitted(call, &request, &terms.deadline).await;
            let permit = permit.map_err(|error| error.made_by(call.nature, attempts, doubtful))?;
            attempts += 1;
            let error = match self.attempt(request, &terms).await {
                Ok(received) => {
                    return Ok((
                        Received {
                            attempts,
                            ..received
                        },
                        permit,
                    ));
                }
                Err(error) => error,
            };
            // Others may go while this one pauses.
            drop(permit);
            let error = error
                .without(self.key.text())
                .without(self.key.encoded())
                .made_by(call.nature, attempts, doubtful);
            match self.calls.retries.pause(&error, &mut random) {
                Some(pause) if terms.deadline.allows(pause) => {
                    tracing::info!(%error, ?pause, "trying again");
                    tokio::time::sleep(pause).await;
                }
                _ => return Err(error),
            }
            doubtful |= error.stage() == Stage::OutcomeUnknown && error.may_have_been_billed();
        }
    }

    fn terms(&self, call: &Call<'_>) -> Terms<'_> {
        Terms {
            nature: call.nature,
            json: call.json,
            deadline: Deadline::after(self.calls.deadline),
            largest: self.calls.largest_reply,
            spool: self.calls.spool.as_deref(),
            key: self.key.text(),
        }
    }

    /// Waits for the limiter, where there is one.
    async fn admitted(
        &self,
        call: &Call<'_>,
        request: &Request,
        deadline: &Deadline,
    ) -> Result<Permit, Error> {
        let Some(limiter) = &self.calls.limiter else {
            return Ok(Permit::default());
        };
        let asked = Asked {
            host: request.url().authority(),
            key: self.key.text(),
            api: call.api,
            what: call.what,
        };
        deadline.keep(limiter.admit(asked)).await.map_err(|passed| {
            let message = format!("{passed} while the request waited for its turn");
            Error::new(Stage::NotSent, message)
        })
    }

    async fn attempt(&self, request: Request, terms: &Terms<'_>) -> Result<Received, Error> {
        tracing::debug!(method = %request.method(), url = %request.url(), "sending");
        let (request, gate) = gate::watch(request);
        // If no reply comes, the gate tells whether anything had left; and if nothing
        // had, it sees to it that nothing will.
        let answered = terms.deadline.keep(self.http.execute(request)).await;
        match answered {
            Ok(Ok(response)) => receive(response, terms).await,
            Ok(Err(error)) => Err(terms.unanswered(error, gate.shut())),
            Err(passed) => Err(terms.late(passed, gate.shut())),
        }
    }
}
