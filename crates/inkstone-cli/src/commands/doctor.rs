//! `inkstone doctor`: whether a request could be made, without making one.

use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, SystemTime};
use std::{env, io};

use inkstone::{
    ApiFacts, Downloads, Operation, TaskFilter, is_loopback, system_proxies, task_list, task_query,
};
use serde_json::{Value, json};
use tr::tr;
use url::{Position, Url};

use crate::args::api::Api;
use crate::args::doctor::DoctorArgs;
use crate::client::address::Address;
use crate::client::call_error;
use crate::client::runtime;
use crate::console;
use crate::error::{CliError, Code};
use crate::output::files;
use crate::wrap::padded;

/// How long a question may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How far the clock may be off before signatures and dates of pictures suffer.
const CLOCK: Duration = Duration::from_secs(120);

/// How much room a batch should have, in bytes.
const ROOM: u64 = 1 << 30;

/// The variables that name a proxy.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Ok,
    /// Something may be wrong.
    Doubt,
    /// A request would fail, with this code.
    Fail(Code),
}

/// What was checked, and what came of it.
struct Finding {
    subject: String,
    mark: Mark,
    text: String,
    hint: Option<String>,
}

impl Finding {
    fn new(subject: impl Into<String>, mark: Mark, text: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            mark,
            text: text.into(),
            hint: None,
        }
    }

    fn failed(subject: impl Into<String>, error: CliError) -> Self {
        Self {
            hint: error.hint,
            ..Self::new(subject, Mark::Fail(error.code), error.message)
        }
    }

    fn print(&self) -> Result<(), CliError> {
        let (mark, colour) = match self.mark {
            Mark::Ok => (tr!("ok"), "32"),
            Mark::Doubt => (tr!("note"), "33"),
            Mark::Fail(_) => (tr!("wrong"), "31"),
        };
        let text = format!("{}: {}", self.subject, self.text);
        console::marked(&padded(&mark, 5), colour, &text)?;
        match &self.hint {
            Some(hint) => console::prose(&console::printable(&format!("       {hint}"))),
            None => Ok(()),
        }
    }

    fn json(&self) -> Value {
        let mark = match self.mark {
            Mark::Ok => "ok",
            Mark::Doubt => "note",
            Mark::Fail(_) => "wrong",
        };
        json!({"subject": self.subject, "state": mark, "text": self.text, "hint": self.hint})
    }
}

pub fn run(args: &DoctorArgs) -> Result<(), CliError> {
    let apis = ApiFacts::all().iter();
    let apis = apis.filter(|facts| args.api.is_none_or(|api| api.name() == facts.name));
    let apis: Vec<Vec<Finding>> = apis.map(|facts| api(facts, args)).collect();
    let is_usable = |findings: &Vec<Finding>| {
        !findings
            .iter()
            .any(|finding| matches!(finding.mark, Mark::Fail(_)))
    };
    let has_usable = apis.iter().any(is_usable);
    let mut findings: Vec<Finding> = apis.into_iter().flatten().collect();
    let own = findings.len();
    findings.extend([proxy(), disk(&args.out)]);
    match args.json {
        true => console::json(&json!({
            "usable": has_usable,
            "findings": findings.iter().map(Finding::json).collect::<Vec<_>>(),
        }))?,
        false => findings.iter().try_for_each(Finding::print)?,
    }
    let of_apis = findings[..own].iter().filter(|_| !has_usable);
    let mut wrong = findings[own..].iter().chain(of_apis);
    let code = wrong.find_map(|finding| match finding.mark {
        Mark::Fail(code) => Some(code),
        _ => None,
    });
    match code {
        Some(code) => Err(CliError::new(code, tr!("a request would fail")).hint(tr!(
            "try `inkstone generate --sandbox \"a cat\"`, which needs neither key nor network"
        ))),
        None => Ok(()),
    }
}

/// Key, address and region of an API, and whether it answers.
fn api(facts: &ApiFacts, args: &DoctorArgs) -> Vec<Finding> {
    let name = facts.name;
    let Some(operation) = Api::find(name).and_then(Api::operation) else {
        return Vec::new();
    };
    let address = match Address::find(operation, &args.address) {
        Ok(address) => address,
        Err(error) => return vec![Finding::failed(name, error)],
    };
    let region = args.address.region.clone();
    let region = region.or_else(|| ApiFacts::region_of(address.base()));
    let base = address.base();
    let place = match &region {
        Some(region) => tr!("{base}, region {region}", base, region),
        None => base.to_owned(),
    };
    let length = address.key().expose().trim().len();
    let variable = &facts.key_variable;
    let key = tr!("{variable} is set, {length} characters", variable, length);
    let mut findings = vec![
        Finding::new(tr!("{name} address", name), Mark::Ok, place),
        Finding::new(tr!("{name} key", name), Mark::Ok, key),
    ];
    findings.extend(answer(name, operation, &address));
    findings
}

/// Whether the API answers: by a question that is free where there is one, which tells whether
/// it takes the key as well; else by a connection alone.
fn answer(name: &str, operation: &Operation, address: &Address) -> Vec<Finding> {
    let query = task_query(operation.api);
    let Some(query) = query.filter(|query| task_list(query.api).is_some()) else {
        return vec![connection(name, address)];
    };
    let filter = TaskFilter {
        page_size: Some(1),
        ..TaskFilter::default()
    };
    let asked = runtime::run(async {
        let client = address.client(Downloads::new())?.with_tasks_of(query);
        let listed = client.with_deadline(PATIENCE).list(&filter).await;
        listed.map_err(|error| call_error::without_key(&error, address.key()))
    });
    match asked {
        Ok(list) => {
            let taken = tr!("it answers, and takes the key");
            let date = list.reply().headers().get("date");
            let date = date.and_then(|date| date.to_str().ok());
            let mut findings = vec![Finding::new(tr!("{name} network", name), Mark::Ok, taken)];
            findings.extend(date.and_then(clock));
            findings
        }
        Err(error) => vec![Finding::failed(tr!("{name} network", name), error)],
    }
}

/// Whether a connection to the host can be made.
fn connection(name: &str, address: &Address) -> Finding {
    let subject = tr!("{name} network", name);
    let url = Url::parse(address.base()).ok();
    let host = url.as_ref().map_or(address.base(), |url| {
        &url[Position::BeforeHost..Position::AfterPort]
    });
    // As requests go.
    let is_near = url.as_ref().is_some_and(is_loopback);
    let by_proxy = url.as_ref().filter(|_| !is_near);
    let proxy = by_proxy.and_then(|url| system_proxies().proxy_for(url));
    let (reached, text) = match &proxy {
        Some(proxy) => (
            Url::parse(proxy).ok(),
            tr!(
                "the proxy {proxy} can be reached; whether it leads to {host}, only a request tells",
                proxy,
                host
            ),
        ),
        None => (
            url.clone(),
            tr!(
                "{host} can be reached; whether it takes the key, only a request tells",
                host
            ),
        ),
    };
    match connect(reached.as_ref()) {
        Ok(()) => Finding::new(subject, Mark::Ok, text),
        Err(error) => {
            let text = match proxy {
                Some(proxy) => tr!("the proxy {proxy} can't be reached: {error}", proxy, error),
                None => tr!("{host} can't be reached: {error}", host, error),
            };
            Finding {
                hint: Some(tr!("check the address, the network and the proxy")),
                ..Finding::new(subject, Mark::Fail(Code::NotSent), text)
            }
        }
    }
}

/// Connects to the host of a URL; the last failure is told.
fn connect(url: Option<&Url>) -> io::Result<()> {
    let nowhere = || io::Error::from(io::ErrorKind::NotFound);
    // The port of a SOCKS proxy is a convention of its own.
    let addresses = url.ok_or_else(nowhere)?.socket_addrs(|| Some(1080))?;
    let mut connected = Err(nowhere());
    for address in &addresses {
        connected = TcpStream::connect_timeout(address, PATIENCE).map(drop);
        if connected.is_ok() {
            break;
        }
    }
    connected
}

/// How far the clock is from that of a reply.
fn clock(date: &str) -> Option<Finding> {
    let theirs = httpdate::parse_http_date(date).ok()?;
    let ours = SystemTime::now();
    let off = ours
        .duration_since(theirs)
        .unwrap_or_else(|error| error.duration());
    let seconds = off.as_secs();
    Some(match off > CLOCK {
        true => Finding {
            hint: Some(tr!("set the clock: URLs of pictures expire by it")),
            ..Finding::new(
                tr!("clock"),
                Mark::Doubt,
                tr!("{seconds} seconds off that of the API", seconds),
            )
        },
        false => Finding::new(tr!("clock"), Mark::Ok, tr!("as that of the API")),
    })
}

fn proxy_variable() -> Option<(&'static str, String)> {
    PROXIES.iter().find_map(|name| {
        let value = env::var(name).ok().filter(|value| !value.is_empty())?;
        Some((*name, value))
    })
}

fn proxy() -> Finding {
    let Some((name, value)) = proxy_variable() else {
        return Finding::new(tr!("proxy"), Mark::Ok, tr!("none is set"));
    };
    // A proxy's address may have a password.
    let host = value.rsplit('@').next().unwrap_or_default();
    match is_proxy(&value) {
        true => Finding::new(
            tr!("proxy"),
            Mark::Ok,
            tr!("{name} names {host}", name, host),
        ),
        false => Finding {
            hint: Some(tr!("write it as http://HOST:PORT or socks5://HOST:PORT")),
            ..Finding::new(
                tr!("proxy"),
                Mark::Doubt,
                tr!(
                    "{name} names {host}, which is no proxy: requests go without one",
                    name,
                    host
                ),
            )
        },
    }
}

/// Whether requests would go by what a variable names.
fn is_proxy(value: &str) -> bool {
    const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];
    let value = value.trim_end_matches('/');
    let url = match value.contains("://") {
        true => Url::parse(value),
        // A host and a port, or a whole URL: `socks5:/host` is neither.
        false if value.contains('/') => return false,
        false => Url::parse(&format!("http://{value}")),
    };
    url.is_ok_and(|url| url.has_host() && SCHEMES.contains(&url.scheme()))
}

/// Whether pictures can be saved.
fn disk(out: &Path) -> Finding {
    let subject = tr!("disk");
    let place = out.display();
    // What is not there is made by what saves pictures there.
    let mut above = out.ancestors();
    let existing = above.find(|place| place.exists() || place.as_os_str().is_empty());
    let existing = existing.filter(|place| !place.as_os_str().is_empty());
    let existing = existing.unwrap_or(Path::new("."));
    if let Err(error) = files::prepare_out(existing) {
        return Finding::failed(subject, error);
    }
    let free = files::free(existing);
    let text = match free {
        Some(free) if free < ROOM => tr!(
            "{place} can be written to; only {free} MiB are free",
            place,
            free = free >> 20
        ),
        Some(free) => tr!(
            "{place} can be written to; {free} GiB are free",
            place,
            free = free >> 30
        ),
        None => tr!("{place} can be written to", place),
    };
    let mark = match free.is_some_and(|free| free < ROOM) {
        true => Mark::Doubt,
        false => Mark::Ok,
    };
    Finding::new(subject, mark, text)
}
