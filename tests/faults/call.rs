//! The calls, each of which meets every fault.

use std::path::Path;

use inkstone::dashscope::{qwen_image_2_0, wan2_7_image_async};
use inkstone::gateway::{images_edits, wan2_7_image_pro};
use inkstone::{Client, Error, Image, Operation, Reply, Task, gateway_image_tasks, gateway_tasks};
use serde_json::{Value, json};
use test_data::pictures::PIXEL;

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
    /// A task of a gateway's, submitted.
    GatewaySubmit,
    /// A task of a gateway's, submitted before and waited for.
    GatewayWait,
    /// A task of a gateway's, submitted and waited for.
    GatewayTask,
    /// The same, of a gateway that is asked at the route that took the request.
    ImageTask,
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
    pub const ALL: [Self; 12] = [
        Self::Url,
        Self::Inline,
        Self::Edit,
        Self::DashScope,
        Self::Submit,
        Self::Wait,
        Self::Save,
        Self::Task,
        Self::GatewaySubmit,
        Self::GatewayWait,
        Self::GatewayTask,
        Self::ImageTask,
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
            Self::GatewaySubmit => &["gateway-submit", "submit", "send"],
            Self::GatewayWait => &["gateway-wait", "wait"],
            Self::GatewayTask => &["gateway-task", "task"],
            Self::ImageTask => &["image-task", "gateway-task", "task"],
        }
    }

    /// Whether it goes through the states of a task.
    pub fn is_task(self) -> bool {
        matches!(self, Self::Task | Self::GatewayTask | Self::ImageTask)
    }

    /// Whether it asks more than once.
    pub fn waits(self) -> bool {
        self.is_task() || matches!(self, Self::Wait | Self::GatewayWait | Self::Save)
    }

    /// A step of a script as it befalls this call's requests and no others.
    pub fn targeted(self, mut step: Value) -> Value {
        let is_unread = step["cut"] == "accept" || step["cut"]["at"] == "accept";
        if step["on"].is_null() && step["task"].is_null() && !is_unread {
            step["on"] = match self {
                Self::Wait | Self::GatewayWait => "task".into(),
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
            Self::Wait | Self::GatewayWait => {
                let (operation, body) = self.request();
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
            Before::Task(id) => waited(&client.with_tasks_of(self.request().0), id).await,
            Before::Picture(image) => saved(client, image, directory).await,
            Before::Nothing => {
                let (operation, body) = self.request();
                match self {
                    Self::Submit | Self::GatewaySubmit => submitted(client, operation, &body).await,
                    task if task.is_task() => {
                        let submission = client.submit_json(operation, &body).await?;
                        let task = submission.wait(client).await?;
                        Ok(over(&task, submission.task_id()))
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
                    "image": format!("data:image/png;base64,{PIXEL}"),
                    "n": 2,
                }}),
            ),
            Self::DashScope => (&qwen_image_2_0::OPERATION, messages("qwen-image-2.0")),
            Self::Submit | Self::Wait | Self::Task => {
                (&wan2_7_image_async::OPERATION, messages("wan2.7-image"))
            }
            Self::GatewaySubmit | Self::GatewayWait | Self::GatewayTask => (
                &gateway_tasks::images_generations::OPERATION,
                json!({"model": "qwen-image-3.0", "prompt": "a cat", "n": 2}),
            ),
            Self::ImageTask => (
                &gateway_image_tasks::images_generations::OPERATION,
                json!({"model": "wan2.7-image", "prompt": "a cat", "n": 2}),
            ),
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
    Ok(done("reply", &reply))
}

async fn submitted(client: &Client, operation: &Operation, body: &Value) -> Result<Done, Error> {
    let submission = client.submit_json(operation, body).await?;
    Ok(done("task", submission.reply()))
}

fn done(ends: &str, reply: &Reply<Value>) -> Done {
    Done {
        ends: ends.into(),
        attempts: reply.attempts(),
        deviations: reply.deviations().len(),
        body: Some(reply.body().to_vec()),
        images: reply.images(),
    }
}

async fn waited(client: &Client, id: &str) -> Result<Done, Error> {
    Ok(over(&client.wait(id).await?, id))
}

fn over(task: &Task, id: &str) -> Done {
    assert_eq!(task.id(), id);
    let outcome = task.outcome().expect("what is over has an outcome");
    Done {
        ends: format!("{outcome:?}"),
        attempts: task.reply().attempts(),
        deviations: 0,
        body: Some(task.reply().body().to_vec()),
        images: task.images(),
    }
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
