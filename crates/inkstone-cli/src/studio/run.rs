//! Sends a request: to the sandbox, or for real where its cost was confirmed.

use std::path::Path;
use std::process::Command;
use std::thread;

use inkstone::ApiFacts;
use serde_json::{Value, json};
use tr::tr;

use crate::language::{OF_USER, in_chinese, is_translated, libraries};
use crate::studio::Studio;
use crate::studio::judge::{Judged, judge};
use crate::studio::pictures::Pictures;

impl Studio {
    /// The answer to a page that wants pictures: `real` says that the vendor is asked, `confirm`
    /// repeats the cost that it was shown, and `order` is the page's name for the request. What
    /// becomes of it is asked for by that name.
    pub(super) fn run(&self, json: &Value, url: &str) -> Result<Value, String> {
        let id = json["order"].as_str().unwrap_or_default();
        if let Some(known) = self.orders.find(id) {
            return Ok(known);
        }
        let judged = judge(&self.inputs(), json)?;
        let about = judged.json(url);
        if !judged.verdict.violations.is_empty() {
            return Err(tr!("the request breaks rules of its document"));
        }
        let is_real = json["real"] == true;
        let command = match is_real {
            false => self.for_sandbox(&judged, url)?,
            true => {
                let Some(out) = &self.out else {
                    return Err(tr!(
                        "`inkstone sandbox` sends nothing for real: start `inkstone studio`"
                    ));
                };
                let cost = judged.cost();
                if json["confirm"] != *cost {
                    return Ok(json!({"confirm": cost, "cost_text": about["cost_text"]}));
                }
                self.for_real(&judged, out)?
            }
        };
        self.begin(id, json, command, about)?;
        Ok(self.orders.find(id).unwrap_or_default())
    }

    /// Has the command run beside everything else.
    fn begin(&self, id: &str, json: &Value, command: Command, about: Value) -> Result<(), String> {
        let is_real = json["real"] == true;
        let mut request = json.clone();
        if let Some(members) = request.as_object_mut() {
            members.retain(|name, _| {
                ["api", "model", "prompt", "fields", "images"].contains(&name.as_str())
            });
        }
        if !self.orders.begin(id, is_real, &request)? {
            return Ok(());
        }
        let (orders, pictures) = (self.orders.clone(), self.pictures.clone());
        let (name, is_chinese) = (id.to_owned(), is_translated());
        let work = move || {
            let mut answer = about;
            let found = in_chinese(is_chinese, || outcome(command, is_real, &pictures));
            for (name, value) in found.as_object().into_iter().flatten() {
                answer[name] = value.clone();
            }
            orders.end(&name, answer);
        };
        if let Err(error) = thread::Builder::new().spawn(work) {
            self.orders.end(id, unsent(&error));
        }
        Ok(())
    }

    fn for_sandbox(&self, judged: &Judged, url: &str) -> Result<Command, String> {
        let out = self.scratch.path();
        let mut command = command(&judged.form.arguments(out, None)?, out)?;
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
        Ok(command)
    }

    fn for_real(&self, judged: &Judged, out: &Path) -> Result<Command, String> {
        let arguments = judged.form.arguments(self.scratch.path(), Some(out))?;
        let mut command = command(&arguments, out)?;
        // What ends this program ends nothing that is paid for: ctrl-c and the end of a terminal
        // go to all of a group.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Ok(command)
    }
}

/// Runs the command, and reads what it prints.
fn outcome(mut command: Command, is_real: bool, pictures: &Pictures) -> Value {
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => return unsent(&error),
    };
    let printed: Option<Value> = serde_json::from_slice(&output.stdout).ok();
    let mut printed = printed.filter(Value::is_object).unwrap_or_else(|| {
        let said = String::from_utf8_lossy(&output.stderr);
        let error = match said.trim() {
            "" => tr!("the program ended before it told what became of the request"),
            said => said.to_owned(),
        };
        json!({
            "error": error,
            "exit_code": output.status.code(),
            "may_have_been_billed": true,
        })
    });
    for image in listed(&mut printed, "images") {
        let path = image["path"].as_str().unwrap_or_default();
        image["url"] = pictures.add(Path::new(path)).into();
    }
    for image in listed(&mut printed, "unsaved") {
        let reason = image["reason"].as_str().unwrap_or_default();
        image["reason"] = libraries::error(reason).into();
    }
    if !is_real {
        // The sandbox bills nothing, whatever a request of its kind may cost elsewhere.
        printed["may_have_been_billed"] = false.into();
    }
    for reason in listed(&mut printed, "unmade") {
        *reason = libraries::error(reason.as_str().unwrap_or_default()).into();
    }
    printed
}

fn listed<'a>(printed: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    let listed = printed.get_mut(name).and_then(Value::as_array_mut);
    listed.into_iter().flatten()
}

fn unsent(error: &std::io::Error) -> Value {
    json!({"error": tr!("the request can't be sent: {error}; nothing was sent", error)})
}

/// This program, with the flags of a request. What it says is in the language of the page.
fn command(arguments: &[String], out: &Path) -> Result<Command, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command.args(arguments).arg("--json").arg("--out").arg(out);
    match is_translated() {
        true => command.env(OF_USER, "zh"),
        false => command.env_remove(OF_USER),
    };
    Ok(command)
}
