//! What is known of an API beside its documents: `schemas/<api>/_api.json`, as data.

use std::sync::LazyLock;
use std::time::Duration;

use apifox_client::{Limit, find_pattern};
use serde::Deserialize;

/// The folders of `schemas/`, each with its facts.
const FILES: [(&str, &str); 5] = [
    ("gateway", include_str!("../schemas/gateway/_api.json")),
    ("dashscope", include_str!("../schemas/dashscope/_api.json")),
    (
        "compatible-mode",
        include_str!("../schemas/compatible-mode/_api.json"),
    ),
    (
        "gateway-tasks",
        include_str!("../schemas/gateway-tasks/_api.json"),
    ),
    (
        "gateway-image-tasks",
        include_str!("../schemas/gateway-image-tasks/_api.json"),
    ),
];

/// What is known of an API beside its documents: where it is, which key it wants, what its
/// vendor lets an account ask for.
#[non_exhaustive]
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiFacts {
    /// Its name, that of the folder of its documents, as in
    /// [`Operation::api`](crate::Operation::api).
    #[serde(skip)]
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: String,
    /// The environment variable with its key.
    pub key_variable: String,
    /// The environment variable with its address, where that is not the default one.
    pub base_url_variable: String,
    /// The model of a command that names none.
    pub default_model: String,
    regions: Option<Regions>,
    /// The API that is served from the same addresses.
    regions_of: Option<String>,
    /// How many pictures a model may make where a request does not say, if more than its
    /// document says.
    #[serde(default)]
    uncounted: Vec<Uncounted>,
    /// How many requests an account may make, by model.
    limits: Vec<ModelLimit>,
    /// The longest data URI that a picture may be: a longer one is to be uploaded.
    longest_data_uri: Option<Length>,
    /// How many questions about tasks an account may ask.
    questions: Option<Rate>,
    /// How keys begin that are meant for interactive use only: a batch with one is likely
    /// to break the terms of its plan.
    #[serde(default)]
    pub interactive_keys: Vec<String>,
    /// Where these facts are from, and when they were read.
    pub source: String,
}

/// The regions that an API is served from. A key belongs to one of them.
#[non_exhaustive]
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Regions {
    /// The region of those who name none.
    pub default: String,
    /// The environment variable with the region, where it is not the default one.
    pub region_variable: String,
    /// The environment variable with the workspace, where it is not the key's own.
    pub workspace_variable: String,
    /// The address of a workspace's own host, with `{workspace}` and `{region}` to fill in.
    pub dedicated: String,
    /// The regions, each with the address that all workspaces share, where it has one.
    pub shared: Vec<Region>,
    /// The regions with temporary storage for pictures that go into requests.
    #[serde(default)]
    pub uploads: Vec<String>,
}

/// A region.
#[non_exhaustive]
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Its name, as in `cn-beijing`.
    #[serde(rename = "region")]
    pub name: String,
    /// The address that all workspaces share; a region without one needs a workspace.
    pub url: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Uncounted {
    models: String,
    most: u32,
    /// What the sources say.
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelLimit {
    /// A model's name, or how some begin, with a `*` behind it.
    models: String,
    /// Why this is the limit, where the vendor doesn't publish it.
    #[serde(rename = "note")]
    _note: Option<String>,
    requests: u32,
    seconds: u64,
    concurrent: Option<u32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Length {
    characters: usize,
    /// What the sources say.
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rate {
    requests: u32,
    seconds: u64,
}

impl ModelLimit {
    fn limit(&self) -> Limit {
        let limit = Limit::new(self.requests, Duration::from_secs(self.seconds));
        self.concurrent.map_or(limit, |most| limit.concurrent(most))
    }
}

impl Rate {
    fn limit(&self) -> Limit {
        Limit::new(self.requests, Duration::from_secs(self.seconds))
    }
}

impl ApiFacts {
    /// How many requests an account may make, by the names of models.
    pub(crate) fn limits(&self) -> impl Iterator<Item = (&str, Limit)> {
        self.limits.iter().map(|row| (&*row.models, row.limit()))
    }

    /// How many requests of `model` an account may make, where the vendor publishes that.
    #[must_use]
    pub fn rate(&self, model: &str) -> Option<Limit> {
        let row = find_pattern(&self.limits, |row| &row.models, model)?;
        Some(row.limit())
    }

    /// The most pictures that a request of `model` may make which does not say how many, where
    /// that is more than its document says.
    #[must_use]
    pub fn most_uncounted(&self, model: &str) -> Option<u32> {
        let row = find_pattern(&self.uncounted, |row| &row.models, model)?;
        Some(row.most)
    }

    /// Whether there is temporary storage for the pictures that go into requests, in some
    /// region.
    #[must_use]
    pub fn has_uploads(&self) -> bool {
        self.regions()
            .is_some_and(|regions| !regions.uploads.is_empty())
    }

    /// How many characters a data URI of a picture may have, where that is known.
    #[must_use]
    pub fn longest_data_uri(&self) -> Option<usize> {
        Some(self.longest_data_uri.as_ref()?.characters)
    }

    /// How many questions about tasks an account may ask.
    pub(crate) fn questions(&self) -> Option<Limit> {
        self.questions.as_ref().map(Rate::limit)
    }

    /// The facts of all APIs that this crate has documents of.
    pub fn all() -> &'static [Self] {
        static ALL: LazyLock<Vec<ApiFacts>> = LazyLock::new(|| {
            let read = |(name, text): &(&'static str, &str)| {
                let facts: ApiFacts = serde_json::from_str(text).ok()?;
                Some(ApiFacts { name, ..facts })
            };
            // That every file can be read is a test of this module.
            FILES.iter().filter_map(read).collect()
        });
        &ALL
    }

    /// The facts of the API with this name, as in `dashscope`.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|facts| facts.name == name)
    }

    /// The regions with temporary storage, where `region` is of an API with such regions and
    /// not among them.
    pub(crate) fn storage_elsewhere(region: &str) -> Option<&'static [String]> {
        let mut all = Self::all()
            .iter()
            .filter_map(|facts| facts.regions.as_ref());
        let known = all.find(|known| known.shared.iter().any(|one| one.name == region))?;
        let is_here = known.uploads.iter().any(|one| one == region);
        (!is_here).then_some(known.uploads.as_slice())
    }

    /// The region of an address, where it is that of one of the APIs.
    #[must_use]
    pub fn region_of(base_url: &str) -> Option<String> {
        let mut all = Self::all()
            .iter()
            .filter_map(|facts| facts.regions.as_ref());
        all.find_map(|regions| regions.region_of(base_url))
    }

    /// The regions that it is served from; none where its address has to be given.
    #[must_use]
    pub fn regions(&self) -> Option<&Regions> {
        match &self.regions_of {
            Some(other) => Self::find(other)?.regions.as_ref(),
            None => self.regions.as_ref(),
        }
    }
}

/// Where requests to an API go.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The address that the paths of its documents are appended to.
    pub base_url: String,
    /// The workspace that requests are made in, where it is not the key's own.
    pub workspace: Option<String>,
    /// The region of the address, where it is known.
    pub region: Option<String>,
}

impl ApiFacts {
    /// Where requests go: to the region and workspace that are named here, or else in the
    /// environment. A region that is named here counts before an address in the environment.
    ///
    /// # Errors
    ///
    /// What is missing or wrong, and what to do about it.
    pub fn place(&self, region: Option<&str>, workspace: Option<&str>) -> Result<Place, String> {
        self.place_with(region, workspace, &|name| std::env::var(name).ok())
    }

    fn place_with(
        &self,
        region: Option<&str>,
        workspace: Option<&str>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Place, String> {
        let variable = |name: &str| {
            let value = environment(name)?.trim().to_owned();
            (!value.is_empty()).then_some(value)
        };
        let known = self.regions();
        let or_variable = |given: Option<&str>, name: Option<&String>| {
            given.map(str::to_owned).or_else(|| variable(name?))
        };
        let workspace = or_variable(workspace, known.map(|known| &known.workspace_variable));
        if region.is_none()
            && let Some(base_url) = variable(&self.base_url_variable)
        {
            return Ok(Place {
                base_url,
                workspace,
                region: or_variable(None, known.map(|known| &known.region_variable)),
            });
        }
        let Some(known) = known else {
            let (title, variable) = (&self.title, &self.base_url_variable);
            return Err(match region {
                Some(_) => format!("{title} has no regions"),
                None => {
                    format!("the address of {title} is not known: {variable} is not set")
                }
            });
        };
        let region = or_variable(region, Some(&known.region_variable));
        Ok(Place {
            base_url: known.url(region.as_deref(), workspace.as_deref())?,
            workspace,
            region: Some(region.unwrap_or_else(|| known.default.clone())),
        })
    }
}

impl Regions {
    /// The region of an address, where it is one of these.
    pub(crate) fn region_of(&self, base_url: &str) -> Option<String> {
        let is_at = |url: &str| base_url.trim_end_matches('/').eq_ignore_ascii_case(url);
        let dedicated = |region: &str| {
            let own = self.dedicated.replace("{region}", region);
            let (start, end) = own.split_once("{workspace}")?;
            let workspace = base_url
                .strip_prefix(start)?
                .trim_end_matches('/')
                .strip_suffix(end)?;
            (!workspace.contains(['/', '.'])).then_some(())
        };
        let mut all = self.shared.iter();
        let found = all.find(|region| {
            region.url.as_deref().is_some_and(is_at) || dedicated(&region.name).is_some()
        });
        found.map(|region| region.name.clone())
    }

    /// The address in a region: a workspace's own where one is named, or the shared one.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the name of the region or the workspace, or that the region
    /// has no shared address.
    pub fn url(&self, region: Option<&str>, workspace: Option<&str>) -> Result<String, String> {
        let name = region.unwrap_or(&self.default);
        let Some(known) = self.shared.iter().find(|region| region.name == name) else {
            let all: Vec<_> = self.shared.iter().map(|region| &*region.name).collect();
            return Err(format!(
                "there is no region {name:?}: choose one of {}",
                all.join(", ")
            ));
        };
        match (workspace, &known.url) {
            // Its own host is that of a region, which has to be known for certain.
            (Some(workspace), _) if region.is_some() => self.dedicated(name, workspace),
            (_, Some(url)) => Ok(url.clone()),
            (Some(workspace), None) => self.dedicated(name, workspace),
            (None, None) => Err(format!(
                "the region {name} has no shared address: name the workspace as well"
            )),
        }
    }

    fn dedicated(&self, region: &str, workspace: &str) -> Result<String, String> {
        let is_label = !workspace.is_empty()
            && workspace
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_label {
            return Err(format!(
                "{workspace:?} is not the id of a workspace: letters, digits and '-' only"
            ));
        }
        let url = self.dedicated.replace("{region}", region);
        Ok(url.replace("{workspace}", workspace))
    }
}

#[cfg(test)]
mod tests {
    use super::{ApiFacts, FILES};
    use crate::OPERATIONS;

    #[test]
    fn every_api_has_facts_that_can_be_read() {
        for (name, text) in FILES {
            let read: Result<ApiFacts, _> = serde_json::from_str(text);
            assert!(read.is_ok(), "{name}: {read:?}");
        }
        for operation in OPERATIONS {
            assert!(ApiFacts::find(operation.api).is_some(), "{}", operation.api);
        }
    }

    #[test]
    fn defaults_and_limits_are_of_models_that_documents_have() {
        for facts in ApiFacts::all() {
            let own = OPERATIONS.iter().filter(|other| other.api == facts.name);
            let models: Vec<_> = own.flat_map(|operation| operation.models).collect();
            let default = &*facts.default_model;
            assert!(models.contains(&&default), "{default}");
            assert!(facts.regions_of.is_none() || facts.regions().is_some());
            for row in &facts.limits {
                let start = row.models.trim_end_matches('*');
                assert!(
                    models.iter().any(|model| model.starts_with(start)),
                    "{start}"
                );
            }
        }
    }

    #[test]
    fn what_is_named_counts_before_the_environment() {
        let dashscope = ApiFacts::find("dashscope").expect("its facts");
        let gateway = ApiFacts::find("gateway").expect("its facts");
        let variables = |name: &str| {
            let value = match name {
                "DASHSCOPE_BASE_URL" => "https://proxy.example",
                "DASHSCOPE_WORKSPACE" => " ws-9 ",
                "INKSTONE_BASE_URL" => "https://gateway.example",
                _ => return None,
            };
            Some(value.to_owned())
        };
        let place = dashscope
            .place_with(None, None, &variables)
            .expect("a place");
        assert_eq!(place.base_url, "https://proxy.example");
        assert_eq!(place.workspace.as_deref(), Some("ws-9"));
        let region = Some("ap-southeast-1");
        let place = dashscope
            .place_with(region, None, &variables)
            .expect("a place");
        assert_eq!(
            place.base_url,
            "https://ws-9.ap-southeast-1.maas.aliyuncs.com"
        );
        let place = dashscope.place_with(region, Some("ws-1"), &variables);
        let place = place.expect("a place");
        assert_eq!(
            place.base_url,
            "https://ws-1.ap-southeast-1.maas.aliyuncs.com"
        );
        let only_region = |name: &str| (name == "DASHSCOPE_REGION").then(|| "us-east-1".to_owned());
        let place = dashscope
            .place_with(None, None, &only_region)
            .expect("a place");
        assert_eq!(place.base_url, "https://dashscope-us.aliyuncs.com");
        assert_eq!(place.region.as_deref(), Some("us-east-1"));
        let nowhere = gateway
            .place_with(None, None, &|_| None)
            .expect_err("a refusal");
        assert_eq!(
            nowhere,
            "the address of the gateway is not known: INKSTONE_BASE_URL is not set"
        );
        let refused = gateway.place_with(region, None, &variables);
        assert!(refused.expect_err("a refusal").contains("has no regions"));
    }

    #[test]
    fn an_address_follows_from_region_and_workspace() {
        let facts = ApiFacts::find("dashscope").expect("its facts");
        let regions = facts.regions().expect("its regions");
        let cases = [
            (None, None, "https://dashscope.aliyuncs.com"),
            (None, Some("ws-1"), "https://dashscope.aliyuncs.com"),
            (
                Some("ap-southeast-1"),
                None,
                "https://dashscope-intl.aliyuncs.com",
            ),
            (
                Some("ap-southeast-1"),
                Some("ws-1"),
                "https://ws-1.ap-southeast-1.maas.aliyuncs.com",
            ),
            (
                Some("cn-hongkong"),
                Some("ws-1"),
                "https://ws-1.cn-hongkong.maas.aliyuncs.com",
            ),
        ];
        for (region, workspace, url) in cases {
            assert_eq!(regions.url(region, workspace).as_deref(), Ok(url));
            let found = regions.region_of(&format!("{url}/"));
            assert_eq!(found.as_deref(), Some(region.unwrap_or("cn-beijing")));
        }
        assert_eq!(regions.region_of("https://gateway.example"), None);
        for (region, workspace, part) in [
            (Some("mars"), None, "choose one of cn-beijing, "),
            (Some("cn-hongkong"), None, "name the workspace as well"),
            (
                Some("cn-beijing"),
                Some("a.evil.example/"),
                "is not the id of a workspace",
            ),
            (Some("cn-beijing"), Some(""), "is not the id of a workspace"),
        ] {
            let refused = regions.url(region, workspace).expect_err("a refusal");
            assert!(refused.contains(part), "{refused}");
        }
    }
}
