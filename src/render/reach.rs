//! What a template is made of: itself, and every template that it may use.
//!
//! Found in the texts: a template reaches another one whose name it says, or whose components it says. That may be one
//! too many (a name in a comment) and never one too few: a template is named by a text in quotes, a component by
//! its name, or by a text in quotes where `once` uses it. Where that name is put together, any template may be meant.

use super::theme::Template;
use std::collections::{BTreeMap, BTreeSet};
use xxhash_rust::xxh3::xxh3_128;

/// What others can say to use a template.
fn names<'a>(name: &'a str, template: &'a Template) -> Vec<&'a str> {
    let components = template.text.split("component").skip(1).filter_map(|rest| {
        let rest = rest.trim_start();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(rest.len());
        rest.get(..end).filter(|name| !name.is_empty())
    });
    std::iter::once(name).chain(components).collect()
}

/// Whether a template uses components by names that do not stand in it.
fn computes_names(text: &str) -> bool {
    text.split("once").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('(')).any(|call| {
        let call = call.split("}}").next().unwrap_or_default();
        let named = call.split("component").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('='));
        !named.map(str::trim_start).any(|value| {
            let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'));
            let rest = quote.and_then(|quote| value.get(1..)?.split_once(quote));
            rest.is_some_and(|(_, behind)| behind.trim_start().starts_with([',', ')']))
        })
    })
}

/// What a template reaches: names and fingerprints of the texts, its own among them.
pub type Reach = BTreeMap<String, u128>;

/// What each template reaches.
pub(super) fn reaches(templates: &BTreeMap<String, Template>) -> BTreeMap<String, Reach> {
    let uses: BTreeMap<&str, Vec<&str>> = templates
        .iter()
        .map(|(name, template)| {
            let others = templates.iter().filter(|(other, _)| *other != name);
            let any = computes_names(&template.text);
            let used =
                others.filter(|(other, of)| any || names(other, of).iter().any(|say| template.text.contains(say)));
            (name.as_str(), used.map(|(other, _)| other.as_str()).collect())
        })
        .collect();
    let reach = |name: &str| -> Reach {
        let mut reached = BTreeSet::from([name]);
        let mut open = vec![name];
        while let Some(next) = open.pop() {
            for other in uses.get(next).into_iter().flatten() {
                if reached.insert(other) {
                    open.push(other);
                }
            }
        }
        let print = |name: &str| Some((name.to_owned(), xxh3_128(templates.get(name)?.text.as_bytes())));
        reached.into_iter().filter_map(print).collect()
    };
    templates.keys().map(|name| (name.clone(), reach(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(edited: &str) -> Vec<String> {
        let theme = |edited: &str| -> BTreeMap<String, Template> {
            [
                ("base.html", "{% block main %}{% endblock %}"),
                ("parts.html", "{%- component card(item) -%}{{<badge />}}{% endcomponent card %}"),
                ("badge.html", "{%- component badge() -%}x{% endcomponent badge %}"),
                ("list.html", "{% extends \"base.html\" %}{{<card item={x} />}}"),
                ("plain.html", "{% extends 'base.html' %}"),
                ("once.html", "{{ once(item=x, component = \"badge\") }} once"),
                ("any.html", "{{ once(component=\"b\" ~ x, item=x) }}"),
            ]
            .into_iter()
            .map(|(name, text)| {
                let text = if name == edited { format!("{text}!") } else { text.to_owned() };
                (name.to_owned(), Template { file: name.to_owned(), text })
            })
            .collect()
        };
        let (before, after) = (reaches(&theme("")), reaches(&theme(edited)));
        before.into_iter().filter(|(name, reach)| after.get(name) != Some(reach)).map(|(name, _)| name).collect()
    }

    #[test]
    fn an_edit_reaches_what_uses_it_and_nothing_else() {
        assert_eq!(changed("plain.html"), ["any.html", "plain.html"]);
        assert_eq!(changed("base.html"), ["any.html", "base.html", "list.html", "plain.html"]);
        assert_eq!(changed("badge.html"), ["any.html", "badge.html", "list.html", "once.html", "parts.html"]);
        for (call, computes) in [
            ("once(component=x)", true),
            ("once ( component = 'x' , a=1 )", false),
            ("once(a=1, component=\"x\" if y else \"z\")", true),
            ("{{ once(a=1) }} component=\"x\"", true),
            ("at once", false),
        ] {
            assert_eq!(computes_names(call), computes, "{call}");
        }
    }
}
