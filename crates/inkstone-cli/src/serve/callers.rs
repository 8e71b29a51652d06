//! Who may order pictures: a file of keys, one for each caller, with budgets and limits.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use hyper::StatusCode;
use hyper::header::HeaderMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use tr::tr;

use crate::bearer::bearer;
use crate::error::CliError;
use crate::hex::{hex, hex_text};
use crate::input;
use crate::ledger::account::Budget;
use crate::output::files;
use crate::pricing::money::Money;
use crate::serve::api_error::ApiError;

/// The requests of which a limit counts the rate.
const MINUTE: Duration = Duration::from_secs(60);

/// The callers that this program has of its own: agents, and whoever has no file of keys. Their
/// orders and budgets would be those of a key with such a name.
const OWN: [&str; 2] = ["agent", "local"];

/// A file of keys.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    keys: Vec<KeyRow>,
}

/// A key, of which only the hash is known here.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyRow {
    /// Whose it is; budgets are counted by it.
    name: String,
    /// The SHA-256 of the key, in hexadecimal digits.
    sha256: String,
    /// The most that its pictures may cost, as in "12.50".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_cost: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_images: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    requests_per_minute: Option<u32>,
    /// How many of its requests are answered at a time; the others wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    concurrent: Option<u16>,
}

/// Who orders pictures.
pub struct Caller {
    pub name: String,
    pub budget: Budget,
    pub concurrent: Option<Arc<Semaphore>>,
    rate: Option<Mutex<Rate>>,
}

/// What is left of a rate: as much as there is in a minute, which fills up again.
struct Rate {
    per_minute: f64,
    left: f64,
    counted: Instant,
}

/// All callers.
pub enum Callers {
    /// Any key is right: nothing is billed.
    Any(Arc<Caller>),
    /// By the hashes of their keys.
    Known(HashMap<String, Arc<Caller>>),
}

impl Callers {
    /// One caller, whose key is any.
    pub fn any(budget: Budget) -> Self {
        Self::Any(Arc::new(Caller::new("local", budget)))
    }

    /// One caller with this key.
    pub fn one(key: &str, budget: Budget) -> Self {
        let caller = Arc::new(Caller::new("local", budget));
        Self::Known(HashMap::from([(hash(key), caller)]))
    }

    /// The callers of a file.
    pub fn read(file: &Path) -> Result<Self, CliError> {
        let mut callers = HashMap::new();
        for row in read(file)?.keys {
            let (hash, caller) = row.caller().map_err(|why| invalid(file, &why))?;
            if callers.insert(hash, Arc::new(caller)).is_some() {
                return Err(invalid(file, &tr!("two keys are the same")));
            }
        }
        Ok(Self::Known(callers))
    }

    /// Who sends a request.
    pub fn find(&self, headers: &HeaderMap) -> Result<&Arc<Caller>, ApiError> {
        let Some(key) = bearer(headers) else {
            let message = "no key: send one in the header `Authorization: Bearer …`";
            return Err(unauthorized("missing_api_key", message));
        };
        match self {
            Self::Any(caller) => Ok(caller),
            Self::Known(callers) => callers
                .get(&hash(key))
                .ok_or_else(|| unauthorized("invalid_api_key", "this server knows no such key")),
        }
    }
}

impl Caller {
    fn new(name: &str, budget: Budget) -> Self {
        Self {
            name: name.to_owned(),
            budget,
            concurrent: None,
            rate: None,
        }
    }

    /// Counts a request, or says in how many seconds it can come again.
    pub fn count_request(&self) -> Result<(), ApiError> {
        let Some(rate) = &self.rate else {
            return Ok(());
        };
        // Nothing panics while it holds the lock.
        let mut rate = rate.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = rate.take(Instant::now());
        wait.map_or(Ok(()), |seconds| {
            let most = rate.per_minute;
            let message = format!("this key has {most} requests a minute");
            let error = ApiError::new(
                StatusCode::TOO_MANY_REQUESTS,
                "rate_limit_exceeded",
                message,
            );
            Err(error.retry_after(Some(seconds)))
        })
    }
}

impl Rate {
    fn new(per_minute: u32) -> Self {
        Self {
            per_minute: per_minute.into(),
            left: per_minute.into(),
            counted: Instant::now(),
        }
    }

    /// Takes one off, or says in how many seconds there is one again.
    fn take(&mut self, now: Instant) -> Option<u64> {
        let passed = now.saturating_duration_since(self.counted).as_secs_f64();
        let refilled = self.left + passed / MINUTE.as_secs_f64() * self.per_minute;
        self.left = refilled.min(self.per_minute);
        self.counted = now;
        if self.left >= 1.0 {
            self.left -= 1.0;
            return None;
        }
        let missing = (1.0 - self.left) / self.per_minute * MINUTE.as_secs_f64();
        // `as` stops at the largest number.
        Some(missing.ceil() as u64)
    }
}

impl KeyRow {
    fn caller(self) -> Result<(String, Caller), String> {
        let name = self.name;
        let hash = self.sha256.to_ascii_lowercase();
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if name.trim().is_empty() {
            return Err(tr!("a key has no name"));
        }
        if let Some(why) = reserved(&name) {
            return Err(why);
        }
        if !is_hash {
            return Err(tr!("{name}: sha256 is not 64 hexadecimal digits", name));
        }
        if self.requests_per_minute == Some(0) || self.concurrent == Some(0) {
            return Err(tr!("{name}: a limit of 0 lets no request through", name));
        }
        let cost = self.max_cost.map(|text| text.parse::<Money>());
        let cost = cost.transpose().map_err(|why| format!("{name}: {why}"))?;
        let budget = Budget {
            images: self.max_images,
            cost,
        };
        let concurrent = self.concurrent;
        let caller = Caller {
            concurrent: concurrent.map(|most| Arc::new(Semaphore::new(most.into()))),
            rate: self
                .requests_per_minute
                .map(|most| Mutex::new(Rate::new(most))),
            ..Caller::new(&name, budget)
        };
        Ok((hash, caller))
    }
}

/// Why a key can't have this name, if it is one of the program's own callers.
fn reserved(name: &str) -> Option<String> {
    let why = || {
        tr!(
            "the name {name} is taken: orders of `inkstone mcp` count as agent, and those of \
             `inkstone serve` without --keys as local",
            name
        )
    };
    OWN.contains(&name).then(why)
}

/// Adds a key to a file, which is made where there is none; returns the key, which nothing
/// else knows.
pub fn add(file: &Path, name: &str, budget: &Budget) -> Result<String, CliError> {
    if let Some(why) = reserved(name) {
        return Err(CliError::usage(why).hint(tr!("give the key another name")));
    }
    // Others may add one at the same time.
    let _lock = files::lock(file).map_err(|error| files::unwritable(file, &error))?;
    let mut keys = match file.exists() {
        true => read(file)?,
        false => KeyFile::default(),
    };
    if keys.keys.iter().any(|row| row.name == name) {
        let file = file.display();
        let message = tr!("{file} has a key for {name} already", file, name);
        return Err(CliError::usage(message).hint(tr!("give the key another name")));
    }
    let key = new_key()?;
    keys.keys.push(KeyRow {
        name: name.to_owned(),
        sha256: hash(&key),
        max_cost: budget.cost.map(|cost| cost.to_string()),
        max_images: budget.images,
        ..KeyRow::default()
    });
    let text = serde_json::to_string_pretty(&keys).unwrap_or_default();
    files::rewrite(file, format!("{text}\n").as_bytes())
        .map_err(|error| files::unwritable(file, &error))?;
    Ok(key)
}

/// A key that nobody guesses.
pub fn new_key() -> Result<String, CliError> {
    let random = hex_text(32).map_err(CliError::usage)?;
    Ok(format!("ink-{random}"))
}

fn read(file: &Path) -> Result<KeyFile, CliError> {
    let bytes = input::bytes(file)?;
    let read = serde_json::from_slice(input::without_mark(&bytes));
    read.map_err(|error| invalid(file, &error.to_string()))
}

fn invalid(file: &Path, why: &str) -> CliError {
    let message = tr!(
        "{file} is not a file of keys: {why}",
        file = input::name(file),
        why
    );
    CliError::invalid(message).hint(tr!(
        "add a key with `inkstone serve --keys FILE --add-key NAME`"
    ))
}

fn hash(key: &str) -> String {
    hex(&Sha256::digest(key))
}

fn unauthorized(code: &str, message: &str) -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, code, message)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use hyper::header::{AUTHORIZATION, HeaderMap};

    use super::{Callers, Rate, add, read};
    use crate::ledger::account::Budget;

    fn headers(authorization: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, authorization.parse().unwrap());
        headers
    }

    #[test]
    fn a_key_that_was_added_is_known_by_its_hash_alone() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("keys.json");
        let budget = Budget {
            images: Some(3),
            cost: Some("1.5".parse().unwrap()),
        };
        let key = add(&file, "ann", &budget).unwrap();
        let other = add(&file, "bob", &Budget::default()).unwrap();
        assert!(add(&file, "bob", &Budget::default()).is_err());
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.contains(&key) && !text.contains(&key[4..]));
        let callers = Callers::read(&file).unwrap();
        let found = callers.find(&headers(&format!("Bearer {key}"))).unwrap();
        assert_eq!((found.name.as_str(), found.budget.images), ("ann", Some(3)));
        let found = callers.find(&headers(&format!("bearer {other}"))).unwrap();
        assert_eq!(found.name, "bob");
        for wrong in ["Bearer ink-0", "Bearer ", "Basic x", &key] {
            assert!(callers.find(&headers(wrong)).is_err(), "{wrong}");
        }
        assert!(callers.find(&HeaderMap::new()).is_err());
    }

    #[test]
    fn keys_that_are_added_at_a_time_are_all_in_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let file = &directory.path().join("keys.json");
        std::thread::scope(|scope| {
            for number in 0..12 {
                let name = format!("caller {number}");
                scope.spawn(move || add(file, &name, &Budget::default()).unwrap());
            }
        });
        assert_eq!(read(file).unwrap().keys.len(), 12);
    }

    #[test]
    fn a_key_can_not_have_the_name_of_a_caller_of_the_program_itself() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("keys.json");
        for name in ["agent", "local"] {
            let refused = add(&file, name, &Budget::default()).err().unwrap();
            let said = format!(
                "the name {name} is taken: orders of `inkstone mcp` count as agent, and those of \
                 `inkstone serve` without --keys as local"
            );
            assert_eq!(refused.message, said);
        }
        assert!(!file.exists());
    }

    #[test]
    fn what_is_not_a_file_of_keys_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("keys.json");
        let hash = "0".repeat(64);
        let rows = [
            "{}".to_owned(),
            r#"{"keys": [{"name": "a"}]}"#.to_owned(),
            r#"{"keys": [{"name": "a", "sha256": "00"}]}"#.to_owned(),
            format!(r#"{{"keys": [{{"name": " ", "sha256": "{hash}"}}]}}"#),
            format!(r#"{{"keys": [{{"name": "agent", "sha256": "{hash}"}}]}}"#),
            format!(r#"{{"keys": [{{"name": "local", "sha256": "{hash}"}}]}}"#),
            format!(r#"{{"keys": [{{"name": "a", "sha256": "{hash}", "max_cost": "x"}}]}}"#),
            format!(r#"{{"keys": [{{"name": "a", "sha256": "{hash}", "concurrent": 0}}]}}"#),
            format!(r#"{{"keys": [{{"name": "a", "sha256": "{hash}", "budget": 1}}]}}"#),
        ];
        for text in rows {
            std::fs::write(&file, &text).unwrap();
            assert!(Callers::read(&file).is_err(), "{text}");
        }
    }

    #[test]
    fn a_rate_fills_up_again() {
        let start = Instant::now();
        let mut rate = Rate::new(2);
        rate.counted = start;
        let at = |seconds| start + Duration::from_secs(seconds);
        let takes = [
            (0, None),
            (0, None),
            (0, Some(30)),
            (15, Some(15)),
            (30, None),
        ];
        for (seconds, expected) in takes {
            assert_eq!(rate.take(at(seconds)), expected, "{seconds}");
        }
    }
}
