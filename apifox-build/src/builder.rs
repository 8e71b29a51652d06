//! The way in: from a directory of documents to a file of Rust.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::emit;
use crate::form;
use crate::locate::Texts;
use crate::lower;
use crate::model::{ErrorBody, LeftOut, Module};
use crate::problem::{Problem, Problems};
use crate::source::{self, Document};

/// Generates a file of Rust from a directory of documents.
#[derive(Clone, Debug)]
pub struct Builder {
    documents: PathBuf,
    strict: bool,
}

/// What a build looked at, in the form that cargo reads from a `build.rs`.
#[derive(Clone, Debug)]
pub struct Report {
    watched: Vec<PathBuf>,
    warnings: Vec<Problem>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, path) in self.watched.iter().enumerate() {
            let end = if at > 0 { "\n" } else { "" };
            write!(f, "{end}cargo::rerun-if-changed={}", path.display())?;
        }
        for warning in &self.warnings {
            write!(f, "\ncargo::warning={}", warning.line())?;
        }
        Ok(())
    }
}

impl Builder {
    /// Reads every document below the directory `documents`.
    pub fn new(documents: impl Into<PathBuf>) -> Self {
        Self {
            documents: documents.into(),
            strict: false,
        }
    }

    /// Whether the build stops at whatever is wrong in a document. Otherwise what
    /// can't be made sense of is passed over, an operation that no types can be
    /// made for is left out where it is one of many, and the [`Report`] tells all
    /// of it as warnings.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Writes the generated code to the file `name` in cargo's `OUT_DIR`.
    ///
    /// # Errors
    ///
    /// Every problem of every document; or that the file can't be written.
    pub fn write(&self, name: &str) -> Result<Report, Problems> {
        let Some(directory) = std::env::var_os("OUT_DIR") else {
            let message = "OUT_DIR is not set: this has to be called from a build script";
            return Err(unwritable(name, message).into());
        };
        let directory = Path::new(&directory);
        let (sources, problems) = source::read(&self.documents);
        let Generated { code, warnings } = self.modules(&sources.documents, problems)?;
        for document in &sources.documents {
            let text = format!("{:#}\n", document.json);
            save(&directory.join(DOCUMENTS).join(&document.file), &text)?;
        }
        save(&directory.join(name), &code)?;
        Ok(Report {
            watched: sources.watched,
            warnings,
        })
    }

    /// The generated code, which includes the corrected documents from a
    /// directory `documents` beside it.
    ///
    /// # Errors
    ///
    /// Every problem of every document.
    pub fn generate(&self) -> Result<String, Problems> {
        let (sources, problems) = source::read(&self.documents);
        Ok(self.modules(&sources.documents, problems)?.code)
    }

    fn modules(
        &self,
        documents: &[Document],
        mut problems: Problems,
    ) -> Result<Generated, Problems> {
        let mut modules = Vec::new();
        let mut warnings = Vec::new();
        let mut texts = Texts::default();
        for document in documents {
            texts.extend(document.texts.clone());
            match lower::module(document, self.strict) {
                Ok(mut module) => {
                    let left_out = module.left_out.drain(..).flat_map(LeftOut::problems);
                    let passed_over = module.notes.drain(..).chain(left_out);
                    match self.strict {
                        true => problems.0.extend(passed_over),
                        false => warnings.extend(passed_over),
                    }
                    modules.push(module);
                }
                Err(found) => problems.0.extend(found.0),
            }
        }
        problems.0.extend(same_module(&modules));
        texts.locate(&mut warnings);
        problems.into_result().map_err(|it| it.at(&texts))?;
        link_errors(&mut modules);
        let code = code(&modules)?;
        Ok(Generated { code, warnings })
    }
}

/// What is made of documents.
struct Generated {
    code: String,
    warnings: Vec<Problem>,
}

/// The directory beside the generated code with the corrected documents.
const DOCUMENTS: &str = "documents";

fn save(file: &Path, text: &str) -> Result<(), Problems> {
    let fault = |error: std::io::Error| {
        Problems::from(unwritable(&file.display().to_string(), &error.to_string()))
    };
    if let Some(directory) = file.parent() {
        std::fs::create_dir_all(directory).map_err(fault)?;
    }
    std::fs::write(file, text).map_err(fault)
}

/// Generates a module of Rust from the file at `path`, with the corrections
/// beside it: see [`rust`].
///
/// # Errors
///
/// Every problem of it.
pub fn rust_file(path: &Path, root: &str) -> Result<Code, Problems> {
    of_document(source::read_file(path)?, root)
}

/// Generates a module of Rust from one document in any form, or from a bare JSON
/// Schema, whose type is then called `root`; `file` names it in errors.
///
/// The module stands alone: it needs the crates `apifox-runtime`, `serde` and
/// `serde_json`, and nothing else.
///
/// # Errors
///
/// Every problem of it.
pub fn rust(file: &str, json: Value, root: &str) -> Result<Code, Problems> {
    let document = Document::of_json(file, json);
    of_document(document, root)
}

/// Generates a module of Rust from the text of a document in any form: see
/// [`rust`]. `file` names it, and its ending says how it is written; without
/// one that is known, the text itself does.
///
/// # Errors
///
/// Every problem of it.
pub fn rust_text(file: &str, text: &str, root: &str) -> Result<Code, Problems> {
    of_document(source::read_text(file, text)?, root)
}

/// Generated Rust, and what was passed over on the way.
#[derive(Clone, Debug)]
pub struct Code {
    /// The text of a module.
    pub text: String,
    /// What can't be made sense of in the document, and the operations that no
    /// types could be made for.
    pub warnings: Vec<Problem>,
}

fn of_document(document: Document, root: &str) -> Result<Code, Problems> {
    let made = match form::is_document(&document.json) {
        true => lower::module(&document, false),
        false => lower::schema(&document.file, &document.json, root),
    };
    let mut module = made.map_err(|problems| problems.at(&document.texts))?;
    let code = formatted(&emit::module(&module, emit::Documents::Within)?)?;
    let left_out = module.left_out.drain(..).flat_map(LeftOut::problems);
    let mut warnings: Vec<Problem> = module.notes.drain(..).chain(left_out).collect();
    document.texts.locate(&mut warnings);
    Ok(Code {
        text: format!("{HEADER}{code}"),
        warnings,
    })
}

const HEADER: &str = "\
// Generated by apifox-build; do not edit.
//
// Needs the crates apifox-runtime, serde and serde_json.

";

fn unwritable(file: &str, message: &str) -> Problem {
    Problem {
        file: file.to_owned(),
        location: None,
        pointer: String::new(),
        keyword: None,
        message: format!("cannot be written: {message}"),
        remedy: "check the directory and its permissions".into(),
    }
}

fn code(modules: &[Module]) -> Result<String, Problems> {
    let mut tree = Tree::default();
    for module in modules {
        tree.insert(&module.path, module)?;
    }
    let tree = tree.tokens();
    let registry = emit::registry(modules);
    formatted(&quote! { #registry #tree })
}

/// Two documents whose names differ only in what Rust's names can't show.
fn same_module(modules: &[Module]) -> Option<Problem> {
    let mut seen = BTreeMap::new();
    modules.iter().find_map(|module| {
        let other = seen.insert(&module.path, &module.file)?;
        Some(Problem {
            file: module.file.clone(),
            location: None,
            pointer: String::new(),
            keyword: None,
            message: format!(
                "makes the same module as {other}: {}",
                module.path.join("::")
            ),
            remedy: "rename one of the two files".into(),
        })
    })
}

/// Gives every operation the error body that lies beside its document.
fn link_errors(modules: &mut [Module]) {
    let errors: BTreeMap<Vec<String>, Vec<String>> = modules
        .iter()
        .filter(|module| module.operations.is_empty() && module.name == "error")
        .filter_map(|module| {
            let (_, folder) = module.path.split_last()?;
            let path = module.path.iter().cloned().chain(["Error".to_owned()]);
            Some((folder.to_vec(), path.collect()))
        })
        .collect();
    for module in modules {
        let folder = module.path.split_last().map(|(_, folder)| folder.to_vec());
        let Some(path) = folder.and_then(|folder| errors.get(&folder)) else {
            continue;
        };
        for operation in &mut module.operations {
            if matches!(operation.error, ErrorBody::Unknown) {
                operation.error = ErrorBody::Elsewhere(path.clone());
            }
        }
    }
}

/// Modules within modules.
#[derive(Default)]
struct Tree {
    children: BTreeMap<String, Tree>,
    docs: TokenStream,
    items: TokenStream,
}

impl Tree {
    fn insert(&mut self, path: &[String], module: &Module) -> Result<(), Problems> {
        match path.split_first() {
            Some((first, rest)) => {
                let child = self.children.entry(first.clone()).or_default();
                child.insert(rest, module)
            }
            None => {
                self.docs = emit::module_docs(module);
                self.items = emit::module(module, emit::Documents::Beside)?;
                Ok(())
            }
        }
    }

    fn tokens(&self) -> TokenStream {
        let children = self.children.iter().map(|(name, child)| {
            let ident = Ident::new(name, Span::call_site());
            let docs = if child.docs.is_empty() {
                let text = format!(" The documents in `{name}`.");
                quote! { #[doc = #text] }
            } else {
                child.docs.clone()
            };
            let tokens = child.tokens();
            quote! { #docs pub mod #ident { #tokens } }
        });
        let items = &self.items;
        quote! { #items #(#children)* }
    }
}

fn formatted(tokens: &TokenStream) -> Result<String, Problems> {
    let file = syn::parse2(tokens.clone()).map_err(|error| Problem {
        file: "generated code".into(),
        location: None,
        pointer: String::new(),
        keyword: None,
        message: format!("is not Rust: {error}"),
        remedy: "this is a fault of apifox-build: please report it with the document".into(),
    })?;
    Ok(prettyplease::unparse(&file))
}
