//! `inkstone studio`: what a page ordered and pays for, whatever becomes of the studio.

#![cfg(unix)]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use test_data::until;

use crate::support::command::{names, pictures, run, spawn, with_keys};
use crate::support::daemon::{Daemon, Reply};
use crate::support::server::{PIXEL, pixel};
use crate::support::studio::{Mood, Studio as Vendor};

/// A studio that is asked as its page asks it, in a group of processes of its own.
struct Studio {
    daemon: Daemon,
    stderr: BufReader<ChildStderr>,
}

impl Studio {
    fn start(vendor: &Vendor, out: &Path) -> Self {
        let mut command = with_keys();
        command.env("DASHSCOPE_BASE_URL", &vendor.url);
        command.args([
            "studio",
            "--no-open",
            "--port=0",
            "--quiet",
            "--tiny",
            "--out",
        ]);
        command.arg(out).process_group(0);
        let mut child = spawn(&mut command);
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let daemon = Daemon::of(child);
        // The hint to open it in a browser.
        stderr.read_line(&mut String::new()).unwrap();
        Self { daemon, stderr }
    }

    fn post(&self, path: &str, body: &Value) -> Reply {
        let [host, cookie] = &self.daemon.page_headers();
        let headers = [host, cookie].map(|(name, value)| (*name, value.as_str()));
        let path = format!("/_studio/{path}");
        self.daemon.post(&path, &headers, body)
    }

    fn get(&self, path: &str) -> Reply {
        let [host, cookie] = &self.daemon.page_headers();
        let headers = [host, cookie].map(|(name, value)| (*name, value.as_str()));
        let path = format!("/_studio/{path}");
        self.daemon.send("GET", &path, &headers, b"")
    }

    /// Orders for real, and confirms the cost.
    fn pay(&self, id: &str, prompt: &str, images: &Value) -> Value {
        let mut request = request(id, prompt, images);
        request["real"] = true.into();
        let asked = self.post("run", &request).json();
        request["confirm"] = asked["confirm"].clone();
        self.post("run", &request).json()
    }

    /// What became of an order.
    fn answer(&self, id: &str) -> Value {
        self.answer_every(id, Duration::from_millis(20))
    }

    fn answer_every(&self, id: &str, pause: Duration) -> Value {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let order = self.get(&format!("order/{id}")).json();
            if !order["answer"].is_null() {
                return order["answer"].clone();
            }
            assert!(Instant::now() < deadline, "{order}");
            std::thread::sleep(pause);
        }
    }

    /// Gives a signal to all of the group, as a terminal does.
    fn signal(&self, name: &str) {
        let group = format!("-{}", self.daemon.id());
        let kill = Command::new("kill").args([name, "--", &group]).status();
        assert!(kill.unwrap().success());
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stderr.read_line(&mut line).unwrap();
        line
    }

    /// Its exit code and what else it said.
    fn ended(mut self) -> (Option<i32>, String) {
        let mut said = String::new();
        self.stderr.read_to_string(&mut said).unwrap();
        (self.daemon.ended(), said)
    }
}

fn request(id: &str, prompt: &str, images: &Value) -> Value {
    json!({"order": id, "api": "dashscope", "model": "qwen-image-2.0", "prompt": prompt,
        "fields": {}, "images": images})
}

/// The only picture.
fn picture(out: &Path) -> String {
    let found = pictures(out);
    assert_eq!(found.len(), 1, "{found:?}");
    out.join(&found[0]).display().to_string()
}

#[test]
fn a_signal_waits_for_what_is_paid_for_and_a_second_one_leaves_it_to_itself() {
    for name in ["-INT", "-TERM", "-HUP"] {
        for is_twice in [false, true] {
            let (vendor, out) = (Vendor::open(), tempfile::tempdir().unwrap());
            vendor.pause(Duration::from_secs(3));
            let mut studio = Studio::start(&vendor, out.path());
            studio.pay("1", "url-1", &json!([]));
            until("it is sent", || !vendor.made().is_empty());
            studio.signal(name);
            let waiting = "waiting for 1 paid request; ctrl-c ends the studio at once, and the \
                           request goes on\n";
            assert_eq!(studio.line(), waiting);
            let refused = studio.pay("2", "url-2", &json!([]));
            assert_eq!(
                refused,
                json!({"error": "the studio is ending: nothing was sent"})
            );
            if is_twice {
                studio.signal(name);
                let left = format!(
                    "warning: 1 paid request goes on by itself, and its pictures come to {}\n",
                    out.path().display()
                );
                assert_eq!(studio.ended(), (Some(0), left));
                assert!(pictures(out.path()).is_empty());
                until("it comes", || pictures(out.path()).len() == 1);
            } else {
                // A page that asks now and then is told before the studio ends, and the terminal
                // whether one asks or not.
                if name == "-INT" {
                    let asked = studio.answer_every("1", Duration::from_millis(400));
                    assert!(asked["error"].is_null(), "{asked}");
                }
                let (code, told) = studio.ended();
                let picture = picture(out.path());
                assert_eq!((code, told), (Some(0), format!("url-1: {picture}\n")));
            }
            assert_eq!(vendor.made(), [("url-1".to_owned(), 1)].into());
        }
    }
}

#[test]
fn a_killed_studio_loses_no_picture_and_its_successor_shows_it() {
    let (vendor, out) = (Vendor::open(), tempfile::tempdir().unwrap());
    vendor.pause(Duration::from_secs(1));
    let studio = Studio::start(&vendor, out.path());
    studio.pay("1", "url-1", &json!([]));
    until("it is sent", || !vendor.made().is_empty());
    studio.signal("-KILL");
    drop(studio);
    until("it comes", || {
        names(out.path())
            .iter()
            .any(|name| name.ends_with(".png.json"))
    });
    let studio = Studio::start(&vendor, out.path());
    assert_eq!(studio.get("order/1").status, 404);
    let made = studio.get("made").json();
    assert_eq!(made["orders"], json!([]));
    assert_eq!(made["saved"][0]["prompt"], "url-1", "{made}");
    let url = made["saved"][0]["image"]["url"].as_str().unwrap();
    let shown = studio.get(url.strip_prefix("/_studio/").unwrap());
    assert_eq!(shown.body, pixel());
}

#[test]
fn an_order_is_sent_once_and_slow_ones_hold_nobody_up() {
    let (vendor, out) = (Vendor::open(), tempfile::tempdir().unwrap());
    let slow = Duration::from_secs(8);
    vendor.pause(slow);
    let studio = Studio::start(&vendor, out.path());
    let start = Instant::now();
    for number in 0..8 {
        studio.pay(&number.to_string(), &format!("url-{number}"), &json!([]));
        let again = studio.pay(&number.to_string(), &format!("url-{number}"), &json!([]));
        assert!(
            again["answer"].is_null() && again["real"] == true,
            "{again}"
        );
    }
    assert_eq!(studio.get("state").status, 200);
    assert_eq!(
        studio.post("check", &request("", "a", &json!([]))).status,
        200
    );
    assert!(start.elapsed() < slow, "{:?}", start.elapsed());
    for number in 0..8 {
        let answer = studio.answer(&number.to_string());
        assert!(answer["error"].is_null(), "{answer}");
    }
    assert!(vendor.made().len() == 8 && vendor.made().values().all(|times| *times == 1));
    assert_eq!(
        studio.get("made").json()["orders"]
            .as_array()
            .unwrap()
            .len(),
        8
    );
}

#[test]
fn any_prompt_arrives_as_it_was_written() {
    let (vendor, out) = (Vendor::open(), tempfile::tempdir().unwrap());
    let studio = Studio::start(&vendor, out.path());
    // Its picture is in the reply: a URL of this length is none.
    let long = format!("inline {}", "猫".repeat(50_000));
    for prompt in ["-", "-5 度的雪景", "--help", "$(true) 'a' \"b\"\nc", &long] {
        let (free, paid) = (
            format!("free{}", prompt.len()),
            format!("paid{}", prompt.len()),
        );
        studio.post("run", &request(&free, prompt, &json!([])));
        studio.pay(&paid, prompt, &json!([]));
        for id in [&free, &paid] {
            let answer = studio.answer(id);
            assert!(answer["error"].is_null(), "{}", answer["error"]);
        }
        assert_eq!(vendor.made().get(prompt), Some(&1), "{:.20}", prompt);
    }
}

#[test]
fn the_record_of_an_edit_names_a_picture_that_stays() {
    let (vendor, out) = (Vendor::open(), tempfile::tempdir().unwrap());
    let studio = Studio::start(&vendor, out.path());
    let uri = format!("data:image/png;base64,{PIXEL}");
    let hash = studio.post("input", &json!({"uri": uri})).json()["hash"].clone();
    let image = json!([{"hash": hash, "name": "我的猫.png"}]);
    let order = studio.pay("1", "add a hat", &image);
    assert_eq!(order["order"], "1", "{order}");
    let answer = studio.answer("1");
    let path = answer["images"][0]["path"].as_str().unwrap();
    let sidecar = format!("{path}.json");
    let record: Value = serde_json::from_slice(&fs::read(&sidecar).unwrap()).unwrap();
    let name = format!("我的猫-{}.png", &hash.as_str().unwrap()[..12]);
    let input = out.path().join("inputs").join(&name);
    assert_eq!(
        record["inputs"][0]["path"],
        input.to_str().unwrap(),
        "{record}"
    );
    assert_eq!(fs::read(input).unwrap(), pixel());
    studio.signal("-TERM");
    studio.ended();
    // Another studio makes it again, with the same picture.
    let studio = Studio::start(&vendor, out.path());
    let saved = studio.get("made").json()["saved"][0].clone();
    let image = json!([{"hash": hash, "name": name}]);
    assert_eq!(saved["images"], image, "{saved}");
    studio.pay("2", "add a hat", &saved["images"]);
    assert_eq!(studio.answer("2")["error"], Value::Null);
    assert_eq!(names(&out.path().join("inputs")), [name]);
    let again = run(with_keys().args(["generate", "--dry-run", "--from", &sidecar]));
    assert_eq!(again.code, 0, "{again:#?}");
}

#[test]
fn what_is_paid_for_in_vain_is_told_by_the_terminal_too() {
    let (vendor, out) = (Vendor::open(), tempfile::tempdir().unwrap());
    vendor.pause(Duration::from_secs(2));
    vendor.moods(&[Mood::Cut]);
    let mut studio = Studio::start(&vendor, out.path());
    studio.pay("1", "url-1", &json!([]));
    until("it is sent", || !vendor.made().is_empty());
    studio.signal("-TERM");
    studio.line();
    let (code, told) = studio.ended();
    assert_eq!(code, Some(0));
    assert!(told.starts_with("error: url-1: "), "{told}");
    assert!(told.contains("billed"), "{told}");
}

#[test]
fn who_has_not_the_address_that_was_printed_orders_nothing() {
    let (vendor, out) = (Vendor::open(), tempfile::tempdir().unwrap());
    let studio = Studio::start(&vendor, out.path());
    let mut paid = request("1", "url-1", &json!([]));
    paid["real"] = true.into();
    // What is to be confirmed is known to whoever has the program.
    paid["confirm"] = studio.post("run", &paid).json()["confirm"].clone();
    assert!(paid["confirm"].is_string());
    let [host, cookie] = studio.daemon.page_headers();
    let other_port = cookie.1.replace("inkstone-studio-", "inkstone-studio-1");
    let said = "open the address that the terminal printed: without it, nobody may use this studio";
    for wrong in [
        "",
        "inkstone-studio-1=",
        &other_port,
        &cookie.1[..cookie.1.len() - 1],
    ] {
        let headers = [("host", host.1.as_str()), ("cookie", wrong)];
        let refused = studio.daemon.post("/_studio/run", &headers, &paid);
        assert_eq!(refused.status, 403, "{wrong}: {refused:?}");
        assert_eq!(refused.json(), json!({"error": said}), "{wrong}");
        for path in [
            "/",
            "/_studio/state",
            "/_studio/made",
            "/_journal",
            "/_stats",
            "/_script",
        ] {
            let refused = studio.daemon.send("GET", path, &headers, b"");
            assert_eq!(refused.status, 403, "{path} {wrong}: {refused:?}");
        }
    }
    let read = [
        ("host", host.1.as_str()),
        ("accept-language", "zh-CN,zh;q=0.9,en;q=0.8"),
    ];
    let refused = studio.daemon.send("GET", "/?token=1", &read, b"");
    let chinese = "请打开终端里显示的地址：没有它，谁也不能使用这个 studio\n";
    assert_eq!(String::from_utf8(refused.body).unwrap(), chinese);
    assert!(vendor.made().is_empty());
    // Whoever has it gets the cookie; the APIs of the sandbox take any key, as ever.
    let page = studio.daemon.url.split_once("/?").unwrap().1;
    let page = studio.daemon.send("GET", &format!("/?{page}"), &read, b"");
    let kept = format!("{}; path=/; httponly; samesite=strict", cookie.1);
    assert_eq!(
        (page.status, page.header("set-cookie")),
        (200, Some(kept.as_str()))
    );
    assert_eq!(studio.daemon.get("/v1/models").status, 200);
}

#[test]
fn scripts_of_the_owner_send_the_token_in_a_header() {
    let (vendor, out) = (Vendor::open(), tempfile::tempdir().unwrap());
    let studio = Studio::start(&vendor, out.path());
    let (_, token) = studio.daemon.url.split_once("token=").unwrap();
    let ask = |method: &str, path: &str, credential: &str| {
        let json = ("content-type", "application/json");
        let headers = [json, ("authorization", credential)];
        let body: &[u8] = if method == "POST" {
            b"{\"status\": 503}"
        } else {
            b""
        };
        studio.daemon.send(method, path, &headers, body).status
    };
    for (method, path) in [
        ("POST", "/_script"),
        ("GET", "/_script"),
        ("GET", "/_journal"),
        ("GET", "/_stats"),
    ] {
        assert_eq!(ask(method, path, &format!("Bearer {token}")), 200, "{path}");
        assert_eq!(ask(method, path, "Bearer any"), 403, "{path}");
    }
}

#[test]
fn each_start_has_a_token_of_its_own_and_what_is_public_needs_none() {
    let (vendor, out) = (Vendor::open(), tempfile::tempdir().unwrap());
    // Nobody opens what somebody else made: this one waits for a writer.
    let pipe = out.path().join("inkstone-studio.html");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let token = || {
        let studio = Studio::start(&vendor, out.path());
        let headers = [("cookie", "")];
        for (method, path, status) in [
            ("GET", "/_studio/app.js", 200),
            ("GET", "/_studio/words.js", 200),
            ("POST", "/_studio/app.js", 403),
            ("GET", "/_studio/none.js", 403),
            ("GET", "/", 403),
        ] {
            let reply = studio.daemon.send(method, path, &headers, b"");
            assert_eq!(reply.status, status, "{method} {path}");
        }
        let (_, token) = studio.daemon.url.split_once("token=").unwrap();
        token.to_owned()
    };
    assert_ne!(token(), token());
    assert_eq!(names(out.path()), ["inkstone-studio.html"]);
}

/// A studio that opens what a program `xdg-open` writes down, where that is, and its folder.
#[cfg(target_os = "linux")]
fn opening(out: &Path, set: impl FnOnce(&mut Command)) -> (Daemon, PathBuf, TempDir) {
    use std::os::unix::fs::PermissionsExt as _;
    let programs = tempfile::tempdir().unwrap();
    let opener = programs.path().join("xdg-open");
    let told = programs.path().join("told");
    let script = format!(
        "#!/bin/sh\nPATH=/usr/bin:/bin\n{{ echo \"$1\"; cat \"$1\"; }} >'{0}.part' 2>&1\nmv '{0}.part' '{0}'\n",
        told.display()
    );
    fs::write(&opener, script).unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o700)).unwrap();
    let mut command = with_keys();
    command.env("PATH", programs.path());
    command.env_remove("BROWSER").env_remove("SSH_CONNECTION");
    command
        .args(["studio", "--port=0", "--quiet", "--out"])
        .arg(out);
    set(&mut command);
    (Daemon::start(&mut command), told, programs)
}

/// A studio, what it opened, and what is there.
#[cfg(target_os = "linux")]
fn opened(out: &Path) -> (Daemon, String, String) {
    let (daemon, told, _programs) = opening(out, |_| {});
    until("it is opened", || told.exists());
    let told = fs::read_to_string(told).unwrap();
    let (argument, text) = told.split_once('\n').unwrap();
    (daemon, argument.to_owned(), text.to_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn the_browser_is_led_to_the_page_by_a_file_that_is_gone_once_it_is_open() {
    let out = tempfile::tempdir().unwrap();
    for is_opened in [true, false] {
        let (studio, argument, text) = opened(out.path());
        let own = Path::new(&argument);
        assert_eq!(own.parent(), Some(out.path()));
        assert!(text.contains(&format!("0;url={}\"", studio.url)), "{text}");
        assert!(own.exists());
        if is_opened {
            let page = studio.url.split_once("/?").unwrap().1;
            assert_eq!(studio.get(&format!("/?{}", &page[1..])).status, 403);
            assert!(own.exists());
            assert_eq!(studio.get(&format!("/?{page}")).status, 200);
        } else {
            studio.terminate();
        }
        assert_eq!(names(out.path()), [""; 0]);
    }
}

/// Whoever came by SSH sees no browser of this machine; others see what its programs were given.
#[cfg(target_os = "linux")]
#[test]
fn no_browser_is_opened_by_ssh() {
    let out = tempfile::tempdir().unwrap();
    let (studio, told, _programs) = opening(out.path(), |command| {
        command.env("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22");
    });
    let page = studio.url.split_once("/?").unwrap().1;
    assert_eq!(studio.get(&format!("/?{page}")).status, 200);
    studio.terminate();
    assert!(!told.exists());
    assert_eq!(names(out.path()), [""; 0]);
}

#[test]
fn a_confirmation_is_of_one_request() {
    let (vendor, out) = (Vendor::open(), tempfile::tempdir().unwrap());
    let studio = Studio::start(&vendor, out.path());
    let ask = |prompt: &str, confirm: &Value| {
        let mut request = request(prompt, prompt, &json!([]));
        request["real"] = true.into();
        request["confirm"] = confirm.clone();
        studio.post("run", &request).json()
    };
    let one = ask("url-1", &Value::Null);
    let other = ask("url-2", &one["confirm"]);
    assert_eq!(other["cost_text"], one["cost_text"]);
    assert!(other["confirm"].is_string() && other["confirm"] != one["confirm"]);
    assert!(vendor.made().is_empty());
    assert_eq!(studio.get("made").json()["orders"], json!([]));
    assert_eq!(ask("url-2", &other["confirm"])["order"], "url-2");
    studio.answer("url-2");
    assert_eq!(vendor.made(), [("url-2".to_owned(), 1)].into());
}

#[test]
fn an_order_names_its_pictures_without_their_bytes() {
    let (vendor, out) = (Vendor::open(), tempfile::tempdir().unwrap());
    let studio = Studio::start(&vendor, out.path());
    let uri = format!("data:image/png;base64,{PIXEL}");
    let hash = studio.post("input", &json!({"uri": uri})).json()["hash"].clone();
    let images = json!([{"uri": uri, "name": "cat.png"}]);
    studio.post("run", &request("1", "a hat", &images));
    let order = studio.get("order/1").json();
    let expected = json!({"api": "dashscope", "model": "qwen-image-2.0", "prompt": "a hat",
        "fields": {}, "images": [{"hash": hash, "name": "cat.png"}]});
    assert_eq!(order["request"], expected);
}

#[test]
fn a_failure_is_told_until_somebody_closes_it() {
    let (vendor, out) = (Vendor::open(), tempfile::tempdir().unwrap());
    vendor.moods(&[Mood::Refused]);
    let studio = Studio::start(&vendor, out.path());
    studio.pay("1", "url-1", &json!([]));
    assert!(studio.answer("1")["error"].is_string());
    let closed = || studio.get("made").json()["orders"][0]["closed"].clone();
    assert_eq!(closed(), false);
    assert_eq!(studio.post("close", &json!({"order": "1"})).status, 200);
    assert_eq!(closed(), true);
    assert_eq!(studio.post("close", &json!({"order": "?"})).status, 200);
}

#[test]
fn a_page_is_answered_in_its_language_and_in_its_words() {
    let (vendor, out) = (Vendor::open(), tempfile::tempdir().unwrap());
    let studio = Studio::start(&vendor, out.path());
    let mut asked = request("", "a cat", &json!([]));
    asked["fields"] = json!({"parameters.n": "２"});
    let found = |language: &str, asked: &Value| {
        let mut asked = asked.clone();
        asked["lang"] = language.into();
        studio.post("check", &asked).json()
    };
    for (language, expected, cost) in [
        (
            "en",
            "an integer",
            "unknown, for the price list does not have this model",
        ),
        ("zh", "整数", "未知，价目表里没有这个模型"),
    ] {
        let answer = found(language, &asked);
        let violation = &answer["violations"][0];
        assert_eq!(violation["pointer"], "/parameters/n", "{answer}");
        assert_eq!(violation["expected"], expected, "{answer}");
        let mut free = asked.clone();
        free["model"] = "qwen-image-2.1-pro".into();
        assert_eq!(found(language, &free)["cost_text"], cost);
    }
    let text = "data:image/png;base64,aGVsbG8=";
    let hash = studio.post("input", &json!({"uri": text})).json()["hash"].clone();
    asked["images"] = json!([{"hash": hash, "name": "我的猫.png"}]);
    for (language, start) in [("en", "我的猫.png: "), ("zh", "我的猫.png：")] {
        let answer = found(language, &asked);
        let error = answer["error"].as_str().unwrap();
        assert!(error.starts_with(start) && !error.contains('/'), "{error}");
    }
}
