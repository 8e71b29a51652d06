//! The calls, each of which meets every fault.

use std::path::Path;

use inkstone::dashscope::{qwen_image_2_0, wan2_7_image_async};
use inkstone::gateway::{images_edits, wan2_7_image_pro};
use inkstone::{Client, Error, Image, Operation};
use serde_json::{Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Pictures of the gateway, by their URLs.
    Url,
    /// Pictures of the gateway, in the reply.
    Inline,
    /// Pictures of the gateway, edited: a form with a file.
    Edit,
    /// Pictures of DashScope, at once.
    DashScope,
    /// A task of DashScope's, submitted.
    Submit,
    /// A task of DashScope's, submitted before and waited for.
    Wait,
    /// A picture, paid for before and saved.
    Save,
    /// A task of DashScope's, submitted and waited for.
    Task,
}

/// What came of a call that did not fail.
pub struct Done {
    pub ends: String,
    pub attempts: u32,
    pub deviations: usize,
    /// The body of the last reply.
    pub body: Option<Vec<u8>>,
    /// The pictures that are to be had from it.
    pub images: Vec<Image>,
}

/// What a call is made with.
pub enum Before {
    Nothing,
    Task(String),
    Picture(Image),
}

impl Call {
    pub const ALL: [Self; 8] = [
        Self::Url,
        Self::Inline,
        Self::Edit,
        Self::DashScope,
        Self::Submit,
        Self::Wait,
        Self::Save,
        Self::Task,
    ];

    /// The columns of the table that are about it, of which the first there is counts.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Url => &["url", "gateway", "send"],
            Self::Inline => &["inline", "gateway", "send"],
            Self::Edit => &["edit", "gateway", "send"],
            Self::DashScope => &["dashscope", "send"],
            Self::Submit => &["submit", "send"],
            Self::Wait => &["wait"],
            Self::Save => &["save"],
            Self::Task => &["task"],
        }
    }

    /// A step of a script as it befalls this call's requests and no others.
    pub fn targeted(self, mut step: Value) -> Value {
        let is_unread = step["cut"] == "accept" || step["cut"]["at"] == "accept";
        if step["on"].is_null() && step["task"].is_null() && !is_unread {
            step["on"] = match self {
                Self::Wait => "task".into(),
                Self::Save => "image".into(),
                _ => "generation".into(),
            };
        }
        if self == Self::Inline {
            step["pictures"] = "b64_json".into();
        }
        step
    }

    /// What has to be done before the fault, by way of a client that meets none.
    pub async fn prepare(self, client: &Client) -> Before {
        match self {
            Self::Wait => {
                let (operation, body) = Self::Submit.request();
                let submission = client.submit_json(operation, &body).await;
                Before::Task(submission.expect("a task").task_id().to_owned())
            }
            Self::Save => {
                let (operation, body) = Self::Url.request();
                let reply = client.send_json(operation, &body).await.expect("a reply");
                Before::Picture(reply.images().remove(0))
            }
            _ => Before::Nothing,
        }
    }

    pub async fn make(
        self,
        client: &Client,
        before: &Before,
        directory: &Path,
    ) -> Result<Done, Error> {
        match before {
            Before::Task(id) => waited(client, id).await,
            Before::Picture(image) => saved(client, image, directory).await,
            Before::Nothing => {
                let (operation, body) = self.request();
                match self {
                    Self::Submit => submitted(client, operation, &body).await,
                    Self::Task => {
                        let submission = client.submit_json(operation, &body).await?;
                        waited(client, submission.task_id()).await
                    }
                    _ => sent(client, operation, &body).await,
                }
            }
        }
    }

    fn request(self) -> (&'static Operation, Value) {
        match self {
            Self::Edit => (
                &images_edits::OPERATION,
                json!({"body": {
                    "model": "qwen-image-edit-plus",
                    "prompt": "add a hat",
                    "image": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
                    "n": 2,
                }}),
            ),
            Self::DashScope => (&qwen_image_2_0::OPERATION, messages("qwen-image-2.0")),
            Self::Submit | Self::Task => (&wan2_7_image_async::OPERATION, messages("wan2.7-image")),
            _ => (
                &wan2_7_image_pro::OPERATION,
                json!({"model": "wan2.7-image-pro", "prompt": "a cat", "n": 2}),
            ),
        }
    }
}

fn messages(model: &str) -> Value {
    json!({
        "model": model,
        "input": {"messages": [{"role": "user", "content": [{"text": "a cat"}]}]},
        "parameters": {"n": 2},
    })
}

async fn sent(client: &Client, operation: &Operation, body: &Value) -> Result<Done, Error> {
    let reply = client.send_json(operation, body).await?;
    Ok(Done {
        ends: "reply".into(),
        attempts: reply.attempts(),
        deviations: reply.deviations().len(),
        body: Some(reply.body().to_vec()),
        images: reply.images(),
    })
}

async fn submitted(client: &Client, operation: &Operation, body: &Value) -> Result<Done, Error> {
    let submission = client.submit_json(operation, body).await?;
    let reply = submission.reply();
    Ok(Done {
        ends: "task".into(),
        attempts: reply.attempts(),
        deviations: reply.deviations().len(),
        body: Some(reply.body().to_vec()),
        images: reply.images(),
    })
}

async fn waited(client: &Client, id: &str) -> Result<Done, Error> {
    let task = client.wait(id).await?;
    assert_eq!(task.id(), id);
    let outcome = task.outcome().expect("what is over has an outcome");
    Ok(Done {
        ends: format!("{outcome:?}"),
        attempts: task.reply().attempts(),
        deviations: 0,
        body: Some(task.reply().body().to_vec()),
        images: task.images(),
    })
}

async fn saved(client: &Client, image: &Image, directory: &Path) -> Result<Done, Error> {
    client.save(image, directory, "cat").await?;
    Ok(Done {
        ends: "saved".into(),
        attempts: 1,
        deviations: 0,
        body: None,
        images: Vec::new(),
    })
}
