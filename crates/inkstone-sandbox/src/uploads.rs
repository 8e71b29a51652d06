//! Files that were uploaded to the temporary storage, and the policies that allow it.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// How long a policy allows an upload.
pub const POLICY_LIFETIME: Duration = Duration::from_secs(300);

/// How long a file is kept.
const FILE_LIFETIME: Duration = Duration::from_secs(48 * 3600);

/// How many of them are known; the oldest are forgotten.
const MOST: usize = 100_000;

/// What a file may be used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    pub model: String,
    pub region: Option<String>,
}

/// The policies and the files.
// Where a panic left a name in only one of the lists, it is never found or never
// forgotten.
#[derive(Default)]
pub struct Uploads(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    policies: Recent,
    files: Recent,
}

/// The latest of them, by name.
#[derive(Default)]
struct Recent {
    by_name: HashMap<String, (Purpose, Instant)>,
    names: VecDeque<String>,
}

impl Recent {
    fn add(&mut self, name: String, purpose: Purpose) {
        if self.names.len() == MOST
            && let Some(oldest) = self.names.pop_front()
        {
            self.by_name.remove(&oldest);
        }
        self.names.push_back(name.clone());
        self.by_name.insert(name, (purpose, Instant::now()));
    }

    fn find(&self, name: &str, lifetime: Duration) -> Option<&Purpose> {
        let (purpose, since) = self.by_name.get(name)?;
        (since.elapsed() < lifetime).then_some(purpose)
    }
}

impl Uploads {
    /// Allows an upload to a folder.
    pub fn allow(&self, folder: &str, purpose: Purpose) {
        self.0.lock().policies.add(folder.to_owned(), purpose);
    }

    /// Takes a file into a folder, where a policy allows that in this region; `false` where
    /// none does, or there is such a file.
    pub fn take(&self, folder: &str, key: &str, region: Option<&str>) -> bool {
        let mut kept = self.0.lock();
        let purpose = kept.policies.find(folder, POLICY_LIFETIME).cloned();
        let purpose = purpose.filter(|purpose| purpose.region.as_deref() == region);
        let is_in = key
            .strip_prefix(folder)
            .is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'));
        let is_new = kept.files.find(key, FILE_LIFETIME).is_none();
        match purpose {
            Some(purpose) if is_in && is_new => {
                kept.files.add(key.to_owned(), purpose);
                true
            }
            _ => false,
        }
    }

    /// What a file may be used for, where there is one.
    pub fn purpose(&self, key: &str) -> Option<Purpose> {
        self.0.lock().files.find(key, FILE_LIFETIME).cloned()
    }
}
