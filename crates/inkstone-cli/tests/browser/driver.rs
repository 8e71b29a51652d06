//! Drives a browser by the [WebDriver](https://www.w3.org/TR/webdriver2/) protocol, which is
//! JSON over HTTP.

use std::fs;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// A browser, which ends with its test.
pub struct Browser {
    driver: Child,
    /// What it says, which it can't once nobody would read it.
    _said: BufReader<ChildStdout>,
    address: String,
    session: String,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// `None` where there is no Chromium: the test is to be skipped.
    pub fn start() -> Option<Self> {
        Self::start_with(&json!({}))
    }

    /// One that keeps no cookies.
    pub fn without_cookies() -> Option<Self> {
        const BLOCK: u8 = 2;
        Self::start_with(&json!({"profile.default_content_setting_values.cookies": BLOCK}))
    }

    fn start_with(preferences: &Value) -> Option<Self> {
        let Some(chromium) = find(&["chromium", "chromium-browser"]) else {
            test_data::skip("Chromium is not installed: apt-get install chromium chromium-driver");
            return None;
        };
        let Some(driver) = find(&["chromedriver"]) else {
            test_data::skip("chromedriver is not installed: apt-get install chromium-driver");
            return None;
        };
        let mut browser = Self::drive(&driver);
        browser.open_session(&chromium, preferences);
        Some(browser)
    }

    /// Starts a driver; and another where one ends before it listens, which happens now and then.
    fn drive(program: &str) -> Self {
        for _ in 0..5 {
            let mut command = Command::new(program);
            // It takes a port that is free: one that was free a moment ago may be another driver's.
            command
                .arg("--port=0")
                .stdout(Stdio::piped())
                .stderr(Stdio::null());
            let mut driver = command.spawn().unwrap();
            let mut said = BufReader::new(driver.stdout.take().unwrap());
            match port(&mut said) {
                Some(port) => {
                    return Self {
                        driver,
                        _said: said,
                        address: format!("127.0.0.1:{port}"),
                        session: String::new(),
                        _profile: tempfile::tempdir().unwrap(),
                    };
                }
                None => drop(driver.wait()),
            }
        }
        panic!("no driver listens");
    }

    fn open_session(&mut self, chromium: &str, preferences: &Value) {
        let profile = format!("--user-data-dir={}", self._profile.path().display());
        let args = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            &profile,
        ];
        let options = json!({"args": args, "binary": chromium, "prefs": preferences});
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let session = self.send("POST", "/session", &wanted);
        self.session = format!("/session/{}", session["sessionId"].as_str().unwrap());
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        let reply = read_reply(&mut stream);
        let value = reply["value"].clone();
        assert!(value["error"].is_null(), "{path}: {value:#}");
        value
    }

    fn command(&self, path: &str, body: &Value) -> Value {
        self.send("POST", &format!("{}{path}", self.session), body)
    }

    /// Opens a page.
    pub fn open(&self, url: &str) {
        self.command("/url", &json!({"url": "about:blank"}));
        self.command("/url", &json!({"url": url}));
    }

    /// What a script returns; `arguments` are its own.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.command(
            "/execute/sync",
            &json!({"script": script, "args": arguments}),
        )
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub fn wait(&self, expression: &str) {
        let script = format!("return Boolean({expression})");
        test_data::until(expression, || self.run(&script, &[]) == true);
    }

    /// Waits until an element has this text.
    #[track_caller]
    pub fn wait_for_text(&self, selector: &str, text: &str) {
        let selector = json!(selector);
        let found = format!("document.querySelector({selector})?.textContent");
        self.wait(&format!("{found} === {}", json!(text)));
    }

    /// Clicks on the first element that is selected.
    pub fn click(&self, selector: &str) {
        self.run(
            "document.querySelector(arguments[0]).click()",
            &[json!(selector)],
        );
    }

    /// Presses keys, as `\u{e014}` for an arrow to the right.
    pub fn press(&self, keys: &str) {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({"type": kind, "value": key})))
            .collect();
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": actions});
        self.command("/actions", &json!({"actions": [keyboard]}));
    }

    /// The size of the window, and light or dark.
    pub fn look(&self, (width, height): (u32, u32), scheme: &str) {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics);
        let feature = json!({"name": "prefers-color-scheme", "value": scheme});
        self.devtools("Emulation.setEmulatedMedia", json!({"features": [feature]}));
    }

    /// Brings its tab in front of the others: pictures of those that nobody sees are not loaded.
    pub fn look_at(&self) {
        self.devtools("Page.bringToFront", json!({}));
    }

    /// Forgets all cookies.
    pub fn forget(&self) {
        self.devtools("Network.clearBrowserCookies", json!({}));
    }

    fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.command(
            "/goog/cdp/execute",
            &json!({"cmd": command, "params": parameters}),
        )
    }

    /// What axe-core finds wrong for those who can't see or use no mouse.
    pub fn axe(&self) -> Vec<String> {
        let axe = std::env::var_os("INKSTONE_AXE").map_or_else(
            || {
                Path::new(env!("CARGO_MANIFEST_DIR"))
                    .join("../../target/axe/node_modules/axe-core/axe.min.js")
            },
            Into::into,
        );
        let Ok(source) = fs::read_to_string(&axe) else {
            test_data::skip(format!(
                "{} does not exist: npm install --prefix target/axe axe-core, or INKSTONE_AXE",
                axe.display()
            ));
            return Vec::new();
        };
        self.run(&format!("{source}\nwindow.axe = axe;"), &[]);
        let script = "const done = arguments[arguments.length - 1]; axe.run().then((found) => \
                      done(found.violations.flatMap((one) => one.nodes.map((node) => \
                      `${one.id}: ${node.html.slice(0, 200)}`))))";
        let found = self.command("/execute/async", &json!({"script": script, "args": []}));
        let found = found.as_array().unwrap().iter();
        found.map(|one| one.as_str().unwrap().to_owned()).collect()
    }

    /// Saves what is seen, where `INKSTONE_SCREENSHOTS` names a directory.
    pub fn shoot(&self, name: &str) {
        let Some(directory) = std::env::var_os("INKSTONE_SCREENSHOTS") else {
            return;
        };
        // Pictures that are in sight come when they are asked for.
        let script = "const done = arguments[arguments.length - 1]; \
                      const inSight = (image) => { const { top, bottom } = image.getBoundingClientRect(); \
                      return bottom > 0 && top < innerHeight; }; \
                      const loaded = (image) => image.decode().catch(() => null); \
                      Promise.all([...document.images].filter(inSight).map(loaded)).then(() => done(true))";
        self.command("/execute/async", &json!({"script": script, "args": []}));
        let reply = self.devtools("Page.captureScreenshot", json!({"format": "png"}));
        let file = STANDARD.decode(reply["data"].as_str().unwrap()).unwrap();
        fs::write(Path::new(&directory).join(format!("{name}.png")), file).unwrap();
    }

    /// What the browser complained of, as of a request that the policy forbids.
    pub fn complaints(&self) -> Vec<String> {
        let entries = self.command("/se/log", &json!({"type": "browser"}));
        let entries = entries.as_array().unwrap().iter();
        entries.map(|entry| entry["message"].to_string()).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.send("DELETE", &self.session, &Value::Null);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The port that a driver says it was started on; `None` if it ends before.
fn port(said: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    while said.read_line(&mut line).unwrap() > 0 {
        if let Some((_, rest)) = line.trim_end().split_once("started successfully") {
            // One that does not say which would be waited for without end.
            let port = rest.strip_prefix(" on port ").unwrap();
            return Some(port.trim_end_matches('.').to_owned());
        }
        line.clear();
    }
    None
}

/// The JSON of a reply, whose length is announced: the driver keeps the connection open.
fn read_reply(stream: &mut TcpStream) -> Value {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().unwrap();
            }
            None if line.trim().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    serde_json::from_slice(&body).unwrap()
}

/// The first of these programs that is installed.
fn find(names: &[&str]) -> Option<String> {
    let paths = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&paths)
        .flat_map(|directory| names.iter().map(move |name| directory.join(name)));
    let mut found = found.filter(|path| path.is_file());
    Some(found.next()?.display().to_string())
}
