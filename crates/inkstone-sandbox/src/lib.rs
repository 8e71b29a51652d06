//! A local server that behaves as the documents of the image APIs say.
//!
//! It stands in for both APIs, the OpenAI-compatible gateway and DashScope: for
//! tests in the same process, and on a port for everything else. It knows the
//! APIs only from their corrected Apifox documents, never from types generated
//! from them, so that it is a second opinion on what these types accept.
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
//! The routes are the documents' methods and paths, of which a segment may be a
//! parameter, as in `/api/v1/tasks/{task_id}`. Where documents share a path, the
//! body's `model` says which of them answers. A body is JSON, or a form of the type
//! `multipart/form-data` where the document says so; of a form's fields, those that
//! are no text are read as JSON, and a file has to begin as a picture does.
//!
//! | Request | Answer |
//! |---|---|
//! | no such route, or another method | 404, `Invalid URL (GET /v1/…)` |
//! | no `Authorization: Bearer …`, or no key in it | 401; any key is right |
//! | a body longer than 64 MiB | 413 |
//! | a body that isn't JSON, or not the form it should be | 400 |
//! | an unknown `model`, or none | 404, with the models there are |
//! | `X-DashScope-Async: enable` where it isn't wanted, or not where it is | 403 |
//! | a parameter or a body that breaks the document's schema | 400, with every violation: pointer, rule and value |
//! | any other | 200 and the pictures, or the task |
//!
//! Every error has its API's own shape. The gateway's answers carry the header
//! `X-Oneapi-Request-Id`, whose id is also at the end of an error's message.
//!
//! # Pictures
//!
//! A reply has as many pictures as `n` says, as URLs below the host that the
//! request was sent to. They are real PNG files of exactly the size asked for;
//! `1K`, `2K` and `4K` are squares. A request without a size gets the schema's
//! default, else 1024x1024. The same model, prompt and seed make the same
//! picture, now and in any other process, and no seed is the seed 0. Nothing is
//! stored: a picture's address says everything it is drawn from. Sides go up to
//! 16384 and areas up to 4096², whatever a document allows beyond that.
//!
//! Drawing takes time: about a tenth of a second for four million pixels. With
//! [`Builder::tiny`] all pictures are 16 pixels wide and high, and thousands of
//! them take none. A part of a picture can be asked for with `Range`, tied to its
//! `ETag` by `If-Range`.
//!
//! A picture needs no key. One that came with a key anyway is in the journal as
//! [`authorized`](JournalEntry::authorized), which no client should ever do.
//!
//! # Control
//!
//! A request to an API can ask for an unusual answer with these headers. One
//! that is malformed is answered with 400 and how to write it.
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
//! A document with a required header parameter `X-DashScope-Async` answers with a
//! task, which is asked about, listed and cancelled at the routes whose paths end in
//! `tasks/{…}`, `tasks` and `tasks/{…}/cancel`. A task is PENDING when it is first
//! asked about, then RUNNING, then SUCCEEDED; a script can have it go another way.
//! The latest 100,000 tasks are kept, for 24 hours; any other id is UNKNOWN. The
//! pictures of messages are in `choices`, those of the older `input.prompt` in
//! `results`.
//!
//! # Scripts
//!
//! A script is what is to go wrong: steps in order, of which each request plays the
//! first that is for it, and no more than one. It is given to [`Builder::script`],
//! [`Sandbox::script`], or over HTTP: `POST /_script` adds a step or an array of
//! steps, `PUT` replaces those there are, `GET` shows what is left, `DELETE` clears.
//! A step that is malformed is refused with how to write it, and all others with it.
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
//! | `"on": "generation"` | what asks for pictures, be it at once or by a task. This is so for a step without `on`, unless it has `task`, `expired` or `ranges` |
//! | `"on": "submission"` | what asks for a task; so for a step with `task` |
//! | `"on": "task"` | what asks about a task, lists tasks or cancels one |
//! | `"on": "image"` | the download of a picture; so for a step with `expired` or `ranges` |
//! | `"on": "any"` | every request, but none for the sandbox itself |
//! | `"on": "GET /api/v1/tasks/{task_id}"` | a method and a path, or the path of a document |
//! | `"model": "wan2.7-image-pro"` | only where the body names this model |
//! | `"times": 3` | how often; `"always"`; once without it |
//!
//! What is answered in place of the right reply, of which a step has one at most:
//!
//! | Member | Meaning |
//! |---|---|
//! | `"error": "Throttling.RateQuota"` | that error, in the shape of the route's API and with its documented status; a code that isn't documented needs a `status` |
//! | `"status": 500` | with `error`, this status in its place, 200 among them; alone, an error from 400 on, and below it the right reply with this status |
//! | `"code": null`, `"type": "…"`, `"message": "…"` | the members of an error; the code can be a number |
//! | `"retry_after": 2` | the header: seconds, any text, or `{"date": 2}` for a date so many seconds ahead |
//! | `"body": "…"` | these bytes, which `{"base64": "…"}` gives where they are no text |
//! | `"html": true` | a proxy's page with 524, unless a `status` is given; or the text of one |
//! | `"redirect": "http://…"` | 307, or another `status`, to this URL |
//! | `"expired": true` | 403, as the object store answers for a URL that has expired |
//!
//! How a right reply is changed:
//!
//! | Member | Meaning |
//! |---|---|
//! | `"remove": ["/usage"]` | takes away what these JSON pointers lead to; `*` is every member or item |
//! | `"set": {"/data/*/b64_json": ""}` | puts values there, new members among them |
//! | `"pictures": "b64_json"` | pictures as base64, with `url` empty (the gateway only) |
//! | `"metadata": "object"` or `"text"` | the upstream's reply with all pictures in `metadata`, and one picture beside it (the gateway only) |
//! | `"truncate": 100` | only so many bytes of any body, announced as such |
//! | `"padding": 209715200` | so many spaces before the last brace, or after a picture; they are streamed |
//! | `"headers": {"Via": "1.1 x"}`, `"content_type": "text/plain"` | headers, of any reply |
//! | `"ranges": false` | a picture as a whole, whatever part of it is wanted |
//! | `"task": ["RUNNING", "SUCCEEDED"]` | the states of the task, the last of which stays. Each is for one poll, or as an object: `{"status": "RUNNING", "polls": 3}`, `{"status": "PENDING", "for": 500}` (milliseconds), `{"status": "SUCCEEDED", "failed": 1}` (pictures), `{"status": "FAILED", "code": "…", "message": "…"}` |
//!
//! What befalls any reply on its way:
//!
//! | Member | Meaning |
//! |---|---|
//! | `"delay": 1500` | milliseconds before it, ten minutes at most |
//! | `"cut": "accept"` | ends the connection before anything is read. It is played once it is the next step, by a new connection or by the next request on an open one, and is for no `on` or `model` |
//! | `"cut": "request"` | ends it when the request was read, before the reply |
//! | `"cut": {"at": "head", "after": 10}` | ends it after so many bytes, the status line's first |
//! | `"cut": {"at": "body", "after": 100}` | ends it after so many bytes of the body, whose whole length is announced; without `after`, halfway |
//! | `"cut": "end"` | ends it after the whole reply, though nothing in it says so |
//! | `"how": "reset"` | in `cut`, as in `{"at": "end", "how": "reset"}`: RST in place of FIN |
//! | `"chunked": true` | no length is announced; a `cut` leaves the last chunk out |
//! | `"stall": 100` | nothing more comes after so many bytes of the body, and no end |
//! | `"drip": {"bytes": 10, "every": 100}` | so many bytes of the body at once, and so many milliseconds between |
//!
//! # What counts as submitted
//!
//! A generation that the real service would have carried out is submitted, once,
//! whatever became of the reply: a right reply, however changed, late or broken off,
//! and one that `body` or `html` stands in for. What is refused is not, and neither
//! is an `error`, a `redirect` or an unread `cut`. `"submitted": true` or `false`
//! in a step says otherwise, as of a 500 behind which the work was done; a request
//! that breaks its document is submitted by no step.
//!
//! # Journal
//!
//! [`Sandbox::journal`] and `GET /_journal` say what was asked, in order, for the
//! latest 100,000 requests; `?submitted=true` or `false` says which of them. A
//! request is recorded when it is decided on, before its delay, so one whose client
//! gave up waiting is there too; a download is recorded when it is drawn. Each entry
//! has the number of the step that was played.
//!
//! [`Sandbox::stats`] and `GET /_stats` count all requests since the start: how many
//! were submitted, by model and by what the client calls itself in the header
//! `X-Sandbox-Client`, how many `distinct` bodies they had, and how often the body
//! was submitted that was submitted most, `most_of_one`: 1 where nothing was
//! submitted twice.

mod admin;
mod api;
mod body;
mod call;
mod catalog;
mod codes;
mod connection;
mod control;
mod deliver;
mod edit;
mod entry;
mod error;
mod fault;
mod handler;
mod id;
mod image;
mod instead;
mod journal;
mod key;
mod keywords;
mod multipart;
mod order;
mod paint;
mod parameter;
mod payload;
mod picture;
mod plan;
mod random;
mod range;
mod reply;
mod same_length;
mod schema;
mod script;
mod server;
mod shorten;
mod size;
mod stamp;
mod stats;
mod step;
mod sum;
mod task_call;
mod task_reply;
mod tasks;
mod template;
mod violation;
mod wanted;
mod wire;

pub use error::{ScriptError, StartError};
pub use journal::JournalEntry;
pub use keywords::validator;
pub use server::{Builder, Sandbox};
pub use stats::Stats;
