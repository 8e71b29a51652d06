//! The lists of all operations and documents, for those who choose one at run time.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::docs;
use crate::emit::impls::ident;
use crate::outline::Outline;

/// The corrected documents lie in this directory beside the generated code.
pub(crate) fn registry(outlines: &[&Outline], directory: &str) -> TokenStream {
    let operations = outlines.iter().flat_map(|outline| operations(outline));
    let documents = outlines.iter().map(|outline| document(outline, directory));
    let documents_docs = docs::plain("Every document as it was corrected, sorted by file.");
    let docs = docs::plain("Every operation of every document, sorted by file.");
    let mut all = outlines.iter().flat_map(|outline| &outline.operations);
    // That it is listed is no use of it.
    let allowed = all
        .any(|operation| operation.is_deprecated)
        .then(|| quote!(#[allow(deprecated)]));
    quote! {
        #documents_docs
        pub static DOCUMENTS: &[::apifox_runtime::Document] = &[#(#documents),*];
        #docs
        #allowed
        pub const OPERATIONS: &[&::apifox_runtime::Operation] = &[#(#operations),*];
    }
}

fn operations(outline: &Outline) -> impl Iterator<Item = TokenStream> {
    let called = outline.operations.iter().filter(|own| !own.is_incoming);
    called.map(|operation| {
        let path = outline.path.iter().chain(&operation.module);
        let path = path.map(|step| ident(step));
        quote!(&#(#path)::*::OPERATION)
    })
}

fn document(outline: &Outline, directory: &str) -> TokenStream {
    let Outline {
        api, name, file, ..
    } = outline;
    let path = format!("{directory}/{file}");
    quote! {
        ::apifox_runtime::Document {
            api: #api,
            name: #name,
            json: include_str!(#path),
        }
    }
}
