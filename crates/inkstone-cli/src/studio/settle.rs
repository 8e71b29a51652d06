//! The end of the studio: what is paid for is waited for, and told.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;
use tr::tr;

use crate::client::interrupt::Interrupt;
use crate::console;
use crate::error::CliError;
use crate::studio::Studio;
use crate::wrap;

/// How often is looked whether orders have ended.
const PAUSE: Duration = Duration::from_millis(50);

/// How much of a prompt names its order on the terminal, in characters.
const LONGEST: usize = 60;

impl Studio {
    /// Waits for what is paid for, and until its pages know, or until a signal comes: then it goes
    /// on by itself.
    pub async fn settle(&self, interrupt: &mut Interrupt) {
        self.orders.close();
        let paid = self.orders.paid();
        if paid > 0 {
            console::progress(&tr!(
                "waiting for {n} paid request; ctrl-c ends the studio at once, and the request goes on"
                    | "waiting for {n} paid requests; ctrl-c ends the studio at once, and the requests go on"
                        % paid
            ));
        }
        let settled = async {
            // What ends after this look is news in the next round.
            while self.orders.are_awaited() {
                self.tell_news();
                sleep(PAUSE).await;
            }
        };
        let _ = interrupt.or(settled).await;
        let left = self.orders.paid();
        self.tell_news();
        if let Some(out) = self.out.as_ref().filter(|_| left > 0) {
            let out = out.display();
            console::warning(&tr!(
                "{n} paid request goes on by itself, and its pictures come to {out}"
                    | "{n} paid requests go on by themselves, and their pictures come to {out}"
                        % left,
                out = out
            ));
        }
    }

    /// Tells the terminal what became of orders: their page may be closed.
    fn tell_news(&self) {
        for order in self.orders.news() {
            let name = name(&order);
            for path in paths(&order["answer"]) {
                console::progress(&of(&name, path));
            }
            if let Some(error) = self.out.as_deref().and_then(|out| failure(&order, out)) {
                console::error(&error);
            }
        }
    }
}

fn paths(answer: &Value) -> impl Iterator<Item = &str> {
    let images = answer["images"].as_array().into_iter().flatten();
    images.filter_map(|image| image["path"].as_str())
}

/// What went wrong with an order, with all that leads to its pictures.
fn failure(order: &Value, out: &Path) -> Option<CliError> {
    let answer = &order["answer"];
    let message = answer["error"].as_str()?;
    let listed = |name: &str| answer[name].as_array().into_iter().flatten();
    let texts = listed("details").chain(listed("unmade"));
    let mut details: Vec<String> = texts.filter_map(Value::as_str).map(str::to_owned).collect();
    for one in listed("unsaved") {
        let known = ["url", "reason", "cut_short"].map(|name| one[name].as_str());
        let mut known = known.into_iter().flatten();
        let first = known.next().unwrap_or_default().to_owned();
        details.push(known.fold(first, |told, more| of(&told, more)));
    }
    let mut hint = answer["hint"].as_str().map(str::to_owned);
    if hint.is_none() && answer["may_have_been_billed"] == true {
        let out = out.display();
        hint = Some(tr!(
            "it may have been billed: before you send it again, look in {out}",
            out
        ));
    }
    if let Some(kept) = answer["kept"].as_str() {
        let said = details.iter().map(String::as_str).chain(hint.as_deref());
        if !said.chain([message]).any(|said| said.contains(kept)) {
            details.push(tr!("the reply is kept in {path}", path = kept));
        }
    }
    let error = CliError::usage(of(&name(order), message)).details(details);
    Some(match hint {
        Some(hint) => error.hint(hint),
        None => error,
    })
}

/// An order as its user knows it: the start of its prompt.
fn name(order: &Value) -> String {
    let prompt = order["request"]["prompt"].as_str().unwrap_or_default();
    wrap::cut(&prompt.replace('\n', " "), LONGEST)
}

fn of(name: &str, found: &str) -> String {
    tr!("{flag}: {found}", flag = name, found = found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_failure_is_told_with_all_that_leads_to_its_pictures() {
        let prompt = "a\ncat".to_owned() + &"!".repeat(60);
        let order = |answer: Value| json!({"request": {"prompt": prompt}, "answer": answer});
        let failed = |answer: Value| failure(&order(answer), Path::new("/out"));
        let name = "a cat".to_owned() + &"!".repeat(55) + "…";
        assert!(failed(json!({"images": []})).is_none());
        let error = failed(json!({
            "error": "a picture is missing", "details": ["why"], "unmade": ["not drawn"],
            "unsaved": [{"url": "https://a.example/b.png", "reason": "gone", "cut_short": null}],
            "hint": "fetch it", "kept": "/out/reply.json",
        }));
        let error = error.unwrap();
        assert_eq!(error.message, format!("{name}: a picture is missing"));
        let details = [
            "why",
            "not drawn",
            "https://a.example/b.png: gone",
            "the reply is kept in /out/reply.json",
        ];
        assert_eq!(error.details, details);
        assert_eq!(error.hint.as_deref(), Some("fetch it"));
        let error = failed(json!({
            "error": "no reply", "may_have_been_billed": true, "kept": "/out",
        }));
        let hint = "it may have been billed: before you send it again, look in /out";
        let error = error.unwrap();
        assert_eq!(error.hint.as_deref(), Some(hint));
        assert!(error.details.is_empty());
    }
}
