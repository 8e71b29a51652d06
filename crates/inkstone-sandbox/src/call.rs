//! How is a request to an API answered?

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::StatusCode;
use hyper::header::HOST;
use hyper::http::request::Parts;
use serde_json::Value;

use crate::api::Api;
use crate::body::Received;
use crate::catalog::{Document, Role, Route};
use crate::control::{self, Control, Form};
use crate::deliver::Reply;
use crate::entry::Entry;
use crate::fault::{Fault, Kind};
use crate::handler::{self, Shared};
use crate::image;
use crate::instead;
use crate::key;
use crate::order::{self, Order};
use crate::plan;
use crate::reply;
use crate::step::{Effect, Metadata};
use crate::task_call;
use crate::task_reply;
use crate::tasks::Task;
use crate::wanted;

/// A request to an API, by its route.
pub struct Call<'a> {
    pub shared: &'a Shared,
    pub route: &'a Route,
    pub head: &'a Parts,
    pub effect: Option<&'a Effect>,
    pub request_id: String,
}

/// What a request is answered with.
pub struct Answer {
    pub status: StatusCode,
    pub content: Content,
    pub order: Option<Order>,
    /// The task that it is the submission of.
    pub task: Option<Task>,
}

pub enum Content {
    Text(String),
    Json(Value),
    /// A reply that the pictures are still to be drawn into.
    Base64(Value),
}

impl Answer {
    pub fn json(reply: Value) -> Self {
        Self {
            status: StatusCode::OK,
            content: Content::Json(reply),
            order: None,
            task: None,
        }
    }
}

impl<'a> Call<'a> {
    pub fn new(
        shared: &'a Shared,
        route: &'a Route,
        head: &'a Parts,
        effect: Option<&'a Effect>,
    ) -> Self {
        Self {
            shared,
            route,
            head,
            effect,
            request_id: shared.ids.next(),
        }
    }

    /// The reply, and how long the client is to wait for it.
    ///
    /// The request is decided and recorded at once and answered later, so that one
    /// whose client gave up is in the journal all the same.
    pub async fn answer(&self, received: Received) -> (Reply, Duration) {
        let control = Control::read(&self.head.headers);
        let delay = control
            .as_ref()
            .map_or(Duration::ZERO, |control| control.delay);
        let delay = delay + handler::delay_of(self.effect);
        let decision = control.and_then(|control| self.decide(&control, &received));
        let reply = self.instead();
        let submitted = self.is_submitted(&decision);
        let status = match (&reply, &decision) {
            (Some(reply), _) => reply.status,
            (None, Ok(answer)) => answer.status,
            (None, Err(fault)) => fault.status,
        };
        Entry::new(self.head)
            .received(&received)
            .played(self.effect)
            .status(status)
            .submitted(submitted)
            .record(self.shared);
        drop(received);
        let reply = match (reply, decision) {
            (reply, Ok(answer)) if submitted => self.submit(answer, reply).await,
            (Some(reply), _) => reply,
            (None, Ok(answer)) => self.finish(answer).await,
            (None, Err(fault)) => fault.reply(self.route.api, &self.request_id),
        };
        (reply, delay)
    }

    fn instead(&self) -> Option<Reply> {
        let (effect, instead) = instead::of(self.effect)?;
        let api = self.route.api;
        Some(instead::reply(effect, instead, api, &self.request_id))
    }

    /// Whether the real service would have gone to work: never for a request that
    /// it would refuse.
    fn is_submitted(&self, decision: &Result<Answer, Fault>) -> bool {
        let is_order = matches!(decision, Ok(Answer { order: Some(_), .. }));
        let usual = instead::of(self.effect).is_none_or(|(_, instead)| instead.is_after_work());
        let asked = self.effect.and_then(|effect| effect.submitted);
        is_order && asked.unwrap_or(usual)
    }

    async fn submit(&self, mut answer: Answer, instead: Option<Reply>) -> Reply {
        if let Some(task) = answer.task.take() {
            self.shared.tasks.add(task);
        }
        match instead {
            Some(reply) => reply,
            None => self.finish(answer).await,
        }
    }

    fn decide(&self, control: &Control, received: &Received) -> Result<Answer, Fault> {
        if let Some(name) = &control.example {
            return self.example(name, control.status, received);
        }
        if let Some(status) = control.status {
            let message = format!("the sandbox was asked to answer {}", status.as_u16());
            return Err(Fault::new(status, Kind::Forced, message));
        }
        if !key::has_bearer(&self.head.headers) {
            let message = "no API key: write \"Authorization: Bearer <key>\", with any key";
            return Err(Fault::new(StatusCode::UNAUTHORIZED, Kind::Key, message));
        }
        let mut answer = match self.route.role {
            Role::Generate | Role::Submit => self.generation(control.form, received)?,
            // Asking about a task changes it, which a script may rule out.
            Role::Query | Role::List | Role::Cancel => match instead::of(self.effect) {
                Some(_) => Answer::json(Value::Null),
                None => task_call::answer(self)?,
            },
        };
        if let Some(status) = self.effect.and_then(|effect| effect.status) {
            answer.status = status;
        }
        Ok(answer)
    }

    fn example(
        &self,
        name: &str,
        status: Option<StatusCode>,
        received: &Received,
    ) -> Result<Answer, Fault> {
        let model = received.model().map_or(Value::Null, Value::from);
        let document = match self.route.role {
            Role::Generate | Role::Submit => self.route.document(&model).ok(),
            Role::Query | Role::List | Role::Cancel => self.route.only(),
        };
        let examples = self.shared.catalog.examples(self.route.api, document);
        let examples: Vec<_> = examples.collect();
        match examples.iter().find(|example| example.name == name) {
            Some(example) => Ok(Answer {
                status: status.unwrap_or(StatusCode::OK),
                content: Content::Text(example.data.clone()),
                order: None,
                task: None,
            }),
            None => {
                let known: Vec<_> = examples.iter().map(|each| &*each.name).collect();
                Err(control::unknown_example(name, &known))
            }
        }
    }

    fn generation(&self, form: Form, received: &Received) -> Result<Answer, Fault> {
        let body = wanted::body(received)?;
        let document = self.route.document(&body["model"])?;
        wanted::mode(self.route, &self.head.headers)?;
        wanted::parameters(document, self.route, self.head)?;
        let body = wanted::checked(document, received, body)?;
        let (api, is_tiny) = (self.route.api, self.shared.is_tiny);
        let order = order::read(api, document, &body, &self.base(), is_tiny)?;
        if self.route.role == Role::Submit {
            return self.submission(document, order);
        }
        let form = self.effect.map_or(form, |effect| match effect.form {
            Form::Url => form,
            Form::Base64 => Form::Base64,
        });
        let reply = reply::build(api, document, &order, form, &self.request_id)?;
        Ok(Answer {
            status: StatusCode::OK,
            content: match form {
                Form::Url => Content::Json(reply),
                Form::Base64 => Content::Base64(reply),
            },
            order: Some(order),
            task: None,
        })
    }

    fn submission(&self, document: &Document, order: Order) -> Result<Answer, Fault> {
        let id = self.shared.ids.next();
        let reply = task_reply::submitted(&id, &self.request_id);
        let stages = self.effect.and_then(|effect| effect.stages.clone());
        let task = Task::new(id, order.clone(), stages.unwrap_or_else(plan::usual));
        Ok(Answer {
            order: Some(order),
            task: Some(task),
            ..Answer::json(reply::checked(document, reply)?)
        })
    }

    /// Where the client found the server.
    fn base(&self) -> String {
        let host = self.head.headers.get(HOST);
        match host.and_then(|host| host.to_str().ok()) {
            Some(host) if !host.is_empty() => format!("http://{host}"),
            _ => self.shared.url.clone(),
        }
    }

    async fn finish(&self, answer: Answer) -> Reply {
        let order = answer.order.as_ref();
        let text = match answer.content {
            Content::Text(text) => text,
            Content::Json(reply) => self.edited(reply, order),
            Content::Base64(mut reply) => match self.drawn(order).await {
                Ok(files) => {
                    reply::fill(&mut reply, files);
                    self.edited(reply, order)
                }
                Err(fault) => return fault.reply(self.route.api, &self.request_id),
            },
        };
        Reply::json(answer.status, text).identified(self.route.api, &self.request_id)
    }

    async fn drawn(&self, order: Option<&Order>) -> Result<Vec<String>, Fault> {
        let mut files = Vec::new();
        for picture in order.into_iter().flat_map(|order| &order.pictures) {
            files.push(STANDARD.encode(image::draw(self.shared, *picture).await?));
        }
        Ok(files)
    }

    /// The text of a reply, after what a script does to it.
    fn edited(&self, mut reply: Value, order: Option<&Order>) -> String {
        if let Some(effect) = self.effect {
            if let (Some(metadata), Some(order), Api::Gateway) =
                (effect.metadata, order, self.route.api)
            {
                let as_text = metadata == Metadata::Text;
                reply::collapse(&mut reply, order, &self.request_id, as_text);
            }
            effect.edits.iter().for_each(|edit| edit.apply(&mut reply));
        }
        reply.to_string()
    }
}
