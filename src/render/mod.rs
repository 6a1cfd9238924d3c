//! Themes: templates and static files, loaded with fallback and made small once, before the first page.

mod colour;
mod errors;
mod minify;
mod statics;
mod theme;
mod tokens;

pub use colour::Rgb;
pub use minify::minify_template;
pub use statics::Statics;
pub use theme::{Theme, theme_names};
pub use tokens::Tokens;

use crate::diagnostic::Diagnostic;
use crate::site::views::View;
use std::collections::BTreeMap;
use tera::{Context, Tera, Value};

/// The templates of a site, ready to run. Shared by all threads.
pub struct Renderer {
    tera: Tera,
    /// The text of each template as its author wrote it, for messages.
    sources: BTreeMap<String, theme::Template>,
    /// Templates that could not be minified without harm and stay as they are.
    pub left_alone: Vec<String>,
}

impl Renderer {
    /// Loads the templates of a theme. `chrome` is what every page sees.
    pub fn new(theme: &Theme, chrome: Value) -> Result<Self, Vec<Diagnostic>> {
        let mut tera = Tera::default();
        let mut left_alone = Vec::new();
        let mut all: Vec<(String, String)> = Vec::new();
        for (name, template) in &theme.templates {
            match minify_template(&template.text) {
                Some(small) => all.push((name.clone(), small)),
                None => {
                    left_alone.push(template.file.clone());
                    all.push((name.clone(), template.text.clone()));
                }
            }
        }
        // All in one call: every call checks the whole set again.
        if tera.add_raw_templates(all).is_err() {
            // The places in a minified template mean nothing to its author; find them in the text itself.
            let mut plain = Tera::default();
            let texts = theme.templates.iter().map(|(name, template)| (name.clone(), template.text.clone()));
            return Err(match plain.add_raw_templates(texts.collect::<Vec<_>>()) {
                Err(error) => vec![errors::syntax(&error, &theme.templates)],
                Ok(()) => vec![Diagnostic::of_file(
                    "templates/",
                    crate::diagnostic::Problem::Internal { what: "minified templates cannot be read".to_owned() },
                )],
            });
        }
        tera.global_context().insert_value("chrome", chrome);
        Ok(Self { tera, sources: theme.templates.clone(), left_alone })
    }

    /// The bytes of a page. `address` names it in messages.
    pub fn render(&self, view: &View, address: &str, buffer: &mut Vec<u8>) -> Result<(), Box<Diagnostic>> {
        buffer.clear();
        let mut context = Context::new();
        if let Some(map) = view.value.as_map() {
            for (key, value) in map {
                if let Some(key) = key.as_str() {
                    context.insert_value(key.to_owned(), value.clone());
                }
            }
        }
        self.tera
            .render_to(view.template, &context, &mut *buffer)
            .map_err(|error| Box::new(self.explain(&error, view, &context, address)))
    }

    /// Where a template was found, for messages.
    pub fn file_of(&self, template: &str) -> String {
        self.sources.get(template).map_or_else(|| template.to_owned(), |source| source.file.clone())
    }

    /// The error of a template at its place in the author's text.
    fn explain(&self, error: &tera::Error, view: &View, context: &Context, address: &str) -> Diagnostic {
        let mut plain = Tera::default();
        let texts = self.sources.iter().map(|(name, template)| (name.clone(), template.text.clone()));
        let again = plain.add_raw_templates(texts.collect::<Vec<_>>()).and_then(|()| {
            if let Some(chrome) = self.chrome() {
                plain.global_context().insert_value("chrome", chrome);
            }
            plain.render(view.template, context)
        });
        match again {
            Err(error) => errors::rendering(&error, &self.sources, address),
            Ok(_) => errors::rendering(error, &self.sources, address),
        }
    }

    fn chrome(&self) -> Option<Value> {
        let mut copy = self.tera.clone();
        copy.global_context().get("chrome").cloned()
    }
}
