//! Submits tasks, asks about them, waits for them, cancels them.

use std::time::Duration;

use apifox_client::{
    Deadline, Effect, ErrorReply, Exchange, Permit, RawRequest, Received, StopSignal,
};
use apifox_runtime::{Endpoint, Operation};
use reqwest::{Method, Request, Url};
use serde::Serialize;
use serde_json::Value;

use crate::client::Client;
use crate::dashscope::headers;
use crate::error::Error;
use crate::error_body;
use crate::images::find;
use crate::images::spool::Spools;
use crate::limiter::questions;
use crate::reply::Reply;
use crate::stage::Stage;
use crate::tasks::list::{TaskFilter, TaskList};
use crate::tasks::place;
use crate::tasks::routes::TaskRoutes;
use crate::tasks::status::TaskStatus;
use crate::tasks::task::Task;

/// How many questions in a row may go unanswered before a wait is given up.
const UNANSWERED: u32 = 5;

/// A task that was submitted.
///
/// As long as this is kept, the task counts as one that is under way with the
/// client's [`Limiter`](crate::Limiter): drop it when the task is over.
#[derive(Debug)]
pub struct Submission<T> {
    task_id: String,
    routes: Option<TaskRoutes>,
    reply: Reply<T>,
    _permit: Permit,
}

impl<T> Submission<T> {
    /// The id to ask about the task with. It is valid for 24 hours.
    #[must_use]
    pub fn task_id(&self) -> &str {
        &self.task_id
    }

    /// Waits for the task, as [`Client::wait`] does, at the route that the documents of its
    /// API have for it.
    ///
    /// # Errors
    ///
    /// As [`Client::wait`].
    pub async fn wait(&self, client: &Client) -> Result<Task, Error> {
        let client = client.with_routes(self.routes);
        client.wait(&self.task_id).await
    }

    /// The reply to the submission.
    #[must_use]
    pub fn reply(&self) -> &Reply<T> {
        &self.reply
    }
}

impl Client {
    /// This client, which asks about tasks where the documents of this operation's API say:
    /// DashScope's tasks are those of a client that was told of none.
    #[must_use]
    pub fn with_tasks_of(&self, operation: &Operation) -> Self {
        self.with_routes(TaskRoutes::of_api(operation.api))
    }

    /// This client, which asks about tasks at this path, as in `/v1/tasks/{task_id}`: for an
    /// API that this crate has no documents of.
    #[must_use]
    pub fn with_task_query(&self, path: &'static str) -> Self {
        self.with_routes(Some(TaskRoutes {
            api: "",
            query: path,
            cancel: None,
            list: None,
        }))
    }

    pub(crate) fn with_routes(&self, routes: Option<TaskRoutes>) -> Self {
        Self {
            tasks: routes.unwrap_or(self.tasks),
            ..self.clone()
        }
    }

    /// Checks `request` and submits it as a task: the reply comes at once and has the id of
    /// the task, which [`Submission::wait`] waits for. Of DashScope's operations that answer
    /// with pictures, those that can are asked for a task.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); and [`Stage::Unreadable`] when the reply reports
    /// success but names no task.
    pub async fn submit<E: Endpoint>(&self, request: &E) -> Result<Submission<E::Response>, Error> {
        let (task_id, mut exchange) = self.submitted(E::OPERATION, request).await?;
        Ok(Submission {
            task_id,
            routes: TaskRoutes::of_api(E::OPERATION.api),
            _permit: std::mem::take(&mut exchange.permit),
            reply: exchange.typed(E::OPERATION).into(),
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
        let (task_id, mut exchange) = self.submitted(operation, body).await?;
        Ok(Submission {
            task_id,
            routes: TaskRoutes::of_api(operation.api),
            _permit: std::mem::take(&mut exchange.permit),
            reply: exchange.checked(operation).into(),
        })
    }

    async fn submitted(
        &self,
        operation: &Operation,
        request: &impl Serialize,
    ) -> Result<(String, Exchange), Error> {
        let headers = headers::for_task(operation);
        let exchange = self.http.exchange(operation, request, &headers).await;
        let exchange = exchange.map_err(Error::of_call)?;
        match place::id(&exchange.received.json) {
            Some(id) => Ok((id, exchange)),
            None => Err(not_about_a_task(exchange.received, Effect::MayCost)),
        }
    }

    /// Asks about a task, once.
    ///
    /// Whatever state the task is in is not an error: see [`Task::outcome`]. Asking is
    /// free, and so is tried again whatever goes wrong, as often as the client's
    /// [`Retries`](crate::Retries) say.
    ///
    /// # Errors
    ///
    /// When the API does not answer, or not with a task. The error has the task's
    /// id.
    pub async fn poll(&self, task_id: &str) -> Result<Task, Error> {
        let asked = async {
            let url = self.task_url(self.tasks.query, task_id)?;
            let received = match self.ask(Method::GET, url, Effect::Safe).await {
                Ok(received) => received,
                Err(error) => {
                    let received = unknown_task(&error).ok_or(error)?;
                    let reply = received.unchecked().into();
                    return Ok(Task::unknown(task_id, reply, self.http.key()));
                }
            };
            Task::read(task_id, received.unchecked().into(), self.http.key())
                .map_err(|reply| not_about_a_task(reply.into_received(), Effect::Safe))
        };
        asked.await.map_err(|error| error.about_task(task_id))
    }

    /// Waits for a task to be over, asking about it less and less often, up to
    /// every 10 seconds.
    ///
    /// Dropping the future leaves the task alone, and so does an error: the same
    /// call takes the wait up again, in another process if need be.
    ///
    /// # Errors
    ///
    /// [`Stage::Unfinished`] when the task is not over by the client's deadline, or the
    /// client is to [stop](Self::with_stop); else as [`poll`](Self::poll), after 5 questions in a row without an answer. The
    /// error has the task's id.
    pub async fn wait(&self, task_id: &str) -> Result<Task, Error> {
        let deadline = Deadline::after(self.http.deadline());
        let mut last = None;
        let waited = deadline.run(self.until_over(task_id, &mut last)).await;
        let result = waited.unwrap_or_else(|passed| {
            let last = last.map_or_else(String::new, |status| format!("; it was {status} at last"));
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
        let mut pause = self.polling.first;
        let mut unanswered = 0;
        loop {
            match client.poll(task_id).await {
                Ok(task) if task.status().is_final() => return Ok(task),
                Ok(task) => {
                    tracing::debug!(task_id, status = %task.status(), "not over yet");
                    *last = Some(task.status().clone());
                    unanswered = 0;
                }
                Err(error) if self.is_stopped() => {
                    return Err(stopped().caused_by(error));
                }
                Err(error) => {
                    unanswered += 1;
                    let retries = self.http.retries();
                    let hopeless = retries.is_beyond_patience(error.retry_after());
                    if !error.is_retryable() || hopeless || unanswered >= UNANSWERED {
                        return Err(error);
                    }
                    tracing::info!(%error, unanswered, "no answer about a task");
                }
            }
            if !self.pauses(pause).await {
                return Err(stopped());
            }
            pause = next(pause, self.polling.longest);
        }
    }

    fn is_stopped(&self) -> bool {
        self.http.stop().is_some_and(StopSignal::is_given)
    }

    /// Pauses; `false` if the client is to stop.
    async fn pauses(&self, pause: Duration) -> bool {
        match self.http.stop() {
            Some(stop) => tokio::time::timeout(pause, stop.given()).await.is_err(),
            None => {
                tokio::time::sleep(pause).await;
                true
            }
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
            let cancel = self.described(self.tasks.cancel, "are cancelled")?;
            let url = self.task_url(cancel, task_id)?;
            let received = self.ask(Method::POST, url, Effect::NonIdempotent).await?;
            Ok(received.unchecked().into())
        };
        asked
            .await
            .map_err(|error: Error| error.about_task(task_id))
    }

    /// Lists the account's tasks of the last 24 hours, a page at a time.
    ///
    /// # Errors
    ///
    /// When the API does not answer, or refuses.
    pub async fn list(&self, filter: &TaskFilter) -> Result<TaskList, Error> {
        let list = self.described(self.tasks.list, "are listed")?;
        let mut url = self.task_url(list, "all")?;
        let query = filter.query();
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let received = self.ask(Method::GET, url, Effect::Safe).await?;
        Ok(TaskList {
            reply: received.unchecked().into(),
        })
    }

    async fn ask(&self, method: Method, url: Url, effect: Effect) -> Result<Received, Error> {
        let request = RawRequest {
            http: Request::new(method, url),
            effect,
            expects_json: true,
            limit: Some(questions(self.tasks.api)),
        };
        Ok(self.http.send_raw(request).await?.received)
    }

    /// The path that the documents have for something that can be done with tasks.
    fn described(&self, path: Option<&'static str>, what: &str) -> Result<&'static str, Error> {
        path.ok_or_else(|| {
            let message = format!("no document of {} says how tasks {what}", self.tasks.api);
            Error::new(Stage::Configuration, message)
        })
    }

    /// The URL of a path, with the task's id in place of what is in braces.
    fn task_url(&self, path: &str, task_id: &str) -> Result<Url, Error> {
        // These are not steps, or lead elsewhere.
        if matches!(task_id, "" | "." | "..") {
            return Err(Error::new(Stage::Invalid, "the task's id is not valid"));
        }
        let mut url = self.http.base_url().clone();
        if let Ok(mut steps) = url.path_segments_mut() {
            let path = path.split('/').skip(1);
            steps
                .pop_if_empty()
                .extend(path.map(|step| match step.starts_with('{') {
                    true => task_id,
                    false => step,
                }));
        }
        Ok(url)
    }
}

/// The reply of a gateway that knows no such task, or no more. DashScope has a state for that.
fn unknown_task(error: &Error) -> Option<Received> {
    const NOT_FOUND: u16 = 404;
    let received = error
        .received()
        .filter(|received| received.status == NOT_FOUND)?;
    // What has no such route has not looked for a task.
    let said = error_body::read(&received.json)?;
    let words = [said.code, said.message].into_iter().flatten();
    let words = words.map(|word| word.to_lowercase());
    let mut words = words.filter(|word| !word.contains("invalid url"));
    words.any(|word| word.contains("task")).then_some(received)
}

/// The error of a wait that was to stop.
fn stopped() -> Error {
    Error::new(
        Stage::Unfinished,
        "the wait was interrupted; the task goes on",
    )
}

/// The pause after this one.
fn next(pause: Duration, longest: Duration) -> Duration {
    pause.saturating_mul(2).min(longest)
}

/// The error of a reply that reports success and says nothing of a task.
pub(crate) fn not_about_a_task(received: Received, effect: Effect) -> Error {
    let what = match find::find(
        received.body.bytes.clone(),
        Spools::attached_to(&received.body),
    )
    .len()
    {
        0 => "is not about a task",
        _ => "has pictures instead of a task: this operation is to be sent, not submitted",
    };
    let message = format!("the reply reports success but {what}");
    Error::new(Stage::Unreadable, message)
        .after_attempts(effect, received.attempts)
        .with_reply(ErrorReply::from(received))
}

#[cfg(test)]
mod tests {
    use std::iter::successors;
    use std::time::Duration;

    use super::next;

    #[test]
    fn questions_are_asked_less_and_less_often_up_to_every_ten_seconds() {
        let longest = Duration::from_secs(10);
        let pauses = successors(Some(Duration::from_secs(1)), |pause| {
            Some(next(*pause, longest))
        });
        let seconds: Vec<_> = pauses.map(|pause| pause.as_secs()).take(7).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 10, 10, 10]);
        assert_eq!(next(Duration::MAX, longest), longest);
    }
}
