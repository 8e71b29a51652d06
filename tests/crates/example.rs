//! The example crate outside the workspace: a project export, end to end.

use std::path::Path;

use crate::run;

#[test]
fn a_project_export_is_a_client() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/pet-shop");
    let (succeeded, out, err) = run(&example, &["--locked"]);
    assert!(succeeded, "{err}");
    assert_eq!(err, "", "no warnings");
    assert_eq!(
        out,
        "new: 咪咪 is number 1\n\
         found: {\"id\":1,\"name\":\"咪咪\",\"status\":\"available\",\"kind\":\"cat\"}\n\
         on sale: 1\n\
         photo: HTTP 204\n\
         refused: /name: minLength: expected at least 1 character, found \"\"; \
         /status: enum: expected one of \"available\", \"sold\", found \"lost\"\n"
    );
}
