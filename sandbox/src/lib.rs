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
//! The routes are the documents' methods and paths. Where documents share a
//! path, the body's `model` says which of them answers.
//!
//! | Request | Answer |
//! |---|---|
//! | no such route, or another method | 404, `Invalid URL (GET /v1/…)` |
//! | no `Authorization: Bearer …`, or no key in it | 401; any key is right |
//! | a body longer than 64 MiB | 413 |
//! | a body that isn't JSON | 400 |
//! | an unknown `model`, or none | 404, with the models there are |
//! | a body that breaks the document's schema | 400, with every violation: pointer, rule and value |
//! | any other | 200 and the pictures |
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
//! # Journal
//!
//! [`Sandbox::journal`] and `GET /_journal` say what was asked, in order. A
//! request is recorded when it is decided on, before its delay, so one whose
//! client gave up waiting is there too, as `submitted`: the real service would
//! have charged for it.

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
mod schema;
mod script;
mod server;
mod shorten;
mod size;
mod stamp;
mod stats;
mod step;
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
