//! A picture in the characters and commands that a terminal takes.

use std::error::Error;
use std::io::Cursor;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{DynamicImage, ImageFormat, ImageReader, RgbImage, RgbaImage};

use crate::output::preview::sixel::sixel;
use crate::output::preview::terminal::Protocol;

/// How many columns a preview takes.
const COLUMNS: u32 = 40;

/// How many pixels wide and high a terminal gets a picture at most.
const PIXELS: u32 = 640;

/// The picture at `path`, for a terminal that shows pictures in this way.
pub fn of(path: &Path, protocol: Protocol) -> Result<String, Box<dyn Error>> {
    // How much memory it takes is limited by the library.
    let picture = ImageReader::open(path)?.with_guessed_format()?.decode()?;
    Ok(match protocol {
        Protocol::Kitty => kitty(&picture.thumbnail(PIXELS, PIXELS).to_rgba8()),
        Protocol::Iterm => iterm(&picture.thumbnail(PIXELS, PIXELS))?,
        Protocol::Sixel => sixel(&picture.thumbnail(PIXELS, PIXELS).to_rgb8()),
        Protocol::Blocks => blocks(&picture.thumbnail(COLUMNS, COLUMNS).to_rgb8()),
    })
}

/// A picture in commands of kitty's, each of which may have so many characters of data.
fn kitty(picture: &RgbaImage) -> String {
    const MOST: usize = 4096;
    let data = STANDARD.encode(picture.as_raw());
    let mut text = String::new();
    let mut rest = data.as_str();
    let mut head = format!(
        "a=T,f=32,s={},v={},c={COLUMNS},",
        picture.width(),
        picture.height()
    );
    loop {
        // Base64 is ASCII, so that it can be divided anywhere.
        let (chunk, after) = rest.split_at(rest.len().min(MOST));
        let goes_on = u8::from(!after.is_empty());
        text += &format!("\x1b_G{head}m={goes_on};{chunk}\x1b\\");
        if after.is_empty() {
            return text + "\n";
        }
        rest = after;
        head.clear();
    }
}

/// A picture in a command of iTerm2's.
fn iterm(picture: &DynamicImage) -> Result<String, Box<dyn Error>> {
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png)?;
    let (bytes, data) = (png.get_ref().len(), STANDARD.encode(png.get_ref()));
    Ok(format!(
        "\x1b]1337;File=inline=1;size={bytes};width={COLUMNS}:{data}\x07\n"
    ))
}

/// A picture in blocks of colour: the upper pixel is the background of the lower one.
fn blocks(picture: &RgbImage) -> String {
    let mut text = String::new();
    for row in (0..picture.height()).step_by(2) {
        for column in 0..picture.width() {
            let [r, g, b] = picture.get_pixel(column, row).0;
            text += &format!("\x1b[48;2;{r};{g};{b}m");
            let below = (row + 1).min(picture.height() - 1);
            let [r, g, b] = picture.get_pixel(column, below).0;
            text += &format!("\x1b[38;2;{r};{g};{b}m▄");
        }
        text += "\x1b[0m\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    use super::{blocks, kitty};

    #[test]
    fn a_picture_becomes_commands_that_a_terminal_takes() {
        let small = kitty(&RgbaImage::from_pixel(1, 1, Rgba([1, 2, 3, 255])));
        assert_eq!(small, "\x1b_Ga=T,f=32,s=1,v=1,c=40,m=0;AQID/w==\x1b\\\n");
        let large = kitty(&RgbaImage::from_pixel(64, 64, Rgba([0; 4])));
        assert!(large.starts_with("\x1b_Ga=T,f=32,s=64,v=64,c=40,m=1;"));
        assert_eq!(large.matches("\x1b_Gm=1;").count(), 4);
        assert_eq!(large.matches("\x1b_Gm=0;").count(), 1);
        let mut picture = RgbImage::from_pixel(1, 3, Rgb([9, 9, 9]));
        picture.put_pixel(0, 1, Rgb([7, 7, 7]));
        let expected =
            "\x1b[48;2;9;9;9m\x1b[38;2;7;7;7m▄\x1b[0m\n\x1b[48;2;9;9;9m\x1b[38;2;9;9;9m▄\x1b[0m\n";
        assert_eq!(blocks(&picture), expected);
    }
}
