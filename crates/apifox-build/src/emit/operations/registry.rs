//! The lists of all operations and documents, for those who choose one at run time.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::docs;
use crate::emit::impls::ident;
use crate::model::Module;

pub(crate) fn registry(modules: &[Module]) -> TokenStream {
    let operations = modules.iter().flat_map(operations);
    let documents = modules.iter().map(document);
    let documents_docs = docs::plain("Every document as it was corrected, sorted by file.");
    let docs = docs::plain("Every operation of every document, sorted by file.");
    quote! {
        #documents_docs
        pub static DOCUMENTS: &[::apifox_runtime::Document] = &[#(#documents),*];
        #docs
        pub const OPERATIONS: &[&::apifox_runtime::Operation] = &[#(#operations),*];
    }
}

fn operations(module: &Module) -> impl Iterator<Item = TokenStream> {
    let called = module.operations.iter().filter(|own| !own.is_incoming);
    called.map(|operation| {
        let own = operation.in_own_module.then_some(&operation.module);
        let path = module.path.iter().chain(own).map(|step| ident(step));
        quote!(&#(#path)::*::OPERATION)
    })
}

fn document(module: &Module) -> TokenStream {
    let Module {
        api, name, file, ..
    } = module;
    let path = format!("documents/{file}");
    quote! {
        ::apifox_runtime::Document {
            api: #api,
            name: #name,
            json: include_str!(#path),
        }
    }
}
