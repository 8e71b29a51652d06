//! A local server that behaves as the documents of the image APIs say.
//!
//! It stands in for both APIs, the OpenAI-compatible gateway and DashScope, in tests
//! within the same process or on a port of this machine. It knows the APIs only from
//! their corrected Apifox documents, never from generated types, so it is an independent
//! check of what those types accept.
//!
//! ```no_run
//! # async fn demo(document: serde_json::Value) -> Result<(), inkstone_sandbox::StartError> {
//! use inkstone_sandbox::Sandbox;
//!
//! let sandbox = Sandbox::builder()
//!     .document("gateway", "wan2.7-image-pro", document)
//!     .start()
//!     .await?;
//! let url = sandbox.url(); // http://127.0.0.1:49152
//! // … requests to {url}/v1/images/generations …
//! assert_eq!(sandbox.journal().len(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! # Requests
//!
//! The routes are the documents' methods and paths; a segment of a path may be a
//! parameter, as in `/api/v1/tasks/{task_id}`. Where documents share a path, the
//! body's `model` decides which of them answers. A body is JSON, or a form of the type
//! `multipart/form-data` where the document says so. A form's field is read as JSON
//! unless the document calls it a string, and a file has to begin as a picture does.
//!
//! | Request | Answer |
//! |---|---|
//! | no such route, or another method | 404, `Invalid URL (GET /v1/…)` |
//! | no `Authorization: Bearer …`, or no key in it | 401; any key is right |
//! | a body longer than 64 MiB | 413 |
//! | a body that isn't JSON, or not the form it should be | 400 |
//! | an unknown `model`, or none | 404, with the models there are |
//! | a key that is not that of the [region](Builder::region) | 401, as for a wrong one |
//! | `X-DashScope-Async: enable` on a route that answers at once, or missing on one that answers with a task | 403 |
//! | a parameter or a body that breaks the document's schema | 400, with every violation: pointer, rule and value |
//! | any other | 200 and the pictures, or the task |
//!
//! Every error has its API's own shape. The gateway's answers have the header
//! `X-Oneapi-Request-Id`; an error's message ends with the same id.
//!
//! # Any other document
//!
//! [`Builder::mock`] takes a document of any form that `apifox-document` reads. Requests to
//! its operations are judged as it describes them: path, method, credentials, parameters and
//! body. A reply is an example that its schema accepts, or drawn from the schema by
//! [`Builder::seed`]; errors are those that the document describes, and the header
//! `X-Sandbox-Problem` says what is wrong. What is sent to `POST /pets` is found at
//! `GET /pets/{id}`, where the document has both.
//!
//! `GET /v1/models` lists the gateway's models as OpenAI's clients ask for them.
//!
//! # Pictures
//!
//! A reply has as many pictures as `n` says, as URLs on the host that the request was
//! sent to. They are real PNG files of exactly the size asked for; `1K`, `2K` and `4K`
//! are squares. Without a size, a request gets the schema's default, or 1024x1024. The
//! same model, prompt and seed make the same picture in every process; without a seed,
//! the seed is 0. Nothing is stored: a picture's address says all that it is drawn from.
//! Sides go up to 16384 and areas up to 4096², even where a document allows more.
//!
//! Drawing four million pixels takes about a tenth of a second. With
//! [`Builder::tiny`] all pictures are 16 pixels wide and high, and take no time. `Range`
//! asks for a part of a picture, and `If-Range` ties it to the `ETag`.
//!
//! Downloading a picture needs no key. A client should never send one; the journal
//! shows a download with a key as [`authorized`](JournalEntry::authorized).
//!
//! # Control
//!
//! A request to an API can ask for an unusual answer with these headers. A malformed
//! header is answered with 400 and how to write it.
//!
//! | Header | Effect |
//! |---|---|
//! | `X-Sandbox-Status: 503` | that status, from 200 to 599, with an error body |
//! | `X-Sandbox-Example: 未找到` | the example reply of that name, of the model's document or the API's errors, as it is; with 200 or the status above. The name may be percent-encoded |
//! | `X-Sandbox-Delay: 1500` | waits so many milliseconds, ten minutes at most |
//! | `X-Sandbox-Reply: b64_json` | the pictures as base64 in the reply (the gateway only) |
//!
//! # Tasks
//!
//! A document with a required header parameter `X-DashScope-Async`, or whose reply names a
//! `task_id`, answers with a task. Tasks are queried, listed and cancelled at the routes whose
//! paths end in `tasks/{…}`, `tasks` and `tasks/{…}/cancel`, or at one below that which took
//! the request. What a gateway says of one is the form that its document allows: a task under
//! `data` with its pictures in `result`, or one with its pictures in `data`. A task is PENDING at the first query,
//! then RUNNING, then SUCCEEDED; a script can change that. The latest 100,000 tasks are
//! kept, for 24 hours; any other id is UNKNOWN. Pictures are in `choices`, or in
//! `results` where the request had the older `input.prompt`.
//!
//! # Uploads
//!
//! A route that ends in `uploads` answers with a policy, by which a form with a file is taken
//! at the address that the policy names: a document with a form that has a file and no
//! `model`. The URL `oss://…` of what was taken is good for 48 hours, for the model and the
//! region of its policy, in requests with `X-DashScope-OssResourceResolve: enable`. A form
//! that comes with a key is refused.
//!
//! # Scripts
//!
//! A script says what is to go wrong, in steps. Each request plays the first step that
//! is for it, and no other. A script is given to [`Builder::script`],
//! [`Sandbox::script`], or over HTTP: `POST /_script` adds a step or an array of
//! steps, `PUT` replaces those there are, `GET` shows what is left, `DELETE` clears.
//! If one step is malformed, all are refused, with how to write it.
//!
//! ```json
//! [
//!   {"error": "Throttling.RateQuota", "retry_after": 2, "times": 3},
//!   {"model": "wan2.7-image-pro", "cut": {"at": "body", "after": 100, "how": "reset"}},
//!   {"task": ["PENDING", {"status": "RUNNING", "for": 500}, "FAILED"]},
//!   {"on": "image", "expired": true, "times": "always"}
//! ]
//! ```
//!
//! Which requests a step is for, and how often:
//!
//! | Member | Meaning |
//! |---|---|
//! | `"on": "generation"` | a request for pictures, at once or by a task, or for any operation of a document of [`Builder::mock`]. This is the default, unless the step has `task`, `expired` or `ranges` |
//! | `"on": "submission"` | a request for a task; the default for a step with `task` |
//! | `"on": "task"` | a request that queries, lists or cancels tasks |
//! | `"on": "image"` | the download of a picture; the default for a step with `expired` or `ranges` |
//! | `"on": "any"` | every request, except those for the sandbox itself |
//! | `"on": "GET /api/v1/tasks/{task_id}"` | a method and a path, or the path of a document |
//! | `"model": "wan2.7-image-pro"` | only where the body names this model |
//! | `"times": 3` | how often, or `"always"`; once by default |
//!
//! What is answered in place of the right reply; a step has at most one of them:
//!
//! | Member | Meaning |
//! |---|---|
//! | `"error": "Throttling.RateQuota"` | that error, in the shape of the route's API and with its documented status; an undocumented code needs a `status` |
//! | `"status": 500` | with `error`, this status instead, even 200; alone, an error from 400 on, and below that the right reply with this status |
//! | `"code": null`, `"type": "…"`, `"message": "…"` | the members of an error; the code can be a number |
//! | `"retry_after": 2` | the header: seconds, any text, or `{"date": 2}` for a date so many seconds ahead |
//! | `"body": "…"` | these bytes; `{"base64": "…"}` for bytes that are not text |
//! | `"html": true` | a proxy's page, or the page given as text, with 524 or another `status` |
//! | `"redirect": "http://…"` | 307, or another `status`, to this URL |
//! | `"expired": true` | 403, as the object store answers for a URL that has expired |
//!
//! How a right reply is changed:
//!
//! | Member | Meaning |
//! |---|---|
//! | `"remove": ["/usage"]` | removes what these JSON pointers point to; `*` is every member or item |
//! | `"set": {"/data/*/b64_json": ""}` | sets values there, and adds missing members |
//! | `"status": 429, "fulfilled": true` | the right reply, although its status says that the request failed |
//! | `"pictures": "b64_json"` | pictures as base64, with `url` empty (the gateway only) |
//! | `"metadata": "object"` or `"text"` | the upstream's reply with all pictures in `metadata`, and only one picture beside it (the gateway only) |
//! | `"replace": {"https:": "HTTPS:"}` | each of these texts in the body, by another text or `{"base64": "…"}` |
//! | `"prepend": "…"`, `"append": "…"` | these bytes before or after any body; `{"base64": "77u/"}` is a byte order mark |
//! | `"gzip": true` | any body compressed, and its header says so |
//! | `"truncate": 100` | only so many bytes of any body, with that length announced |
//! | `"padding": 209715200` | so many spaces before the last brace, or after a picture; they are streamed |
//! | `"headers": {"Via": "1.1 x"}`, `"content_type": "text/plain"` | headers, of any reply |
//! | `"ranges": false` | the whole picture, even where a part is asked for |
//! | `"task": ["RUNNING", "SUCCEEDED"]` | the states of the task; the last one stays. Each lasts for one query, or as an object: `{"status": "RUNNING", "polls": 3}`, `{"status": "PENDING", "for": 500}` (milliseconds), `{"status": "SUCCEEDED", "failed": 1}` (pictures), `{"status": "FAILED", "code": "…", "message": "…"}` |
//!
//! What happens to any reply on its way:
//!
//! | Member | Meaning |
//! |---|---|
//! | `"delay": 1500` | milliseconds before it, ten minutes at most |
//! | `"cut": "accept"` | ends the connection before anything is read. It is played when it is the next step, by a new connection or by the next request on an open one, and takes no `on` or `model` |
//! | `"cut": "request"` | ends it after the request was read, before the reply |
//! | `"cut": {"at": "head", "after": 10}` | ends it after so many bytes, counted from the status line on |
//! | `"cut": {"at": "body", "after": 100}` | ends it after so many bytes of the body, halfway without `after`; the whole length is announced |
//! | `"cut": "end"` | ends it after the whole reply, which does not announce that |
//! | `"how": "reset"` | in `cut`, as in `{"at": "end", "how": "reset"}`: RST instead of FIN |
//! | `"chunked": true` | no length is announced; a `cut` leaves the last chunk out |
//! | `"stall": 100` | nothing more is sent after so many bytes of the body, and the body does not end |
//! | `"drip": {"bytes": 10, "every": 100}` | so many bytes of the body at a time, with so many milliseconds between |
//!
//! # What counts as submitted
//!
//! A generation that the real service would have carried out counts as submitted, once,
//! whatever became of the reply: it may have been changed, delayed, broken off, or
//! replaced by `body` or `html`. A refused request doesn't count, and neither does one
//! with `error`, `redirect` or an unread `cut`. `"submitted": true` or `false` in a step
//! overrides this, for example for a 500 although the work was done. A request that
//! breaks its document never counts.
//!
//! # Journal
//!
//! [`Sandbox::journal`] and `GET /_journal` list the latest 100,000 requests, in order;
//! `?submitted=true` or `false` selects some of them, and `?from=5` those from number 5 on.
//! A request is recorded before its delay, so it is there even if the client gave up waiting;
//! a download is recorded when the picture is drawn. Each entry has the number of the step
//! that was played.
//!
//! [`Sandbox::stats`] and `GET /_stats` count all requests since the start: how many
//! were submitted, in all, by model, and by client (the header `X-Sandbox-Client`); how
//! many `distinct` bodies they had; and `most_of_one`, how often the most frequent body
//! was submitted: 1 where nothing was submitted twice.

mod documents;
mod draw;
mod error;
mod http;
mod journal;
mod keywords;
mod mock;
mod pictures;
mod script;
mod server;
mod shorten;
mod tasks;
mod uploads;

pub use draw::draw;
pub use error::{ScriptError, StartError};
pub use journal::entry::JournalEntry;
pub use journal::stats::Stats;
pub use keywords::validator::validator;
pub use server::pages::page::{PageReply, PageRequest, Pages};
pub use server::sandbox::{Builder, Sandbox};
