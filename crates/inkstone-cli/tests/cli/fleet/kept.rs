//! What a worker kept because its journal was away is taken in by a worker of the same batch, and
//! by no other.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::fleet::scene::Fleet;
use crate::support::command::{Run, names, run};
use crate::support::served::Served;

/// A batch of one job that was not sent yet, and a spool.
struct Kept {
    fleet: Fleet,
    served: Served,
    spool: tempfile::TempDir,
    /// The batch's own id.
    id: String,
}

impl Kept {
    /// None where PostgreSQL is not installed.
    fn new() -> Option<Self> {
        let (fleet, served) = Fleet::begun(1, &[], &json!([]))?;
        let id = fleet.database.sql("SELECT id FROM batch");
        Some(Self {
            fleet,
            served,
            spool: tempfile::tempdir().unwrap(),
            id,
        })
    }

    fn path(&self) -> &Path {
        self.spool.path()
    }

    /// Keeps a result of job 1 under this name, which says of which batch it is.
    fn keep(&self, name: &str, batch: Option<&str>) -> String {
        let mut note = json!({"seq": 1, "fence": 0, "state": "replied",
            "event": {"made": 1, "request_id": "another"}});
        if let Some(batch) = batch {
            note["batch"] = batch.into();
        }
        let reply = json!({"data": [{"url": format!("{}/x.png", self.served.url)}]});
        let text = format!("{note}\n{reply}");
        fs::write(self.path().join(name), &text).unwrap();
        text
    }

    fn work(&self) -> Run {
        let spool = self.path().to_str().unwrap();
        run(&mut self.fleet.command(&["work", "--spool", spool]))
    }

    /// Its job has the reply to its own request, which was sent.
    fn is_sent(&self) {
        assert_eq!(self.served.stats()["submitted"], 1);
        let sql = "SELECT state || ' ' || coalesce(request_id, '') FROM jobs";
        let row = self.fleet.database.sql(sql);
        assert!(row.starts_with("done ") && row != "done another", "{row}");
        assert_eq!(self.fleet.status()["late"], 0);
    }
}

#[test]
fn a_result_of_another_batch_is_left_where_it_is() {
    let Some(kept) = Kept::new() else { return };
    let other = "00112233445566778899aabbccddeeff";
    let mut texts = Vec::new();
    for seq in [1, 2] {
        let name = format!("inkstone-kept-{other}-{seq}-0.note");
        texts.push((kept.keep(&name, Some(other)), name));
    }
    kept.work().ended(
        0,
        "",
        &format!(
            "2 results in {} are of other batches: have workers of theirs take them in\n\
             1 job carried out here; nothing is left to do\n",
            kept.path().display()
        ),
    );
    kept.is_sent();
    for (text, name) in texts {
        assert_eq!(fs::read_to_string(kept.path().join(name)).unwrap(), text);
    }
}

/// Those of earlier versions don't tell whose they are.
#[test]
fn a_result_that_names_no_batch_waits_for_somebody_who_knows() {
    let Some(kept) = Kept::new() else { return };
    let name = "inkstone-kept-1-0.note";
    let text = kept.keep(name, None);
    let path = kept.path().join(name);
    kept.work().ended(
        0,
        "",
        &format!(
            "warning: {} does not say which batch it is of, and is left alone: if it is of this \
             one, write \"batch\":\"{}\", behind its first brace\n\
             1 job carried out here; nothing is left to do\n",
            path.display(),
            kept.id
        ),
    );
    kept.is_sent();
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    // As it is told.
    let id = &kept.id;
    let told = text.replacen('{', &format!("{{\"batch\":\"{id}\","), 1);
    fs::write(&path, told).unwrap();
    assert_eq!(kept.work().code, 0);
    assert_eq!(names(kept.path()), Vec::<String>::new());
    assert_eq!(kept.fleet.database.sql("SELECT count(*) FROM late"), "1");
}

#[test]
fn a_result_that_can_not_be_read_now_is_no_reason_to_go_on_without_it() {
    let Some(kept) = Kept::new() else { return };
    let path = kept
        .path()
        .join(format!("inkstone-kept-{}-1-0.note", kept.id));
    fs::create_dir(&path).unwrap();
    let stopped = kept.work();
    let said = format!("error: what was kept in {} can't be read: ", path.display());
    assert!(stopped.stderr.starts_with(&said), "{stopped:#?}");
    assert_eq!(stopped.code, 9);
    assert_eq!(kept.served.stats()["submitted"], 0);
    fs::remove_dir(&path).unwrap();
    kept.keep(path.file_name().unwrap().to_str().unwrap(), Some(&kept.id));
    assert_eq!(kept.work().code, 0);
    assert_eq!(
        kept.served.stats()["submitted"],
        0,
        "it is paid for already"
    );
    assert!(!path.exists());
    let rows = kept.fleet.database.sql("SELECT request_id FROM jobs");
    assert_eq!(rows, "another");
}

#[test]
fn what_is_no_result_at_all_is_said() {
    let Some(kept) = Kept::new() else { return };
    let path = kept
        .path()
        .join(format!("inkstone-kept-{}-1-0.note", kept.id));
    fs::write(&path, Value::Null.to_string()).unwrap();
    kept.work().ended(
        0,
        "",
        &format!(
            "warning: {} is not a result that was kept\n\
             1 job carried out here; nothing is left to do\n",
            path.display()
        ),
    );
    assert!(path.exists());
}
