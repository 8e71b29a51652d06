//! What a project sets about the rules: other severities, and findings to ignore.

use std::collections::BTreeMap;

use serde_json::Value;

use super::finding::Finding;
use super::rules::RULES;
use apifox_document::Severity;
use apifox_document::diagnostics::{Diagnostic, Diagnostics, closest};
use apifox_document::pointer::JsonPointerExt as _;

/// The name of the file with the settings of a directory: builds do not read it.
pub const SETTINGS_FILE: &str = "_lint.json";

/// Severities of rules, and findings to ignore.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    file: String,
    /// The severity of a rule; `None` where it is off.
    severities: BTreeMap<&'static str, Option<Severity>>,
    ignored: Vec<Ignored>,
}

/// Findings that are right, but are not to be told.
#[derive(Clone, Debug)]
struct Ignored {
    rule: &'static str,
    /// The document's name, or its path below the directory of the settings; every document
    /// where there is none.
    document: Option<String>,
    /// The place that they are at or within.
    at: String,
}

impl Settings {
    /// Reads settings from their text, which `file` names.
    ///
    /// # Errors
    ///
    /// What is wrong with them.
    pub fn read(file: &str, text: &str) -> Result<Self, Diagnostics> {
        let json: Value = serde_json::from_str(text)
            .map_err(|error| wrong(file, "", &format!("not JSON: {error}"), "correct it"))?;
        let mut settings = Self {
            file: file.to_owned(),
            ..Self::default()
        };
        let members = json.as_object().ok_or_else(|| {
            let help = "write {\"severities\": {…}, \"ignore\": […]}";
            wrong(file, "", "the settings are not an object", help)
        })?;
        for (name, value) in members {
            match name.as_str() {
                "severities" => settings.severities = severities(file, value)?,
                "ignore" => settings.ignored = ignored(file, value)?,
                "$schema" | "why" => {}
                _ => {
                    let message = format!("{name} is not a setting");
                    let help = "the settings are severities and ignore";
                    return Err(wrong(file, &"".child(name), &message, help));
                }
            }
        }
        Ok(settings)
    }

    /// The findings in a document that are left, with their severities; and what is to be
    /// ignored there but was not found.
    #[must_use]
    pub fn apply(&self, document: &str, findings: Vec<Finding>) -> (Vec<Finding>, Vec<Diagnostic>) {
        let mut is_used = vec![false; self.ignored.len()];
        let mut left = Vec::new();
        let is_off = |finding: &Finding| self.severities.get(finding.rule) == Some(&None);
        let told = findings.into_iter().flat_map(|mut finding| {
            // What it says is silenced, and not what a build does there.
            let mut all = match is_off(&finding) {
                true => std::mem::take(&mut finding.replaces),
                false => Vec::new(),
            };
            all.push(finding);
            all
        });
        for mut finding in told {
            let mut is_ignored = false;
            for (ignored, is_used) in self.ignored.iter().zip(&mut is_used) {
                if ignored.is_for(document) && ignored.matches(&finding) {
                    (*is_used, is_ignored) = (true, true);
                }
            }
            match self.severities.get(finding.rule) {
                _ if is_ignored => continue,
                Some(None) => continue,
                Some(Some(severity)) => finding.severity = *severity,
                None => {}
            }
            left.push(finding);
        }
        let unused = self.ignored.iter().zip(is_used).enumerate();
        let unused = unused.filter(|(_, (ignored, is_used))| !is_used && ignored.is_for(document));
        let told = unused.map(|(index, (ignored, _))| {
            let Ignored { rule, at, .. } = ignored;
            Diagnostic::new(
                &self.file,
                format!("/ignore/{index}"),
                format!("ignores {rule} at {at:?} of {document}, where there is none"),
                "remove it",
            )
        });
        (left, told.collect())
    }
}

impl Ignored {
    fn is_for(&self, document: &str) -> bool {
        self.document.as_ref().is_none_or(|own| {
            let before = document.strip_suffix(own.as_str());
            before.is_some_and(|before| before.is_empty() || before.ends_with(['/', '\\']))
        })
    }

    fn matches(&self, finding: &Finding) -> bool {
        let rest = finding.diagnostic.pointer.strip_prefix(self.at.as_str());
        finding.rule == self.rule
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

fn wrong(file: &str, pointer: &str, message: &str, help: &str) -> Diagnostics {
    Diagnostic::new(file, pointer, message, help).into()
}

/// The name of a rule.
fn rule(file: &str, pointer: &str, name: &str) -> Result<&'static str, Diagnostics> {
    let names = || RULES.iter().map(|rule| rule.name);
    names().find(|known| *known == name).ok_or_else(|| {
        let help = match closest(name, names()) {
            Some(meant) => format!("did you mean {meant}?"),
            None => "docs/lint.md lists the rules".to_owned(),
        };
        wrong(file, pointer, &format!("{name:?} is not a rule"), &help)
    })
}

fn severities(
    file: &str,
    json: &Value,
) -> Result<BTreeMap<&'static str, Option<Severity>>, Diagnostics> {
    const PLACE: &str = "/severities";
    let members = json.as_object().ok_or_else(|| {
        let help = "write the severity of each rule: {\"…\": \"off\"}";
        wrong(file, PLACE, "severities is not an object", help)
    })?;
    let mut severities = BTreeMap::new();
    for (name, value) in members {
        let pointer = PLACE.child(name);
        let severity = match value.as_str() {
            Some("error") => Some(Severity::Error),
            Some("warning") => Some(Severity::Warning),
            Some("info") => Some(Severity::Info),
            Some("off") => None,
            _ => {
                let message = format!("{value} is not a severity");
                let help = "write \"error\", \"warning\", \"info\" or \"off\"";
                return Err(wrong(file, &pointer, &message, help));
            }
        };
        severities.insert(rule(file, &pointer, name)?, severity);
    }
    Ok(severities)
}

fn ignored(file: &str, json: &Value) -> Result<Vec<Ignored>, Diagnostics> {
    const PLACE: &str = "/ignore";
    const HELP: &str = "write {\"rule\": \"…\", \"file\": \"…\", \"at\": \"/pointer\", \
                        \"why\": \"…\"}; file may be left out";
    let entries = json.as_array().ok_or_else(|| {
        let help = "list the findings to ignore";
        wrong(file, PLACE, "ignore is not a list", help)
    })?;
    let entry = |(index, entry): (usize, &Value)| {
        let pointer = PLACE.child(index);
        let text = |name: &str| entry[name].as_str().map(str::to_owned);
        let why = text("why").filter(|why| !why.trim().is_empty());
        let (Some(name), Some(at), Some(_)) = (text("rule"), text("at"), why) else {
            let message = "needs a rule, a place, and a reason";
            return Err(wrong(file, &pointer, message, HELP));
        };
        let document = text("file");
        if document.is_none() && entry.get("file").is_some() {
            let pointer = pointer.child("file");
            return Err(wrong(file, &pointer, "file is not a text", HELP));
        }
        Ok(Ignored {
            rule: rule(file, &pointer, &name)?,
            document,
            at,
        })
    };
    entries.iter().enumerate().map(entry).collect()
}
