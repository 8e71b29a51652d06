//! How the value of a parameter is written, as code.

use apifox_runtime::{Serialization, Style};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn serialization(serialization: Serialization) -> TokenStream {
    let style = match serialization.style {
        Style::Matrix => quote!(Matrix),
        Style::Label => quote!(Label),
        Style::Simple => quote!(Simple),
        Style::Form => quote!(Form),
        Style::SpaceDelimited => quote!(SpaceDelimited),
        Style::PipeDelimited => quote!(PipeDelimited),
        Style::DeepObject => quote!(DeepObject),
        Style::Cookie => quote!(Cookie),
        Style::Json => quote!(Json),
    };
    let how = match serialization.explode {
        true => quote!(exploded()),
        false => quote!(joined()),
    };
    let reserved = serialization
        .allow_reserved
        .then(|| quote!(.with_reserved()));
    quote!(rt::Style::#style.#how #reserved)
}
