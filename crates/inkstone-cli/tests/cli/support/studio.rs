//! A server that makes pictures in every way: behind a URL, in the reply, and by a task; and
//! counts what it made, by prompt.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::server::{PIXEL, pixel, raw_reply, read_request, reply};

/// What becomes of a request for a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// It is carried out.
    Well,
    /// It is carried out, and no reply comes.
    Silent,
    /// It is carried out, and the reply breaks off.
    Cut,
    /// It is not taken, for now.
    Throttled,
    /// It is refused.
    Refused,
}

/// The server, as long as the test runs.
#[derive(Clone)]
pub struct Studio {
    pub url: String,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    /// How often each prompt was carried out.
    made: BTreeMap<String, usize>,
    /// What becomes of the next requests; of later ones, all goes well.
    moods: Vec<Mood>,
    /// How long a request takes.
    pause: Duration,
    /// The tasks, as its list has them.
    tasks: Vec<Value>,
    /// How many connections are not answered yet.
    open: usize,
}

/// A line whose picture comes in one of three ways.
pub fn job(number: usize) -> (String, String) {
    let id = format!("{}-{number}", ["url", "inline", "task"][number % 3]);
    let content = json!([{"role": "user", "content": [{"text": id}]}]);
    let line = match number % 3 {
        2 => json!({"id": id, "async": true, "request": {
            "model": "wan2.7-image",
            "input": {"messages": content},
            "parameters": {"n": 1},
        }}),
        _ => json!({"id": id, "api": "dashscope", "request": {
            "model": "qwen-image-2.0",
            "input": {"messages": content},
            "parameters": {"n": 1},
        }}),
    };
    (id, line.to_string())
}

impl Studio {
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let studio = Self {
            url,
            shared: Arc::default(),
        };
        let serving = studio.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, studio) = (stream.unwrap(), serving.clone());
                studio.shared.lock().unwrap().open += 1;
                thread::spawn(move || {
                    studio.answer(stream);
                    studio.shared.lock().unwrap().open -= 1;
                });
            }
        });
        studio
    }

    /// What becomes of the next requests.
    pub fn moods(&self, moods: &[Mood]) {
        let mut shared = self.shared.lock().unwrap();
        shared.moods = moods.iter().rev().copied().collect();
    }

    pub fn pause(&self, pause: Duration) {
        self.shared.lock().unwrap().pause = pause;
    }

    /// How often each prompt was carried out.
    pub fn made(&self) -> BTreeMap<String, usize> {
        self.shared.lock().unwrap().made.clone()
    }

    /// Waits until it has carried out what a program sent before it was killed.
    pub fn wait_until_quiet(&self) {
        // Connections are taken in their order: this one after those of the program.
        let address = self.url.strip_prefix("http://").unwrap();
        let mut last = TcpStream::connect(address).unwrap();
        last.write_all(b"GET /picture HTTP/1.1\r\n\r\n").unwrap();
        assert_ne!(last.read(&mut [0]).unwrap(), 0);
        test_data::until("it is quiet", || self.shared.lock().unwrap().open == 0);
    }

    fn answer(&self, mut stream: TcpStream) {
        let Some(request) = read_request(&mut stream) else {
            return;
        };
        let path = request.path();
        let body = serde_json::from_slice(&request.body).unwrap_or_default();
        let bytes = match path {
            _ if path.starts_with("/picture") => raw_reply("200 OK", &[], &pixel()),
            _ if path.starts_with("/api/v1/tasks/") => self.task(path),
            _ if path.starts_with("/api/v1/tasks?") => self.tasks(),
            _ => {
                let (mood, pause) = self.take(&body);
                thread::sleep(pause);
                self.generation(&body, mood)
            }
        };
        // The program may be gone.
        let _ = stream.write_all(&bytes);
    }

    fn take(&self, body: &Value) -> (Mood, Duration) {
        let mut shared = self.shared.lock().unwrap();
        let mood = shared.moods.pop().unwrap_or(Mood::Well);
        if !matches!(mood, Mood::Throttled | Mood::Refused) {
            let prompt = prompt(body);
            if prompt.starts_with("task") {
                shared.tasks.push(listed(&prompt, &body["model"]));
            }
            *shared.made.entry(prompt).or_default() += 1;
        }
        (mood, shared.pause)
    }

    fn task(&self, path: &str) -> Vec<u8> {
        let id = path.rsplit('/').next().unwrap_or_default();
        let url = format!("{}/picture/{id}", self.url);
        let output = json!({"task_id": id, "task_status": "SUCCEEDED", "results": [{"url": url}]});
        let body = json!({"request_id": "r", "output": output});
        reply(200, "application/json", &body.to_string())
    }

    /// All tasks, which a program may not know of.
    fn tasks(&self) -> Vec<u8> {
        let tasks = self.shared.lock().unwrap().tasks.clone();
        let body = json!({"request_id": "r", "data": tasks});
        reply(200, "application/json", &body.to_string())
    }

    fn generation(&self, body: &Value, mood: Mood) -> Vec<u8> {
        let id = prompt(body);
        let error = |status, code: &str| {
            let body = json!({"code": code, "message": "no", "request_id": "r"});
            reply(status, "application/json", &body.to_string())
        };
        match mood {
            Mood::Silent => return Vec::new(),
            Mood::Throttled => return error(429, "Throttling.RateQuota"),
            Mood::Refused => return error(400, "DataInspectionFailed"),
            Mood::Well | Mood::Cut => {}
        }
        let image = match id.starts_with("inline") {
            true => format!("data:image/png;base64,{PIXEL}"),
            false => format!("{}/picture/{id}", self.url),
        };
        let output = match id.starts_with("task") {
            true => json!({"task_id": id, "task_status": "PENDING"}),
            false => json!({"choices": [{"finish_reason": "stop", "message": {
                "role": "assistant", "content": [{"image": image}],
            }}]}),
        };
        let body = json!({"request_id": "r", "output": output}).to_string();
        let mut bytes = reply(200, "application/json", &body);
        if mood == Mood::Cut {
            bytes.truncate(bytes.len() - body.len() + 25);
        }
        bytes
    }
}

/// A task as the list has it, which was submitted now.
fn listed(id: &str, model: &Value) -> Value {
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let milliseconds = u64::try_from(now.as_millis()).unwrap();
    json!({"task_id": id, "model_name": model, "status": "SUCCEEDED", "gmt_create": milliseconds})
}

fn prompt(body: &Value) -> String {
    let text = body.pointer("/input/messages/0/content/0/text");
    text.and_then(Value::as_str).unwrap_or_default().to_owned()
}
