//! Sends a request: to the sandbox, or for real where its cost was confirmed.

use std::io;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;

use inkstone::ApiFacts;
use serde_json::{Value, json};
use tr::tr;

use crate::language::{OF_USER, in_chinese, is_translated, libraries};
use crate::studio::Studio;
use crate::studio::judge::{Judged, judge};
use crate::studio::orders::{Asked, unsent};
use crate::studio::pictures::Pictures;

impl Studio {
    /// The answer to a page that wants pictures: `real` says that the vendor is asked, `confirm`
    /// repeats what it was given with the cost of this request, and `order` is the page's name for
    /// it. What becomes of it is asked for by that name.
    pub(super) fn run(&self, json: &Value, url: &str) -> Result<Value, String> {
        let id = json["order"].as_str().unwrap_or_default();
        if let Some(known) = self.orders.tell(id) {
            return Ok(known);
        }
        let judged = judge(&self.inputs(), json)?;
        let about = judged.json(url);
        if !judged.verdict.violations.is_empty() {
            return Err(tr!("the request breaks rules of its document"));
        }
        let is_real = json["real"] == true;
        let mut command = match is_real {
            false => self.for_sandbox(&judged, url)?,
            true => {
                let Some(out) = &self.out else {
                    return Err(tr!(
                        "`inkstone sandbox` sends nothing for real: start `inkstone studio`"
                    ));
                };
                let confirmation = judged.confirmation();
                if json["confirm"] != *confirmation {
                    let cost = &about["cost_text"];
                    return Ok(json!({"confirm": confirmation, "cost_text": cost}));
                }
                for_real(&judged, out)?
            }
        };
        command.stdin(judged.form.stdin().map_err(|error| unsent(&error))?);
        let mut request = json!({"images": judged.form.pictures()});
        for name in ["api", "model", "prompt", "fields"] {
            request[name] = json[name].clone();
        }
        let asked = Asked {
            id: id.to_owned(),
            is_real,
            request,
        };
        self.begin(asked, command, about)?;
        Ok(self.orders.tell(id).unwrap_or_default())
    }

    /// Has the command run beside everything else. Once an order is noted, it is under way.
    fn begin(&self, asked: Asked, mut command: Command, about: Value) -> Result<(), String> {
        let (orders, pictures) = (self.orders.clone(), self.pictures.clone());
        let (id, is_real, is_chinese) = (asked.id.clone(), asked.is_real, is_translated());
        let (hand_over, begun) = mpsc::channel::<std::process::Child>();
        // First of all, for what was begun has to be waited for.
        let waiting = move || {
            let Ok(child) = begun.recv() else {
                return;
            };
            let ended = child.wait_with_output();
            let mut answer = about;
            let found = in_chinese(is_chinese, || outcome(ended, is_real, &pictures));
            for (name, value) in found.as_object().into_iter().flatten() {
                answer[name] = value.clone();
            }
            orders.end(&id, answer);
        };
        let waiting = thread::Builder::new().spawn(waiting);
        waiting.map_err(|error| unsent(&error))?;
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(child) = self.orders.begin(asked, || command.spawn())? {
            // The thread takes it before it does anything else.
            let _ = hand_over.send(child);
        }
        Ok(())
    }

    fn for_sandbox(&self, judged: &Judged, url: &str) -> Result<Command, String> {
        let out = self.scratch.path();
        let mut command = command(&judged.form.arguments(None)?, out)?;
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
}

fn for_real(judged: &Judged, out: &Path) -> Result<Command, String> {
    let arguments = judged.form.arguments(Some(out))?;
    let mut command = command(&arguments, out)?;
    // What ends this program ends nothing that is paid for: ctrl-c and the end of a terminal go
    // to all of a group.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    #[cfg(windows)]
    {
        const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;
        use std::os::windows::process::CommandExt as _;
        command.creation_flags(CREATE_NEW_PROCESS_GROUP);
    }
    Ok(command)
}

/// Reads what a command printed. It was begun: where nothing is known of it, it may have sent its
/// request.
fn outcome(ended: io::Result<Output>, is_real: bool, pictures: &Pictures) -> Value {
    let (stdout, said, code) = match ended {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            (output.stdout, said, output.status.code())
        }
        Err(error) => (Vec::new(), error.to_string(), None),
    };
    let printed: Option<Value> = serde_json::from_slice(&stdout).ok();
    let mut printed = printed.filter(Value::is_object).unwrap_or_else(|| {
        let error = match said.as_str() {
            "" => tr!("the program ended before it told what became of the request"),
            said => said.to_owned(),
        };
        json!({"error": error, "exit_code": code, "may_have_been_billed": true})
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_begun_and_is_not_known_may_have_been_billed() {
        let pictures = Pictures::new().unwrap();
        for is_real in [true, false] {
            let ended = Err(io::Error::other("the pipe broke"));
            let expected = json!({"error": "the pipe broke", "exit_code": null,
                "may_have_been_billed": is_real});
            assert_eq!(outcome(ended, is_real, &pictures), expected);
        }
    }
}
