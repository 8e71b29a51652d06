//! A request to an API, and the answer to it before it is a reply.

use hyper::StatusCode;
use hyper::http::request::Parts;
use serde_json::Value;

use crate::documents::route::Route;
use crate::http::region::Region;
use crate::pictures::render_job::RenderJob;
use crate::script::effect::Effect;
use crate::server::state::State;
use crate::tasks::task::Task;

/// A request to an API, by its route.
pub struct Call<'a> {
    pub state: &'a State,
    pub route: &'a Route,
    pub head: &'a Parts,
    pub effect: &'a Effect,
    pub request_id: String,
}

/// What a request is answered with.
pub struct Answer {
    pub status: StatusCode,
    pub content: Content,
    pub job: Option<RenderJob>,
    /// The task that the request submits.
    pub task: Option<Task>,
}

pub enum Content {
    Text(String),
    Json(Value),
    /// A reply that the pictures are still to be drawn into.
    Base64(Value),
}

impl Answer {
    pub fn new(content: Content) -> Self {
        Self {
            status: StatusCode::OK,
            content,
            job: None,
            task: None,
        }
    }
}

impl<'a> Call<'a> {
    pub fn new(state: &'a State, route: &'a Route, head: &'a Parts, effect: &'a Effect) -> Self {
        Self {
            state,
            route,
            head,
            effect,
            request_id: state.request_ids.next(),
        }
    }

    /// The region that the request is for, where its address has one.
    pub fn region(&self) -> Option<&Region> {
        self.head.extensions.get::<Region>()
    }

    /// The address at which the client found the server.
    pub fn base_url(&self) -> String {
        self.state.url_for(self.head)
    }
}
