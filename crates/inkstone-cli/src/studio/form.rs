//! What was filled in, as the flags of `inkstone generate`.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Parser as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::args::generate::GenerateArgs;
use crate::args::{Cli, Command};
use crate::hex::hex;
use crate::request::words::command_line;

/// What was filled in.
pub struct Form {
    /// The flags, with each picture as a file on this machine.
    pub args: Vec<String>,
    /// The flags to show, with each picture by the name of its file.
    pub shown: Vec<String>,
}

impl Form {
    /// Reads what a page sends: `api`, `model`, `prompt`, `fields` by their paths, and
    /// `images`, each a URL, or a data URI with the `name` of its file. Those are written to
    /// `scratch`.
    pub fn read(json: &Value, scratch: &Path) -> Result<Self, String> {
        let text = |name: &str| json[name].as_str().unwrap_or_default();
        let mut args = vec!["generate".to_owned()];
        for (flag, name) in [("--api", "api"), ("--model", "model")] {
            args.extend([flag.to_owned(), text(name).to_owned()]);
        }
        for (path, value) in json["fields"].as_object().into_iter().flatten() {
            args.extend(command_line::flag(path, value));
        }
        let mut shown = args.clone();
        for image in json["images"].as_array().into_iter().flatten() {
            let (own, name) = picture(image, scratch)?;
            args.extend(["--image".to_owned(), own]);
            shown.extend(["--image".to_owned(), name]);
        }
        for all in [&mut args, &mut shown] {
            if text("prompt").starts_with('-') {
                all.push("--".to_owned());
            }
            all.push(text("prompt").to_owned());
        }
        Ok(Self { args, shown })
    }

    /// The flags, read as the program reads them.
    pub fn parse(&self) -> Result<Box<GenerateArgs>, String> {
        let all = std::iter::once("inkstone").chain(self.args.iter().map(String::as_str));
        match Cli::try_parse_from(all).map(|cli| cli.command) {
            Ok(Command::Generate(args)) => Ok(args),
            Ok(_) => Err("this is not a request for pictures".to_owned()),
            Err(error) => {
                let message = error.to_string();
                let line = message.lines().next().unwrap_or_default();
                Err(line.trim_start_matches("error: ").to_owned())
            }
        }
    }
}

/// A picture: where it is, and what to call it.
fn picture(image: &Value, scratch: &Path) -> Result<(String, String), String> {
    let uri = image["uri"].as_str().unwrap_or_default();
    let Some(data) = uri.strip_prefix("data:") else {
        return Ok((uri.to_owned(), uri.to_owned()));
    };
    let base64 = data.split_once(";base64,").map(|(_, base64)| base64);
    let bytes = base64.and_then(|base64| STANDARD.decode(base64).ok());
    let bytes = bytes.ok_or("the picture can't be read")?;
    let hash = hex(&Sha256::digest(&bytes)[..8]);
    let path = scratch.join(format!("input-{hash}"));
    fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    let name = image["name"].as_str().filter(|name| !name.is_empty());
    Ok((
        path.display().to_string(),
        name.unwrap_or("picture.png").to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_become_the_flags_that_a_person_would_write() {
        let form = json!({
            "api": "dashscope", "model": "qwen-image-2.0", "prompt": "-5 degrees",
            "fields": {
                "parameters.size": "1024*1024", "parameters.n": 2, "parameters.seed": -1,
                "parameters.watermark": false, "parameters.prompt_extend": true,
                "parameters.bbox": [[1, 2]],
            },
            "images": [{"uri": "https://example.com/a.png"}, {"uri": "data:image/png;base64,AAAA", "name": "cat.png"}],
        });
        let scratch = tempfile::tempdir().unwrap();
        let form = Form::read(&form, scratch.path()).unwrap();
        let shown = form.shown.join(" ");
        let expected = "generate --api dashscope --model qwen-image-2.0 --size 1024*1024 --n 2 \
                        --seed=-1 --watermark=false --prompt-extend true \
                        --set parameters.bbox=[[1,2]] --image https://example.com/a.png \
                        --image cat.png -- -5 degrees";
        let sorted = |text: &str| {
            let mut words: Vec<_> = text.split(' ').map(str::to_owned).collect();
            words.sort();
            words
        };
        assert_eq!(sorted(&shown), sorted(expected));
        let args = form.parse().unwrap();
        assert_eq!(
            (
                args.request.prompt.as_deref(),
                args.request.n,
                args.request.seed
            ),
            (Some("-5 degrees"), Some(2), Some(-1))
        );
        assert_eq!(args.request.image.len(), 2);
    }
}
