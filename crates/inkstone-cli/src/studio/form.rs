//! What was filled in, as the flags of `inkstone generate`.

use std::fs::File;
use std::io::{self, Seek as _, Write as _};
use std::path::Path;
use std::process::Stdio;

use clap::Parser as _;
use serde_json::{Value, json};
use tr::tr;

use crate::args::generate::GenerateArgs;
use crate::args::{Cli, Command};
use crate::error::CliError;
use crate::request::words::command_line;
use crate::studio::inputs::{Input, Inputs, put_beside};

/// What was filled in.
pub struct Form {
    /// The flags of all but the pictures.
    flags: Vec<String>,
    images: Vec<Input>,
    /// As it is read from a file, without the space around it.
    prompt: String,
}

impl Form {
    /// Reads what a page sends: `api`, `model`, `prompt`, `fields` by their paths, and `images`.
    pub fn read(json: &Value, inputs: &Inputs<'_>) -> Result<Self, String> {
        let text = |name: &str| json[name].as_str().unwrap_or_default();
        let mut flags = vec!["generate".to_owned()];
        for (flag, name) in [("--api", "api"), ("--model", "model")] {
            flags.extend([flag.to_owned(), text(name).to_owned()]);
        }
        for (path, value) in json["fields"].as_object().into_iter().flatten() {
            flags.extend(command_line::flag(path, value));
        }
        let images = json["images"].as_array().into_iter().flatten();
        let images = images.map(|image| inputs.find(image));
        let prompt = text("prompt");
        let prompt = prompt.strip_prefix('\u{feff}').unwrap_or(prompt);
        Ok(Self {
            flags,
            images: images.collect::<Result<_, _>>()?,
            prompt: prompt.trim().to_owned(),
        })
    }

    /// The flags, read as the program reads them.
    pub fn parse(&self) -> Result<Box<GenerateArgs>, String> {
        let mut all = self.with_images(self.images.iter().map(Input::given));
        all.insert(0, "inkstone".to_owned());
        all.push(String::new());
        match Cli::try_parse_from(all).map(|cli| cli.command) {
            Ok(Command::Generate(mut args)) => {
                args.request.prompt = Some(self.prompt.clone());
                Ok(args)
            }
            Ok(_) => Err(tr!("this is no request for pictures")),
            Err(error) => {
                let message = error.to_string();
                let line = message.lines().next().unwrap_or_default();
                Err(line.trim_start_matches("error: ").to_owned())
            }
        }
    }

    /// The command that a person would write.
    pub fn shown(&self) -> String {
        let images = self.images.iter().map(|image| image.name().to_owned());
        command_line::with_prompt(&self.with_images(images), &self.prompt)
    }

    /// The arguments to run, which read the prompt from [`Self::stdin`]. Pictures lie beside those
    /// that are made in `out`, where that is to stay.
    pub fn arguments(&self, out: Option<&Path>) -> Result<Vec<String>, String> {
        let images = self.images.iter().map(|image| match (image, out) {
            (Input::File { path, name }, Some(out)) => {
                put_beside(path, name, out).map(|path| path.display().to_string())
            }
            _ => Ok(image.given()),
        });
        let images = images.collect::<Result<Vec<_>, _>>()?;
        let mut all = self.with_images(images.into_iter());
        match self.prompt.is_empty() {
            true => all.push(String::new()),
            false => all.extend(["--prompt-file", "-"].map(str::to_owned)),
        }
        Ok(all)
    }

    /// What the program reads the prompt from: a file without a name, which holds any prompt, and
    /// is there for as long as the program runs, whatever becomes of this one.
    pub fn stdin(&self) -> io::Result<Stdio> {
        Ok(match self.prompt.is_empty() {
            true => Stdio::null(),
            false => self.prompt_file()?.into(),
        })
    }

    fn prompt_file(&self) -> io::Result<File> {
        let mut file = tempfile::tempfile()?;
        file.write_all(self.prompt.as_bytes())?;
        file.rewind()?;
        Ok(file)
    }

    /// The pictures as a page names them, without their bytes.
    pub fn pictures(&self) -> Vec<Value> {
        let picture = |image: &Input| match image {
            Input::Url(url) => json!({"uri": url}),
            Input::File { path, name } => {
                let hash = path.file_name().unwrap_or_default().to_string_lossy();
                json!({"hash": hash, "name": name})
            }
        };
        self.images.iter().map(picture).collect()
    }

    fn with_images(&self, images: impl Iterator<Item = String>) -> Vec<String> {
        let images = images.flat_map(|image| ["--image".to_owned(), image]);
        self.flags.iter().cloned().chain(images).collect()
    }

    /// The name of the picture that a flag of this request has, as its user knows it.
    pub fn picture<'a>(&'a self, flag: &'a str) -> Option<&'a str> {
        let given = flag.strip_prefix("--image ")?;
        let named = self.images.iter().find(|image| image.given() == given);
        Some(named.map_or(given, Input::name))
    }

    /// An error as it is told to who filled in the form, and gave neither flags nor paths.
    pub fn told(&self, error: CliError) -> String {
        let told = |place: &str, rest: &str| {
            let found = rest.trim_start_matches([':', '：', ' ']);
            tr!("{flag}: {found}", flag = place, found = found)
        };
        for image in &self.images {
            let flag = format!("--image {}", image.given());
            if let Some(rest) = error.message.strip_prefix(&flag) {
                return told(image.name(), rest);
            }
        }
        match error.message.split_once([':', '：']) {
            Some((flag, rest)) if flag == "PROMPT" || flag.starts_with("--") => {
                let name = flag.trim_start_matches("--set ").trim_start_matches('-');
                told(&name.replace('-', "_").replace("PROMPT", "prompt"), rest)
            }
            _ => error.message,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    fn read(prompt: &str) -> (tempfile::TempDir, Form) {
        let scratch = tempfile::tempdir().unwrap();
        let inputs = Inputs {
            directory: scratch.path(),
            out: None,
        };
        let hash = inputs.keep("data:image/png;base64,AAAA").unwrap();
        let form = json!({
            "api": "dashscope", "model": "qwen-image-2.0", "prompt": prompt,
            "fields": {
                "parameters.size": "1024*1024", "parameters.n": 2, "parameters.seed": -1,
                "parameters.watermark": false, "parameters.prompt_extend": true,
                "parameters.bbox": [[1, 2]],
            },
            "images": [{"uri": "https://example.com/a.png"}, {"hash": hash, "name": "cat.png"}],
        });
        let form = Form::read(&form, &inputs).unwrap();
        (scratch, form)
    }

    #[test]
    fn fields_become_the_flags_that_a_person_would_write() {
        let (_scratch, form) = read(" -5 degrees\n");
        let expected = "inkstone generate --api dashscope --model qwen-image-2.0 \
                        --size '1024*1024' --n 2 --seed=-1 --watermark=false \
                        --prompt-extend true --set 'parameters.bbox=[[1,2]]' \
                        --image https://example.com/a.png --image cat.png -- '-5 degrees'";
        let sorted = |text: &str| {
            let mut words: Vec<_> = text.split(' ').map(str::to_owned).collect();
            words.sort();
            words
        };
        assert_eq!(sorted(&form.shown()), sorted(expected));
        let args = form.parse().unwrap();
        let request = &args.request;
        assert_eq!(
            (request.prompt.as_deref(), request.n, request.seed),
            (Some("-5 degrees"), Some(2), Some(-1))
        );
        assert_eq!(request.image.len(), 2);
    }

    #[test]
    fn any_prompt_is_given_in_a_file_that_needs_no_directory() {
        for prompt in ["-", "-5 degrees", "a cat", &"猫".repeat(60_000)] {
            let (_scratch, form) = read(prompt);
            let arguments = form.arguments(None).unwrap();
            assert!(arguments.ends_with(&["--prompt-file".to_owned(), "-".to_owned()]));
            let mut read = String::new();
            let mut file = form.prompt_file().unwrap();
            file.read_to_string(&mut read).unwrap();
            assert_eq!(read, prompt);
        }
        let (_scratch, form) = read("");
        let arguments = form.arguments(None).unwrap();
        assert_eq!(arguments.last().map(String::as_str), Some(""));
    }

    #[test]
    fn pictures_are_named_without_their_bytes() {
        let (scratch, form) = read("a cat");
        let hash = std::fs::read_dir(scratch.path()).unwrap().next().unwrap();
        let hash = hash.unwrap().file_name().into_string().unwrap();
        let expected = [
            json!({"uri": "https://example.com/a.png"}),
            json!({"hash": hash, "name": "cat.png"}),
        ];
        assert_eq!(form.pictures(), expected);
    }

    #[test]
    fn errors_name_fields_and_pictures_as_the_page_does() {
        let (_scratch, form) = read("a cat");
        let path = form.parse().unwrap().request.image[1].clone();
        let cases = [
            (
                format!("--image {path}: it is cut off"),
                "cat.png: it is cut off",
            ),
            (
                "--image https://example.com/a.png: no".to_owned(),
                "https://example.com/a.png: no",
            ),
            ("PROMPT: no".to_owned(), "prompt: no"),
            ("PROMPT：no".to_owned(), "prompt: no"),
            ("--negative-prompt: no".to_owned(), "negative_prompt: no"),
            ("--set a.b: no".to_owned(), "a.b: no"),
            ("no".to_owned(), "no"),
        ];
        for (message, expected) in cases {
            assert_eq!(form.told(CliError::usage(message)), expected);
        }
        assert_eq!(form.picture(&format!("--image {path}")), Some("cat.png"));
    }
}
