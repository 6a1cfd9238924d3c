//! The colours and measures of a theme: its custom properties, and those that a site sets in its settings.
//!
//! A site's value takes the place of the theme's in the text of the style sheet, so it wins and loses exactly
//! where the theme's did: print keeps its white. Then every pair of colours that stand on each other is
//! checked, whoever chose them: nobody sees it on the screen of the desk, and everybody on a phone in the sun.

mod contrast;
mod steps;

use super::colour::{Rgb, nearest_that};
use super::statics::{Definition, Edits, scan};
use super::theme::Theme;
use crate::diagnostic::{Diagnostic, Problem, nearest};
use crate::source::{At, Path as DocPath, Step, locate_later, settings};
use contrast::{Pair, SCHEMES, Scheme};
use lightningcss::traits::Parse;
use lightningcss::values::color::CssColor;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// For light and for dark screens.
type Both = [Rgb; 2];

/// A definition and where it stands.
struct Found<'a> {
    /// The static file's name.
    sheet: &'a str,
    file: &'a str,
    text: &'a str,
    at: Definition,
}

impl Found<'_> {
    fn value(&self) -> &str {
        self.text.get(self.at.range.clone()).unwrap_or_default()
    }
}

/// A colour of the settings.
#[derive(Debug, Clone, Copy)]
struct Chosen {
    colours: Both,
    /// Whether one colour was written for both.
    one: bool,
}

/// What the tokens of a site come to.
#[derive(Debug, Default)]
pub struct Tokens {
    /// What changes in the theme's style sheets.
    pub(super) edits: Edits,
    light: BTreeMap<String, Rgb>,
    /// Pairs of colours that were looked at, on light and on dark screens.
    pub pairs: usize,
}

impl Tokens {
    /// Reads the theme's tokens, puts the site's over them, and tells what cannot be read on what.
    pub fn new(root: &Path, theme: &Theme, site: &BTreeMap<String, String>) -> (Self, Vec<Diagnostic>) {
        let found = find(theme);
        let names: BTreeSet<&str> = found.iter().map(|found| found.at.name.as_str()).collect();
        let of_theme = of_theme(&found, &names);
        let mut problems = Vec::new();
        let mut chosen = BTreeMap::new();
        let mut plain = BTreeMap::new();
        for (name, value) in site {
            let value = value.trim();
            let read = if !names.contains(name.as_str()) {
                let near = nearest(name.trim_start_matches('-'), names.iter().copied()).map(str::to_owned);
                Err(Problem::UnknownToken { name: name.clone(), near })
            } else if of_theme.contains_key(name) {
                colour(value)
                    .map(|colour| _ = chosen.insert(name.clone(), colour))
                    .ok_or_else(|| bad_colour(name, value))
            } else {
                is_plain(value)
                    .then(|| _ = plain.insert(name.clone(), value.to_owned()))
                    .ok_or_else(|| bad_plain(name, value))
            };
            problems.extend(read.err().map(|problem| (settings::FILE.to_owned(), at(name), problem)));
        }
        let mut palette = Palette::new(&of_theme, chosen);
        problems.extend(palette.lift_key().map(|problem| (settings::FILE.to_owned(), at("key"), problem)));
        let mut told = Vec::new();
        check(&palette, &found, &mut problems, &mut told);
        told.extend(locate_later(root, problems));
        let mut edits = Edits::new();
        for found in &found {
            let written = plain.get(&found.at.name).cloned().or_else(|| palette.own(&found.at.name).map(written));
            if let Some(written) = written {
                edits.entry(found.sheet.to_owned()).or_default().push((found.at.range.clone(), written));
            }
        }
        let known = |name: &str, scheme: Scheme| palette.get(name, scheme).is_some();
        let mut pairs = 0;
        for scheme in SCHEMES {
            pairs += contrast::pairs().filter(|pair| known(pair.fore, scheme) && known(pair.back, scheme)).count();
        }
        let light = names.iter().filter_map(|name| Some(((*name).to_owned(), palette.get(name, Scheme::Light)?)));
        (Self { edits, light: light.collect(), pairs }, told)
    }

    /// The colour of a token on a light screen.
    pub fn light(&self, name: &str) -> Option<Rgb> {
        self.light.get(name).copied()
    }
}

fn at(name: &str) -> At {
    let path: DocPath = vec![Step::Key("tokens".to_owned()), Step::Key(name.to_owned())];
    At::Value(path)
}

/// Every definition of the theme's style sheets, in the order in which a browser reads them.
fn find(theme: &Theme) -> Vec<Found<'_>> {
    let sheets = theme.statics.iter().filter(|(name, _)| name.ends_with(".css"));
    let texts = sheets.filter_map(|(name, sheet)| Some((name, &sheet.file, std::str::from_utf8(&sheet.bytes).ok()?)));
    texts
        .flat_map(|(sheet, file, text)| {
            scan(text).definitions.into_iter().map(move |at| Found { sheet, file, text, at })
        })
        .collect()
}

/// The definition that wins: outside of layers over inside, then the last.
fn winner<'a>(found: &'a [Found<'a>], name: &str, scheme: Scheme) -> Option<&'a Found<'a>> {
    let holds = |found: &&Found<'_>| found.at.name == name && (scheme == Scheme::Dark || !found.at.dark);
    found.iter().filter(holds).max_by_key(|found| !found.at.layered)
}

/// The theme's colours; what is no colour is left out.
fn of_theme(found: &[Found<'_>], names: &BTreeSet<&str>) -> BTreeMap<String, Both> {
    let both = |name: &str| Some([resolve(found, name, Scheme::Light, 0)?, resolve(found, name, Scheme::Dark, 0)?]);
    names.iter().filter_map(|name| Some(((*name).to_owned(), both(name)?))).collect()
}

fn resolve(found: &[Found<'_>], name: &str, scheme: Scheme, depth: usize) -> Option<Rgb> {
    let value = winner(found, name, scheme)?.value();
    if let Some(other) = value.strip_prefix("var(--").and_then(|rest| rest.strip_suffix(')')) {
        return if depth < 8 { resolve(found, other.trim(), scheme, depth + 1) } else { None };
    }
    let colour = match CssColor::parse_string(value).ok()? {
        CssColor::LightDark(light, dark) => {
            if scheme == Scheme::Light {
                *light
            } else {
                *dark
            }
        }
        colour => colour,
    };
    match colour.to_rgb().ok()? {
        // What shines through has another colour on every ground.
        CssColor::RGBA(rgba) if rgba.alpha == 255 => Some(Rgb([rgba.red, rgba.green, rgba.blue])),
        _ => None,
    }
}

/// `#1b5e8c` or `light-dark(#1b5e8c, #9fd0f5)`.
fn colour(value: &str) -> Option<Chosen> {
    if let Some(one) = Rgb::read(value) {
        return Some(Chosen { colours: [one; 2], one: true });
    }
    let (light, dark) = value.strip_prefix("light-dark(")?.strip_suffix(')')?.split_once(',')?;
    Some(Chosen { colours: [Rgb::read(light.trim())?, Rgb::read(dark.trim())?], one: false })
}

/// Whether a value stays what it is in the middle of a style sheet.
fn is_plain(value: &str) -> bool {
    let probe = format!(":root{{--a:{value};--b:1}}");
    let seen = scan(&probe);
    let kept = seen.definitions.iter().map(|found| probe.get(found.range.clone()));
    !value.is_empty()
        && value.len() <= 300
        && !value.contains([';', '{', '}', '<', '>', '\\', '!', '\n'])
        && [('(', ')'), ('[', ']')]
            .iter()
            .all(|(open, close)| value.matches(*open).count() == value.matches(*close).count())
        && seen.references.is_empty()
        && seen.open.is_none()
        && kept.eq([Some(value), Some("1")])
}

fn bad_colour(name: &str, value: &str) -> Problem {
    Problem::BadToken {
        name: name.to_owned(),
        found: value.to_owned(),
        how: "色は「\"#1b5e8c\"」か「\"light-dark(#1b5e8c, #9fd0f5)\"」（明るい画面の色、暗い画面の色）のように、\" で囲んで書いてください。".to_owned(),
        how_en: "write a colour as \"#1b5e8c\" or \"light-dark(#1b5e8c, #9fd0f5)\"".to_owned(),
    }
}

fn bad_plain(name: &str, value: &str) -> Problem {
    Problem::BadToken {
        name: name.to_owned(),
        found: value.to_owned(),
        how: "「1.5rem」のような、CSS の値を1つだけ書いてください。「;」「{」「}」や url( は使えません。".to_owned(),
        how_en: "write one CSS value, without ; { } and url(".to_owned(),
    }
}

fn written([light, dark]: Both) -> String {
    if light == dark { light.to_string() } else { format!("light-dark({light}, {dark})") }
}

/// All colours, and who chose them.
struct Palette<'a> {
    of_theme: &'a BTreeMap<String, Both>,
    chosen: BTreeMap<String, Chosen>,
    steps: BTreeMap<&'static str, Both>,
}

/// Who has to change something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Blame {
    Site(String),
    Theme(String),
}

impl<'a> Palette<'a> {
    fn new(of_theme: &'a BTreeMap<String, Both>, mut chosen: BTreeMap<String, Chosen>) -> Self {
        let fixed = |chosen: &BTreeMap<String, Chosen>, name: &str, scheme: Scheme| match chosen.get(name) {
            Some(own) => Some(own.colours[scheme as usize]),
            None if steps::STEPS.contains(&name) => None,
            None => of_theme.get(name).map(|both| both[scheme as usize]),
        };
        let mut steps = BTreeMap::new();
        if let Some(mut key) = chosen.get("key").copied() {
            if key.one {
                key.colours[1] = steps::key_for_dark(key.colours[0], &|name| fixed(&chosen, name, Scheme::Dark));
                chosen.insert("key".to_owned(), key);
            }
            let [light, dark] = SCHEMES
                .map(|scheme| steps::steps(key.colours[scheme as usize], scheme, &|name| fixed(&chosen, name, scheme)));
            let both = light.into_iter().zip(dark).map(|((name, light), (_, dark))| (name, [light, dark]));
            steps = both.filter(|(name, _)| of_theme.contains_key(*name) && !chosen.contains_key(*name)).collect();
        }
        Self { of_theme, chosen, steps }
    }

    /// A council's yellow is no colour for text on white: a darker one of its hue takes its place there, and
    /// the band at the top keeps the colour that was given.
    fn lift_key(&mut self) -> Option<Problem> {
        let blame = Blame::Site("key".to_owned());
        let given = self.chosen.get("key").filter(|key| key.one)?.colours[0];
        let fails = |palette: &Self| {
            let all = SCHEMES.into_iter().flat_map(|scheme| contrast::pairs().map(move |pair| (scheme, pair)));
            all.filter(|(_, pair)| palette.blame(*pair) == blame).find(|(s, pair)| palette.below(*pair, *s).is_some())
        };
        let (scheme, worst) = fails(self)?;
        let used = self.better(&blame, scheme, worst);
        let mut chosen = self.chosen.clone();
        chosen.insert("key".to_owned(), Chosen { colours: [used; 2], one: true });
        chosen.entry("key-line".to_owned()).or_insert(Chosen { colours: [given; 2], one: false });
        let lifted = Self::new(self.of_theme, chosen);
        if fails(&lifted).is_some() {
            return None;
        }
        *self = lifted;
        Some(Problem::KeyDarkened { given: given.to_string(), used: used.to_string() })
    }

    /// The colours that are not the theme's.
    fn own(&self, name: &str) -> Option<Both> {
        self.chosen.get(name).map(|own| own.colours).or_else(|| self.steps.get(name).copied())
    }

    fn get(&self, name: &str, scheme: Scheme) -> Option<Rgb> {
        let both = self.own(name).or_else(|| self.of_theme.get(name).copied());
        both.map(|both| both[scheme as usize])
    }

    fn below(&self, pair: Pair, scheme: Scheme) -> Option<f64> {
        let ratio = self.get(pair.fore, scheme)?.contrast(self.get(pair.back, scheme)?);
        (ratio < pair.least).then_some(ratio)
    }

    fn blame(&self, pair: Pair) -> Blame {
        let [fore, back] = [pair.fore, pair.back];
        let chosen = [fore, back].into_iter().find(|name| self.chosen.contains_key(*name));
        let step = || [fore, back].into_iter().find(|name| self.steps.contains_key(name)).map(|_| "key");
        match chosen.or_else(step) {
            Some(name) => Blame::Site(name.to_owned()),
            None => Blame::Theme(fore.to_owned()),
        }
    }

    /// The nearest colour of the same hue with which everything that this token is blamed for holds; where
    /// there is none, at least the given pair does.
    fn better(&self, blame: &Blame, scheme: Scheme, worst: Pair) -> Rgb {
        let (Blame::Site(name) | Blame::Theme(name)) = blame;
        let now = self.own(name).or_else(|| self.of_theme.get(name).copied()).unwrap_or([Rgb([0; 3]); 2]);
        let one = self.is_one_key(name);
        let schemes: &[Scheme] = if one { &SCHEMES } else { &[scheme] };
        let holds = |colour: Rgb, pairs: &[Pair]| {
            let mut colours = now;
            colours[scheme as usize] = colour;
            let mut chosen = self.chosen.clone();
            chosen.insert(name.clone(), Chosen { colours, one });
            let tried = Self::new(self.of_theme, chosen);
            pairs.iter().all(|pair| schemes.iter().all(|scheme| tried.below(*pair, *scheme).is_none()))
        };
        let now = now[scheme as usize];
        let all: Vec<Pair> = contrast::pairs().filter(|pair| pair.has(name) || self.blame(*pair) == *blame).collect();
        let found = nearest_that(now, |colour| holds(colour, &all));
        found.or_else(|| nearest_that(now, |colour| holds(colour, &[worst]))).unwrap_or(now)
    }

    /// Whether this is a key colour from which that of dark screens follows.
    fn is_one_key(&self, name: &str) -> bool {
        name == "key" && self.chosen.get(name).is_some_and(|own| own.one)
    }
}

fn check(
    palette: &Palette<'_>,
    found: &[Found<'_>],
    problems: &mut Vec<(String, At, Problem)>,
    told: &mut Vec<Diagnostic>,
) {
    // The worst pair of each token and scheme: one change mends them all.
    let mut worst: BTreeMap<(Blame, usize), (f64, Pair)> = BTreeMap::new();
    for scheme in SCHEMES {
        for pair in contrast::pairs() {
            let Some(ratio) = palette.below(pair, scheme) else { continue };
            let entry = worst.entry((palette.blame(pair), scheme as usize)).or_insert((ratio, pair));
            if ratio / pair.least < entry.0 / entry.1.least {
                *entry = (ratio, pair);
            }
        }
    }
    for ((blame, index), (ratio, pair)) in &worst {
        let Some(scheme) = SCHEMES.get(*index).copied() else { continue };
        let (Blame::Site(name) | Blame::Theme(name)) = blame;
        let colours = SCHEMES.map(|scheme| match worst.get(&(blame.clone(), scheme as usize)) {
            Some((_, pair)) => palette.better(blame, scheme, *pair),
            None => palette.get(name, scheme).unwrap_or(Rgb([0; 3])),
        });
        let colours = if palette.is_one_key(name) { [colours[*index]; 2] } else { colours };
        let problem = |value: String| low_contrast(palette, *pair, scheme, *ratio, value);
        match blame {
            Blame::Site(name) => {
                let problem = problem(format!("{name}: \"{}\"", written(colours)));
                problems.push((settings::FILE.to_owned(), at(name), problem));
            }
            Blame::Theme(name) => {
                let Some(place) = winner(found, name, scheme) else { continue };
                let problem = problem(format!("--{name}: {};", written(colours)));
                told.push(Diagnostic::at(place.file, place.text, place.at.range.clone(), problem));
            }
        }
    }
}

fn low_contrast(palette: &Palette<'_>, pair: Pair, scheme: Scheme, ratio: f64, better: String) -> Problem {
    let (screen, screen_en) = match scheme {
        Scheme::Light => ("明るい画面", "on light screens"),
        Scheme::Dark => ("暗い画面", "on dark screens"),
    };
    let of = |name: &str| palette.get(name, scheme).map(|colour| format!("{name} {colour}")).unwrap_or_default();
    let (fore, back) = (of(pair.fore), of(pair.back));
    // Never rounded up to the minimum.
    let ratio = (ratio * 100.0).floor() / 100.0;
    let (screen, screen_en) = (screen.to_owned(), screen_en.to_owned());
    Problem::LowContrast { screen, screen_en, fore, back, ratio, least: pair.least, better }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lang;
    use proptest::prelude::*;

    fn told(tokens: &[(&str, &str)]) -> Vec<String> {
        let theme = Theme::built_in();
        let site = tokens.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (_, told) = Tokens::new(Path::new("/nonexistent"), &theme, &site);
        told.iter()
            .map(|d| {
                format!(
                    "{} {} {}",
                    d.problem.code(),
                    d.problem.message(Lang::Ja),
                    d.problem.help(Lang::Ja).unwrap_or_default()
                )
            })
            .collect()
    }

    #[test]
    fn the_theme_holds() {
        assert_eq!(told(&[]), Vec::<String>::new());
    }

    #[test]
    fn one_colour_is_enough() {
        assert_eq!(
            told(&[("key", "#1b5e8c"), ("radius", "0"), ("font", "\"BIZ UDPGothic\", sans-serif")]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn values_that_would_leave_their_place_are_refused() {
        for value in [
            "",
            "1px; color: red",
            "1px}",
            "url(x.svg)",
            "\"x",
            "(1px",
            "1px)",
            "</style>",
            "a\\62",
            "/* x",
            "1px !important",
            "image-set(\"x.png\" 1x)",
        ] {
            assert!(!is_plain(value), "{value}");
        }
        for value in
            ["1.5rem", "\"Noto Sans JP\", sans-serif", "calc(1rem + 2px)", "clamp(1rem, 2vw, 3rem)", "var(--s1)", "0"]
        {
            assert!(is_plain(value), "{value}");
        }
    }

    #[test]
    fn unlayered_wins_over_layered_and_later_over_earlier() {
        let text = "@layer a{:root{--x:#111}} :root{--x:#222;--x:#333} @layer b{:root{--x:#444;--y:var(--x)}}\
                    @media (prefers-color-scheme: dark){:root{--x:#fff}}";
        let mut theme = Theme::default();
        let sheet = crate::render::theme::Static { file: "x.css".to_owned(), bytes: text.as_bytes().to_vec() };
        theme.statics.insert("x.css".to_owned(), sheet);
        let found = find(&theme);
        let all = of_theme(&found, &BTreeSet::from(["x", "y"]));
        assert_eq!(all.get("x").copied().map(written).as_deref(), Some("light-dark(#333333, #ffffff)"));
        assert_eq!(all.get("x"), all.get("y"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        /// Whatever colour a council has: every pair holds, with the colour itself or with the one that is named.
        #[test]
        fn every_key_works(key in any::<[u8; 3]>()) {
            let key = Rgb(key).to_string();
            let said = told(&[("key", &key)]);
            if !said.is_empty() {
                prop_assert_eq!(said.len(), 1, "{:?}", said);
                prop_assert!(said.iter().all(|said| said.starts_with("HN0607")), "{:?}", said);
                let used = said.first().and_then(|said| said.split("「key: \"").nth(1)?.split('"').next());
                prop_assert_eq!(told(&[("key", used.unwrap_or_default())]), Vec::<String>::new(), "{} {:?}", key, said);
            }
        }
    }
}
