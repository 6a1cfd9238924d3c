//! Colour profiles: phones write Display P3, cameras Adobe RGB, and a browser that is told nothing takes all for sRGB.
//!
//! Only profiles of three colours and three curves are taken, which is what cameras write. Computed here and not by the
//! library that reads them: it chooses its way by the processor, and pictures must be the same on every machine.

use moxcms::{ColorProfile, DataColorSpace, ToneReprCurve};

/// From linear light around D50 to linear sRGB.
const TO_SRGB: [[f64; 3]; 3] = [
    [3.134_136_2, -1.617_385_9, -0.490_662_2],
    [-0.978_795_5, 1.916_254_4, 0.033_442_7],
    [0.071_955_3, -0.228_976_7, 1.405_386_2],
];
/// Steps of linear light.
const STEPS: usize = 1 << 14;

/// A way from a profile's colours to sRGB.
pub(super) struct ToSrgb {
    curves: [[f64; 256]; 3],
    matrix: [[f64; 3]; 3],
    encoded: Vec<u8>,
}

impl ToSrgb {
    /// Nothing where there is nothing to do: no profile, one that cannot be used, or sRGB itself.
    pub(super) fn new(icc: &[u8]) -> Option<Self> {
        let profile = ColorProfile::new_from_slice(icc).ok()?;
        if profile.color_space != DataColorSpace::Rgb || profile.pcs != DataColorSpace::Xyz {
            return None;
        }
        let columns = [profile.red_colorant, profile.green_colorant, profile.blue_colorant].map(|c| [c.x, c.y, c.z]);
        let mut matrix = [[0.0; 3]; 3];
        for (row, of) in matrix.iter_mut().zip(TO_SRGB) {
            for (cell, column) in row.iter_mut().zip(columns) {
                *cell = of[0] * column[0] + of[1] * column[1] + of[2] * column[2];
            }
        }
        let curves =
            [profile.red_trc, profile.green_trc, profile.blue_trc].map(|curve| curve.map(|curve| linear(&curve)));
        let [Some(Some(r)), Some(Some(g)), Some(Some(b))] = curves else { return None };
        let way = Self { curves: [r, g, b], matrix, encoded: (0..=STEPS).map(encode).collect() };
        // A few colours tell whether it is sRGB: it differs from itself by less than what is seen.
        let probes = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [128, 128, 128], [200, 60, 20], [30, 90, 220]];
        let far = |probe: [u8; 3]| way.of(probe).into_iter().zip(probe).any(|(a, b)| a.abs_diff(b) > 2);
        probes.into_iter().any(far).then_some(way)
    }

    fn of(&self, pixel: [u8; 3]) -> [u8; 3] {
        let light = [0, 1, 2].map(|at: usize| {
            let value = pixel.get(at).copied().unwrap_or(0);
            self.curves.get(at).and_then(|curve| curve.get(usize::from(value))).copied().unwrap_or(0.0)
        });
        self.matrix.map(|row| {
            let value = row[0] * light[0] + row[1] * light[1] + row[2] * light[2];
            let step = (value.clamp(0.0, 1.0) * STEPS as f64).round() as usize;
            self.encoded.get(step).copied().unwrap_or(255)
        })
    }

    /// Changes pixels of three or four bytes in place.
    pub(super) fn apply(&self, pixels: &mut [u8], bytes_of_pixel: usize) {
        let mut last = ([0; 3], self.of([0; 3]));
        for pixel in pixels.chunks_exact_mut(bytes_of_pixel) {
            let [r, g, b, ..] = pixel else { continue };
            let own = [*r, *g, *b];
            if own != last.0 {
                last = (own, self.of(own));
            }
            [*r, *g, *b] = last.1;
        }
    }
}

/// The curve of a colour, for each of its values.
fn linear(curve: &ToneReprCurve) -> Option<[f64; 256]> {
    let mut out = [0.0; 256];
    for (value, out) in out.iter_mut().enumerate() {
        let x = value as f64 / 255.0;
        *out = match curve {
            ToneReprCurve::Lut(table) => match table.as_slice() {
                [] => x,
                // One number is a gamma.
                [gamma] => x.powf(f64::from(*gamma) / 256.0),
                table => {
                    let at = x * (table.len() - 1) as f64;
                    let (low, part) = (at.floor() as usize, at.fract());
                    let get = |at: usize| table.get(at).or(table.last()).copied().map_or(0.0, f64::from);
                    (get(low) * (1.0 - part) + get(low + 1) * part) / 65_535.0
                }
            },
            ToneReprCurve::Parametric(numbers) => parametric(numbers, x)?,
        };
    }
    Some(out)
}

/// The functions of ICC.1, 10.18.
fn parametric(numbers: &[f32], x: f64) -> Option<f64> {
    let n: Vec<f64> = numbers.iter().map(|number| f64::from(*number)).collect();
    Some(match n.as_slice() {
        [g] => x.powf(*g),
        [g, a, b] => {
            if x >= -b / a {
                (a * x + b).max(0.0).powf(*g)
            } else {
                0.0
            }
        }
        [g, a, b, c] => {
            if x >= -b / a {
                (a * x + b).max(0.0).powf(*g) + c
            } else {
                *c
            }
        }
        [g, a, b, c, d] => {
            if x >= *d {
                (a * x + b).max(0.0).powf(*g)
            } else {
                c * x
            }
        }
        [g, a, b, c, d, e, f] => {
            if x >= *d {
                (a * x + b).max(0.0).powf(*g) + e
            } else {
                c * x + f
            }
        }
        _ => return None,
    })
}

/// The value of sRGB for a step of light.
fn encode(step: usize) -> u8 {
    let light = step as f64 / STEPS as f64;
    let value = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    (value * 255.0).round().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn phones_colours_become_those_of_the_web() {
        let p3 = ColorProfile::new_display_p3().encode().expect("is written");
        let way = ToSrgb::new(&p3).expect("is another colour space");
        // What P3 has and sRGB has not ends at the edge; greys stay what they are.
        assert_eq!((way.of([255, 0, 0]), way.of([0, 255, 0])), ([255, 0, 0], [0, 255, 0]));
        for grey in [0, 1, 64, 128, 200, 255] {
            let of = way.of([grey; 3]);
            assert!(of.into_iter().all(|value| value.abs_diff(grey) <= 1), "{grey}: {of:?}");
        }
        // 200, 100, 50 of P3 is a stronger red in sRGB (by the definition of both: 215, 93, 31).
        let [r, g, b] = way.of([200, 100, 50]);
        assert!(r.abs_diff(215) <= 1 && g.abs_diff(93) <= 1 && b.abs_diff(31) <= 1, "{r} {g} {b}");
    }

    #[test]
    fn what_is_srgb_or_cannot_be_read_is_left_alone() {
        let srgb = ColorProfile::new_srgb().encode().expect("is written");
        assert!(ToSrgb::new(&srgb).is_none() && ToSrgb::new(b"no profile").is_none());
    }
}
