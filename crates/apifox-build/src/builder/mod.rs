//! The entry point for a directory of documents.

mod kept;

use std::ffi::OsStr;
use std::fmt;
use std::mem::take;
use std::path::{Path, PathBuf};

use quote::quote;

use crate::annotate::given_names::unknown;
use crate::builder::kept::{Head, Kept, unwritable};
use crate::emit;
use crate::lower;
use crate::model::{Module, OmittedOperation};
use crate::module_tree::{code, same_module};
use crate::outline::{ErrorBodies, Outline, link_error};
use crate::pages::Pages;
use crate::print::Printer;
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

    /// Makes every warning about a document an error. By default what can't be read is
    /// skipped, and an operation that can't be generated is omitted if there are others,
    /// with warnings in the [`Report`].
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.settings.strict = strict;
        self
    }

    /// Generates only operations whose path starts with `prefix`. Of several prefixes, one
    /// each call, any will do. One that no path starts with is an error.
    #[must_use]
    pub fn only_path(mut self, prefix: impl Into<String>) -> Self {
        self.settings.paths.push(prefix.into());
        self
    }

    /// Generates only operations with this tag. Of several tags, one each call, any will do.
    /// In a project export the names of the folders around an operation are its tags
    /// as well. A tag that no operation has is an error.
    #[must_use]
    pub fn only_tag(mut self, tag: impl Into<String>) -> Self {
        self.settings.tags.push(tag.into());
        self
    }

    /// Generates only these operations, and the types that they use: each by its `operationId`,
    /// or by its method and path, such as `"GET /pets/{id}"`.
    ///
    /// A crate that calls ten operations of a large document compiles as if the document had
    /// only those. A name that no document has is an error.
    ///
    /// ```
    /// let builder = apifox_build::Builder::new("schemas")
    ///     .only_operations(["repos/get", "GET /user"]);
    /// ```
    #[must_use]
    pub fn only_operations(mut self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let names = names.into_iter().map(|name| name.as_ref().to_owned());
        self.settings.only_operations.extend(names);
        self
    }

    /// Has the replies of an operation be pages of a list, which `Client::pages` of
    /// `apifox-client` makes a stream of. The operation is named as in
    /// [`only_operations`](Self::only_operations).
    ///
    /// What is named has to be in the document: the parameter, the list, and what leads to the
    /// next page.
    ///
    /// ```
    /// use apifox_build::{Builder, Pages};
    ///
    /// let builder = Builder::new("schemas")
    ///     .pages("listPets", Pages::cursor("after", "/next_cursor").items("/pets"))
    ///     .pages("GET /orders", Pages::number("page"));
    /// ```
    #[must_use]
    pub fn pages(mut self, operation: impl Into<String>, pages: Pages) -> Self {
        self.settings.pages.insert(operation.into(), pages);
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
    /// and a JSON pointer in it as it is written: `"shop.json#/components/schemas/Money"`, or
    /// `"shop.json#/definitions/Money"` in Swagger 2.0.
    ///
    /// The type has to implement `apifox_runtime::Decode`, `serde::Serialize`,
    /// `Clone`, `Debug`, `PartialEq` and `Eq`. That it accepts what the schema
    /// accepts is up to it.
    #[must_use]
    pub fn replace(mut self, place: impl Into<String>, path: impl Into<String>) -> Self {
        self.settings.types.insert(place.into(), path.into());
        self
    }

    /// Gives a name to what is generated from something in a document: the type of a schema,
    /// the variant of a listed value, the module of an operation.
    ///
    /// `what` is what its document calls it, such as `"Pet"` or an `operationId`, or by a
    /// file below the directory and a JSON pointer in it:
    /// `"shop.json#/components/schemas/Pet/properties/kind/enum/0"`, or
    /// `"shop.json#/definitions/Pet"` in Swagger 2.0. A document can say the same
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
        self.settings.types_only = !operations;
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

    /// Writes the generated code to the file `name` in cargo's `OUT_DIR`, or in a directory of
    /// it, which includes a file for each document; the documents as they were corrected are in
    /// the directory `NAME+documents` beside it. What was made of a document is used again until
    /// the document, its corrections, the settings or the generator change.
    ///
    /// # Errors
    ///
    /// Every problem of every document; or that a file can't be written.
    pub fn write(&self, name: &str) -> Result<Report, Diagnostics> {
        let Some(directory) = std::env::var_os("OUT_DIR") else {
            let message = "OUT_DIR is not set: this has to be called from a build script";
            return Err(unwritable(name, message).into());
        };
        self.write_to(directory.into(), name)
    }

    fn write_to(&self, directory: PathBuf, name: &str) -> Result<Report, Diagnostics> {
        // What a file includes is named from where it lies.
        let file = Path::new(name).file_name().and_then(OsStr::to_str);
        let file = file.filter(|file| name.ends_with(file));
        let place = directory.join(name);
        let (Some(file), Some(directory)) = (file, place.parent()) else {
            return Err(unwritable(name, "this is no name of a file").into());
        };
        let kept = Kept::new(directory.to_owned(), file, &self.settings);
        let (sources, problems) = sources::read(&self.documents);
        let found = |document: &Document| kept.find(document);
        let Made { parts, warnings } = self.make(&sources.documents, problems, &found)?;
        for part in &parts {
            self.keep(&kept, part)?;
        }
        let include = |at: usize, printer: &mut Printer<'_>| {
            let file = kept.file(&parts[at].document.file);
            printer.items(quote! { include!(#file); })
        };
        let outlines = outlines(&parts);
        let code = code(&outlines, &kept.documents(), &self.settings, &include)?;
        kept.save(file, &code)?;
        Ok(Report {
            watched: sources.watched,
            warnings,
        })
    }

    /// The generated code, which includes the corrected documents from a directory `documents`
    /// beside it. Whoever writes several files gives each a directory of its own.
    ///
    /// # Errors
    ///
    /// Every problem of every document.
    pub fn generate(&self) -> Result<String, Diagnostics> {
        let (sources, problems) = sources::read(&self.documents);
        let Made { parts, .. } = self.make(&sources.documents, problems, &|_| None)?;
        let documents = "documents";
        code(
            &outlines(&parts),
            documents,
            &self.settings,
            &|at, printer| match &parts[at].module {
                Some(module) => emit::module(module, emit::Documents::Beside(documents), printer),
                None => Ok(()),
            },
        )
    }

    /// Writes the code of a document, unless it is there.
    fn keep(&self, kept: &Kept, part: &Part<'_>) -> Result<(), Diagnostics> {
        let Some(module) = &part.module else {
            return Ok(());
        };
        let mut printer = Printer::new("", &self.settings);
        let documents = kept.documents();
        emit::module(module, emit::Documents::Beside(&documents), &mut printer)?;
        kept.keep(part.document, &part.head, part.is_clean, &printer.finish()?)
    }

    /// What is made of all documents, but for those that are `found` as they were made before.
    fn make<'d>(
        &self,
        documents: &'d [Document],
        mut problems: Diagnostics,
        found: &dyn Fn(&Document) -> Option<Head>,
    ) -> Result<Made<'d>, Diagnostics> {
        self.settings.check(documents)?;
        let (mut parts, mut warnings, mut texts) = (Vec::new(), Vec::new(), Texts::default());
        for document in documents {
            texts.extend(document.texts.clone());
            let part = match found(document) {
                Some(head) => Ok(Part::found(document, head)),
                None => self.part(document, &mut problems, &mut warnings),
            };
            match part {
                Ok(part) => parts.push(part),
                Err(found) => problems.0.extend(found.0),
            }
        }
        problems.0.extend(same_module(&outlines(&parts)));
        // What a document that can't be read has is not known.
        if problems.0.is_empty() {
            problems.0.extend(self.unused_names(&parts));
        }
        texts.locate(&mut warnings);
        problems
            .into_result()
            .map_err(|problems| problems.at(&texts))?;
        self.link_errors(&mut parts)?;
        let warnings = grouped(warnings);
        Ok(Made { parts, warnings })
    }

    /// What is made of a document anew.
    fn part<'d>(
        &self,
        document: &'d Document,
        problems: &mut Diagnostics,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<Part<'d>, Diagnostics> {
        let mut module = lower::module(document, &self.settings)?;
        let before = (problems.0.len(), warnings.len());
        warnings.append(&mut module.unsupported);
        let omitted = module.omitted.drain(..);
        let omitted = omitted.flat_map(OmittedOperation::problems);
        let skipped = module.skipped.drain(..).chain(omitted);
        match self.settings.strict {
            true => problems.0.extend(skipped),
            false => warnings.extend(skipped),
        }
        let is_clean = document.faults.is_empty() && before == (problems.0.len(), warnings.len());
        Ok(Part::new(document, module, is_clean))
    }

    /// The names that nothing in any document is called by.
    fn unused_names(&self, parts: &[Part<'_>]) -> Vec<Diagnostic> {
        let heads = parts.iter().map(|part| &part.head);
        let used = heads.clone().flat_map(|head| &head.renamed);
        let known: Vec<String> = heads.flat_map(|head| head.known.clone()).collect();
        let names = &self.settings.names;
        let files = parts.iter().map(|part| part.document.file.as_str());
        let files: Vec<&str> = files.collect();
        let mut unused = unknown(names, &used.cloned().collect(), &known, &files);
        let chosen: Vec<_> = parts.iter().map(|part| &part.head.chosen).collect();
        unused.extend(lower::unknown(&self.settings, &chosen));
        unused
    }

    /// Gives operations the error body that lies beside their document.
    fn link_errors(&self, parts: &mut [Part<'_>]) -> Result<(), Diagnostics> {
        let bodies = ErrorBodies::new(outlines(parts));
        let errors: Vec<_> = parts
            .iter()
            .map(|part| bodies.of(&part.head.outline))
            .collect();
        for (part, error) in parts.iter_mut().zip(errors) {
            if part.module.is_none() && part.head.error != error {
                part.module = Some(lower::module(part.document, &self.settings)?);
            }
            if let (Some(module), Some(path)) = (&mut part.module, &error) {
                link_error(module, path);
            }
            part.head.error = error;
        }
        Ok(())
    }
}

/// What is made of all documents.
struct Made<'d> {
    parts: Vec<Part<'d>>,
    warnings: Vec<Diagnostic>,
}

/// What is made of a document.
struct Part<'d> {
    document: &'d Document,
    head: Head,
    /// `None` where its code was made before.
    module: Option<Module>,
    /// Whether nothing is to be said of it, the next time as well.
    is_clean: bool,
}

impl<'d> Part<'d> {
    fn new(document: &'d Document, mut module: Module, is_clean: bool) -> Self {
        let docs = emit::module_docs(&module);
        Self {
            document,
            head: Head {
                outline: Outline::new(&module, &docs),
                error: None,
                renamed: take(&mut module.renamed),
                known: take(&mut module.known),
                chosen: take(&mut module.chosen),
            },
            module: Some(module),
            is_clean,
        }
    }

    fn found(document: &'d Document, head: Head) -> Self {
        Self {
            document,
            head,
            module: None,
            is_clean: true,
        }
    }
}

fn outlines<'p>(parts: &'p [Part<'_>]) -> Vec<&'p Outline> {
    parts.iter().map(|part| &part.head.outline).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::{Path, PathBuf};

    use serde_json::json;
    use tempfile::TempDir;

    use super::Builder;

    /// A folder of documents, and one for what is made of them; both end with the first.
    fn folders() -> (TempDir, PathBuf, PathBuf) {
        let directory = tempfile::tempdir().expect("a directory");
        let [root, out] = ["schemas", "out"].map(|name| directory.path().join(name));
        documents(&root);
        (directory, root, out)
    }

    /// A folder of two documents, and an error body that one of them says nothing of.
    fn documents(root: &Path) {
        let operation = |id: &str, responses| {
            json!({
                "openapi": "3.1.0", "info": {"title": id, "version": "1"},
                "paths": {format!("/{id}"): {"post": {
                    "operationId": id, "responses": responses,
                    "requestBody": {"content": {"application/json": {"schema": {
                        "type": "object", "properties": {id: {"type": "string"}},
                    }}}},
                }}},
            })
        };
        let error = json!({"jsonSchema": {
            "type": "object", "properties": {"message": {"type": "string"}},
        }});
        fs::create_dir_all(root.join("shop")).expect("a directory");
        let write = |file: &str, json: serde_json::Value| {
            fs::write(root.join("shop").join(file), json.to_string()).expect("a file");
        };
        let silent = json!({"200": {"description": ""}});
        write("pets.json", operation("pets", silent.clone()));
        write("orders.json", operation("orders", silent));
        write("error.json", error);
    }

    /// The Rust that a directory holds, by file.
    fn code(directory: &Path) -> BTreeMap<String, String> {
        let entries = fs::read_dir(directory).expect("a directory");
        let files = entries.map(|entry| entry.expect("an entry").path());
        files
            .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
            .map(|path| {
                let name = path.file_name().expect("a name").to_string_lossy();
                (
                    name.into_owned(),
                    fs::read_to_string(&path).expect("a text"),
                )
            })
            .collect()
    }

    const MARK: &str = "// as it was before\n";

    /// Which documents are made anew by `builder` where all were made before.
    fn made_anew(out: &Path, builder: &Builder) -> Vec<String> {
        for (name, text) in code(out) {
            fs::write(out.join(name), format!("{MARK}{text}")).expect("a file");
        }
        builder.write_to(out.into(), "code.rs").expect("code");
        let after = code(out);
        let anew = after.iter().filter(|(_, text)| !text.starts_with(MARK));
        let names: Vec<String> = anew.map(|(name, _)| name.clone()).collect();
        for (name, text) in &after {
            let text = text.strip_prefix(MARK).unwrap_or(text);
            fs::write(out.join(name), text).expect("a file");
        }
        // What is used again is what would be made.
        let fresh = tempfile::tempdir().expect("a directory");
        builder
            .write_to(fresh.path().into(), "code.rs")
            .expect("code");
        assert_eq!(code(out), code(fresh.path()));
        names
    }

    #[test]
    fn only_what_changed_is_made_anew() {
        let (_directory, root, out) = folders();
        let builder = Builder::new(&root);
        builder.write_to(out.clone(), "code.rs").expect("code");
        assert_eq!(made_anew(&out, &builder), ["code.rs"]);

        let pets = root.join("shop/pets.json");
        let text = fs::read_to_string(&pets).expect("a text");
        fs::write(&pets, text.replace("\"string\"", "\"integer\"")).expect("a file");
        assert_eq!(
            made_anew(&out, &builder),
            ["code.rs", "code.rs+shop+pets.json.rs"]
        );

        let all = [
            "code.rs",
            "code.rs+shop+error.json.rs",
            "code.rs+shop+orders.json.rs",
            "code.rs+shop+pets.json.rs",
        ];
        let hashed = builder.derive("Hash");
        assert_eq!(made_anew(&out, &hashed), all);

        // Operations whose document says nothing of errors lose those beside it.
        fs::remove_file(root.join("shop/error.json")).expect("a file");
        let error = "code.rs+shop+error.json.rs";
        fs::remove_file(out.join(error)).expect("a file");
        assert_eq!(made_anew(&out, &hashed), [all[0], all[2], all[3]]);
    }

    #[test]
    fn each_of_two_files_is_made_of_the_documents_as_they_are() {
        let (_directory, root, out) = folders();
        let write = |out: &Path| {
            for name in ["code.rs", "other.rs"] {
                let builder = Builder::new(&root);
                builder.write_to(out.into(), name).expect("code");
            }
        };
        write(&out);
        let pets = root.join("shop/pets.json");
        let text = fs::read_to_string(&pets).expect("a text");
        fs::write(&pets, text.replace("\"string\"", "\"integer\"")).expect("a file");
        write(&out);
        let fresh = tempfile::tempdir().expect("a directory");
        write(fresh.path());
        assert_eq!(code(&out), code(fresh.path()));
    }

    /// Versions of an API often have the same names of files.
    #[test]
    fn each_of_two_files_has_documents_of_its_own() {
        let (_directory, root, out) = folders();
        let versions = ["one", "two"].map(|version| root.join(version));
        let include = |text: &str| {
            let (_, path) = text.split_once("include_str!(\"").expect("a document");
            let path = path.split_once('"').expect("an end").0;
            fs::read_to_string(out.join(path)).expect("the document")
        };
        for (at, version) in versions.iter().enumerate() {
            documents(version);
            let pets = version.join("shop/pets.json");
            let text = fs::read_to_string(&pets).expect("a text");
            let text = text.replace("\"version\":\"1\"", &format!("\"version\":\"v{at}\""));
            fs::write(&pets, text).expect("a file");
        }
        for (at, version) in versions.iter().enumerate() {
            let file = format!("v{at}.rs");
            let written = Builder::new(version).write_to(out.clone(), &file);
            written.expect("code");
        }
        for at in 0..versions.len() {
            let code = fs::read_to_string(out.join(format!("v{at}.rs+shop+pets.json.rs")));
            let document = include(&code.expect("code"));
            assert!(
                document.contains(&format!("\"version\": \"v{at}\"")),
                "{document}"
            );
        }
    }

    #[test]
    fn a_file_in_a_directory_is_the_same() {
        let (_directory, root, out) = folders();
        let write = |name| Builder::new(&root).write_to(out.clone(), name);
        write("code.rs").expect("code");
        write("deeper/code.rs").expect("code");
        assert_eq!(code(&out), code(&out.join("deeper")));
        for name in ["", ".", "..", "deeper/..", "deeper/"] {
            let told = write(name).expect_err(name).to_string();
            assert!(told.contains("this is no name of a file"), "{told}");
        }
    }

    #[test]
    fn what_is_to_be_said_of_a_document_is_said_each_time() {
        let (_directory, root, out) = folders();
        let orders = root.join("shop/orders.json");
        let text = fs::read_to_string(&orders).expect("a text");
        let odd = text.replace("\"type\":\"string\"", "\"type\":\"strnig\"");
        assert_ne!(odd, text);
        let odd = odd.replace(
            "\"/orders\":",
            "\"/ok\":{\"get\":{\"responses\":{}}},\"/orders\":",
        );
        fs::write(&orders, odd).expect("a file");
        let write = || Builder::new(&root).write_to(out.clone(), "code.rs");
        let first = write().expect("code").to_string();
        assert!(first.contains("cargo::warning="), "{first}");
        assert_eq!(write().expect("code").to_string(), first);
    }
}
