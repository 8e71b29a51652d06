//! DashScope's temporary storage: a picture goes there, and its `oss://` URL into requests.
//!
//! A policy says where a file may go, and a form brings it there. Neither is billed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use apifox_client::{Deadline, excerpt, is_loopback};
use apifox_runtime::{DataUri, Encoded, Endpoint as _, Node};
use reqwest::Url;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::storage::SCHEME;
use super::{upload_file, uploads};
use crate::client::Client;
use crate::error::Error;
use crate::facts::ApiFacts;
use crate::images::download::start_of;
use crate::images::input::InputImage;
use crate::stage::Stage;
use crate::tasks::place::text;

/// How long a file is kept.
const LIFETIME: Duration = Duration::from_secs(48 * 3600);

/// How often an upload is attempted, each time by a new policy.
const ATTEMPTS: u32 = 3;

/// A picture in the temporary storage.
///
/// Its vendor calls this storage not meant for production. The picture is there for 48 hours,
/// and can be fetched by requests of the model and the account that it was uploaded for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    uri: String,
    expires: SystemTime,
}

impl Upload {
    /// The URL that goes into a request: `oss://…`.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Until when it can be fetched, by this machine's clock.
    #[must_use]
    pub fn expires(&self) -> SystemTime {
        self.expires
    }
}

impl Client {
    /// Brings a picture to DashScope's temporary storage, for requests of `model`.
    ///
    /// The storage is another host, which does not get the key. It has to be a public one and
    /// be asked by https, unless the API itself is on this machine.
    ///
    /// # Errors
    ///
    /// [`Stage::Configuration`] where the client's region has no such storage,
    /// [`Stage::Invalid`] where the picture is elsewhere already or larger than is allowed;
    /// [`Stage::NotSent`] where the storage did not take it; else as
    /// [`send_json`](Self::send_json). Nothing of this is billed.
    pub async fn upload(&self, image: &InputImage, model: &str) -> Result<Upload, Error> {
        self.check_storage()?;
        let deadline = Deadline::after(self.http.deadline());
        let uploaded = deadline.run(self.uploaded(image, model)).await;
        uploaded.unwrap_or_else(|passed| {
            let message = format!("{passed} before the picture was uploaded");
            Err(Error::new(Stage::NotSent, message))
        })
    }

    /// Brings all pictures of `body` that are data URIs of more than so many characters to the
    /// temporary storage, and puts their URLs in their places; says how many there are.
    ///
    /// # Errors
    ///
    /// As [`upload`](Self::upload). `body` is unchanged then.
    pub async fn upload_all(
        &self,
        body: &mut Value,
        model: &str,
        longest: usize,
    ) -> Result<usize, Error> {
        let mut found = Vec::new();
        find_long(body, longest, &mut found);
        let mut uploads: HashMap<String, String> = HashMap::new();
        for uri in &found {
            if !uploads.contains_key(uri.as_str()) {
                let image = InputImage::from_uri(uri).map_err(|error| {
                    Error::new(Stage::Invalid, "a picture can't be uploaded").caused_by(error)
                })?;
                let upload = self.upload(&image, model).await?;
                uploads.insert((*uri).clone(), upload.uri);
            }
        }
        for uri in found {
            if let Some(uploaded) = uploads.get(uri) {
                uri.clone_from(uploaded);
            }
        }
        Ok(uploads.len())
    }

    /// Refuses a region without storage.
    fn check_storage(&self) -> Result<(), Error> {
        let Some(region) = &self.region else {
            return Ok(());
        };
        match ApiFacts::storage_elsewhere(region) {
            None => Ok(()),
            Some(elsewhere) => {
                let message = format!(
                    "pictures can be uploaded in {} alone, and this client sends to {region}",
                    elsewhere.join(", ")
                );
                Err(Error::new(Stage::Configuration, message))
            }
        }
    }

    /// A policy lasts for some minutes, and a connection may break: an upload is free, and
    /// attempted again.
    async fn uploaded(&self, image: &InputImage, model: &str) -> Result<Upload, Error> {
        let mut attempt = 1;
        loop {
            let policy = self.policy(model).await?;
            policy.check(image)?;
            match self.store(&policy, image).await {
                Err(error) if attempt < ATTEMPTS && error.stage() == Stage::NotSent => {
                    tracing::info!(%error, attempt, "the picture is uploaded again");
                    attempt += 1;
                }
                stored => return stored,
            }
        }
    }

    async fn policy(&self, model: &str) -> Result<Policy, Error> {
        let request = json!({"query": {"action": "getPolicy", "model": model}});
        let operation = uploads::Request::OPERATION;
        let reply = self.send_json(operation, &request).await?;
        let read = Policy::read(reply.json());
        read.ok_or_else(|| Error::new(Stage::NotSent, "the reply has no policy for an upload"))
    }

    async fn store(&self, policy: &Policy, image: &InputImage) -> Result<Upload, Error> {
        let key = policy.key_for(image);
        let form = policy.form(&key, image.as_uri())?;
        let url = self.storage_url(&policy.host, &form.path)?;
        let refused = |what: String| {
            let message = format!("the picture could not be uploaded: {what}");
            Error::new(Stage::NotSent, message).without(self.http.key())
        };
        let http = self.downloader.client_for(&url);
        let mut request = http.map_err(|error| refused(error.to_string()))?.post(url);
        if let Some(body) = form.body {
            request = request
                .header(CONTENT_TYPE, body.media_type)
                .body(body.bytes);
        }
        let uploaded = SystemTime::now();
        let response = request.send().await;
        let response = response.map_err(|error| refused(error.without_url().to_string()))?;
        let status = response.status();
        if !status.is_success() {
            let said = start_of(response).await;
            return Err(refused(format!(
                "HTTP {}: {}",
                status.as_u16(),
                excerpt(&said)
            )));
        }
        Ok(Upload {
            uri: format!("{SCHEME}{key}"),
            expires: uploaded + LIFETIME,
        })
    }

    /// The address of the storage: the picture is shown to nobody else on the way.
    fn storage_url(&self, host: &str, path: &str) -> Result<Url, Error> {
        let shown = excerpt(host.as_bytes());
        let refused = |why: &str| {
            let message = format!("the picture is not uploaded: the storage {shown:?} {why}");
            Error::new(Stage::Configuration, message).without(self.http.key())
        };
        let url = Url::parse(&format!("{}{path}", host.trim_end_matches('/')));
        let url = url.map_err(|_| refused("is not a URL"))?;
        let is_local = is_loopback(&url) && is_loopback(self.http.base_url());
        match url.scheme() {
            "https" => Ok(url),
            "http" if is_local => Ok(url),
            _ => Err(refused("is not asked by https")),
        }
    }
}

/// What a policy says of an upload.
struct Policy {
    host: String,
    folder: String,
    most_megabytes: Option<u64>,
    /// The fields of the form, but for the file and its name.
    fields: Vec<(&'static str, String)>,
}

/// The fields of the form, each with the member of the policy that it comes from.
const FIELDS: [(&str, &str); 5] = [
    ("OSSAccessKeyId", "/data/oss_access_key_id"),
    ("Signature", "/data/signature"),
    ("policy", "/data/policy"),
    ("x-oss-object-acl", "/data/x_oss_object_acl"),
    ("x-oss-forbid-overwrite", "/data/x_oss_forbid_overwrite"),
];

/// How many of them no form can do without.
const SIGNED: usize = 3;

impl Policy {
    fn read(reply: &Value) -> Option<Self> {
        let given = |(field, pointer)| Some((field, text(reply, pointer)?.to_owned()));
        let (signed, optional) = FIELDS.split_at(SIGNED);
        let mut fields = signed
            .iter()
            .copied()
            .map(given)
            .collect::<Option<Vec<_>>>()?;
        fields.extend(optional.iter().copied().filter_map(given));
        Some(Self {
            host: text(reply, "/data/upload_host")?.to_owned(),
            folder: text(reply, "/data/upload_dir")?
                .trim_end_matches('/')
                .to_owned(),
            most_megabytes: reply
                .pointer("/data/max_file_size_mb")
                .and_then(Value::as_u64),
            fields,
        })
    }

    /// Refuses a picture that is elsewhere already, or is larger than is allowed.
    fn check(&self, image: &InputImage) -> Result<(), Error> {
        let invalid = |message: String| Err(Error::new(Stage::Invalid, message));
        match (image.size(), self.most_megabytes) {
            (None, _) => invalid("the picture has a URL already, and is not uploaded".to_owned()),
            (Some(size), Some(most)) if size > most.saturating_mul(1_000_000) => invalid(format!(
                "the picture has {size} bytes, and at most {most} MB can be uploaded"
            )),
            _ => Ok(()),
        }
    }

    /// A name that no other picture has: files are never overwritten.
    fn key_for(&self, image: &InputImage) -> String {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let ending = image.format().map_or("img", |format| format.ending());
        let (folder, process) = (&self.folder, std::process::id());
        format!(
            "{folder}/{:x}-{process:x}-{count:x}.{ending}",
            now.as_nanos()
        )
    }

    /// The form, whose last field is the file.
    fn form(&self, key: &str, file: &str) -> Result<Encoded, Error> {
        let text = |text: &str| Node::String(text.to_owned().into());
        let mut fields: Vec<_> = self
            .fields
            .iter()
            .map(|(name, value)| ((*name).into(), text(value)))
            .collect();
        fields.push(("key".into(), text(key)));
        fields.push(("success_action_status".into(), text("200")));
        fields.push(("file".into(), text(file)));
        let request = Node::Object(vec![("body".into(), Node::Object(fields))]);
        let encoded = upload_file::Request::OPERATION.encode(&request);
        encoded.map_err(|error| {
            Error::new(Stage::Invalid, "the picture can't be uploaded").caused_by(error)
        })
    }
}

/// The data URIs in a body that are longer than this.
fn find_long<'v>(value: &'v mut Value, longest: usize, found: &mut Vec<&'v mut String>) {
    match value {
        Value::String(text) if text.len() > longest && DataUri::parse(text).is_some() => {
            found.push(text);
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| find_long(item, longest, found)),
        Value::Object(members) => {
            members
                .values_mut()
                .for_each(|member| find_long(member, longest, found));
        }
        _ => {}
    }
}
