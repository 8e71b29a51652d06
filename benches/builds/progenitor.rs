//! Has progenitor generate a client of `schemas/shop.json`, as its README does.

fn main() {
    let file = std::fs::File::open("schemas/shop.json").unwrap();
    println!("cargo::rerun-if-changed=schemas/shop.json");
    let document: openapiv3::OpenAPI = serde_json::from_reader(file).unwrap();
    let tokens = progenitor::Generator::default()
        .generate_tokens(&document)
        .unwrap();
    let code = prettyplease::unparse(&syn::parse2(tokens).unwrap());
    let out = std::path::Path::new(&std::env::var("OUT_DIR").unwrap()).join("generated.rs");
    std::fs::write(out, code).unwrap();
}
