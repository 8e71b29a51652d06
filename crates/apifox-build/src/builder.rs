//! The entry point for a directory of documents.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::annotate::given_names::unknown;
use crate::lower;
use crate::model::OmittedOperation;
use crate::module_tree::{code, link_errors, same_module};
use crate::settings::Settings;
use apifox_document::diagnostics::{Diagnostic, Diagnostics, grouped};
use apifox_document::text::Texts;
use apifox_document::{Document, sources};

/// Generates a file of Rust from a directory of documents.
#[derive(Clone, Debug)]
pub struct Builder {
    documents: PathBuf,
    settings: Settings,
}

/// The files of a build, and its warnings; displayed as cargo reads it from a `build.rs`.
#[derive(Clone, Debug)]
pub struct Report {
    watched: Vec<PathBuf>,
    warnings: Vec<Diagnostic>,
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
            settings: Settings::default(),
        }
    }

    /// Whether the build stops at whatever is wrong in a document. Otherwise what can't
    /// be read is skipped, and an operation that can't be generated is omitted if there
    /// are others; the [`Report`] has warnings of both.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.settings.strict = strict;
        self
    }

    /// Generates only operations whose path starts with `prefix`, or with the prefix of
    /// another call of this.
    #[must_use]
    pub fn only_path(mut self, prefix: impl Into<String>) -> Self {
        self.settings.paths.push(prefix.into());
        self
    }

    /// Generates only operations with this tag, or with the tag of another call of this.
    /// In a project export the names of the folders around an operation are its tags
    /// as well.
    #[must_use]
    pub fn only_tag(mut self, tag: impl Into<String>) -> Self {
        self.settings.tags.push(tag.into());
        self
    }

    /// Derives a trait, such as `Hash` or `::my_crate::Trait`, for every struct and enum
    /// beside the usual ones.
    #[must_use]
    pub fn derive(mut self, path: impl Into<String>) -> Self {
        self.settings.derives.push(path.into());
        self
    }

    /// Uses the type `path` for the schema at `place`, a file below the directory
    /// and a JSON pointer in it: `"shop.json#/components/schemas/Money"`.
    ///
    /// The type has to implement `apifox_runtime::Decode`, `serde::Serialize`,
    /// `Clone`, `Debug`, `PartialEq` and `Eq`. That it accepts what the schema
    /// accepts is up to it.
    #[must_use]
    pub fn replace(mut self, place: impl Into<String>, path: impl Into<String>) -> Self {
        self.settings.types.insert(place.into(), path.into());
        self
    }

    /// Calls what is made of something in a document `name`: the type of a schema, the variant
    /// of a listed value, the module of an operation.
    ///
    /// It is named by what its document calls it, such as `"Pet"` or an `operationId`, or by a
    /// file below the directory and a JSON pointer in it:
    /// `"shop.json#/components/schemas/Pet/properties/kind/enum/0"`. A document can say the same
    /// by `x-rust-name` in a schema.
    #[must_use]
    pub fn rename(mut self, what: impl Into<String>, name: impl Into<String>) -> Self {
        self.settings.names.insert(what.into(), name.into());
        self
    }

    /// Calls the module of the document `file` below the directory `path`, such as
    /// `"shop"` or `"shop::v2"`, and not after the file.
    #[must_use]
    pub fn module(mut self, file: impl Into<String>, path: impl Into<String>) -> Self {
        self.settings.modules.insert(file.into(), path.into());
        self
    }

    /// Whether requests can be sent. Otherwise only types are generated: no `Endpoint`,
    /// and no lists of operations and documents.
    #[must_use]
    pub fn operations(mut self, operations: bool) -> Self {
        self.settings.operations = operations;
        self
    }

    /// Asserts these formats, of [`FORMATS`](crate::FORMATS): a schema accepts only what its
    /// `format` says then, and there is a type for that.
    ///
    /// JSON Schema has `format` restrict nothing, so that none is asserted unless it is
    /// named here. The types of the formats of strings keep the text as it is written. With
    /// the features `jiff`, `url` and `uuid` of `apifox-runtime` they convert to and from
    /// the types of these crates.
    ///
    /// ```
    /// let builder = apifox_build::Builder::new("schemas").formats(["date-time", "int64"]);
    /// let all = apifox_build::Builder::new("schemas").formats(apifox_build::FORMATS);
    /// ```
    #[must_use]
    pub fn formats(mut self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let names = names.into_iter().map(|name| name.as_ref().to_owned());
        self.settings.formats.extend(names);
        self
    }

    /// Writes the generated code to the file `name` in cargo's `OUT_DIR`.
    ///
    /// # Errors
    ///
    /// Every problem of every document; or that the file can't be written.
    pub fn write(&self, name: &str) -> Result<Report, Diagnostics> {
        let Some(directory) = std::env::var_os("OUT_DIR") else {
            let message = "OUT_DIR is not set: this has to be called from a build script";
            return Err(unwritable(name, message).into());
        };
        let directory = Path::new(&directory);
        let (sources, problems) = sources::read(&self.documents);
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
    pub fn generate(&self) -> Result<String, Diagnostics> {
        let (sources, problems) = sources::read(&self.documents);
        Ok(self.modules(&sources.documents, problems)?.code)
    }

    fn modules(
        &self,
        documents: &[Document],
        mut problems: Diagnostics,
    ) -> Result<Generated, Diagnostics> {
        self.settings.check(documents)?;
        let mut modules = Vec::new();
        let mut warnings = Vec::new();
        let mut texts = Texts::default();
        let (mut renamed, mut known) = (BTreeSet::new(), Vec::new());
        for document in documents {
            texts.extend(document.texts.clone());
            match lower::module(document, &self.settings) {
                Ok(mut module) => {
                    renamed.append(&mut module.renamed);
                    known.append(&mut module.known);
                    warnings.append(&mut module.unsupported);
                    let omitted = module
                        .omitted
                        .drain(..)
                        .flat_map(OmittedOperation::problems);
                    let skipped = module.skipped.drain(..).chain(omitted);
                    match self.settings.strict {
                        true => problems.0.extend(skipped),
                        false => warnings.extend(skipped),
                    }
                    modules.push(module);
                }
                Err(found) => problems.0.extend(found.0),
            }
        }
        problems.0.extend(same_module(&modules));
        // What a document that can't be read has is not known.
        if problems.0.is_empty() {
            let names = &self.settings.names;
            problems.0.extend(unknown(names, &renamed, &known));
        }
        texts.locate(&mut warnings);
        problems
            .into_result()
            .map_err(|problems| problems.at(&texts))?;
        link_errors(&mut modules);
        let code = code(&modules, &self.settings)?;
        let warnings = grouped(warnings);
        Ok(Generated { code, warnings })
    }
}

/// What is generated from documents.
struct Generated {
    code: String,
    warnings: Vec<Diagnostic>,
}

/// The directory beside the generated code with the corrected documents.
const DOCUMENTS: &str = "documents";

fn save(file: &Path, text: &str) -> Result<(), Diagnostics> {
    let fault = |error: std::io::Error| {
        Diagnostics::from(unwritable(&file.display().to_string(), &error.to_string()))
    };
    if let Some(directory) = file.parent() {
        std::fs::create_dir_all(directory).map_err(fault)?;
    }
    std::fs::write(file, text).map_err(fault)
}

fn unwritable(file: &str, message: &str) -> Diagnostic {
    Diagnostic::new(
        file,
        "",
        format!("cannot be written: {message}"),
        "check the directory and its permissions",
    )
}
