//! DashScope's tasks: submits them, asks about them, waits for them, cancels them.

use std::time::Duration;

use apifox_runtime::{Endpoint, Operation};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;
use tracing::Instrument as _;

use crate::client::{Client, Sent, typed, unencodable, unsendable, untyped};
use crate::deadline::Deadline;
use crate::error::{Error, ErrorReply, Nature, Stage};
use crate::exchange::Call;
use crate::limiter::{Permit, What};
use crate::reply::{Received, Reply};
use crate::task::{Task, TaskFilter, TaskList, TaskStatus, text};

/// Has DashScope answer with a task instead of its result.
const ASYNC: &str = "x-dashscope-async";

/// How many questions in a row may go unanswered before a wait is given up.
const UNANSWERED: u32 = 5;

/// A task that was submitted.
///
/// As long as this is kept, the task counts as one that is under way with the
/// client's [`Limiter`](crate::Limiter): drop it when the task is over.
#[derive(Debug)]
pub struct Submission<T> {
    task_id: String,
    reply: Reply<T>,
    _permit: Permit,
}

impl<T> Submission<T> {
    /// The id to ask about the task with. It is valid for 24 hours.
    #[must_use]
    pub fn task_id(&self) -> &str {
        &self.task_id
    }

    /// The reply to the submission.
    #[must_use]
    pub fn reply(&self) -> &Reply<T> {
        &self.reply
    }
}

impl Client {
    /// Checks `request` and submits it as a task of DashScope's: the reply comes at
    /// once and has the id of the task, which [`wait`](Self::wait) waits for.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); and [`Stage::Unreadable`] when the reply reports
    /// success but names no task.
    pub async fn submit<E: Endpoint>(&self, request: &E) -> Result<Submission<E::Response>, Error> {
        let body = serde_json::to_vec(request).map_err(unencodable)?;
        let (task_id, sent) = self.submitted(E::OPERATION, body).await?;
        Ok(Submission {
            task_id,
            reply: typed(sent.received, sent.warnings),
            _permit: sent.permit,
        })
    }

    /// Submits `body` to an operation that was chosen at run time.
    ///
    /// # Errors
    ///
    /// As [`submit`](Self::submit).
    pub async fn submit_json(
        &self,
        operation: &Operation,
        body: &Value,
    ) -> Result<Submission<Value>, Error> {
        let body = serde_json::to_vec(body).map_err(unencodable)?;
        let (task_id, sent) = self.submitted(operation, body).await?;
        Ok(Submission {
            task_id,
            reply: untyped(operation, sent.received, sent.warnings),
            _permit: sent.permit,
        })
    }

    async fn submitted(
        &self,
        operation: &Operation,
        body: Vec<u8>,
    ) -> Result<(String, Sent), Error> {
        let headers = HeaderMap::from_iter([(
            reqwest::header::HeaderName::from_static(ASYNC),
            HeaderValue::from_static("enable"),
        )]);
        let sent = self.checked(operation, body, &headers).await?;
        match text(&sent.received.json, "/output/task_id") {
            Some(id) => Ok((id.to_owned(), sent)),
            None => Err(not_about_a_task(sent.received, Nature::Submission)),
        }
    }

    /// Asks about a task, once.
    ///
    /// Whatever state the task is in is no error: see [`Task::outcome`]. Asking is
    /// free, and so is tried again whatever goes wrong, as often as the client's
    /// [`Retries`](crate::Retries) say.
    ///
    /// # Errors
    ///
    /// When the API does not answer, or not with a task. The error has the task's
    /// id.
    pub async fn poll(&self, task_id: &str) -> Result<Task, Error> {
        let asked = async {
            let url = self.task_url(&[task_id])?;
            let received = self.ask(Method::GET, url, Nature::Query).await?;
            Task::read(task_id, as_it_came(received), &self.key)
                .map_err(|reply| not_about_a_task(reply.received, Nature::Query))
        };
        asked.await.map_err(|error| error.of_task(task_id))
    }

    /// Waits for a task to be over, asking about it less and less often, up to
    /// every 10 seconds.
    ///
    /// Dropping the future leaves the task alone, and so does an error: the same
    /// call takes the wait up again, in another process if need be.
    ///
    /// # Errors
    ///
    /// [`Stage::Unfinished`] when the task is not over by the client's deadline; else
    /// as [`poll`](Self::poll), after 5 questions in a row without an answer. The
    /// error has the task's id.
    pub async fn wait(&self, task_id: &str) -> Result<Task, Error> {
        let deadline = Deadline::after(self.calls.deadline);
        let mut last = None;
        let waited = deadline.keep(self.until_over(task_id, &mut last)).await;
        let result = waited.unwrap_or_else(|passed| {
            let last = last.map_or_else(String::new, |it| format!("; it was {it} at last"));
            let message = format!("{passed} before the task was over{last}");
            Err(Error::new(Stage::Unfinished, message))
        });
        result.map_err(|error| error.while_waiting_for(task_id))
    }

    /// `last` is the state that the task was last seen in.
    async fn until_over(
        &self,
        task_id: &str,
        last: &mut Option<TaskStatus>,
    ) -> Result<Task, Error> {
        // The deadline of the wait holds; each question having one too helps nobody.
        let client = self.with_deadline(None);
        let mut pause = self.calls.first_poll;
        let mut unanswered = 0;
        loop {
            match client.poll(task_id).await {
                Ok(task) if task.status().is_final() => return Ok(task),
                Ok(task) => {
                    tracing::debug!(task_id, status = %task.status(), "not over yet");
                    *last = Some(task.status().clone());
                    unanswered = 0;
                }
                Err(error) => {
                    unanswered += 1;
                    let hopeless = self.calls.retries.is_beyond_patience(&error);
                    if !error.is_retryable() || hopeless || unanswered >= UNANSWERED {
                        return Err(error);
                    }
                    tracing::info!(%error, unanswered, "no answer about a task");
                }
            }
            tokio::time::sleep(pause).await;
            pause = next(pause, self.calls.longest_poll);
        }
    }

    /// Cancels a task that is still pending.
    ///
    /// # Errors
    ///
    /// As [`poll`](Self::poll); and [`Stage::Refused`] with the code
    /// `UnsupportedOperation` when it is not pending any more. Where the outcome is
    /// unknown, [`poll`](Self::poll) tells.
    pub async fn cancel(&self, task_id: &str) -> Result<Reply<Value>, Error> {
        let asked = async {
            let url = self.task_url(&[task_id, "cancel"])?;
            let received = self.ask(Method::POST, url, Nature::Command).await?;
            Ok(as_it_came(received))
        };
        asked.await.map_err(|error: Error| error.of_task(task_id))
    }

    /// Lists the account's tasks of the last 24 hours, a page at a time.
    ///
    /// # Errors
    ///
    /// When the API does not answer, or refuses.
    pub async fn list(&self, filter: &TaskFilter) -> Result<TaskList, Error> {
        let mut url = self.task_url(&[])?;
        let query = filter.query();
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let received = self.ask(Method::GET, url, Nature::Query).await?;
        Ok(TaskList {
            reply: as_it_came(received),
        })
    }

    async fn ask(&self, method: Method, url: Url, nature: Nature) -> Result<Received, Error> {
        let call = Call {
            json: true,
            nature,
            api: "dashscope",
            what: What::Task,
        };
        let request = || {
            let request = self.addressed(method.clone(), url.clone());
            request.build().map_err(unsendable)
        };
        let span = tracing::info_span!("task", %method, path = url.path());
        let (received, _) = self.exchange(&call, request).instrument(span).await?;
        Ok(received)
    }

    /// The URL of tasks, with these steps behind it.
    fn task_url(&self, steps: &[&str]) -> Result<Url, Error> {
        // These are no steps, or lead elsewhere.
        if steps.iter().any(|it| matches!(*it, "" | "." | "..")) {
            return Err(Error::new(Stage::Invalid, "the task's id is none"));
        }
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty()
                .extend(["api", "v1", "tasks"])
                .extend(steps);
        }
        Ok(url)
    }
}

/// The pause after this one.
fn next(pause: Duration, longest: Duration) -> Duration {
    pause.saturating_mul(2).min(longest)
}

/// A reply without a document to check it against.
pub(crate) fn as_it_came(received: Received) -> Reply<Value> {
    Reply {
        typed: Ok(received.json.clone()),
        received,
        warnings: Vec::new(),
    }
}

/// The error of a reply that reports success and says nothing of a task.
pub(crate) fn not_about_a_task(received: Received, nature: Nature) -> Error {
    let what = match crate::image::find(&received.json, &received.spools).len() {
        0 => "is about no task",
        _ => "has pictures instead of a task: this operation is to be sent, not submitted",
    };
    let message = format!("the reply reports success but {what}");
    Error::new(Stage::Unreadable, message)
        .made_by(nature, received.attempts, false)
        .with_reply(ErrorReply {
            status: received.status,
            request_id: received.request_id,
            body: received.body,
            spools: received.spools,
            ..ErrorReply::default()
        })
}

#[cfg(test)]
mod tests {
    use std::iter::successors;
    use std::time::Duration;

    use super::next;

    #[test]
    fn questions_are_asked_less_and_less_often_up_to_every_ten_seconds() {
        let longest = Duration::from_secs(10);
        let pauses = successors(Some(Duration::from_secs(1)), |it| Some(next(*it, longest)));
        let seconds: Vec<_> = pauses.map(|it| it.as_secs()).take(7).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 10, 10, 10]);
        assert_eq!(next(Duration::MAX, longest), longest);
    }
}
