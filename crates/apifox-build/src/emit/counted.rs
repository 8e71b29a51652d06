//! How many of something there may be, in words.

/// From how many to how many; `None` where any number will do.
pub(super) fn bounds(least: u64, most: Option<u64>, noun: &str) -> Option<String> {
    Some(match (least, most) {
        (0, None) => return None,
        (least, Some(most)) if least == most => format!("exactly {}", counted(least, noun)),
        (least, None) => format!("at least {}", counted(least, noun)),
        (0, Some(most)) => format!("at most {}", counted(most, noun)),
        (least, Some(most)) => format!("{least} to {}", counted(most, noun)),
    })
}

/// `1 item`, `2 items`; the name of a type stays as it is.
fn counted(count: u64, noun: &str) -> String {
    let is_as_it_is = count == 1 || noun.starts_with('[');
    let plural = if is_as_it_is { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
