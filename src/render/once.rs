//! `once(of="product_card", card=card)` in a template: the text of a component, made once however many pages show it.
//!
//! A component sees only what it is given, so what is the same gives the same text. Maps and lists are known by where
//! they lie in memory, which asks nothing of them; they are held as long as their text, so nothing else comes to lie
//! there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use tera::{Context, Error, Kwargs, State, Tera, TeraResult, Value};
use xxhash_rust::xxh3::Xxh3;

/// As templates call it.
const NAME: &str = "once";
/// The argument that names the component.
const OF: &str = "of";

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
    /// Why the last one failed: tera keeps only the words of it, not the place.
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

    /// Why the last one failed.
    pub(super) fn failure(&self) -> Option<Error> {
        lock(&self.failure).take()
    }

    fn call(&self, args: &Kwargs) -> TeraResult<Value> {
        let component = args.must_get::<&str>(OF)?;
        let key = key(args);
        let shelf = self.made.get(key as usize % self.made.len()).ok_or_else(|| Error::message(NAME))?;
        if let Some(made) = lock(shelf).get(&key) {
            return Ok(made.text.clone());
        }
        let tera = self.tera.get().and_then(Weak::upgrade).ok_or_else(|| Error::message(NAME))?;
        let mut context = Context::new();
        let given = || args.iter().filter_map(|(name, value)| Some((name.as_str()?, value)));
        for (name, value) in given().filter(|(name, _)| *name != OF) {
            context.insert_value(name.to_owned(), value.clone());
        }
        let text = match tera.render_component(component, &context, None, true) {
            Ok(text) => Value::safe_string(&text),
            Err(failure) => {
                let said = failure.to_string();
                lock(&self.failure).get_or_insert(failure);
                return Err(Error::message(said));
            }
        };
        let of = given().filter(|(_, value)| place(value).is_some()).map(|(_, value)| value.clone()).collect();
        lock(shelf).insert(key, Made { text: text.clone(), _of: of });
        Ok(text)
    }
}

/// Where a map or a list lies.
fn place(value: &Value) -> Option<usize> {
    let map = value.as_map().map(|map| std::ptr::from_ref(map).addr());
    map.or_else(|| value.as_array().map(|list| list.as_ptr().addr()))
}

/// What is asked for.
fn key(args: &Kwargs) -> u128 {
    let mut hasher = Xxh3::new();
    let mut add = |part: &[u8]| {
        hasher.update(&part.len().to_le_bytes());
        hasher.update(part);
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
    hasher.digest128()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const PARTS: &str = "{% component card(item, mark: string = \"\") %}<{{ item.name }}{{ mark }}>{% endcomponent %}\
        {% component flag(on: bool) %}{% if on %}+{% else %}-{% endif %}{% endcomponent %}";
    const PAGE: &str = "{% for item in items %}{{ once(of=\"card\", item=item, mark=mark) }}{% endfor %}";

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
        let page = page("{% for item in items %}{{ once(of=\"flag\", on=loop.index <= 2) }}{% endfor %}");
        assert_eq!(render(&page, &[item("a"), item("b"), item("c"), item("d")], ""), "++--");
        assert_eq!(count(&page), 2);
    }

    #[test]
    fn a_failure_says_where() {
        let (tera, once) = page("{{ once(of=\"card\", item=1) }}");
        assert!(tera.render("page.html", &Context::new()).is_err());
        let tera::ErrorKind::RenderingError(report) = once.failure().unwrap().kind().clone() else { panic!() };
        assert_eq!(report.filename(), "parts.html");
        let (tera, _) = page("{{ once(of=\"none\", item=1) }}");
        assert!(tera.render("page.html", &Context::new()).unwrap_err().to_string().contains("none"));
    }
}
