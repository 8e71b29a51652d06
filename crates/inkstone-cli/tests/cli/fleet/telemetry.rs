//! What a worker tells of its work, if it is asked to: metrics and traces.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::fleet::scene::{Fleet, Worker, jobs};
use crate::support::command::{KEY, run};
use crate::support::served::Served;
use crate::support::server::{Request, read_request};

/// What is at a path of a server, if there is one.
fn get(address: &str, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply).ok()?;
    Some(reply)
}

/// The value of a metric.
fn metric(text: &str, name: &str) -> Option<f64> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{name} ")));
    line.map(|value| value.parse().unwrap())
}

#[test]
fn prometheus_reads_what_a_worker_counts() {
    let Some(mut fleet) = Fleet::new(&jobs(30)) else {
        return;
    };
    let served = Served::with(&json!([{"delay": 150, "times": "always"}]));
    fleet
        .environment
        .push(("INKSTONE_BASE_URL", served.url.clone()));
    let address = format!("127.0.0.1:{}", test_data::ports::free());
    let flags = ["--concurrency=2", "--metrics", &address];
    let batch = Worker::start(&mut fleet.batch(&flags));
    let mut last = String::new();
    test_data::until("a picture is counted", || {
        last = get(&address, "/metrics").unwrap_or_default();
        metric(&last, "inkstone_store_bytes_total").is_some_and(|bytes| bytes > 0.0)
    });
    let other = get(&address, "/").unwrap();
    assert!(other.starts_with("HTTP/1.1 404"), "{other}");
    assert!(last.starts_with("HTTP/1.1 200 OK"), "{last}");
    for name in [
        "inkstone_claims_total",
        "inkstone_sends_total",
        "inkstone_database_seconds_total",
    ] {
        assert!(metric(&last, name).unwrap() > 0.0, "{name}\n{last}");
    }
    assert_eq!(metric(&last, "inkstone_journal_up"), Some(1.0));
    let replies = metric(&last, "inkstone_replies_total{status=\"200\"}");
    assert!(replies.is_some_and(|replies| replies > 0.0), "{last}");
    let states = last
        .lines()
        .filter(|line| line.starts_with("inkstone_jobs{state="));
    let total: u64 = states
        .map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap())
        .sum();
    assert_eq!(total, 30, "{last}");
    assert_eq!(batch.wait(), Some(0));
    // A place that is taken is said before anything is sent.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = run(&mut fleet.command(&["work", "--metrics", &address]));
    assert_eq!(refused.code, 2, "{refused:#?}");
    let said = format!("error: --metrics {address} can't be listened at: ");
    assert!(refused.stderr.starts_with(&said), "{refused:#?}");
}

/// A collector of OpenTelemetry's, which keeps the bodies that come for traces.
fn collector() -> (String, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let kept = bodies.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, kept) = (stream.unwrap(), kept.clone());
            std::thread::spawn(move || {
                let Request { head, body } = read_request(&mut stream).unwrap();
                let reply = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                    content-length: 2\r\nconnection: close\r\n\r\n{}";
                stream.write_all(reply.as_bytes()).unwrap();
                if head.starts_with("POST /v1/traces ") {
                    kept.lock()
                        .unwrap()
                        .push(serde_json::from_slice(&body).unwrap());
                }
            });
        }
    });
    (url, bodies)
}

#[test]
fn traces_go_to_the_collector_that_the_environment_names() {
    let Some(mut fleet) = Fleet::new(&jobs(2)) else {
        return;
    };
    let served = Served::with(&json!([]));
    fleet
        .environment
        .push(("INKSTONE_BASE_URL", served.url.clone()));
    let (url, bodies) = collector();
    let mut command = fleet.batch(&[]);
    let run = run(command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &url));
    assert_eq!(run.code, 0, "{run:#?}");
    let bodies = bodies.lock().unwrap();
    let text = Value::Array(bodies.clone()).to_string();
    assert!(!text.contains(KEY), "the key is in a trace");
    let spans: Vec<&Value> = bodies
        .iter()
        .flat_map(|body| body["resourceSpans"].as_array().unwrap())
        .flat_map(|resource| resource["scopeSpans"].as_array().unwrap())
        .flat_map(|scope| scope["spans"].as_array().unwrap())
        .collect();
    let named =
        |name: &str| -> Vec<&&Value> { spans.iter().filter(|span| span["name"] == name).collect() };
    let jobs = named("job");
    assert_eq!(jobs.len(), 2, "{text}");
    let attribute = |span: &Value, key: &str| {
        let all = span["attributes"].as_array().unwrap();
        let found = all.iter().find(|attribute| attribute["key"] == key);
        found.map(|attribute| attribute["value"]["stringValue"].clone())
    };
    assert!(
        jobs.iter()
            .all(|job| attribute(job, "ending") == Some(json!("Done"))),
        "{text}"
    );
    // What a job did is below it.
    for name in ["request", "picture", "journal"] {
        let below = named(name);
        let is_below =
            |span: &&&Value| jobs.iter().any(|job| job["spanId"] == span["parentSpanId"]);
        assert!(
            below.iter().filter(|span| is_below(span)).count() >= 2,
            "{name}\n{text}"
        );
    }
    assert!(text.contains("\"stringValue\":\"inkstone\""), "{text}");
}
