//! Sizes, as requests write them.

/// The width and height of `<width>x<height>` or `<width>*<height>`: decimal
/// digits that don't start with a zero, however many.
pub fn split(text: &str) -> Option<(&str, &str)> {
    let (width, height) = text.split_once(['x', '*'])?;
    (is_number(width) && is_number(height)).then_some((width, height))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The width and height in pixels that a size asks for. `1K`, `2K` and `4K` are
/// squares; a number that doesn't fit a `u32` becomes the largest one.
pub fn pixels(text: &str) -> Option<(u32, u32)> {
    match text {
        "1K" => Some((1024, 1024)),
        "2K" => Some((2048, 2048)),
        "4K" => Some((4096, 4096)),
        _ => {
            let (width, height) = split(text)?;
            Some((
                width.parse().unwrap_or(u32::MAX),
                height.parse().unwrap_or(u32::MAX),
            ))
        }
    }
}
