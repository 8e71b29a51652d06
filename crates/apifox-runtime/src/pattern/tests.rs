//! Both engines have to say the same.

use proptest::prelude::*;
use regress::backends::{self, PikeVMExecutor};

use super::Pattern;
use super::backtracking::{Backtracking, GaveUp};
use super::linear::{Linear, compile};

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
fn expressions_with_few_states_are_tables() {
    let is_table = |source| matches!(compile(source), Some(Linear::Table(_)));
    let url = "^(?:https?://|data:)(?:[A-Za-z0-9._~:/?#,;=-]|%[0-9A-Fa-f]{2})+$";
    for source in [url, "^#[0-9A-Fa-f]{6}$", "cat|dog", r"\bcat\b"] {
        assert!(is_table(source), "{source}");
    }
    // It finds an empty text, or counts too far.
    for source in ["a*", "^[a-z]{1,200}$"] {
        assert!(!is_table(source), "{source}");
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
        assert_eq!(regex.is_match(text), Ok(is_match), "{source} {text}");
        let pattern = Pattern::owned(source.to_owned());
        assert_eq!(pattern.is_match(text), is_match, "{source} {text}");
        // Where not all characters are of one byte as well.
        if is_match {
            let regex = Backtracking::new(&source.replace(['^', '$'], "")).expect(source);
            assert_eq!(regex.is_match(&format!("ü{text}ü")), Ok(true));
        }
    }
}

/// Expressions that need more than an automaton; texts that match, and others.
const IRREGULAR: [(&str, &[&str], &[&str]); 22] = [
    (
        r"^(?=.*[A-Z])(?=.*\d).{4,}$",
        &["Abc1", "xx1Y"],
        &["abc1", "A1", "A\n12"],
    ),
    (r"^(?!foo)\w+$", &["bar", "fo"], &["foo", "foobar", ""]),
    (r"(?<=\$)\d", &["$1"], &["1", "1$"]),
    (r"(?<!a)b", &["b", "cb"], &["ab", ""]),
    (r"(?<=^(?:ab)*)c", &["c", "ababc"], &["abac", "bc"]),
    (r"^(a+)b\1$", &["aba", "aabaa"], &["aabaaa", "ab"]),
    (r"^(?<n>.)\k<n>$", &["aa", "éé"], &["ab", "a"]),
    // A group that has matched nothing yet matches nothing.
    (r"^(?:\1(a))+$", &["a", "aa"], &["", "b"]),
    (r"^\1(a)$", &["a"], &["aa"]),
    // Each round forgets what groups within have matched.
    (r"^(?:(a)|b\1)+$", &["ab", "aab", "b"], &["aba\u{e9}", "c"]),
    // References within lookbehind are read backwards.
    (r"(?<=\1(a))b", &["aab"], &["b"]),
    (r"(?<=(a)\1)b", &["ab", "aab"], &["b"]),
    (r"^(?=(a+))a*b\1$", &["aba", "aabaa"], &["ab", "aaba"]),
    (r"^(?!(a))\1b$", &["b"], &["ab"]),
    (r"\Bb\B", &["abc"], &["b", "ab", "bc"]),
    (r"^\p{Lu}\P{Lu}$", &["Éé", "A1"], &["éÉ", "AA"]),
    (r"^[\p{L}\d-]+$", &["é1-"], &["é 1"]),
    (r"^\ud83d\ude00$", &["😀"], &["?"]),
    (r"^\-\a{,2}$", &["-a{,2}"], &["-aa"]),
    (r"^[\d-z]]{$", &["5]{", "-]{", "z]{"], &["y]{"]),
    (r"^(?:(?=(\w+))\1:)+$", &["a:bc:"], &["a:bc"]),
    (r"^(?:a{50}){50}(?!b)", &[], &["a"]),
];

#[test]
fn irregular_expressions_are_matched_as_the_standard_says() {
    for (source, matching, others) in IRREGULAR {
        let regex = Backtracking::new(source).expect(source);
        for text in matching {
            assert_eq!(regex.is_match(text), Ok(true), "{source} {text}");
        }
        for text in others {
            assert_eq!(regex.is_match(text), Ok(false), "{source} {text}");
        }
    }
}

#[test]
fn without_references_to_groups_time_is_linear() {
    let text = "a".repeat(20_000);
    for source in [
        "^(?=(?:a+)+$)b",
        "(?=(?:a|a)*b)",
        "(?<!(?:.*)*x)b",
        "^(?:(?=.*a)a)*b",
        r"\B(?:a*)*b",
        r"^[\p{L}a]*[\p{L}a]*[\p{L}a]*b$",
    ] {
        let pattern = Pattern::owned(source.to_owned());
        assert_eq!(pattern.try_match(&text), Some(false), "{source}");
    }
}

#[test]
fn with_references_to_groups_there_are_so_many_steps() {
    let text = format!("{}!", "a".repeat(60));
    let source = r"^(?:(a+)\1*)+$";
    let regex = Backtracking::new(source).expect(source);
    assert_eq!(regex.is_match(&text), Err(GaveUp));
    let pattern = Pattern::owned(source.to_owned());
    assert_eq!(pattern.try_match(&text), None);
    assert!(!pattern.is_match(&text));
    assert!(Pattern::may_take_long(source));
    for quick in ["^(?=a)", "a+", r"\p{L}", "("] {
        assert!(!Pattern::may_take_long(quick), "{quick}");
    }
}

#[test]
fn what_would_take_too_many_instructions_is_refused() {
    for source in ["(?:a{999}){999}", "(?=a{20001})"] {
        let error = Pattern::check(source).expect_err(source);
        assert!(error.text.contains("bounded time"), "{error}");
    }
}

/// The same expression as regress matches it.
struct Regress {
    regex: regress::Regex,
    repeats_repeated: bool,
}

impl Regress {
    fn new(source: &str) -> Self {
        let regex = regress::Regex::with_flags(source, "u");
        Self {
            regex: regex
                .or_else(|_| regress::Regex::new(source))
                .expect(source),
            repeats_repeated: repeats_repeated(source),
        }
    }

    fn is_match(&self, text: &str) -> bool {
        match self.repeats_repeated {
            false => self.regex.find(text).is_some(),
            true => backends::find::<PikeVMExecutor>(&self.regex, text, 0)
                .next()
                .is_some(),
        }
    }
}

/// Whether a repeated group holds a repeated group, or a reference to one, as in
/// `(?:(?:ab)+c)*`.
///
/// regress 0.12 has one counter for each repeated group. When it backtracks to an earlier
/// round of the outer group it does not reset the inner group's counter: it then finds
/// wrong matches, or never ends. Its other engine, which is slower, counts correctly.
fn repeats_repeated(source: &str) -> bool {
    let mut bytes = source.bytes().peekable();
    let mut is_in_class = false;
    // For each open group, and for the whole: does it contain a repeated one?
    let mut open = vec![false];
    while let Some(byte) = bytes.next() {
        let mut holds = false;
        match byte {
            b'\\' => {
                let is_reference = |next: u8| matches!(next, b'1'..=b'9' | b'k');
                holds = bytes.next().is_some_and(is_reference) && !is_in_class;
            }
            _ if is_in_class => is_in_class = byte != b']',
            b'[' => is_in_class = true,
            b'(' => open.push(false),
            b')' => {
                let is_repeated = bytes.peek().is_some_and(|next| b"*+?{".contains(next));
                holds = open.pop().unwrap_or_default();
                if holds && is_repeated {
                    return true;
                }
                holds |= is_repeated;
            }
            _ => {}
        }
        if let Some(innermost) = open.last_mut() {
            *innermost |= holds;
        }
    }
    false
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

/// All engines that can match an expression have to say the same.
fn agree(source: &str, texts: &[String]) {
    let regular = compile(source);
    let Ok(backtracking) = Backtracking::new(source) else {
        assert!(regular.is_none(), "{source}");
        return;
    };
    let regress = Regress::new(source);
    for text in texts {
        let expected = regress.is_match(text);
        assert_eq!(
            backtracking.is_match(text),
            Ok(expected),
            "{source} {text:?}"
        );
        if let Some(regular) = &regular {
            assert_eq!(regular.is_match(text), expected, "{source} {text:?}");
        }
    }
}

/// The same with lookaround and references to groups.
fn irregular() -> impl Strategy<Value = String> {
    let one = prop_oneof![
        4 => "[ab]",
        1 => Just(".".to_owned()),
        1 => Just(r"\B".to_owned()),
        1 => Just(r"\1".to_owned()),
        1 => Just(r"\2".to_owned()),
        1 => Just("(a)".to_owned()),
        1 => Just("(a|b)".to_owned()),
    ];
    one.prop_recursive(3, 16, 3, |inner| {
        let some = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            some.clone().prop_map(|parts| parts.concat()),
            some.clone()
                .prop_map(|parts| format!("(?:{})", parts.join("|"))),
            some.clone()
                .prop_map(|parts| format!("({})", parts.join("|"))),
            ("[?](?:[=!]|<[=!])", some)
                .prop_map(|(look, parts)| { format!("({look}{})", parts.join("|")) }),
            (inner, "[*+?]").prop_map(|(it, count)| format!("(?:{it}){count}")),
        ]
    })
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
    fn irregular_expressions_are_matched_as_regress_does(
        (from_start, part, to_end) in ("\\^?", irregular(), "\\$?"),
        texts in prop::collection::vec("[ab]{0,6}", 8),
    ) {
        // Two groups, so that references are valid.
        agree(&format!("{from_start}(?:(x)?(x)?){part}{to_end}"), &texts);
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
