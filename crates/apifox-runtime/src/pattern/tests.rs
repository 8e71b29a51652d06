//! Both engines have to say the same.

use proptest::prelude::*;

use super::Pattern;
use super::backtracking::{Backtracking, repeats_repeated};
use super::linear::compile;

/// Expressions as schemas have them.
const SIMPLE: [&str; 9] = [
    "^[1-9][0-9]*[x*][1-9][0-9]*$",
    r"^(?:[0-9]{1,2}|100)(?:\.[0-9]{1,2})?%$",
    "^#[0-9A-Fa-f]{6}$",
    r"^\d{3,}$",
    "^x-",
    r"\w+\.txt$",
    "a(b|c)+",
    r"^(?:https?://|data:)[\w.~:/?#\[\]@!$&'()*+,;=%-]*$",
    "[]",
];

/// Other expressions that are regular.
const REGULAR: [&str; 24] = [
    "",
    "^$",
    "a|",
    "()",
    "^a|b",
    "a|b$",
    "(^a)",
    "a$b",
    ".",
    "[^a]",
    r"\s",
    r"\bé",
    r"\u0041",
    r"\u{1f5bc}",
    r"\x41",
    r"\cJ",
    r"\0",
    "é",
    "[é-ö]",
    "a*?",
    "a{0}",
    "a{1000}",
    r"[\b\-/]",
    "(?:a|b)*a(?:a|b){9}$",
];

/// Expressions that need backtracking, are too large, or are not expressions.
const NOT_REGULAR: [&str; 32] = [
    "(?=a)",
    "(?!a)",
    "(?<=a)",
    "(?<n>a)",
    r"\1",
    r"\k<n>",
    r"\B",
    r"\p{L}",
    r"\ud83d",
    "a**",
    "^*",
    r"\b+",
    "a{,2}",
    "a{2,1}",
    "a{99999999999}",
    "(?:a{999}){999}",
    "{",
    "}",
    "]",
    "[z-a]",
    r"[\d-z]",
    "[a",
    "(a",
    "a)",
    r"\",
    r"\-",
    r"\a",
    r"\01",
    r"\u{}",
    r"\u{110000}",
    r"\xg0",
    r"\c1",
];

#[test]
fn expressions_without_lookaround_and_references_are_regular() {
    for source in SIMPLE.into_iter().chain(REGULAR) {
        assert!(compile(source).is_some(), "{source}");
    }
    for source in NOT_REGULAR {
        assert!(compile(source).is_none(), "{source}");
    }
}

#[test]
fn regular_expressions_match_in_linear_time() {
    let text = "a".repeat(100_000);
    for source in ["^(?:.*)*x$", "a.*b.*c", "(?:a|a)*b", "(?:a*)*$b"] {
        assert!(
            !Pattern::owned(source.to_owned()).is_match(&text),
            "{source}"
        );
    }
}

/// Expressions that repeat what is repeated; a text; whether it matches.
const REPEATED: [(&str, &str, bool); 9] = [
    // regress's first engine goes on without end.
    ("(?:(?:a?){2})*b|é", "a", false),
    ("(?:(?:[a-x]){0,2}){1,}$|^é", "-0x_", true),
    (r"(?:(a?)\1?)*b|é", "a", false),
    // It finds no match that there is, or one that is none.
    ("^(?:[ab]|(?:(?:a|ab?){3})+)$|é", "aaab", true),
    ("^(?:(?:aa?[ab]|(?:ab?)+){3}){2}$|é", "aaaaaa", true),
    ("^(?:(?:aa?a)+){3}[ab]$|é", "aaaaaaa", true),
    ("^(?:(?:(?:b){3}|[ab]){2,3}){1,2}$|é", "aabbbbaaa", false),
    ("^(?:(?:ab?|(?:aa?ab?){1,2})){2,3}$|é", "aaaaaaababa", false),
    ("^(?:[ab][ab]|(?:aa?ab?){2,3}){3}$|é", "aaaaaaab", true),
];

#[test]
fn what_repeats_the_repeated_is_matched_as_the_standard_says() {
    for (source, text, is_match) in REPEATED {
        let regex = Backtracking::new(source).expect(source);
        for found in [
            regex.is_match(text),
            Pattern::owned(source.to_owned()).is_match(text),
        ] {
            assert_eq!(found, is_match, "{source} {text}");
        }
        // Where not all characters are of one byte as well.
        if is_match {
            let regex = Backtracking::new(&source.replace(['^', '$'], "")).expect(source);
            assert!(regex.is_match(&format!("ü{text}ü")));
        }
    }
}

#[test]
fn what_repeats_the_repeated_is_told_by_its_source() {
    let repeated = [
        "(?:(?:ab)+c)*",
        "((a)?){2}",
        "(?:x|(?:y(?:ab)*z))+",
        r"(?:(a)\1)*",
        r"(?:(?<n>a)\k<n>)*",
        "(?:[)](?:ab)+)*",
    ];
    for source in repeated {
        assert!(repeats_repeated(source), "{source}");
    }
    let others = [
        "(?:ab+c)*",
        "(?:ab)+(?:cd)*",
        "(?:(?:ab)c)*",
        r"(?:\(ab\)+c)*",
        "(?:[(ab)+]c)*",
        r"(a)\1",
        "))+",
        r"\",
        "[",
    ];
    for source in others {
        assert!(!repeats_repeated(source), "{source}");
    }
}

/// Part of an expression.
fn part() -> impl Strategy<Value = String> {
    let one = prop_oneof![
        4 => "[abx01_]",
        2 => Just("[a-x]".to_owned()),
        2 => Just("[0-9a]".to_owned()),
        1 => Just("[x*-]".to_owned()),
        1 => Just(r"[+--\]]".to_owned()),
        1 => Just("[]".to_owned()),
        1 => Just(r"\d".to_owned()),
        1 => Just(r"[\w-]".to_owned()),
        1 => Just(r"\-".to_owned()),
        1 => Just(r"\*".to_owned()),
        1 => Just(".".to_owned()),
        1 => Just("[^a-x]".to_owned()),
        1 => Just(r"[\s\u00e9]".to_owned()),
        1 => Just(r"\S".to_owned()),
        1 => Just(r"\b".to_owned()),
        1 => Just("é".to_owned()),
    ];
    one.prop_recursive(4, 24, 4, |inner| {
        let some = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            some.clone().prop_map(|parts| parts.concat()),
            some.clone()
                .prop_map(|parts| format!("(?:{})", parts.join("|"))),
            some.prop_map(|parts| format!("({})", parts.join("|"))),
            (inner, "[*+?]\\??|\\{2\\}|\\{1,\\}|\\{0,2\\}|\\{2,3\\}")
                .prop_map(|(it, count)| format!("(?:{it}){count}")),
        ]
    })
}

fn agree(source: &str, texts: &[String]) {
    let Some(regular) = compile(source) else {
        return;
    };
    let backtracking = Backtracking::new(source).expect(source);
    for text in texts {
        assert_eq!(
            regular.is_match(text),
            backtracking.is_match(text),
            "{source} {text:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn regular_expressions_are_matched_as_regress_does(
        (from_start, part, to_end) in ("\\^?", part(), "\\$?"),
        texts in prop::collection::vec("[abx0_*-]{0,6}|[ax\u{e9}\n\u{2028} ]{0,3}", 8),
    ) {
        agree(&format!("{from_start}{part}{to_end}"), &texts);
    }

    #[test]
    fn expressions_of_schemas_are_matched_as_regress_does(
        source in prop::sample::select(&SIMPLE),
        texts in prop::collection::vec(
            "[19]{1,2}[x*.][0-9]{1,3}%?|#[0-9A-Fa-fg]{5,7}|[0-9]{0,4}\u{e9}?|[ax-]{0,3}\
             |(https?://|data:)[a-z\\[%/\u{e9} ]{0,3}|[abc]{0,5}|[a-z \u{e9}]{0,3}[.]txt?\n?",
            8,
        ),
    ) {
        agree(source, &texts);
    }

    #[test]
    fn whatever_is_read_is_read_as_regress_reads_it(
        source in r"[ab(?:)|\[\]^$*+{},\\\-dsWxu0-2.\u{e9}]{1,10}",
        texts in prop::collection::vec("[abd0-2,:|(){}\\[\\]*+.^$?\\\\-]{0,4}", 8),
    ) {
        agree(&source, &texts);
    }
}
