//! x
fn main() {
    for p in std::env::args().skip(1) {
        let t = std::fs::read_to_string(&p).unwrap();
        let e = apifox_build::page::read(&p, &t).unwrap();
        std::fs::write(format!("schemas/gateway/{}.json", e.name), e.json).unwrap();
    }
}
