//! Colours: as they are written, as they are seen (OKLCH), and how well one can be read on another.
//!
//! In OKLCH, lightness can change while hue and strength stay what a council chose; in RGB or HSL they
//! would not. A colour is kept as the three bytes that are written, so that what is checked is what is shown.

use std::fmt;

/// A colour of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub [u8; 3]);

/// Lightness 0 to 1, chroma from 0, hue in radians.
#[derive(Debug, Clone, Copy)]
pub(super) struct Oklch {
    pub lightness: f64,
    pub chroma: f64,
    pub hue: f64,
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

fn linear(byte: u8) -> f64 {
    let value = f64::from(byte) / 255.0;
    if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte before")]
fn byte(linear: f64) -> u8 {
    let value = if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
    (value * 255.0).round().clamp(0.0, 255.0) as u8
}

impl Rgb {
    /// `#rgb` or `#rrggbb`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if !digits.bytes().all(|c| c.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = value.to_be_bytes();
        match digits.len() {
            6 => Some(Self([red, green, blue])),
            3 => Some(Self([green & 15, blue >> 4, blue & 15].map(|digit| digit * 17))),
            _ => None,
        }
    }

    /// How much light it gives, by WCAG.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The contrast of two colours by WCAG, 1 to 21.
    pub(super) fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    pub(super) fn oklch(self) -> Oklch {
        let [r, g, b] = self.0.map(linear);
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        let lightness = 0.210_454_255_3 * l + 0.793_617_785 * m - 0.004_072_046_8 * s;
        let x = 1.977_998_495_1 * l - 2.428_592_205 * m + 0.450_593_709_9 * s;
        let y = 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766 * s;
        Oklch { lightness, chroma: x.hypot(y), hue: y.atan2(x) }
    }
}

impl Oklch {
    /// The same hue at another lightness; the chroma becomes less where no screen has it.
    pub(super) fn rgb(self) -> Rgb {
        let lightness = self.lightness.clamp(0.0, 1.0);
        let (mut least, mut most) = (0.0, self.chroma);
        if let Some(rgb) = shown(lightness, most, self.hue) {
            return rgb;
        }
        for _ in 0..24 {
            let middle = f64::midpoint(least, most);
            if shown(lightness, middle, self.hue).is_some() {
                least = middle;
            } else {
                most = middle;
            }
        }
        // Without chroma it is a grey, and every screen has those.
        shown(lightness, least, self.hue).unwrap_or(Rgb([byte(lightness.powi(3)); 3]))
    }

    pub(super) fn at(self, lightness: f64) -> Self {
        Self { lightness, ..self }
    }

    /// Weaker or stronger, but no stronger than `most`.
    pub(super) fn times(self, factor: f64, most: f64) -> Self {
        Self { chroma: (self.chroma * factor).min(most), ..self }
    }
}

/// The bytes of an OKLCH colour if a screen has it.
fn shown(lightness: f64, chroma: f64, hue: f64) -> Option<Rgb> {
    let (x, y) = (chroma * hue.cos(), chroma * hue.sin());
    let l = (lightness + 0.396_337_777_4 * x + 0.215_803_757_3 * y).powi(3);
    let m = (lightness - 0.105_561_345_8 * x - 0.063_854_172_8 * y).powi(3);
    let s = (lightness - 0.089_484_177_5 * x - 1.291_485_548 * y).powi(3);
    let all = [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
    ];
    // Half a step of a byte may be lost to rounding.
    all.iter().all(|part| (-0.0002..=1.002).contains(part)).then(|| Rgb(all.map(byte)))
}

/// The nearest lightness of the same hue that passes.
pub(super) fn nearest_that(colour: Rgb, passes: impl Fn(Rgb) -> bool) -> Option<Rgb> {
    let seen = colour.oklch();
    let darker_and_lighter = (1..=250_u8).flat_map(|step| [-1.0, 1.0].map(|way| way * f64::from(step) * 0.004));
    darker_and_lighter
        .map(|by| seen.lightness + by)
        .filter(|lightness| (-0.004..=1.004).contains(lightness))
        .map(|lightness| seen.at(lightness).rgb())
        .find(|found| passes(*found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_and_written() {
        assert_eq!(Rgb::read("#1b5e8c").map(|c| c.to_string()).as_deref(), Some("#1b5e8c"));
        assert_eq!(Rgb::read("#FA0").map(|c| c.to_string()).as_deref(), Some("#ffaa00"));
        for text in ["1b5e8c", "#1b5e8", "#+1b5e8", "#1b5e8g", "red", "#", "#12"] {
            assert_eq!(Rgb::read(text), None, "{text}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let ratio = |a: [u8; 3], b: [u8; 3]| (Rgb(a).contrast(Rgb(b)) * 100.0).round() / 100.0;
        assert_eq!(ratio([0, 0, 0], [255, 255, 255]).to_bits(), 21.0_f64.to_bits());
        assert_eq!(ratio([0x77, 0x77, 0x77], [255, 255, 255]).to_bits(), 4.48_f64.to_bits());
    }

    #[test]
    fn every_colour_comes_back() {
        for value in (0..0x0100_0000_u32).step_by(4099) {
            let [_, red, green, blue] = value.to_be_bytes();
            let colour = Rgb([red, green, blue]);
            assert_eq!(colour.oklch().rgb(), colour);
        }
    }
}
