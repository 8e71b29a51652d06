//! Plays one fault in one call, holds what came of it against the rules that no
//! fault breaks, and says the rest as the table does.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use inkstone::{Client, DOCUMENTS, Downloads, Error, Retries};
use inkstone_sandbox::{Sandbox, Stats};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::KEY;
use crate::call::{Before, Call, Done};
use crate::relay::{Relay, Trap};
use crate::table::Row;

/// How long a call may take, and how long a server may be silent.
struct Limits {
    deadline: Duration,
    silence: Duration,
}

const SHORT: Limits = Limits {
    deadline: Duration::from_secs(3),
    silence: Duration::from_millis(500),
};
const LONG: Limits = Limits {
    deadline: Duration::from_secs(60),
    silence: Duration::from_secs(30),
};

/// How much longer than its deadline a call may take on a busy machine.
const GRACE: Duration = Duration::from_secs(5);

/// What comes this long before a deadline may find the call over.
const ON_ITS_WAY: Duration = Duration::from_millis(50);

/// The longest reply, and the longest picture.
const LONGEST: usize = 1 << 20;

const MILLISECOND: Duration = Duration::from_millis(1);

/// The documents of the calls: more of them would only take time.
const SERVED: [&str; 10] = [
    "error",
    "generation-query",
    "images-edits",
    "images-generations",
    "qwen-image-2.0",
    "task-cancel",
    "task-list",
    "task-query",
    "wan2.7-image-async",
    "wan2.7-image-pro",
];

pub async fn sandbox() -> Sandbox {
    let mut builder = Sandbox::builder().tiny(true);
    for document in DOCUMENTS {
        if SERVED.contains(&document.name) {
            let json = serde_json::from_str(document.json).expect("JSON");
            builder = builder.document(document.api, document.name, json);
        }
    }
    builder.start().await.expect("the sandbox starts")
}

/// The client that meets a fault.
fn client(url: &str, row: &Row) -> Client {
    let limits = row.limits();
    let retries = Retries::default().backoff(MILLISECOND, 5 * MILLISECOND);
    let downloads = Downloads::new()
        .backoff(MILLISECOND)
        .read_timeout(limits.silence)
        .deadline(limits.deadline)
        .max_bytes(LONGEST as u64);
    let builder = Client::builder(url)
        .key(KEY)
        .retries(retries.retry_unknown(row.retry_unknown))
        .read_timeout(limits.silence)
        .deadline(limits.deadline)
        .polling(MILLISECOND, 5 * MILLISECOND)
        .largest_reply(LONGEST)
        .downloads(downloads);
    builder.build().expect("a client")
}

/// A client that waits, for what has to be done before a fault.
pub fn patient(url: &str) -> Client {
    Client::builder(url).key(KEY).build().expect("a client")
}

/// Where faults are played, one after another.
pub struct Stage {
    sandbox: Sandbox,
    relay: Relay,
    /// What has to be done before a fault is done by this.
    patient: Client,
}

impl Stage {
    pub async fn set() -> Self {
        let sandbox = sandbox().await;
        let relay = Relay::to(sandbox.url()).await;
        let patient = patient(&relay.url);
        Self {
            sandbox,
            relay,
            patient,
        }
    }
}

impl Row {
    fn limits(&self) -> &'static Limits {
        match self.hurried {
            true => &SHORT,
            false => &LONG,
        }
    }
}

/// What became of a call.
struct Played {
    result: Result<Done, Error>,
    took: Duration,
    before: Stats,
    after: Stats,
    /// The body that came last, as the wire had it.
    wire: Option<Vec<u8>>,
    /// As much of it as a call that was stopped by its deadline must have read.
    in_time: Option<Vec<u8>>,
    trapped: String,
    directory: tempfile::TempDir,
}

/// What becomes of `call` when it meets the fault of `row`, in the table's words,
/// and the rules that it breaks. Nothing is left of an earlier script.
pub async fn play(stage: &Stage, row: &Row, call: Call) -> (Value, Vec<String>) {
    let Stage {
        sandbox,
        relay,
        patient,
    } = stage;
    let trap = Trap::set().await;
    let prepared = call.prepare(patient).await;
    let client = client(&relay.url, row);
    let script = row.script(call, KEY, &trap.url);
    sandbox.script(&script).expect(&row.fault);
    let directory = tempfile::tempdir().expect("a directory");
    relay.forget();
    let before = sandbox.stats();
    let start = Instant::now();
    let result = call.make(&client, &prepared, directory.path()).await;
    let end = Instant::now();
    let played = Played {
        result,
        took: end - start,
        before,
        after: sandbox.stats(),
        wire: relay.last_body(Instant::now()),
        in_time: relay.last_body(
            end - if row.hurried {
                ON_ITS_WAY
            } else {
                Duration::ZERO
            },
        ),
        trapped: trap.heard(),
        directory,
    };
    if let Ok(done) = &played.result {
        for image in &done.images {
            // What is not there is missing among the files.
            let _ = client.save(image, played.directory.path(), "cat").await;
        }
    }
    drop(client);
    clear(sandbox).await;
    let broken = played.broken(row, call, &prepared);
    (played.in_words(), broken)
}

/// Takes back what was not played of a script. A connection that a step is to end
/// before it is read takes the step with it, so it may take another.
async fn clear(sandbox: &Sandbox) {
    const REQUEST: &[u8] =
        b"DELETE /_script HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let address = sandbox.url().strip_prefix("http://").expect("a URL");
    let ask = async || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(REQUEST).await?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await?;
        Ok(reply)
    };
    while !ask().await.is_ok_and(|it| it.starts_with("HTTP/1.1 200")) {}
}

/// A rule: whether it holds, and what is so where it doesn't.
type Rule = (bool, String);

/// Every file is a picture under a name of its own, which says so if it is not whole.
fn is_picture((name, bytes): &(String, Vec<u8>)) -> Rule {
    let is_named = name.starts_with("cat") && name.ends_with(".png");
    let holds = is_named && is_whole(bytes) != name.contains("cut-short");
    (holds, format!("{name} has {} bytes", bytes.len()))
}

impl Played {
    /// How often something was submitted by the call.
    fn submitted(&self) -> u64 {
        self.after.submitted - self.before.submitted
    }

    /// Which of the rules are broken that hold for every call, whatever befalls it.
    fn broken(&self, row: &Row, call: Call, prepared: &Before) -> Vec<String> {
        let is_paid = !matches!(prepared, Before::Nothing);
        let mut rules = vec![
            (
                self.took < row.limits().deadline + GRACE,
                format!("took {:?}", self.took),
            ),
            (
                self.took >= Duration::from_millis(row.least),
                format!("took {:?} only", self.took),
            ),
            self.is_submitted_once(row),
            self.is_all_asked_told(call),
            self.is_all_kept(call),
            self.is_trap_empty(call),
        ];
        rules.extend(files(self.directory.path()).iter().map(is_picture));
        if let Err(error) = &self.result {
            rules.extend(self.is_honest(error, is_paid));
        }
        let broken = rules.into_iter().filter(|(holds, _)| !holds);
        broken.map(|(_, what)| what).collect()
    }

    fn is_submitted_once(&self, row: &Row) -> Rule {
        let holds = self.submitted() <= 1 || row.retry_unknown;
        (holds, format!("submitted {} times", self.submitted()))
    }

    /// What waits asks more than once, and a download follows redirects; what is not
    /// sent is attempted and not heard of.
    fn is_all_asked_told(&self, call: Call) -> Rule {
        let told = match &self.result {
            Ok(done) => done.attempts,
            Err(error) => error.attempts(),
        };
        let asked = self.after.requests - self.before.requests;
        let is_more = call.waits();
        let holds = is_more || asked <= u64::from(told);
        (holds, format!("asked {asked} times, and told of {told}"))
    }

    /// All that came is to be had.
    fn is_all_kept(&self, call: Call) -> Rule {
        let kept = match &self.result {
            Ok(done) => done.body.as_deref(),
            Err(error) => error.body().map(|it| &it[..]),
        };
        // The key is blanked wherever a reply quotes it.
        let came = without_key(&unpacked(self.wire.as_deref().unwrap_or_default()));
        let in_time = without_key(&unpacked(self.in_time.as_deref().unwrap_or_default()));
        let length = kept.map_or(0, <[u8]>::len);
        // A picture is still where it was, and what is said of a task is said again.
        let is_there = call.waits();
        let is_elsewhere = kept.is_none() && is_there || !self.trapped.is_empty();
        let due = in_time.len().min(LONGEST)..=came.len().min(LONGEST);
        let is_all = due.contains(&length) || is_elsewhere;
        let is_same = is_elsewhere || kept.is_none_or(|kept| came.starts_with(kept));
        let what = format!("{length} of {} bytes kept, the same: {is_same}", came.len());
        (is_all && is_same, what)
    }

    /// No other host hears of the key, nor of anything where nothing is downloaded.
    fn is_trap_empty(&self, call: Call) -> Rule {
        let heard = &self.trapped;
        let holds = !heard.contains(KEY) && (call == Call::Save || heard.is_empty());
        (holds, format!("another host heard {heard:?}"))
    }

    /// Whether an error keeps the key to itself, says that what was taken may be
    /// billed, and does not have it sent again.
    fn is_honest(&self, error: &Error, is_paid: bool) -> [Rule; 3] {
        let shown = shown(error);
        let is_submitted = self.submitted() > 0;
        let is_billed = error.may_have_been_billed() || !(is_paid || is_submitted);
        let goes_on = error.task_id().is_some();
        let is_safe = !is_submitted || goes_on || !error.is_retryable();
        [
            // Nor most of it, where an excerpt was cut.
            (!shown.contains(&KEY[..8]), format!("shows {shown}")),
            (is_billed, format!("hides what it costs: {error}")),
            (is_safe, format!("would be paid for twice: {error}")),
        ]
    }

    /// What came of it, as the table says it: what is usual is left out.
    fn in_words(&self) -> Value {
        let mut words = Map::new();
        match &self.result {
            Ok(done) => {
                words.insert("ends".into(), done.ends.as_str().into());
                note(&mut words, "attempts", u64::from(done.attempts), 1);
                note(&mut words, "deviations", done.deviations as u64, 0);
            }
            Err(error) => {
                words.insert("ends".into(), format!("{:?}", error.stage()).into());
                note(&mut words, "attempts", u64::from(error.attempts()), 1);
                for (name, holds) in [
                    ("again", error.is_retryable()),
                    ("billed", error.may_have_been_billed()),
                ] {
                    if holds {
                        words.insert(name.into(), true.into());
                    }
                }
            }
        }
        note(&mut words, "submitted", self.submitted(), 0);
        note(
            &mut words,
            "files",
            files(self.directory.path()).len() as u64,
            0,
        );
        words.into()
    }
}

fn note(words: &mut Map<String, Value>, name: &str, number: u64, usual: u64) {
    if number != usual {
        words.insert(name.into(), json!(number));
    }
}

/// All that an error shows of itself.
fn shown(error: &Error) -> String {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut next = std::error::Error::source(error);
    while let Some(source) = next {
        shown += &format!(" {source} {source:?}");
        next = source.source();
    }
    shown
}

/// The files in a directory, hidden ones among them.
pub fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let file = |name: String| {
        let bytes = fs::read(directory.join(&name)).expect("a file");
        (name, bytes)
    };
    let names = test_data::files::names(directory);
    names.into_iter().map(file).collect()
}

/// Whether a picture has a beginning and an end.
pub fn is_whole(png: &[u8]) -> bool {
    png.starts_with(b"\x89PNG\r\n\x1a\n") && png.trim_ascii_end().ends_with(b"IEND\xaeB`\x82")
}

/// What came as it is kept: a body that is compressed is not.
fn unpacked(came: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    let is_packed = came.starts_with(b"\x1f\x8b");
    match is_packed && GzDecoder::new(came).read_to_end(&mut whole).is_ok() {
        true => whole,
        false => came.to_vec(),
    }
}

/// What came without the key.
fn without_key(came: &[u8]) -> Vec<u8> {
    let mut left = Vec::new();
    let mut rest = came;
    while let Some((first, more)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(KEY.as_bytes()) {
            left.extend("…".bytes());
            rest = after;
        } else {
            left.push(*first);
            rest = more;
        }
    }
    left
}
