//! A picture in sixels, as DEC's terminals had them and many have again:
//! <https://vt100.net/docs/vt3xx-gp/chapter14.html>.

use image::imageops::{ColorMap, dither, index_colors};
use image::{Rgb, RgbImage};

/// How many shades of red, green and blue there are: 216 colours, where terminals take 256.
const SHADES: usize = 6;

/// How many rows a line of sixels has.
const BAND: u32 = 6;

/// The picture in one command.
pub fn sixel(picture: &RgbImage) -> String {
    let mut picture = picture.clone();
    let (width, height) = picture.dimensions();
    // The library reads a pixel beside and one below the first.
    if width > 1 && height > 1 {
        dither(&mut picture, &Cube);
    }
    let indices = index_colors(&picture, &Cube);
    let mut text = format!("\x1bPq\"1;1;{width};{height}");
    let percent = |shade: usize| shade * 100 / (SHADES - 1);
    for index in 0..SHADES.pow(3) {
        let [r, g, b] = shades(index).map(percent);
        text += &format!("#{index};2;{r};{g};{b}");
    }
    for top in (0..height).step_by(BAND as usize) {
        let rows = top..height.min(top + BAND);
        let mut bands = vec![Vec::new(); SHADES.pow(3)];
        for (bit, row) in rows.enumerate() {
            for column in 0..width {
                let [index] = indices.get_pixel(column, row).0;
                let band = &mut bands[usize::from(index)];
                band.resize(width as usize, 0_u8);
                band[column as usize] |= 1 << bit;
            }
        }
        for (index, band) in bands
            .iter()
            .enumerate()
            .filter(|(_, band)| !band.is_empty())
        {
            text += &format!("#{index}");
            // A character for each run of the same six pixels.
            for run in band.chunk_by(|a, b| a == b) {
                let sixel = char::from(b'?' + run[0]);
                text += &format!("!{}{sixel}", run.len());
            }
            text.push('$');
        }
        text.push('-');
    }
    text + "\x1b\\\n"
}

/// The red, green and blue of the colour `index`.
fn shades(index: usize) -> [usize; 3] {
    [
        index / SHADES / SHADES,
        index / SHADES % SHADES,
        index % SHADES,
    ]
}

/// The colours, evenly spread.
struct Cube;

impl ColorMap for Cube {
    type Color = Rgb<u8>;

    fn index_of(&self, color: &Rgb<u8>) -> usize {
        let steps = SHADES - 1;
        let nearest = |value: u8| (usize::from(value) * steps + 127) / 255;
        let [r, g, b] = color.0.map(nearest);
        (r * SHADES + g) * SHADES + b
    }

    fn map_color(&self, color: &mut Rgb<u8>) {
        let of = |shade: usize| u8::try_from(shade * 255 / (SHADES - 1)).unwrap_or(u8::MAX);
        color.0 = shades(self.index_of(color)).map(of);
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::sixel;

    #[test]
    fn rows_are_bits_and_runs_are_counted() {
        // Seven rows of white, of which the first has a black pixel.
        let mut picture = RgbImage::from_pixel(3, 7, Rgb([255; 3]));
        picture.put_pixel(1, 0, Rgb([0; 3]));
        let text = sixel(&picture);
        assert!(
            text.starts_with("\x1bPq\"1;1;3;7#0;2;0;0;0#1;2;0;0;20#"),
            "{text}"
        );
        let pixels = "#215;2;100;100;100#0!1?!1@!1?$#215!1~!1}!1~$-#215!3@$-\x1b\\\n";
        assert!(text.ends_with(pixels), "{text}");
        assert!(sixel(&RgbImage::new(1, 1)).ends_with("#0!1@$-\x1b\\\n"));
        assert!(sixel(&RgbImage::new(0, 0)).ends_with("#215;2;100;100;100\x1b\\\n"));
    }
}
