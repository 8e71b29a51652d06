//! Findings as other programs read them: SARIF, and the commands of GitHub Actions.

use serde_json::{Value, json};

use super::finding::Finding;
use super::rules::{RULES, Rule};
use apifox_document::Severity;

/// Findings of the program called `tool`, as
/// [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
#[must_use]
pub fn sarif(findings: &[Finding], tool: &str) -> Value {
    let rule = |rule: &Rule| {
        json!({
            "id": rule.name,
            "shortDescription": {"text": rule.summary},
            "defaultConfiguration": {"level": level(rule.severity)},
        })
    };
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": tool,
                "rules": RULES.iter().map(rule).collect::<Vec<_>>(),
            }},
            "results": findings.iter().map(sarif_result).collect::<Vec<_>>(),
        }],
    })
}

fn sarif_result(finding: &Finding) -> Value {
    let diagnostic = &finding.diagnostic;
    let mut physical = json!({"artifactLocation": {"uri": uri(&diagnostic.file)}});
    if let Some(location) = &diagnostic.location {
        physical["region"] = json!({
            "startLine": location.line,
            "startColumn": location.column,
        });
    }
    let mut location = json!({
        "physicalLocation": physical,
        "logicalLocations": [{"fullyQualifiedName": diagnostic.pointer}],
    });
    if let Some(subject) = &diagnostic.subject {
        location["message"] = json!({"text": subject});
    }
    json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": {"text": format!("{}: {}", diagnostic.named(), diagnostic.help)},
        "locations": [location],
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A file's name as a relative URI.
fn uri(file: &str) -> String {
    let escaped = file.replace('%', "%25").replace(' ', "%20");
    escaped.replace('\\', "/")
}

/// Findings as
/// [workflow commands](https://docs.github.com/actions/reference/workflow-commands-for-github-actions)
/// of GitHub Actions, which become annotations: one on each line.
#[must_use]
pub fn github(findings: &[Finding]) -> String {
    findings.iter().map(github_command).collect()
}

fn github_command(finding: &Finding) -> String {
    let diagnostic = &finding.diagnostic;
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let place = diagnostic.location.as_ref().map_or_else(String::new, |at| {
        format!(",line={},col={}", at.line, at.column)
    });
    let text = |text: &str| {
        let text = text.replace('%', "%25");
        text.replace('\r', "%0D").replace('\n', "%0A")
    };
    let property = |value: &str| text(value).replace(':', "%3A").replace(',', "%2C");
    let message = format!(
        "{} at {}: {}",
        diagnostic.named(),
        diagnostic.pointer,
        diagnostic.help
    );
    format!(
        "::{command} file={}{place},title={}::{}\n",
        property(&diagnostic.file),
        finding.rule,
        text(&message)
    )
}
