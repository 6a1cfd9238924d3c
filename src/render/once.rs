//! `once(component="product_card", card=card)` in a template: the text of a component, made once however many pages
//! show it.
//!
//! A component sees only what it is given (one that looks around, by `@`, is refused), so what is the same gives the
//! same text. Maps and lists are known by where they lie in memory, which asks nothing of them; they are held as long
//! as their text, so nothing else comes to lie there.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use tera::{Context, Error, ErrorKind, Kwargs, State, Tera, TeraResult, Value};
use xxhash_rust::xxh3::xxh3_128;

/// As templates call it.
const NAME: &str = "once";
/// The argument that names the component.
const COMPONENT: &str = "component";
/// So many may be made within each other. tera counts components within components, and begins anew with each of these.
const DEEPEST: usize = 4;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    /// Where the text lies that a page was given last, and how long it is.
    static GIVEN: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

fn place_of(text: &[u8]) -> (usize, usize) {
    (text.as_ptr().addr(), text.len())
}

/// Whether a page was given this very text, and nothing else since.
pub(super) fn was_given(text: &[u8]) -> bool {
    GIVEN.get() == place_of(text)
}

/// Before a page is made: what others were given may be gone.
pub(super) fn forget_given() {
    GIVEN.set((0, 0));
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
        let text = self.text(args)?;
        if DEPTH.get() == 0 {
            GIVEN.set(text.as_str().map_or((0, 0), |text| place_of(text.as_bytes())));
        }
        Ok(text)
    }

    fn text(&self, args: &Kwargs) -> TeraResult<Value> {
        let key = key(args);
        let shelf = self.made.get(key as usize % self.made.len()).ok_or_else(|| Error::message(NAME))?;
        if let Some(made) = lock(shelf).get(&key) {
            return Ok(made.text.clone());
        }
        let Some(component) = args.get::<Value>(COMPONENT)?.as_ref().and_then(Value::as_str).map(str::to_owned) else {
            return Err(Error::message(format!("{NAME} には、部品の名前を {COMPONENT}=\"…\" と書きます")));
        };
        let tera = self.tera.get().and_then(Weak::upgrade).ok_or_else(|| Error::message(NAME))?;
        match tera.get_component_definition(&component) {
            None => return Err(Error::message(format!("「{component}」という部品はありません"))),
            Some(known) if known.args().iter().any(tera::ComponentArg::is_implicit) => {
                let why = format!("部品「{component}」には @ の付いた引数があるので、{NAME} では使えません");
                return Err(Error::message(why));
            }
            Some(_) => {}
        }
        let depth = DEPTH.get();
        if depth >= DEEPEST {
            let why = format!("{NAME} の中の {NAME} が深すぎます。部品「{component}」が自分を使っていませんか");
            return Err(Error::message(why));
        }
        let mut context = Context::new();
        let given = || args.iter().filter_map(|(name, value)| Some((name.as_str()?, value)));
        for (name, value) in given().filter(|(name, _)| *name != COMPONENT) {
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
        let of = given().filter(|(_, value)| place(value).is_some()).map(|(_, value)| value.clone()).collect();
        // Another thread may have made it by now: there is one text, which stays where it is.
        Ok(lock(shelf).entry(key).or_insert(Made { text, _of: of }).text.clone())
    }
}

/// Where a map or a list lies.
fn place(value: &Value) -> Option<usize> {
    let map = value.as_map().map(|map| std::ptr::from_ref(map).addr());
    map.or_else(|| value.as_array().map(|list| list.as_ptr().addr()))
}

/// What is asked for.
fn key(args: &Kwargs) -> u128 {
    let mut asked = Vec::with_capacity(256);
    let mut add = |part: &[u8]| {
        asked.extend_from_slice(&part.len().to_le_bytes());
        asked.extend_from_slice(part);
    };
    for (name, value) in args.iter() {
        add(name.as_str().unwrap_or_default().as_bytes());
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
