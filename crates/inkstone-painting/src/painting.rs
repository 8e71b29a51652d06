//! Draws a picture: paper in a soft gradient, with spots of ink.

use std::io::Write;

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter};

use crate::random::Random;

type Colour = [f32; 3];

/// Steps of the table of how dense the ink is, from the middle of a spot to its edge.
const DENSITIES: usize = 1024;

/// A picture as a PNG file. Only one row of it is in memory unpacked.
///
/// # Errors
///
/// A side of no pixels.
pub fn png(width: u32, height: u32, seed: u64) -> Result<Vec<u8>, EncodingError> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    // A soft gradient hardly changes from one row to the next.
    encoder.set_filter(Filter::Up);
    let mut writer = encoder.write_header()?;
    let mut stream = writer.stream_writer()?;
    let painting = Painting::new(width, height, seed);
    let mut row = vec![0; width as usize * 3];
    for y in 0..height {
        painting.row(y, &mut row);
        stream.write_all(&row)?;
    }
    stream.finish()?;
    writer.finish()?;
    Ok(file)
}

/// A gradient from one corner to the other, with spots of ink.
struct Painting {
    width: f32,
    height: f32,
    start: Colour,
    end: Colour,
    spots: Vec<Spot>,
}

struct Spot {
    x: f32,
    y: f32,
    radius: f32,
    ink: [u32; 3],
    strength: f32,
    /// How wide the edge is, as a part of the radius.
    edge: f32,
    /// How much of 256 is ink, by the square of the distance from the middle: none where fewer
    /// pixels are drawn than these are.
    densities: Vec<u32>,
}

impl Painting {
    fn new(width: u32, height: u32, seed: u64) -> Self {
        let (width, height) = (width as f32, height as f32);
        let mut random = Random(seed);
        let hue = random.between(0.0, 1.0);
        let start = colour(hue, 0.55, random.between(0.86, 0.92));
        let away = random.between(0.08, 0.22);
        let end = colour(hue + away, 0.60, random.between(0.70, 0.80));
        // Ink of the opposite hue would look grey on the paper.
        let ink = hue + random.between(0.14, 0.34);
        let count = 5 + random.number() % 4;
        let spots = (0..count)
            .map(|_| Spot::new(&mut random, ink, width, height))
            .collect();
        Self {
            width,
            height,
            start,
            end,
            spots,
        }
    }

    fn row(&self, y: u32, row: &mut [u8]) {
        self.paper(y as f32, row);
        for spot in &self.spots {
            spot.draw(y as f32, self.width, row);
        }
    }

    fn paper(&self, y: f32, row: &mut [u8]) {
        let mut colour = [0; 3];
        let mut step = [0; 3];
        for channel in 0..3 {
            let (from, to) = (self.start[channel], self.end[channel]);
            let across = (to - from) / 2.0;
            colour[channel] = fixed(from + across * y / self.height);
            step[channel] = fixed(across / self.width);
        }
        for pixel in row.chunks_exact_mut(3) {
            for channel in 0..3 {
                pixel[channel] = (colour[channel] >> FRACTION) as u8;
                colour[channel] += step[channel];
            }
        }
    }
}

/// Colours are fixed-point numbers with this many fractional bits.
const FRACTION: u32 = 20;

fn fixed(value: f32) -> i32 {
    (value * (1 << FRACTION) as f32) as i32
}

impl Spot {
    fn new(random: &mut Random, hue: f32, width: f32, height: f32) -> Self {
        let radius = width.min(height) * random.between(0.08, 0.36);
        let hue = hue + random.between(-0.06, 0.06);
        let ink = colour(hue, random.between(0.55, 0.8), random.between(0.36, 0.54));
        let strength = random.between(0.22, 0.5);
        let mut spot = Self {
            x: random.between(0.0, 1.0) * width,
            y: random.between(0.0, 1.0) * height,
            radius,
            ink: ink.map(|channel| channel as u32),
            strength,
            edge: (3.0 / radius.max(1.0)).max(0.012),
            densities: Vec::new(),
        };
        if width * height >= DENSITIES as f32 {
            spot.densities = (0..DENSITIES).map(|step| spot.density(step)).collect();
        }
        spot
    }

    /// Ink gathers towards the edge as it dries, and the edge itself is soft.
    fn density(&self, step: usize) -> u32 {
        let square = step as f32 / DENSITIES as f32;
        let distance = square.sqrt();
        let gathered = square * square * square * square;
        let fade = ((1.0 - distance) / self.edge).clamp(0.0, 1.0);
        let density = self.strength * (0.6 + 0.4 * gathered) * fade;
        (density * 256.0) as u32
    }

    fn draw(&self, y: f32, width: f32, row: &mut [u8]) {
        let square = self.radius * self.radius;
        let down = (y - self.y) * (y - self.y);
        if down >= square {
            return;
        }
        let half = (square - down).sqrt();
        let first = (self.x - half).ceil().max(0.0);
        let last = (self.x + half).floor().min(width - 1.0);
        if first > last {
            return;
        }
        let scale = DENSITIES as f32 / square;
        let pixels = &mut row[first as usize * 3..(last as usize + 1) * 3];
        let mut across = first - self.x;
        for pixel in pixels.chunks_exact_mut(3) {
            let place = (across * across + down) * scale;
            let step = (place as usize).min(DENSITIES - 1);
            let density = match self.densities.get(step) {
                Some(density) => *density,
                None => self.density(step),
            };
            for (channel, ink) in pixel.iter_mut().zip(self.ink) {
                *channel = ((u32::from(*channel) * (256 - density) + ink * density) >> 8) as u8;
            }
            across += 1.0;
        }
    }
}

/// A colour of a hue (a turn is 1), a saturation and a lightness.
fn colour(hue: f32, saturation: f32, lightness: f32) -> Colour {
    let chroma = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|offset: f32| {
        let turn = (offset + (hue - hue.floor()) * 12.0) % 12.0;
        let part = (turn - 3.0).min(9.0 - turn).clamp(-1.0, 1.0);
        255.0 * (lightness - chroma * part)
    })
}

#[cfg(test)]
mod tests {
    use super::{Random, Spot};

    #[test]
    fn a_spot_looks_the_same_without_its_table() {
        let mut spot = Spot::new(&mut Random(7), 0.3, 64.0, 64.0);
        assert!(!spot.densities.is_empty());
        let drawn = |spot: &Spot| {
            let mut rows = vec![200; 64 * 64 * 3];
            let each = rows.chunks_exact_mut(64 * 3);
            each.enumerate()
                .for_each(|(y, row)| spot.draw(y as f32, 64.0, row));
            rows
        };
        let with_table = drawn(&spot);
        spot.densities.clear();
        assert_eq!(drawn(&spot), with_table);
        assert!(with_table.iter().any(|channel| *channel != 200));
        assert!(
            Spot::new(&mut Random(7), 0.3, 16.0, 16.0)
                .densities
                .is_empty()
        );
    }
}
