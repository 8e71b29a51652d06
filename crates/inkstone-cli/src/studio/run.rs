//! Sends a request: to the sandbox, or for real where its cost was confirmed.

use std::path::Path;
use std::process::Command;

use inkstone::ApiFacts;
use serde_json::{Value, json};

use crate::studio::Studio;
use crate::studio::judge::{Judged, judge};

impl Studio {
    /// The answer to a page that wants pictures: `real` says that the vendor is asked, and
    /// `confirm` repeats the cost that it was shown.
    pub(super) fn run(&self, json: &Value, url: &str) -> Result<Value, String> {
        let judged = judge(self.scratch.path(), json)?;
        let mut answer = judged.json(url);
        if !judged.verdict.violations.is_empty() {
            answer["error"] = "the request breaks rules of its document".into();
            return Ok(answer);
        }
        let sent = match json["real"] == true {
            true => self.send_for_real(&judged, json)?,
            false => self.send_to_sandbox(&judged, url)?,
        };
        for (name, value) in sent.as_object().into_iter().flatten() {
            answer[name] = value.clone();
        }
        answer["real"] = json["real"].clone();
        Ok(answer)
    }

    fn send_to_sandbox(&self, judged: &Judged, url: &str) -> Result<Value, String> {
        let mut command = command(judged, self.scratch.path())?;
        command.env_remove("RUST_LOG");
        for facts in ApiFacts::all() {
            // Any key is right there, and a real one has no business there.
            command.env(&facts.key_variable, "sandbox");
            // Nor may a variable say that the request goes elsewhere.
            command.env_remove(&facts.base_url_variable);
            if let Some(regions) = facts.regions() {
                command.env_remove(&regions.region_variable);
                command.env_remove(&regions.workspace_variable);
            }
        }
        command.args(["--base-url", url]);
        self.outcome(command)
    }

    fn send_for_real(&self, judged: &Judged, json: &Value) -> Result<Value, String> {
        let Some(out) = &self.out else {
            return Err(
                "`inkstone sandbox` sends nothing for real: start `inkstone studio`".into(),
            );
        };
        let cost = judged.cost();
        if json["confirm"] != *cost {
            return Ok(json!({"confirm": cost}));
        }
        self.outcome(command(judged, out)?)
    }

    /// Runs the command, and reads what it prints.
    fn outcome(&self, mut command: Command) -> Result<Value, String> {
        let output = command.output().map_err(|error| error.to_string())?;
        let mut printed: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
            let said = String::from_utf8_lossy(&output.stderr);
            json!({"error": said.trim(), "exit_code": output.status.code()})
        });
        if let Some(images) = printed["images"].as_array_mut() {
            for image in images {
                let path = image["path"].as_str().unwrap_or_default();
                image["url"] = self.pictures.add(path).into();
            }
        }
        Ok(printed)
    }
}

/// This program, with the flags of a request.
fn command(judged: &Judged, out: &Path) -> Result<Command, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    let mut args = judged.form.args.iter();
    command
        .args(args.next())
        .arg("--json")
        .arg("--out")
        .arg(out);
    command.args(args);
    Ok(command)
}
