//! Themes: templates and static files, loaded with fallback and made small once, before the first page.

mod colour;
mod errors;
mod minify;
mod once;
mod paper;
mod reach;
mod statics;
mod tags;
mod theme;
mod tokens;

pub use colour::Rgb;
pub use minify::minify_template;
pub use paper::{Paper, Part};
pub use reach::Reach;
pub use statics::Statics;
pub use theme::{Theme, theme_names};
pub use tokens::Tokens;

use crate::diagnostic::Diagnostic;
use crate::site::views::View;
use crate::source::Keep;
use once::Once;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use tera::value::Key;
use tera::{Context, Tera, Value};
use xxhash_rust::xxh3::Xxh3;

/// The templates of a theme, ready to run. Shared by all threads.
#[derive(Debug)]
pub struct Templates {
    tera: Arc<Tera>,
    once: Arc<Once>,
    /// The text of each template as its author wrote it, for messages.
    sources: BTreeMap<String, theme::Template>,
    /// The same as they are rendered.
    small: Vec<(String, String)>,
    /// Templates that could not be minified without harm and stay as they are.
    pub left_alone: Vec<String>,
}

/// Makes pages: templates, and what every page sees.
pub struct Renderer {
    templates: Arc<Templates>,
    chrome: Value,
}

impl Templates {
    /// Loads the templates of a theme. Those that an earlier build has made small are not made small again.
    pub fn new(theme: &Theme, keep: Option<&dyn Keep>) -> Result<Self, Vec<Diagnostic>> {
        let mut tera = Tera::default();
        let once = Once::teach(&mut tera);
        let mut left_alone = Vec::new();
        let mut all: Vec<(String, String)> = Vec::new();
        for ((name, template), small) in theme.templates.iter().zip(small(theme, keep)) {
            match small {
                Some(small) => all.push((name.clone(), small)),
                None => {
                    left_alone.push(template.file.clone());
                    all.push((name.clone(), template.text.clone()));
                }
            }
        }
        // All in one call: every call checks the whole set again.
        if tera.add_raw_templates(all.clone()).is_err() {
            // The places in a minified template mean nothing to its author; find them in the text itself.
            let mut plain = Tera::default();
            Once::teach(&mut plain);
            let texts = theme.templates.iter().map(|(name, template)| (name.clone(), template.text.clone()));
            return Err(match plain.add_raw_templates(texts.collect::<Vec<_>>()) {
                Err(error) => vec![errors::syntax(&error, &theme.templates)],
                Ok(()) => vec![Diagnostic::of_file(
                    "templates/",
                    crate::diagnostic::Problem::Internal { what: "minified templates cannot be read".to_owned() },
                )],
            });
        }
        let tera = Arc::new(tera);
        once.over(&tera);
        Ok(Self { tera, once, sources: theme.templates.clone(), small: all, left_alone })
    }

    /// Where a template was found, for messages.
    pub fn file_of(&self, template: &str) -> String {
        self.sources.get(template).map_or_else(|| template.to_owned(), |source| source.file.clone())
    }
}

/// Under which name small templates are kept from one build to the next.
const KEPT: &str = "templates";

/// The small form of each template, where it has one.
fn small(theme: &Theme, keep: Option<&dyn Keep>) -> Vec<Option<String>> {
    let mut of = Xxh3::new();
    of.update(env!("HEARTNET_SOURCES").as_bytes());
    for template in theme.templates.values() {
        of.update(&template.text.len().to_le_bytes());
        of.update(template.text.as_bytes());
    }
    let of = of.digest128();
    let kept = keep.and_then(|keep| keep.get(KEPT));
    let kept = kept.and_then(|kept| postcard::from_bytes::<(u128, Vec<Option<String>>)>(&kept).ok());
    if let Some((_, small)) = kept.filter(|(kept, _)| *kept == of) {
        return small;
    }
    let templates: Vec<&theme::Template> = theme.templates.values().collect();
    let small: Vec<_> = templates.par_iter().with_max_len(1).map(|template| minify_template(&template.text)).collect();
    if let Some(keep) = keep {
        keep.put(KEPT, &postcard::to_stdvec(&(of, &small)).unwrap_or_default());
    }
    small
}

/// What was remembered for its pages goes with it.
impl Drop for Renderer {
    fn drop(&mut self) {
        self.templates.once.clear();
    }
}

impl Renderer {
    /// `chrome` is what every page sees.
    pub fn new(templates: Arc<Templates>, chrome: Value) -> Self {
        Self { templates, chrome }
    }

    /// What each template may use, with fingerprints.
    pub fn reaches(&self) -> BTreeMap<String, Reach> {
        reach::reaches(&self.templates.small)
    }

    /// Writes a page. `address` names it in messages.
    pub fn render(&self, view: &View, address: &str, paper: &mut Paper) -> Result<(), Box<Diagnostic>> {
        paper.clear();
        let mut context = Context::new();
        context.insert_value("chrome", self.chrome.clone());
        if let Some(map) = view.value.as_map() {
            for (key, value) in map {
                match key {
                    Key::Str(key) => context.insert_value(*key, value.clone()),
                    key => context.insert_value(key.to_string(), value.clone()),
                }
            }
        }
        self.templates
            .tera
            .render_to(view.template, &context, &mut *paper)
            .map_err(|error| Box::new(self.explain(&error, view, &context, address)))
    }

    /// The error of a template at its place in the author's text.
    fn explain(&self, error: &tera::Error, view: &View, context: &Context, address: &str) -> Diagnostic {
        let sources = &self.templates.sources;
        // Told from the texts as they were written, below.
        drop(self.templates.once.failure());
        let mut plain = Tera::default();
        let once = Once::teach(&mut plain);
        let texts = sources.iter().map(|(name, template)| (name.clone(), template.text.clone()));
        let read = plain.add_raw_templates(texts.collect::<Vec<_>>());
        let plain = Arc::new(plain);
        once.over(&plain);
        match read.and_then(|()| plain.render(view.template, context)) {
            Err(error) => errors::rendering(&once.failure().unwrap_or(error), sources, address),
            Ok(_) => errors::rendering(error, sources, address),
        }
    }
}
