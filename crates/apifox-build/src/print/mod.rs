//! From tokens to the text of a file, an item at a time.
//!
//! A token takes some hundred bytes, and a parsed item as many again, so only one item at
//! a time is in that form.

mod inline;
mod macros;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::token::Brace;
use syn::{File, Item, ItemMod};

use crate::names::RUNTIME;
use crate::settings::Settings;
use apifox_document::diagnostics::{Diagnostic, Diagnostics};

/// Generated code, as far as it is written.
pub(crate) struct Printer<'s> {
    text: String,
    settings: &'s Settings,
    /// The modules around what is written next, outermost first.
    modules: Vec<Open>,
}

/// A module that is being written.
struct Open {
    /// Where in the text its items begin.
    start: usize,
    /// Whether an item in it uses the runtime's short name.
    names_runtime: bool,
}

impl<'s> Printer<'s> {
    /// A text that begins with `header`; the settings say what is derived beside the usual.
    pub fn new(header: &str, settings: &'s Settings) -> Self {
        let file = Open {
            start: header.len(),
            names_runtime: false,
        };
        Self {
            text: header.to_owned(),
            settings,
            modules: vec![file],
        }
    }

    /// Whether callers derive more for types than what is derived as a rule.
    pub fn derives_more(&self) -> bool {
        !self.settings.derives.is_empty()
    }

    /// Writes items into the module that is being written.
    ///
    /// # Errors
    ///
    /// They are not Rust.
    pub fn items(&mut self, items: TokenStream) -> Result<(), Diagnostics> {
        if let Some(around) = self.modules.last_mut() {
            around.names_runtime = around.names_runtime || names_runtime(items.clone());
        }
        let text = self.formatted(items)?;
        self.text.push_str(&text);
        Ok(())
    }

    /// Writes a module, and into it what `within` does.
    ///
    /// # Errors
    ///
    /// Those of `within`; the documentation is not Rust.
    pub fn module(
        &mut self,
        docs: &TokenStream,
        name: &str,
        within: impl FnOnce(&mut Self) -> Result<(), Diagnostics>,
    ) -> Result<(), Diagnostics> {
        let name = Ident::new(name, Span::call_site());
        let empty = self.formatted(quote! { #docs pub mod #name {} })?;
        // What follows an empty module's opening brace closes it again.
        let opened = empty.trim_end().trim_end_matches('}');
        self.text.push_str(opened);
        self.text.push('\n');
        self.modules.push(Open {
            start: self.text.len(),
            names_runtime: false,
        });
        within(self)?;
        self.finish_module()?;
        if self.text.ends_with("{\n") {
            self.text.pop();
        } else {
            self.indent();
        }
        self.text.push_str("}\n");
        Ok(())
    }

    /// The text as it was written.
    ///
    /// # Errors
    ///
    /// As for [`items`](Self::items).
    pub fn finish(mut self) -> Result<String, Diagnostics> {
        self.finish_module()?;
        Ok(self.text)
    }

    /// Gives the runtime its short name, where items use it.
    fn finish_module(&mut self) -> Result<(), Diagnostics> {
        let uses = self.formatted(quote! { use ::apifox_runtime as rt; })?;
        let Some(module) = self.modules.pop() else {
            return Ok(());
        };
        if module.names_runtime {
            self.text.insert_str(module.start, &uses);
        }
        Ok(())
    }

    fn indent(&mut self) {
        for _ in 1..self.modules.len() {
            self.text.push_str("    ");
        }
    }

    /// Items as they are written where the text stands now: lines are broken by how
    /// far they are indented.
    fn formatted(&self, items: TokenStream) -> Result<String, Diagnostics> {
        if items.is_empty() {
            return Ok(String::new());
        }
        let mut file = syn::parse2(items).map_err(|error| not_rust(&error))?;
        self.settings.derive_more(&mut file);
        inline::functions(&mut file);
        let depth = self.modules.len() - 1;
        let calls = macros::Calls::take(&mut file);
        let text = calls.put(&prettyplease::unparse(&within(depth, file)));
        let mut rest = &text[..];
        for _ in 0..depth {
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
            let end = rest.trim_end().rfind('\n').map_or(0, |at| at + 1);
            rest = &rest[..end];
        }
        Ok(rest.to_owned())
    }
}

/// The items of a file within `depth` modules, whose lines are the first and last.
fn within(depth: usize, mut file: File) -> File {
    for _ in 0..depth {
        let module = ItemMod {
            attrs: Vec::new(),
            vis: syn::Visibility::Inherited,
            unsafety: None,
            mod_token: <syn::Token![mod]>::default(),
            ident: Ident::new("around", Span::call_site()),
            content: Some((Brace::default(), std::mem::take(&mut file.items))),
            semi: None,
        };
        file.items.push(Item::Mod(module));
    }
    file
}

fn names_runtime(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == RUNTIME,
        TokenTree::Group(group) => names_runtime(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

fn not_rust(error: &syn::Error) -> Diagnostic {
    Diagnostic::new(
        "generated code",
        "",
        format!("is not Rust: {error}"),
        "this is a fault of apifox-build: please report it with the document",
    )
}
