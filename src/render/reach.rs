//! What a template is made of: itself, and every template and component that it may use.
//!
//! A template is cut where its components begin and end, so that an edit of one reaches what uses it and not what uses
//! its neighbours. Uses are found in the texts, which may be one too many (a name in a comment) and never one too few: a
//! template is used by who says its name, a component by `<name` or by a name in quotes that `once` is given first. Where
//! it is given anything else, or a text has a backslash (which may stand for another sign), anything may be meant.

use super::tags::{QUOTES, block, tags, word};
use std::collections::{BTreeMap, BTreeSet};
use xxhash_rust::xxh3::xxh3_128;

/// A component, or a template without its components.
struct Piece<'a> {
    text: String,
    /// The template's name, if this is more than one of its components.
    template: Option<&'a str>,
    components: Vec<&'a str>,
}

impl<'a> Piece<'a> {
    /// A template in one piece, with whatever may be a component's name.
    fn whole(name: &'a str, text: &'a str) -> Self {
        let behind = text.match_indices("component").filter_map(|(at, word)| text.get(at + word.len()..));
        let components = behind.map(|rest| word(rest.trim_start())).filter(|name| !name.is_empty());
        Self { text: text.to_owned(), template: Some(name), components: components.collect() }
    }

    /// Those that it uses.
    fn uses<'b>(&self, all: &'b BTreeMap<String, Piece<'_>>) -> Vec<&'b str> {
        let given = given(&self.text).filter(|_| !self.text.contains('\\'));
        let Some(given) = given else { return all.keys().map(String::as_str).collect() };
        let tags = self.text.split('<').skip(1).map(|rest| word(rest.trim_start()));
        let components: BTreeSet<&str> = tags.chain(given).collect();
        let uses = |other: &Piece<'_>| {
            other.template.is_some_and(|name| self.text.contains(name))
                || other.components.iter().any(|name| components.contains(name))
        };
        all.iter().filter(|(_, other)| uses(other)).map(|(key, _)| key.as_str()).collect()
    }
}

/// The components whose names `once` is given as its first argument, if that is all it is ever given.
fn given(text: &str) -> Option<Vec<&str>> {
    text.split("once").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('(')).map(first_argument).collect()
}

/// The name of a component, if it stands there as it is.
fn first_argument(call: &str) -> Option<&str> {
    let value = call.trim_start().strip_prefix("component")?.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| QUOTES.contains(quote))?;
    let (name, behind) = value.get(1..)?.split_once(quote)?;
    behind.trim_start().starts_with([',', ')']).then(|| word(name))
}

/// The pieces of a template, if it is certain where they begin and end. The first is what is left without components;
/// their tags belong to it as well, since they say whether the blanks around them stay.
fn cut<'a>(name: &'a str, text: &'a str) -> Option<Vec<Piece<'a>>> {
    if text.contains('\\') || text.contains("endraw") {
        return None;
    }
    let mut pieces = vec![Piece { text: String::new(), template: Some(name), components: Vec::new() }];
    let (mut inside, mut rest_from) = (None, 0);
    for tag in tags(text) {
        let range = tag?;
        let Some(tag) = block(text.get(range.clone())?) else { continue };
        match word(tag) {
            "component" if inside.is_some() => return None,
            "component" => {
                inside = Some((range.start, word(tag.get("component".len()..)?.trim_start())));
                pieces.first_mut()?.text.push_str(text.get(rest_from..range.end)?);
            }
            "endcomponent" => {
                let (from, component) = inside.take().filter(|(_, component)| !component.is_empty())?;
                let text = text.get(from..range.end)?.to_owned();
                pieces.push(Piece { text, template: None, components: vec![component] });
                rest_from = range.start;
            }
            _ => {}
        }
    }
    pieces.first_mut()?.text.push_str(text.get(rest_from..)?);
    inside.is_none().then_some(pieces)
}

/// What a template reaches: names and fingerprints of the texts, its own among them.
pub type Reach = BTreeMap<String, u128>;

/// What each template reaches, of names and texts as they are rendered.
pub(super) fn reaches(templates: &[(String, String)]) -> BTreeMap<String, Reach> {
    let mut pieces: BTreeMap<String, Piece<'_>> = BTreeMap::new();
    for (name, text) in templates {
        for piece in cut(name, text).unwrap_or_else(|| vec![Piece::whole(name, text)]) {
            let key = match (piece.template, piece.components.first()) {
                (None, Some(component)) => format!("{name}:{component}"),
                _ => name.clone(),
            };
            // Components whose names begin alike are one, and so is a template with such a name.
            match pieces.get_mut(&key) {
                Some(known) => {
                    known.text.push_str(&piece.text);
                    known.template = known.template.or(piece.template);
                    known.components.extend(piece.components);
                }
                None => _ = pieces.insert(key, piece),
            }
        }
    }
    let uses: BTreeMap<&str, Vec<&str>> =
        pieces.iter().map(|(key, piece)| (key.as_str(), piece.uses(&pieces))).collect();
    let reach = |name: &str| -> Reach {
        let mut reached = BTreeSet::from([name]);
        let mut open = vec![name];
        while let Some(next) = open.pop() {
            open.extend(uses.get(next).into_iter().flatten().filter(|other| reached.insert(other)));
        }
        let print = |key: &str| Some((key.to_owned(), xxh3_128(pieces.get(key)?.text.as_bytes())));
        reached.into_iter().filter_map(print).collect()
    };
    templates.iter().map(|(name, _)| (name.clone(), reach(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEME: &[(&str, &str)] = &[
        ("any.html", "{{ once(component=\"b\" ~ x, item=x) }}"),
        ("badge.html", "{%- component badge() -%}x{% endcomponent badge %}"),
        ("base.html", "{% block main %}{% endblock %}"),
        ("list.html", "{% extends \"base.html\" %}{{<card item={x} />}}"),
        ("once.html", "{{ once( component = \"badge\", item=x) }} once"),
        (
            "parts.html",
            "{# two #}{%- component card(item) -%}A{{<badge />}}{% endcomponent card %}\n\
             {%- component foot(text=\"%}{% endcomponent %}\") -%}B{% endcomponent foot %}C",
        ),
        ("plain.html", "{% extends 'base.html' %}"),
        ("under.html", "{% include \"parts.html\" %}{% <foot()> %}{% </foot> %}"),
    ];

    /// The templates whose reach is another one if this stands in the place of that.
    fn changed(template: &str, that: &str, this: &str) -> Vec<String> {
        let theme = |from: &str, to: &str| -> Vec<(String, String)> {
            let edit = |name: &str, text: &str| if name == template { text.replace(from, to) } else { text.to_owned() };
            THEME.iter().map(|(name, text)| ((*name).to_owned(), edit(name, text))).collect()
        };
        let (before, after) = (reaches(&theme("", "")), reaches(&theme(that, this)));
        before.into_iter().filter(|(name, reach)| after.get(name) != Some(reach)).map(|(name, _)| name).collect()
    }

    #[test]
    fn an_edit_reaches_what_uses_it_and_nothing_else() {
        assert_eq!(changed("plain.html", "base", " base"), ["any.html", "plain.html"]);
        assert_eq!(changed("base.html", "main", "m"), ["any.html", "base.html", "list.html", "plain.html"]);
        assert_eq!(changed("badge.html", "}x", "}y"), ["any.html", "list.html", "once.html"]);
    }

    #[test]
    fn a_component_is_a_piece_of_its_own() {
        assert_eq!(changed("parts.html", "A", "a"), ["any.html", "list.html"]);
        assert_eq!(changed("parts.html", "B", "b"), ["any.html", "under.html"]);
        // What stands between components belongs to the template, and so does what their tags say about blanks.
        for (that, this) in [("C", "c"), ("two", "one"), ("{%- component card", "{% component card")] {
            let reached = changed("parts.html", that, this);
            assert!(reached.contains(&"parts.html".to_owned()) && reached.contains(&"under.html".to_owned()), "{that}");
        }
    }

    #[test]
    fn where_pieces_are_not_certain_there_is_one() {
        let components = |text: &'static str| -> Option<Vec<&str>> {
            Some(cut("a.html", text)?.iter().flat_map(|piece| piece.components.clone()).collect())
        };
        assert_eq!(components("{% component a() %}{% endcomponent a %}"), Some(vec!["a"]));
        assert_eq!(components("{% component ui . a() %}{% endcomponent ui.a %}"), Some(vec!["ui"]));
        assert_eq!(components("{# {% component a() %} #}"), Some(vec![]));
        assert_eq!(components("{#} {% endcomponent %} #}"), Some(vec![]));
        assert_eq!(components("{{ \"}} {% component a() %} {% endcomponent %}\" }}"), Some(vec![]));
        for text in [
            "{% raw %}{% component a() %}{% endraw %}",
            "{{ '\\' }}",
            "{% component a() %}",
            "{% component a() %}{% component b() %}{% endcomponent %}{% endcomponent %}",
            "{% endcomponent %}",
            "{% component a",
        ] {
            assert!(cut("a.html", text).is_none(), "{text}");
        }
        assert_eq!(Piece::whole("a.html", "{% component b() %}{% component\nc() %}").components, ["b", "c"]);
    }

    #[test]
    fn what_once_is_given_is_plain_or_may_be_anything() {
        assert_eq!(
            given("{{ once ( component = 'x' , a=1 ) }}{{ once(component=`ui.b`) }} at once"),
            Some(vec!["x", "ui"])
        );
        for text in [
            "once(component=x)",
            "once(component=\"b\" ~ x)",
            "once(component=\"x\" if y else \"z\")",
            "once(component=\"x\" | other)",
            "once(a=1, component='x')",
            "once(a='component=\"x\",', component=y)",
            "once(...x)",
            "once(component=n) }} component=\"x\",",
        ] {
            assert_eq!(given(text), None, "{text}");
        }
        let whole = |text: &'static str| Piece::whole("a.html", text).components;
        assert_eq!(whole("{% component zz_component(x) %}"), ["zz_component"]);
    }

    #[test]
    fn names_that_are_written_otherwise_reach_all() {
        for user in ["{% include 'sub\\/inc.html' %}", "{% include \"a:b\" %}", "{{ <b/> }}"] {
            let theme = |text: &str| {
                let all = [
                    ("a", "{% component b() %}A{% endcomponent b %}"),
                    ("a:b", text),
                    ("sub/inc.html", text),
                    ("user", user),
                ];
                reaches(&all.map(|(name, text)| (name.to_owned(), text.to_owned()))).remove("user")
            };
            assert!(theme("A") != theme("B"), "{user}");
        }
    }
}
