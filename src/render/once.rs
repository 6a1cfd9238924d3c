//! `once(component="product_card", card=card)` in a template: the text of a component, made once however many pages
//! show it.
//!
//! A component sees only what it is given (one that looks around, by `@`, is refused), so what is the same gives the
//! same text. Maps and lists are known by where they lie in memory, which asks nothing of them; they are held as long
//! as their text, so nothing else comes to lie there. `each="card"` walks the list that is given as `card`: one call
//! for all of it, since where the texts are there already it is calls that take long.

use super::paper::Part;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use tera::{Context, Error, ErrorKind, Kwargs, State, Tera, TeraResult, Value};
use xxhash_rust::xxh3::xxh3_128;

/// As templates call it.
const NAME: &str = "once";
/// The argument that names the component.
const COMPONENT: &str = "component";
/// The one that names another one, a list: the component is made for each thing in it.
const EACH: &str = "each";
/// So many may be made within each other. tera counts components within components, and begins anew with each of these.
const DEEPEST: usize = 4;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    static GIVEN: RefCell<Given> = const { RefCell::new(Given { text: None, parts: Vec::new() }) };
}

/// The text that a page was given last: held, so that no other comes to lie where it lies.
struct Given {
    text: Option<Value>,
    /// The texts that were made once and stand in it.
    parts: Vec<Part>,
}

/// Calls back with each part of a text, if it is the very one that a page was given last.
pub(super) fn parts_of(text: &[u8], take: impl FnMut(&Part)) {
    GIVEN.with_borrow(|given| {
        let held = given.text.as_ref().and_then(Value::as_str);
        if held.is_some_and(|held| std::ptr::eq(held.as_bytes(), text)) {
            given.parts.iter().for_each(take);
        }
    });
}

/// Before a page is made.
pub(super) fn forget_given() {
    GIVEN.with_borrow_mut(|given| given.text = None);
}

/// Notes what a page is given: a text of these.
fn give(text: &Value, of: &[Value]) {
    GIVEN.with_borrow_mut(|given| {
        given.text = Some(text.clone());
        given.parts.clear();
        let mut from = 0;
        for text in of.iter().filter_map(Value::as_str) {
            let at = from..from + text.len();
            from = at.end;
            given.parts.push(Part { at, key: text.as_ptr().addr() });
        }
    });
}

/// A text, and what it was made of.
struct Made {
    text: Value,
    _of: Box<[Value]>,
}

/// The texts that were made.
pub(super) struct Once {
    tera: OnceLock<Weak<Tera>>,
    /// By what was asked for; many, so that threads seldom wait for each other. Only ever asked, never walked.
    made: [Mutex<HashMap<u128, Made>>; 64],
    /// Why the innermost one failed: of what goes through a function, tera keeps the words and not the place.
    failure: Mutex<Option<Error>>,
}

impl std::fmt::Debug for Once {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("Once")
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Once {
    /// Teaches templates the function. It can be used when they are all there (`over`).
    pub(super) fn teach(tera: &mut Tera) -> Arc<Self> {
        let made = std::array::from_fn(|_| Mutex::default());
        let once = Arc::new(Self { tera: OnceLock::new(), made, failure: Mutex::default() });
        let call = Arc::clone(&once);
        tera.register_function(NAME, move |args: Kwargs, _: &State<'_>| call.call(&args));
        once
    }

    /// The templates whose components are asked for.
    pub(super) fn over(&self, tera: &Arc<Tera>) {
        let _ = self.tera.set(Arc::downgrade(tera));
    }

    /// Forgets what was made.
    pub(super) fn clear(&self) {
        self.made.iter().for_each(|shelf| lock(shelf).clear());
    }

    /// Why the first one failed since this was asked last, if that has a place of its own.
    pub(super) fn failure(&self) -> Option<Error> {
        let has_place =
            |error: &Error| matches!(error.kind(), ErrorKind::RenderingError(_) | ErrorKind::SyntaxError(_));
        lock(&self.failure).take().filter(has_place)
    }

    fn call(&self, args: &Kwargs) -> TeraResult<Value> {
        let Some(each) = args.get::<Value>(EACH)? else {
            let text = self.text(args, None)?;
            if DEPTH.get() == 0 {
                give(&text, std::slice::from_ref(&text));
            }
            return Ok(text);
        };
        let list = match each.as_str() {
            Some(name) if name != COMPONENT => args.get::<Value>(name)?.map(|list| (name, list)),
            _ => None,
        };
        let Some((name, items)) = list.as_ref().and_then(|(name, list)| Some((*name, list.as_array()?))) else {
            return Err(Error::message(format!("{NAME} の {EACH} には、並びを渡す引数の名前を \"…\" と書きます")));
        };
        if items.is_empty() {
            // A slip is told before there is anything to show.
            self.component(args)?;
        }
        let texts: Vec<Value> =
            items.iter().map(|item| self.text(args, Some((name, item)))).collect::<Result<_, _>>()?;
        let all: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
        let text = Value::safe_string(&all.concat());
        if DEPTH.get() == 0 {
            give(&text, &texts);
        }
        Ok(text)
    }

    /// The component that is asked for, and where it is.
    fn component(&self, args: &Kwargs) -> TeraResult<(String, Arc<Tera>)> {
        let Some(component) = args.get::<Value>(COMPONENT)?.as_ref().and_then(Value::as_str).map(str::to_owned) else {
            return Err(Error::message(format!("{NAME} には、部品の名前を {COMPONENT}=\"…\" と書きます")));
        };
        let tera = self.tera.get().and_then(Weak::upgrade).ok_or_else(|| Error::message(NAME))?;
        match tera.get_component_definition(&component) {
            None => Err(Error::message(format!("「{component}」という部品はありません"))),
            Some(known) if known.args().iter().any(tera::ComponentArg::is_implicit) => {
                let why = format!("部品「{component}」には @ の付いた引数があるので、{NAME} では使えません");
                Err(Error::message(why))
            }
            Some(_) => Ok((component, tera)),
        }
    }

    /// The text of a component. `of` is put in the place of the list of that name.
    fn text(&self, args: &Kwargs, of: Option<(&str, &Value)>) -> TeraResult<Value> {
        let key = key(args, of);
        let shelf = self.made.get(key as usize % self.made.len()).ok_or_else(|| Error::message(NAME))?;
        if let Some(made) = lock(shelf).get(&key) {
            return Ok(made.text.clone());
        }
        let (component, tera) = self.component(args)?;
        let depth = DEPTH.get();
        if depth >= DEEPEST {
            let why = format!("{NAME} の中の {NAME} が深すぎます。部品「{component}」が自分を使っていませんか");
            return Err(Error::message(why));
        }
        let mut context = Context::new();
        for (name, value) in given(args, of).filter(|(name, _)| *name != COMPONENT) {
            context.insert_value(name.to_owned(), value.clone());
        }
        DEPTH.set(depth + 1);
        let text = tera.render_component(&component, &context, None, true);
        DEPTH.set(depth);
        let text = match text {
            Ok(text) => Value::safe_string(&text),
            Err(failure) => {
                let said = failure.to_string();
                lock(&self.failure).get_or_insert(failure);
                return Err(Error::message(said));
            }
        };
        let of = given(args, of).filter(|(_, value)| place(value).is_some()).map(|(_, value)| value.clone()).collect();
        // Another thread may have made it by now: there is one text, which stays where it is.
        Ok(lock(shelf).entry(key).or_insert(Made { text, _of: of }).text.clone())
    }
}

/// Where a map or a list lies.
fn place(value: &Value) -> Option<usize> {
    let map = value.as_map().map(|map| std::ptr::from_ref(map).addr());
    map.or_else(|| value.as_array().map(|list| list.as_ptr().addr()))
}

/// The arguments, one thing in the place of its list.
fn given<'a>(args: &'a Kwargs, of: Option<(&'a str, &'a Value)>) -> impl Iterator<Item = (&'a str, &'a Value)> {
    args.iter().filter_map(move |(name, value)| {
        let name = name.as_str().filter(|name| *name != EACH || of.is_none())?;
        Some((name, of.filter(|(list, _)| *list == name).map_or(value, |(_, item)| item)))
    })
}

/// What is asked for.
fn key(args: &Kwargs, of: Option<(&str, &Value)>) -> u128 {
    let mut asked = Vec::with_capacity(256);
    let mut add = |part: &[u8]| {
        asked.extend_from_slice(&part.len().to_le_bytes());
        asked.extend_from_slice(part);
    };
    for (name, value) in given(args, of) {
        add(name.as_bytes());
        add(&[value.kind() as u8, u8::from(value.is_safe())]);
        match (place(value), value.as_str()) {
            (Some(place), _) => add(&place.to_le_bytes()),
            (None, Some(text)) => add(text.as_bytes()),
            (None, None) => add(value.to_string().as_bytes()),
        }
    }
    xxh3_128(&asked)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
mod tests {
    use super::super::Paper;
    use super::*;
    use std::collections::BTreeMap;

    const PARTS: &str = "{% component card(item, mark: string = \"\") %}<{{ item.name }}{{ mark }}>{% endcomponent %}\
        {% component flag(on: bool) %}{% if on %}+{% else %}-{% endif %}{% endcomponent %}\
        {% component around(@mark: string = \"\") %}{{ mark }}{% endcomponent %}\
        {% component tower(n) %}{{ once(component=\"tower\", n=n) }}{% endcomponent %}\
        {% component step(n) %}{{ once(component=\"rise\", n=n) }}{% endcomponent %}\
        {% component rise(n) %}{{ <step n={n + 1} /> }}{% endcomponent %}\
        {% component three(n) %}{% if n == 3 %}{{ n }}{% else %}({{ once(component=\"three\", n=n + 1) }}){% endif %}\
        {% endcomponent %}";
    const PAGE: &str = "{% for item in items %}{{ once(component=\"card\", item=item, mark=mark) }}{% endfor %}";

    fn page(text: &str) -> (Arc<Tera>, Arc<Once>) {
        let mut tera = Tera::default();
        let once = Once::teach(&mut tera);
        tera.add_raw_templates([("parts.html", PARTS), ("page.html", text)]).unwrap();
        let tera = Arc::new(tera);
        once.over(&tera);
        (tera, once)
    }

    fn item(name: &str) -> Value {
        Value::from_serializable(&BTreeMap::from([("name", name)]))
    }

    fn render((tera, _): &(Arc<Tera>, Arc<Once>), items: &[Value], mark: impl serde::Serialize) -> String {
        let mut context = Context::new();
        context.insert("items", items);
        context.insert("mark", &mark);
        tera.render("page.html", &context).unwrap()
    }

    fn count((_, once): &(Arc<Tera>, Arc<Once>)) -> usize {
        once.made.iter().map(|shelf| lock(shelf).len()).sum()
    }

    #[test]
    fn the_same_is_made_once_and_nothing_is_mistaken_for_it() {
        let page = page(PAGE);
        let items = [item("a"), item("b"), item("<")];
        assert_eq!(render(&page, &items, "!"), "<a!><b!><&lt;!>");
        assert_eq!(render(&page, &items, "!"), "<a!><b!><&lt;!>");
        assert_eq!(count(&page), 3);
        assert_eq!(render(&page, &items[..1], "?"), "<a?>");
        assert_eq!(count(&page), 4);
        // What was only here for a moment leaves its place to others.
        for name in ["c", "d", "e", "f", "g", "h"] {
            assert_eq!(render(&page, &[item(name)], ""), format!("<{name}>"));
        }
        page.1.clear();
        assert_eq!(count(&page), 0);
        assert_eq!(render(&page, &items, "!"), "<a!><b!><&lt;!>");
    }

    #[test]
    fn arguments_may_be_computed() {
        let page = page("{% for item in items %}{{ once(component=\"flag\", on=loop.index <= 2) }}{% endfor %}");
        assert_eq!(render(&page, &[item("a"), item("b"), item("c"), item("d")], ""), "++--");
        assert_eq!(count(&page), 2);
    }

    #[test]
    fn a_list_is_made_by_one_call() {
        let list = page("{{ once(component=\"card\", each=\"item\", item=items, mark=mark) }}");
        let items = [item("a"), item("<"), item("a")];
        assert_eq!(render(&list, &items, "!"), "<a!><&lt;!><a!>");
        assert_eq!(count(&list), 3);
        assert_eq!(render(&list, &items[1..], "!"), "<&lt;!><a!>");
        assert_eq!(render(&list, &[], "!"), "");
        assert_eq!(count(&list), 3);
        // What was made alone is the same.
        let alone = "{% for item in items %}{{ once(component=\"card\", item=item) }}{% endfor %}\
            {{ once(component=\"card\", each=\"item\", item=items) }}";
        let both = page(alone);
        assert_eq!(render(&both, &items, ""), "<a><&lt;><a><a><&lt;><a>");
        assert_eq!(count(&both), 3);
    }

    #[test]
    fn every_text_of_a_list_is_a_part() {
        let of = |text: &str| {
            let (tera, _) = &page(text);
            let mut context = Context::new();
            let names = ["a", &"b".repeat(80), &"c".repeat(80)];
            context.insert("items", &names.map(item));
            let mut paper = Paper::default();
            paper.clear();
            tera.render_to("page.html", &context, &mut paper).unwrap();
            let text = String::from_utf8(paper.bytes).unwrap();
            paper.parts.iter().map(|part| text[part.at.clone()].to_owned()).collect::<Vec<_>>()
        };
        let list = "once(component=\"card\", each=\"item\", item=items)";
        let long = ["b", "c"].map(|name| format!("<{}>", name.repeat(80)));
        assert_eq!(of(&format!("before{{{{ {list} }}}}after")), long);
        assert_eq!(of(&PAGE.replace(", mark=mark", "")), long);
        // Only what is written just as it was given.
        assert_eq!(of(&format!("{{% set text = {list} %}}{{{{ text | upper }}}}")), [""; 0]);
    }

    #[test]
    fn a_failure_says_where() {
        let (tera, once) = page("{{ once(component=\"card\", item=1) }}");
        assert!(tera.render("page.html", &Context::new()).is_err());
        let ErrorKind::RenderingError(report) = once.failure().unwrap().kind().clone() else { panic!() };
        assert_eq!(report.filename(), "parts.html");
        // What is wrong with the call is told where the call stands.
        for (call, why) in [
            ("component=\"none\", item=1", "「none」という部品はありません"),
            ("component=\"card\"", "item"),
            ("component=\"card\", item=1, more=2", "more"),
            ("component=3", "部品の名前を"),
            ("item=1", "部品の名前を"),
            ("component=\"around\"", "@ の付いた引数"),
            ("component=\"card\", each=\"item\", item=1", "並びを渡す引数の名前"),
            ("component=\"card\", each=\"none\", item=1", "並びを渡す引数の名前"),
            ("component=\"card\", each=1, item=1", "並びを渡す引数の名前"),
            ("component=\"none\", each=\"item\", item=[]", "「none」という部品はありません"),
            ("component=\"card\", each=\"component\"", "並びを渡す引数の名前"),
        ] {
            let (tera, once) = page(&format!("\n {{{{ once({call}) }}}}"));
            let error = tera.render("page.html", &Context::new()).unwrap_err();
            assert!(once.failure().is_none(), "{call}");
            let ErrorKind::RenderingError(report) = error.kind() else { panic!("{error}") };
            assert_eq!((report.filename(), report.span().start_line), ("page.html", 2), "{call}");
            assert!(report.message().contains(why), "{call}: {}", report.message());
        }
    }

    #[test]
    fn what_has_no_end_is_told() {
        for call in ["component=\"tower\", n=0", "component=\"rise\", n=0"] {
            let (tera, once) = page(&format!("{{{{ once({call}) }}}}"));
            assert!(tera.render("page.html", &Context::new()).is_err(), "{call}");
            let ErrorKind::RenderingError(report) = once.failure().unwrap().kind().clone() else { panic!() };
            assert!(report.message().contains("深すぎます"), "{}", report.message());
            assert_eq!(report.filename(), "parts.html");
        }
        let (tera, _) = page("{{ once(component=\"three\", n=0) }}");
        assert_eq!(tera.render("page.html", &Context::new()).unwrap(), "(((3)))");
    }
}
