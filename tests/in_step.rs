//! Things that stand in two places are alike: schema and types, reference page and codes, views and what a
//! theme's author reads of them, skeletons and what `check` takes, minified templates and minified pages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use heartnet::diagnostic::reference_page;
use heartnet::model::{Day, Kind};
use heartnet::schema::{self, Shape};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use syn::punctuated::Punctuated;
use syn::{Expr, ImplItem, Item, Lit, Meta, Pat, Stmt, Type};

/// Compares a file of the repository with what the program says, or writes it.
fn in_step(path: &str, wanted: &str) {
    if std::env::var_os("HEARTNET_UPDATE").is_some() {
        fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
        fs::write(path, wanted).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(found == wanted, "{path} is behind: run HEARTNET_UPDATE=1 cargo test --test in_step");
}

#[test]
fn the_reference_page_is_that_of_the_codes() {
    in_step("docs/problems.md", &reference_page());
}

#[test]
fn json_schemas_are_those_of_the_kinds() {
    for kind in Kind::ALL {
        let text = serde_json::to_string_pretty(&schema::json_schema(kind)).unwrap() + "\n";
        in_step(&format!("docs/schema/{}.json", kind.word()), &text);
    }
}

/// The template API: what `docs/template-values.md` says of every value that a template sees.
#[test]
fn the_page_of_template_values_is_that_of_the_views() {
    // How views are compared is in `shown`, which no template sees.
    let sources: Vec<_> = sources("src/site/views").into_iter().filter(|(module, _)| module != "shown").collect();
    let views = Views::read(&sources);
    let route = fs::read_to_string("src/site/route.rs").unwrap();
    let (page, problems) = views.page(&templates(&route));
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    in_step("docs/template-values.md", &page);
}

/// What would make that page wrong is told, with its place.
#[test]
fn values_without_words_are_told() {
    let views = "#[derive(Serialize)]\n/// 家。\npub struct HomeView {\n/// English only.\npub a: String,\n\
        #[serde(skip)] b: String,\n/// 鍵\n#[serde(rename = \"key\")] c: Option<u8>,\n/// 札の一覧\nd: Vec<Value>,\n\
        /// 札の一覧（[Nothing]）\ne: Value }\n#[derive(Serialize)]\n/// 迷子。\nstruct Lost {}\n\
        impl Views { fn home(&self) -> HomeView {} fn of_route(&self) { match route \
        { Route::Home => take.take(&self.home(&address)) } } }";
    let views = Views::read(&[("mod".to_owned(), views.to_owned())]);
    let templates = vec![("Home".to_owned(), "home.html".to_owned()), ("Search".to_owned(), "search.html".to_owned())];
    let (page, problems) = views.page(&templates);
    assert!(page.contains("| `key` | 数 ? | 鍵 |") && !page.contains("`b`") && !page.contains("`c`"), "{page}");
    let told = [
        "Route::Search (search.html) has no arm in Views::of_route",
        "mod.rs: HomeView.a has no comment in Japanese",
        "mod.rs: HomeView.d is a Value: name in brackets what it holds, like [ProductCard]",
        "mod.rs: HomeView.e names Nothing, which is no view",
        "mod.rs: Lost is reached from no template",
    ];
    assert!(told.iter().all(|told| problems.iter().any(|problem| problem == told)), "{problems:#?}");
}

/// Name without ending and text of every Rust file of a folder.
fn sources(folder: &str) -> Vec<(String, String)> {
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    let files = files.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "rs"));
    let stem = |path: &std::path::Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    files.map(|entry| (stem(entry.path()), fs::read_to_string(entry.path()).unwrap())).collect()
}

/// Every route in the order of the enum, with the template that `Route::template` gives it.
fn templates(text: &str) -> Vec<(String, String)> {
    let template = |body: &Expr| match body {
        Expr::Lit(literal) => text_of(&literal.lit).expect("the name of a template"),
        Expr::Block(block) => match block.block.stmts.as_slice() {
            [Stmt::Expr(Expr::Lit(literal), None)] => text_of(&literal.lit).expect("the name of a template"),
            _ => panic!("an arm of Route::template is more than a name"),
        },
        _ => panic!("an arm of Route::template is more than a name"),
    };
    let mut routes = Vec::new();
    let mut of = BTreeMap::new();
    for item in syn::parse_file(text).unwrap().items {
        match item {
            Item::Enum(found) if found.ident == "Route" => {
                routes.extend(found.variants.iter().map(|variant| variant.ident.to_string()));
            }
            Item::Impl(block) => {
                for method in methods(block).filter(|method| method.sig.ident == "template") {
                    for arm in arms(method.block) {
                        of.extend(variants(&arm.pat).into_iter().map(|route| (route, template(&arm.body))));
                    }
                }
            }
            _ => {}
        }
    }
    assert!(!routes.is_empty(), "src/site/route.rs has no enum Route");
    routes.into_iter().map(|route| (route.clone(), of.remove(&route).expect("every route has a template"))).collect()
}

fn text_of(literal: &Lit) -> Option<String> {
    match literal {
        Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

fn methods(block: syn::ItemImpl) -> impl Iterator<Item = syn::ImplItemFn> {
    block.items.into_iter().filter_map(|item| match item {
        ImplItem::Fn(method) => Some(method),
        _ => None,
    })
}

/// The arms of the match that a method is made of, or of which it has a `let`.
fn arms(block: syn::Block) -> Vec<syn::Arm> {
    let found = block.stmts.into_iter().find_map(|stmt| {
        let expr = match stmt {
            Stmt::Expr(expr, _) => expr,
            Stmt::Local(local) => *local.init?.expr,
            _ => return None,
        };
        match expr {
            Expr::Match(found) => Some(found.arms),
            _ => None,
        }
    });
    found.expect("a match over the routes")
}

/// The variants that a pattern names.
fn variants(pattern: &Pat) -> Vec<String> {
    let last = |path: &syn::Path| vec![path.segments.last().unwrap().ident.to_string()];
    match pattern {
        Pat::Or(or) => or.cases.iter().flat_map(variants).collect(),
        Pat::Path(path) => last(&path.path),
        Pat::Struct(pattern) => last(&pattern.path),
        Pat::TupleStruct(pattern) => last(&pattern.path),
        _ => panic!("a pattern that names no route"),
    }
}

/// Module and name of a view struct: two modules have a `MonthView`.
type Key = (String, String);

struct Field {
    name: String,
    ty: Type,
    doc: String,
}

struct Struct {
    /// The first sentence of its comment.
    title: String,
    rest: String,
    fields: Vec<Field>,
}

/// What the views' sources say.
#[derive(Default)]
struct Views {
    structs: BTreeMap<Key, Struct>,
    /// What a template sees, by route.
    of_route: BTreeMap<String, Key>,
}

impl Views {
    fn read(sources: &[(String, String)]) -> Self {
        let mut views = Self::default();
        let mut of_routes = Vec::new();
        let mut returns: BTreeMap<String, Key> = BTreeMap::new();
        for (module, text) in sources {
            for item in syn::parse_file(text).unwrap().items {
                match item {
                    Item::Struct(found) if is_serialized(&found.attrs) => {
                        let doc = doc(&found.attrs);
                        let (title, rest) = doc.split_once('。').unwrap_or((&doc, ""));
                        let fields = found.fields.into_iter().filter_map(field).collect();
                        let view = Struct { title: title.to_owned(), rest: rest.to_owned(), fields };
                        views.structs.insert((module.clone(), found.ident.to_string()), view);
                    }
                    Item::Impl(block) => {
                        for method in methods(block) {
                            if let syn::ReturnType::Type(_, ty) = &method.sig.output
                                && let Some((name, _)) = last_segment(ty)
                            {
                                returns.insert(method.sig.ident.to_string(), (module.clone(), name));
                            }
                            if method.sig.ident == "of_route" {
                                of_routes = arms(method.block);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        // Route::Home => take.take(&self.home(&address))
        for arm in of_routes {
            let Expr::MethodCall(call) = &*arm.body else { panic!("an arm of Views::of_route is no take(…)") };
            let Some(Expr::Reference(reference)) = call.args.first() else { panic!("take() takes no reference") };
            let Expr::MethodCall(method) = &*reference.expr else { panic!("take() takes no view") };
            let (module, name) = returns.get(&method.method.to_string()).expect("a method that returns a view");
            let key = views.find(module, name).expect("a struct of the views");
            views.of_route.extend(variants(&arm.pat).into_iter().map(|route| (route, key.clone())));
        }
        views
    }

    /// The struct that a name means in a module.
    fn find(&self, module: &str, name: &str) -> Option<Key> {
        let here = (module.to_owned(), name.to_owned());
        if self.structs.contains_key(&here) {
            return Some(here);
        }
        let mut named = self.structs.keys().filter(|(_, other)| other == name);
        let found = named.next()?;
        assert!(named.next().is_none(), "{module}.rs: there are two views called {name}");
        Some(found.clone())
    }

    /// The page, and what is wrong with the comments.
    fn page(&self, templates: &[(String, String)]) -> (String, Vec<String>) {
        let mut problems = Vec::new();
        // A view with the templates that get it, in the order of the routes.
        let mut roots: Vec<(Key, Vec<String>)> = Vec::new();
        for (route, template) in templates {
            let Some(key) = self.of_route.get(route) else {
                problems.push(format!("Route::{route} ({template}) has no arm in Views::of_route"));
                continue;
            };
            match roots.iter_mut().find(|(view, _)| view == key) {
                Some((_, templates)) if templates.contains(template) => {}
                Some((_, templates)) => templates.push(template.clone()),
                None => roots.push((key.clone(), vec![template.clone()])),
            }
        }
        let mut once = BTreeSet::new();
        for template in roots.iter().flat_map(|(_, templates)| templates) {
            if !once.insert(template) {
                problems.push(format!("{template} gets two views"));
            }
        }
        let mut out = INTRODUCTION.to_owned();
        let mut parts: Vec<Key> = self.find("meta", "Chrome").into_iter().collect();
        for (key, templates) in &roots {
            let view = &self.structs[key];
            let _ = write!(out, "\n## {}\n\n{}。{}\n", templates.join(" と "), view.title, view.rest);
            self.table(key, &mut out, &mut parts, &mut problems);
        }
        out.push_str("\n## いくつものテンプレートで使う形\n");
        let mut at = 0;
        while let Some(key) = parts.get(at).cloned() {
            at += 1;
            let part = &self.structs[&key];
            if part.title.is_empty() || !part.title.chars().all(char::is_alphanumeric) {
                problems.push(format!("{}.rs: {} is called 「{}」, which is no heading", key.0, key.1, part.title));
            }
            let _ = write!(out, "\n### {}\n", part.title);
            if !part.rest.is_empty() {
                let _ = write!(out, "\n{}。\n", part.rest.trim_end_matches('。'));
            }
            self.table(&key, &mut out, &mut parts, &mut problems);
        }
        let seen = |key: &Key| parts.contains(key) || roots.iter().any(|(root, _)| root == key);
        let lost = self.structs.keys().filter(|key| !seen(key));
        problems.extend(lost.map(|(module, name)| format!("{module}.rs: {name} is reached from no template")));
        let mut titles = BTreeSet::new();
        for key in &parts {
            if !titles.insert(&self.structs[key].title) {
                problems.push(format!("{}.rs: {} has the title of another view", key.0, key.1));
            }
        }
        (out, problems)
    }

    fn table(&self, key: &Key, out: &mut String, parts: &mut Vec<Key>, problems: &mut Vec<String>) {
        out.push_str("\n| 名前 | 型 | 説明 |\n|---|---|---|\n");
        for field in &self.structs[key].fields {
            let place = format!("{}.rs: {}.{}", key.0, key.1, field.name);
            if !field.doc.chars().any(|c| matches!(c, '\u{3041}'..='\u{30fe}' | '\u{4e00}'..='\u{9fff}')) {
                problems.push(format!("{place} has no comment in Japanese"));
            }
            let mut named = Vec::new();
            let words = self.linked(&key.0, &field.doc, &mut named).unwrap_or_else(|name| {
                problems.push(format!("{place} names {name}, which is no view"));
                String::new()
            });
            let ty = self.words(&key.0, &field.ty, &field.doc, &mut named).unwrap_or_else(|what| {
                problems.push(format!("{place} is a {what}"));
                String::new()
            });
            for part in named {
                if !parts.contains(&part) {
                    parts.push(part);
                }
            }
            let _ = writeln!(out, "| `{}` | {ty} | {} |", field.name, words.replace('|', "\\|"));
        }
    }

    fn link(&self, key: &Key) -> String {
        let title = &self.structs[key].title;
        format!("[{title}](#{})", title.to_lowercase())
    }

    /// A comment with its `[Name]`s as links. The type says it already where nothing else is in brackets.
    fn linked(&self, module: &str, doc: &str, named: &mut Vec<Key>) -> Result<String, String> {
        let mut out = String::new();
        let mut rest = doc;
        while let Some((before, name, after)) = bracketed(rest) {
            let key = self.find(module, name).ok_or_else(|| name.to_owned())?;
            match (before.strip_suffix('（'), after.strip_prefix('）')) {
                (Some(before), Some(after)) => {
                    out.push_str(before);
                    rest = after;
                }
                _ => {
                    out += before;
                    out += &self.link(&key);
                    rest = after;
                }
            }
            named.push(key);
        }
        Ok(out + rest)
    }

    /// A type in plain words.
    fn words(&self, module: &str, ty: &Type, doc: &str, named: &mut Vec<Key>) -> Result<String, String> {
        if let Type::Reference(reference) = ty {
            return self.words(module, &reference.elem, doc, named);
        }
        let (name, inner) = last_segment(ty).ok_or("type that has no name")?;
        let inner = |named: &mut Vec<Key>| {
            let inner = inner.last().ok_or("type of nothing")?;
            self.words(module, inner, doc, named)
        };
        Ok(match name.as_str() {
            "String" | "str" => "文字".to_owned(),
            "bool" => "はい/いいえ".to_owned(),
            "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" => "数".to_owned(),
            "Option" => format!("{} ?", inner(named)?),
            "BTreeMap" => format!("名前で引く{}", inner(named)?),
            "Vec" if is_value(ty) => self.held(named)? + "の一覧",
            "Vec" => inner(named)? + "の一覧",
            "Value" if doc.contains("一覧") => self.held(named)? + "の一覧",
            "Value" => self.held(named)?,
            name => {
                let key = self.find(module, name).ok_or_else(|| format!("{name}, which is no view"))?;
                let link = self.link(&key);
                named.push(key);
                link
            }
        })
    }

    /// What a `Value` holds: what its comment names.
    fn held(&self, named: &[Key]) -> Result<String, String> {
        match named {
            [] => Err("Value: name in brackets what it holds, like [ProductCard]".to_owned()),
            [one] => Ok(self.link(one)),
            // The comment says when it is which.
            _ => Ok("カード".to_owned()),
        }
    }
}

/// What stands before, in and behind the first `[Name]`.
fn bracketed(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let open = from + text.get(from..)?.find('[')?;
        let close = open + text.get(open..)?.find(']')?;
        let name = text.get(open + 1..close)?;
        if name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Some((&text[..open], name, &text[close + 1..]));
        }
        from = open + 1;
    }
}

fn is_value(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|(_, inner)| {
        inner.first().and_then(|ty| last_segment(ty)).is_some_and(|(name, _)| name == "Value")
    })
}

/// The last name of a type's path, and the types in its angle brackets.
fn last_segment(ty: &Type) -> Option<(String, Vec<&Type>)> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    let inner = match &segment.arguments {
        syn::PathArguments::AngleBracketed(list) => list.args.iter().filter_map(|argument| match argument {
            syn::GenericArgument::Type(ty) => Some(ty),
            _ => None,
        }),
        _ => return Some((segment.ident.to_string(), Vec::new())),
    };
    Some((segment.ident.to_string(), inner.collect()))
}

/// Words in the brackets of an attribute: `Serialize`, `rename = "key"`.
fn words_of(attributes: &[syn::Attribute], name: &str) -> Vec<Meta> {
    let of_name = attributes.iter().filter(|attribute| attribute.path().is_ident(name));
    let words = of_name.map(|of| of.parse_args_with(Punctuated::<Meta, syn::Token![,]>::parse_terminated).unwrap());
    words.flatten().collect()
}

fn is_serialized(attributes: &[syn::Attribute]) -> bool {
    let all = words_of(attributes, "serde");
    assert!(all.is_empty(), "a #[serde(…)] on a view: the generator does not know it");
    words_of(attributes, "derive").iter().any(|word| word.path().is_ident("Serialize"))
}

/// A field as a template sees it.
fn field(field: syn::Field) -> Option<Field> {
    let mut name = field.ident.as_ref()?.to_string().trim_start_matches("r#").to_owned();
    for word in words_of(&field.attrs, "serde") {
        match &word {
            Meta::Path(path) if path.is_ident("skip") || path.is_ident("skip_serializing") => return None,
            Meta::NameValue(pair) if pair.path.is_ident("rename") => {
                let Expr::Lit(literal) = &pair.value else { panic!("{name} is renamed to no text") };
                name = text_of(&literal.lit).expect("a name is a text");
            }
            _ => panic!("{name}: the generator does not know this #[serde(…)]"),
        }
    }
    Some(Field { name, doc: doc(&field.attrs), ty: field.ty })
}

/// A doc comment as one line: Japanese lines are joined without a space.
fn doc(attributes: &[syn::Attribute]) -> String {
    let mut out = String::new();
    for attribute in attributes {
        let Meta::NameValue(pair) = &attribute.meta else { continue };
        let Expr::Lit(literal) = &pair.value else { continue };
        let Some(line) = text_of(&literal.lit).filter(|_| pair.path.is_ident("doc")) else { continue };
        let line = line.trim();
        if out.ends_with(|c: char| c.is_ascii()) && line.starts_with(|c: char| c.is_ascii()) {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

const INTRODUCTION: &str = "\
# テンプレートから見える値

[テーマをつくる](themes.md)人のための一覧です。このページは、プログラムの中の説明から作られます。

どのテンプレートからも、`chrome`（[全部のページに共通の値](#全部のページに共通の値)）と、そのページの値が見えます。\
`chrome` の値は `{{ chrome.title }}`、ページの値は `{{ meta.title }}` のように書きます。部品の中からは、渡した値しか見えません。

| 型 | 意味 |
|---|---|
| 文字 | `{{ }}` で出すと、HTML の記号を無害にします |
| 数 | 計算もできます |
| はい/いいえ | `true` か `false`。`{% if %}` で分けます |
| …の一覧 | 1つもなければ空。`{% if items %}` は、1つでもあれば成り立ちます |
| … ? | あるときだけ。ないときは none で、`{{ kana }}` は何も出しません |

`url` や `src` は、そのまま `href` や `src` に書けます。サイトがフォルダーの下にあっても、正しいアドレスです。
";

fn heartnet(root: &std::path::Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_heartnet")).args(arguments).current_dir(root).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

/// `new` gives every kind; its blanks filled with their own examples, and its comments with them, `check`
/// has nothing to say. So every example of every field is right, and every field of a kind is read.
#[test]
fn skeletons_pass_once_they_are_filled() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("site");
    let (done, text) = heartnet(folder.path(), &["init", "site"]);
    assert!(done, "{text}");
    let mut photo = Vec::new();
    jpeg_encoder::Encoder::new(&mut photo, 80).encode(&[200; 3], 1, 1, jpeg_encoder::ColorType::Rgb).unwrap();
    fs::write(root.join("assets/cookie.jpg"), photo).unwrap();
    for name in ["chirashi.pdf", "form.xlsx"] {
        fs::write(root.join("assets").join(name), "x").unwrap();
    }
    // A plan of the same year would be a second page at one address.
    fs::remove_file(root.join("content/plans/this-year.md")).unwrap();
    for kind in Kind::ALL {
        let id = format!("new-{}", kind.word());
        assert!(heartnet(&root, &["new", kind.word(), &id]).0);
        let path = root.join(format!("content/{}/{id}.md", kind.folder()));
        let blank = fs::read_to_string(&path).unwrap();
        for all in [false, true] {
            let mut filled = String::new();
            for line in blank.lines() {
                let field = line.trim_start_matches("# ").split(':').next().unwrap_or_default();
                let known = schema::fields(kind).find(|known| known.name == field && line.contains(':'));
                let required = line.contains("# 必須");
                match known {
                    Some(known) if required && line.starts_with(&format!("{field}:  #")) => {
                        filled.push_str(&format!("{field}: {}\n", known.example));
                    }
                    // These hide the entry or repeat what another example says.
                    Some(known)
                        if all
                            && line.starts_with("# ")
                            && !matches!(field, "draft" | "hidden" | "expires" | "sessions") =>
                    {
                        if line.starts_with(&format!("# {field}: ")) {
                            filled.push_str(&format!("{field}: {}\n", known.example));
                        }
                    }
                    _ => filled.push_str(&format!("{line}\n")),
                }
            }
            fs::write(&path, &filled).unwrap();
            let (done, text) = heartnet(&root, &["check", "--as-of", "2026-04-01"]);
            assert!(done && !text.contains("error["), "{} (all: {all}):\n{filled}\n{text}", kind.word());
        }
        fs::remove_file(&path).unwrap();
    }
}

/// Every field's example is itself, and every list of fields has each name once.
/// Kept entries are split by these names (`source::kept`).
#[test]
fn what_every_entry_may_have_is_what_is_read_of_every_entry() {
    let text = fs::read_to_string("src/model/common.rs").unwrap();
    let common = syn::parse_file(&text).unwrap().items.into_iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == "Common" => Some(item),
        _ => None,
    });
    let read: Vec<String> = common.unwrap().fields.into_iter().map(|field| field.ident.unwrap().to_string()).collect();
    assert_eq!(read, schema::kinds::COMMON.iter().map(|field| field.name).collect::<Vec<_>>());
}

#[test]
fn fields_are_named_once_and_have_examples() {
    fn walk(fields: &'static [schema::Field]) {
        let mut names: Vec<&str> = fields.iter().map(|field| field.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        for field in fields {
            match &field.shape {
                Shape::Object(inner) | Shape::Short(inner) => walk(inner),
                Shape::List(Shape::Object(inner) | Shape::Short(inner)) => walk(inner),
                _ => {}
            }
        }
    }
    for kind in Kind::ALL {
        walk(schema::own_fields(kind));
        assert!(schema::fields(kind).all(|field| !field.example.is_empty()));
    }
}

/// Minifying templates instead of pages loses at most 2 % over a whole site.
#[test]
fn pages_are_as_small_as_if_each_had_been_minified() {
    let folder = tempfile::tempdir().unwrap();
    let options = heartnet::build::Options {
        out: Some(folder.path().join("out")),
        as_of: Day::new(2026, 11, 21),
        ..Default::default()
    };
    let outcome = heartnet::build::build(std::path::Path::new("."), &options);
    let summary = outcome.summary.expect("the portal builds");
    assert!(summary.left_alone.is_empty(), "{:?}", summary.left_alone);
    let config = minify_html::Cfg {
        keep_closing_tags: true,
        keep_html_and_head_opening_tags: true,
        keep_input_type_text_attr: true,
        ..Default::default()
    };
    let (mut ours, mut theirs) = (0usize, 0usize);
    for entry in walkdir::WalkDir::new(folder.path().join("out")).into_iter().flatten() {
        if entry.path().extension().is_some_and(|ending| ending == "html") {
            let page = fs::read(entry.path()).unwrap();
            ours += page.len();
            theirs += minify_html::minify(&page, &config).len();
        }
    }
    assert!(ours > 0 && ours as f64 <= theirs as f64 * 1.02, "{ours} bytes, minified page by page {theirs}");
}
