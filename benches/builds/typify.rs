//! A `build.rs` that calls typify on the documents, as one would without inkstone.
//!
//! Those that typify makes no types for are listed in `refused` beside the code.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use schemars::schema::RootSchema;
use serde_json::Value;
use typify::{TypeSpace, TypeSpaceSettings};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=schemas");
    let out = std::env::var("OUT_DIR")?;
    let (mut code, mut refused) = (String::new(), String::new());
    for file in documents(Path::new("schemas"))? {
        let document: Value = serde_json::from_str(&fs::read_to_string(&file)?)?;
        let mut types = String::new();
        for (name, schema) in schemas(&document) {
            match module(schema) {
                Ok(text) => types.push_str(&format!("pub mod {name} {{ {text} }}\n")),
                Err(_) => refused.push_str(&format!("{}\n", file.display())),
            }
        }
        let name: String = file.display().to_string();
        let name = name.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        code.push_str(&format!("pub mod {name} {{ {types} }}\n"));
    }
    let code = prettyplease::unparse(&syn::parse_file(&code)?);
    fs::write(Path::new(&out).join("generated.rs"), code)?;
    fs::write(Path::new(&out).join("refused"), refused)?;
    Ok(())
}

/// Every document below a directory.
fn documents(directory: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    if !directory.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        match path.is_dir() {
            true => found.extend(documents(&path)?),
            false => found.push(path),
        }
    }
    found.sort();
    Ok(found)
}

/// The schemas of a document's bodies.
fn schemas(document: &Value) -> Vec<(&'static str, &Value)> {
    let bodies = [
        ("request", &document["requestBody"]["jsonSchema"]),
        ("response", &document["responses"][0]["jsonSchema"]),
        ("error", &document["jsonSchema"]),
    ];
    bodies.into_iter().filter(|(_, schema)| schema.is_object()).collect()
}

/// typify's types for a schema, or why it makes none.
fn module(schema: &Value) -> Result<String, String> {
    // typify knows draft 7 alone.
    let text = schema.to_string().replace("$defs", "definitions");
    let mut root: RootSchema = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let title = root.schema.metadata().title.get_or_insert_default();
    *title = "Root".to_owned();
    let made = std::panic::catch_unwind(|| {
        let mut space = TypeSpace::new(&TypeSpaceSettings::default());
        space.add_root_schema(root).map_err(|error| error.to_string())?;
        Ok(space.to_stream().to_string())
    });
    made.unwrap_or_else(|_| Err("typify panics".to_owned()))
}
