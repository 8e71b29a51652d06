//! A typed client for Qwen-Image and Wan, over two APIs: an OpenAI-compatible
//! gateway and DashScope.
//!
//! The types of requests and replies are made from the vendors' own documents,
//! one module a document: [`gateway`] and [`dashscope`]. A type accepts exactly
//! what its (corrected) document accepts, so a request that can be built can be
//! sent:
//!
//! ```no_run
//! use inkstone::Client;
//! use inkstone::gateway::wan2_7_image_pro::Request;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder("https://gateway.example").key("sk-…").build()?;
//! let request = Request::new("一只可爱的橘猫坐在窗台上".parse()?).size("1920x1080")?;
//! let reply = client.send(&request).await?;
//! for image in reply.images() {
//!     println!("{}", client.save(&image, "pictures".as_ref(), "cat").await?.display());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Strict out, lenient in: [`Client::send`] checks a request before it is sent,
//! but never throws a reply away. A [`Reply`] keeps the bytes, finds every image
//! in them, and has the typed reply and its deviations from the document beside
//! them. An [`Error`] says at which [`Stage`] the call failed, and keeps the body
//! that came back.
//!
//! # What was paid for is not lost, and not paid for twice
//!
//! Pictures cost money from the moment that a request is accepted, so a client
//! tries again by itself only what it knows was not, and what only asks or deletes: see
//! [`Retries`]; a `PUT` counts as a `POST` here, because a vendor may bill both. Where no reply
//! came to a request that was written, or one that reports a failure of the server, the error is
//! [`Stage::OutcomeUnknown`]; a refusal is another. [`Error::is_retryable`],
//! [`retry_after`](apifox_client::Error::retry_after) and [`Error::may_have_been_billed`] say
//! what to do about an error, whatever it is, and [`body`](apifox_client::Error::body) has every
//! byte that came.
//!
//! # Time
//!
//! A call takes no longer than its [deadline](Builder::deadline), whatever it waits
//! for, and [`Client::with_deadline`] is the same client with another one. Connecting
//! and reading have limits of their own. Dropping a call's future ends it at once.
//!
//! [`Builder::limit`] has requests wait until they are within the limits that the
//! vendors publish, instead of being throttled; clients of one account share a
//! [`Limiter`].
//!
//! # Pictures
//!
//! Pictures are fetched by [`Client::save`] and [`Client::bytes`]: taken up again
//! where they broke off, bounded as [`Downloads`] says, without the key, and from
//! the public internet alone unless the API itself is elsewhere. Those that go
//! into a request are made by [`InputImage`], and held against what the API takes
//! before they are sent.
//!
//! A reply may hold its pictures as base64, and be of hundreds of megabytes then. With
//! [`Builder::spool`] they go to files as they come, whatever their size.
//!
//! # Tasks
//!
//! DashScope also takes requests as tasks, and some gateways answer with nothing else: what
//! answers with a task, and where it is asked about, is up to the documents. Submitting one is what may be billed;
//! asking about it, waiting and cancelling are free:
//!
//! ```no_run
//! # use inkstone::{Client, Endpoint, Error, Outcome};
//! # async fn run(client: Client, request: impl Endpoint) -> Result<(), Error> {
//! let submission = client.submit(&request).await?;
//! let task = submission.wait(&client).await?;
//! match task.outcome() {
//!     Some(Outcome::Succeeded) => println!("{} pictures", task.images().len()),
//!     _ => println!("{}: {:?}", task.status(), task.failures()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A failed task is an outcome, not an error. Every error about a task has its
//! [id](Error::task_id), with which [`Client::wait`] takes the wait up again, in
//! another process if need be, for 24 hours.
//!
//! # Documents
//!
//! Adding a document to `schemas/` adds a module here; the transport knows only
//! the trait [`Endpoint`]. [`OPERATIONS`] lists them all for those who choose
//! one at run time, and [`Client::send_json`] sends to those.
//!
//! What sends requests is [`apifox_client`], which knows no API. What these two do their
//! own way is an implementation of its trait [`Api`](apifox_client::Api); pictures and tasks
//! are added here.

#![cfg_attr(test, allow(clippy::expect_used, clippy::unwrap_used))]

mod api;
mod body_schema;
mod builder;
mod classify;
mod client;
pub mod dashscope;
mod error;
mod error_body;
mod facts;
#[cfg(any(fuzzing, test))]
#[doc(hidden)]
pub mod fuzzing;
pub mod gateway;
mod images;
mod limiter;
mod meaning;
mod reply;
mod stage;
mod tasks;

pub use apifox_client::{
    Attempt, Hook, Limit, Pause, Retries, StopSignal, is_loopback, lenient, system_proxies,
};
pub use apifox_runtime::{
    Additional, Credential, Decode, Dimensions, Endpoint, File, Integer, Invalid, Location, Media,
    Node, Operation, OrEmpty, Parameter, Report, Violation, Warning, is_unprintable,
};
pub use body_schema::body_schema;
pub use builder::{Builder, DASHSCOPE_BASE_URL, DASHSCOPE_KEY, GATEWAY_KEY};
pub use client::Client;
pub use dashscope::upload::Upload;
pub use error::Error;
pub use facts::{ApiFacts, Place, Region, Regions};
pub use images::download::{Downloads, Verify};
pub use images::image::{Image, Source};
pub use images::input::{ImageLimits, InputError, InputImage, check_images, check_images_by};
pub use images::new_file::{NewFile, UnnamedFile};
pub use images::picture::ImageFormat;
pub use images::spool::Spooled;
pub use limiter::Limiter;
pub use reply::Reply;
pub use stage::Stage;
pub use tasks::calls::Submission;
pub use tasks::list::{ListedTask, TaskFilter, TaskList};
pub use tasks::routes::{answers_with_task, task_list, task_query};
pub use tasks::status::{Outcome, TaskStatus};
pub use tasks::task::{Task, TaskFailure};

mod generated {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}

pub use generated::*;
