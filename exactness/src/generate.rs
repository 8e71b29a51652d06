//! Generates a module for every document of some directories, and a table of
//! them; part of the build script.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The files below `directory`, sorted.
pub fn files(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut pending = vec![directory.to_path_buf()];
    while let Some(directory) = pending.pop() {
        for entry in std::fs::read_dir(directory)? {
            let path = entry?.path();
            match path.is_dir() {
                true => pending.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The modules of these documents, and the table `DOCUMENTS` of them.
pub fn table(files: &[PathBuf]) -> Result<String, Box<dyn std::error::Error>> {
    let (mut modules, mut rows) = (String::new(), String::new());
    for (at, path) in files.iter().enumerate() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Ok(read) = apifox_document::sources::read_file(path) else {
            writeln!(
                rows,
                "{},",
                row(&name, "null", &Err("can't be read".into()))
            )?;
            continue;
        };
        let outcome = match apifox_build::rust_file(path, "Root") {
            Ok(code) => {
                writeln!(modules, "{LINTS} pub mod m{at} {{\n{}\n}}", code.text)?;
                Ok(operations(&format!("m{at}"), &code.text))
            }
            Err(problems) => Err(problems.to_string()),
        };
        writeln!(rows, "{},", row(&name, &read.json.to_string(), &outcome))?;
    }
    Ok(format!(
        "{modules}\n#[allow(deprecated)]\npub static DOCUMENTS: &[Document] = &[\n{rows}];\n"
    ))
}

/// Generated code has nothing that rustc warns of, but what nobody here uses.
const LINTS: &str = "#[deny(warnings)] #[allow(dead_code, missing_docs)]";

fn row(name: &str, json: &str, outcome: &Result<Vec<String>, String>) -> String {
    let outcome = match outcome {
        Ok(operations) => format!("Ok(&[{}])", operations.join(", ")),
        Err(why) => format!("Err({why:?})"),
    };
    format!("Document {{ name: {name:?}, json: {json:?}, outcome: {outcome} }}")
}

/// The paths of the operations in the text of a module, as prettyplease writes it.
fn operations(module: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut around = "";
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("pub mod ") {
            around = name.trim_end_matches(" {}").trim_end_matches(" {");
        }
        match line.find("rt::endpoint!") {
            Some(0) => found.push(format!("&{module}::OPERATION")),
            Some(4) => found.push(format!("&{module}::{around}::OPERATION")),
            _ => {}
        }
    }
    found
}
