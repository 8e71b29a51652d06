//! The modules of all documents as one text of Rust.

use std::collections::BTreeMap;

use quote::quote;

use crate::emit;
use crate::model::{ErrorBody, Module};
use crate::print::Printer;
use crate::settings::Settings;
use apifox_document::diagnostics::{Diagnostic, Diagnostics};

/// The text of a file with all modules.
///
/// # Errors
///
/// typify refuses a type, or what was generated is not Rust.
pub(crate) fn code(modules: &[Module], settings: &Settings) -> Result<String, Diagnostics> {
    let mut tree = Tree::default();
    for module in modules {
        tree.insert(&module.path, module);
    }
    let mut printer = Printer::new("", settings);
    if settings.operations {
        printer.items(emit::registry(modules))?;
    }
    tree.print(&mut printer)?;
    printer.finish()
}

/// Two documents whose names differ only in what Rust's names can't show.
pub(crate) fn same_module(modules: &[Module]) -> Option<Diagnostic> {
    let mut seen = BTreeMap::new();
    modules.iter().find_map(|module| {
        let other = seen.insert(&module.path, &module.file)?;
        Some(Diagnostic::new(
            &module.file,
            "",
            format!(
                "makes the same module as {other}: {}",
                module.path.join("::")
            ),
            "rename one of the two files",
        ))
    })
}

/// Gives every operation the error body that lies beside its document.
pub(crate) fn link_errors(modules: &mut [Module]) {
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
struct Tree<'m> {
    children: BTreeMap<&'m str, Tree<'m>>,
    /// What was made of the document that has this path.
    module: Option<&'m Module>,
}

impl<'m> Tree<'m> {
    fn insert(&mut self, path: &'m [String], module: &'m Module) {
        match path.split_first() {
            Some((first, rest)) => self.children.entry(first).or_default().insert(rest, module),
            None => self.module = Some(module),
        }
    }

    fn print(&self, printer: &mut Printer<'_>) -> Result<(), Diagnostics> {
        if let Some(module) = self.module {
            emit::module(module, emit::Documents::Beside, printer)?;
        }
        for (name, child) in &self.children {
            let docs = match child.module {
                Some(module) => emit::module_docs(module),
                None => {
                    let text = format!(" The documents in `{name}`.");
                    quote! { #[doc = #text] }
                }
            };
            printer.module(&docs, name, |printer| child.print(printer))?;
        }
        Ok(())
    }
}
