//! The steps of a key colour: what stands on it, its stronger form, its tints, for light and for dark.
//!
//! The built-in theme's own steps were drawn by hand; these follow their distances in lightness and chroma
//! and then move until every pair of the table holds. So one colour is enough for a council.

use super::contrast::{self, Scheme};
use crate::render::colour::{Oklch, Rgb};

/// The tokens that follow `key`.
pub(super) const STEPS: [&str; 5] = ["key-strong", "key-line", "key-tint", "key-soft", "on-key"];

/// Lightness and chroma of the steps, relative to those of `key`.
struct Distances {
    tint: (f64, f64, f64),
    soft: (f64, f64, f64),
    /// Which way is away from the ground.
    away: f64,
}

const LIGHT: Distances = Distances { tint: (0.957, 0.14, 0.03), soft: (0.92, 0.27, 0.06), away: -1.0 };
const DARK: Distances = Distances { tint: (0.30, 0.19, 0.04), soft: (0.345, 0.29, 0.06), away: 1.0 };

/// `key` on a dark screen, where the site gives one colour for both.
pub(super) fn key_for_dark(light: Rgb, get: &dyn Fn(&str) -> Option<Rgb>) -> Rgb {
    let seen = light.oklch().times(0.78, 0.13);
    until(seen.at(0.81), 1.0, |colour| contrast::holds("key", colour, get))
}

/// All steps of `key` in one scheme. `get` knows the other tokens, and the steps that the site gives itself.
pub(super) fn steps(key: Rgb, scheme: Scheme, get: &dyn Fn(&str) -> Option<Rgb>) -> Vec<(&'static str, Rgb)> {
    let far = if scheme == Scheme::Light { LIGHT } else { DARK };
    let seen = key.oklch();
    let given = |name: &str| get(name).filter(|_| STEPS.contains(&name));
    let others = |name: &str| if name == "key" { Some(key) } else { get(name) };

    let tint = given("key-tint").unwrap_or_else(|| {
        let (lightness, factor, most) = far.tint;
        let start = seen.times(factor, most).at(lightness);
        let others = |name: &str| if STEPS.contains(&name) { None } else { others(name) };
        until(start, -far.away, |colour| contrast::holds("key-tint", colour, &others))
    });
    let strong = given("key-strong").unwrap_or_else(|| {
        let start = match scheme {
            Scheme::Light => seen.at(seen.lightness - 0.08),
            Scheme::Dark => seen.times(0.7, 0.1).at((seen.lightness + 0.05).max(0.86)),
        };
        let others = |name: &str| match name {
            "key-tint" => Some(tint),
            "on-key" => given(name),
            name => others(name),
        };
        until(start, far.away, |colour| contrast::holds("key-strong", colour, &others))
    });
    let on_key = given("on-key").unwrap_or_else(|| {
        let (white, black) = (Rgb([255; 3]), Rgb([0; 3]));
        let dark = seen.times(0.1, 0.02).at(0.2).rgb();
        let order = if scheme == Scheme::Light { [white, dark, black] } else { [dark, black, white] };
        let worst = |colour: Rgb| colour.contrast(key).min(colour.contrast(strong));
        let good = order.into_iter().find(|colour| worst(*colour) >= contrast::TEXT);
        good.unwrap_or(if worst(white) >= worst(black) { white } else { black })
    });
    let (lightness, factor, most) = far.soft;
    vec![
        ("key-strong", strong),
        ("key-line", seen.times(1.3, 0.21).at(0.68).rgb()),
        ("key-tint", tint),
        ("key-soft", seen.times(factor, most).at(lightness).rgb()),
        ("on-key", on_key),
    ]
}

/// Moves the lightness until the colour passes; at the end of the scale it is what it is.
fn until(start: Oklch, way: f64, passes: impl Fn(Rgb) -> bool) -> Rgb {
    let moved = (0..=250_u8).map(|step| start.at(start.lightness + way * f64::from(step) * 0.004).rgb());
    let mut last = start.rgb();
    for colour in moved {
        last = colour;
        if passes(colour) {
            break;
        }
    }
    last
}
