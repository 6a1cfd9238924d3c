//! From a path in a document (`makers[1].facility`) to its place in the file.
//!
//! `serde_yaml` reads values fast but forgets where they stood. So only a file that has a problem is
//! read a second time here, by a parser that keeps every place; a clean build pays nothing.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;
use std::ops::Range;

/// One step into a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Step {
    /// Into a mapping.
    Key(String),
    /// Into a list.
    Index(usize),
}

/// A way into a document; empty for the document itself.
pub type Path = Vec<Step>;

/// Where a problem is, before it is turned into line and column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum At {
    /// The file as a whole.
    File,
    /// A byte range of the file.
    Bytes(Range<usize>),
    /// The value at a path.
    Value(Path),
    /// The key at a path.
    Key(Path),
}

/// A way into a document while it is being walked; costs nothing until somebody asks for the path.
#[derive(Clone, Copy)]
pub(super) struct Trail<'a> {
    up: Option<&'a Trail<'a>>,
    step: TrailStep<'a>,
}

#[derive(Clone, Copy)]
enum TrailStep<'a> {
    Root(&'a [Step]),
    Key(&'a str),
    Index(usize),
}

impl<'a> Trail<'a> {
    /// The start: the document, or an entry of a list of entries.
    pub(super) fn root(prefix: &'a [Step]) -> Self {
        Self { up: None, step: TrailStep::Root(prefix) }
    }

    /// Into a mapping.
    pub(super) fn key(&'a self, key: &'a str) -> Self {
        Self { up: Some(self), step: TrailStep::Key(key) }
    }

    /// Into a list.
    pub(super) fn index(&'a self, index: usize) -> Self {
        Self { up: Some(self), step: TrailStep::Index(index) }
    }

    /// Whether nothing was stepped into.
    pub(super) fn is_root(&self) -> bool {
        matches!(self.step, TrailStep::Root(_))
    }

    /// The path so far.
    pub(super) fn path(&self) -> Path {
        let mut path = self.up.map(Trail::path).unwrap_or_default();
        match self.step {
            TrailStep::Root(prefix) => path.extend_from_slice(prefix),
            TrailStep::Key(key) => path.push(Step::Key(key.to_owned())),
            TrailStep::Index(index) => path.push(Step::Index(index)),
        }
        path
    }
}

/// A YAML document whose every node knows its bytes.
pub(super) struct Marked {
    nodes: Vec<Node>,
    root: Option<usize>,
    /// Keys given twice: the key, the second place, the line of the first.
    pub(super) duplicates: Vec<(String, Range<usize>, usize)>,
    /// Tags such as `!x`.
    pub(super) tags: Vec<Range<usize>>,
    /// Values with a name such as `&x`.
    pub(super) anchors: Vec<Range<usize>>,
}

struct Node {
    range: Range<usize>,
    kind: NodeKind,
}

enum NodeKind {
    Scalar {
        raw: String,
        plain: bool,
    },
    List(Vec<usize>),
    /// By key: the key's bytes and the value's node. Only ever asked for one key, never walked.
    Map(HashMap<String, (Range<usize>, usize)>),
}

struct Open {
    node: usize,
    key: Option<(String, Range<usize>)>,
}

/// Turns the parser's lines and columns into bytes.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// Line, column and byte of the last place: a line may be long, and places come in order.
    last: Cell<(usize, usize, usize)>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts, last: Cell::new((0, 0, 0)) }
    }

    fn byte(&self, line: usize, column: usize) -> usize {
        let Some(&start) = self.starts.get(line.saturating_sub(1)) else { return self.text.len() };
        let (from, passed) = match self.last.get() {
            (last, passed, byte) if last == line && passed <= column => (byte, passed),
            _ => (start, 0),
        };
        let rest = &self.text[from..];
        let byte = rest.char_indices().nth(column - passed).map_or(self.text.len(), |(at, _)| from + at);
        if byte < self.text.len() {
            self.last.set((line, column, byte));
        }
        byte
    }

    /// The line in which a byte stands, from 1.
    fn line_of(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte)
    }

    fn range(&self, span: &saphyr_parser::Span) -> Range<usize> {
        let start = self.byte(span.start.line(), span.start.col());
        let end = self.byte(span.end.line(), span.end.col());
        start..end.max(start)
    }
}

impl Marked {
    /// Reads as far as the text is sound.
    pub(super) fn read(text: &str) -> Self {
        let lines = Lines::new(text);
        let mut marked =
            Self { nodes: Vec::new(), root: None, duplicates: Vec::new(), tags: Vec::new(), anchors: Vec::new() };
        let mut open: Vec<Open> = Vec::new();
        let mut anchors: HashMap<usize, usize> = HashMap::new();
        for event in Parser::new_from_str(text) {
            let Ok((event, span)) = event else { break };
            let range = lines.range(&span);
            let (kind, anchor, tagged) = match event {
                Event::Scalar(raw, style, anchor, tag) => {
                    let plain = style == ScalarStyle::Plain;
                    if let Some(Open { node, key: key @ None }) = open.last_mut()
                        && let Some(Node { kind: NodeKind::Map(_), .. }) = marked.nodes.get(*node)
                    {
                        *key = Some((raw.into_owned(), range));
                        continue;
                    }
                    (NodeKind::Scalar { raw: raw.into_owned(), plain }, anchor, tag.is_some())
                }
                Event::SequenceStart(anchor, tag) => (NodeKind::List(Vec::new()), anchor, tag.is_some()),
                Event::MappingStart(anchor, tag) => (NodeKind::Map(HashMap::new()), anchor, tag.is_some()),
                Event::SequenceEnd | Event::MappingEnd => {
                    if let Some(Open { node, .. }) = open.pop()
                        && let Some(node) = marked.nodes.get_mut(node)
                    {
                        node.range.end = range.end.max(node.range.start);
                    }
                    continue;
                }
                Event::Alias(anchor) => {
                    if let Some(&node) = anchors.get(&anchor) {
                        marked.attach(&mut open, node, &lines);
                    }
                    continue;
                }
                _ => continue,
            };
            let container = !matches!(kind, NodeKind::Scalar { .. });
            if tagged {
                marked.tags.push(range.clone());
            }
            let node = marked.nodes.len();
            marked.nodes.push(Node { range, kind });
            if anchor > 0 {
                anchors.insert(anchor, node);
                marked.anchors.extend(marked.nodes.get(node).map(|node| node.range.clone()));
            }
            marked.attach(&mut open, node, &lines);
            if container {
                open.push(Open { node, key: None });
            }
            if marked.nodes.len() > 200_000 {
                break;
            }
        }
        marked
    }

    fn attach(&mut self, open: &mut [Open], node: usize, lines: &Lines<'_>) {
        let Some(parent) = open.last_mut() else {
            self.root.get_or_insert(node);
            return;
        };
        match self.nodes.get_mut(parent.node).map(|node| &mut node.kind) {
            Some(NodeKind::List(items)) => items.push(node),
            Some(NodeKind::Map(items)) => {
                // A key that is itself a list or a mapping has no name to find it by.
                let Some((key, range)) = parent.key.take() else {
                    parent.key = Some((String::new(), 0..0));
                    return;
                };
                match items.entry(key) {
                    MapEntry::Occupied(first) => {
                        let line = lines.line_of(first.get().0.start);
                        self.duplicates.push((first.key().clone(), range, line));
                    }
                    MapEntry::Vacant(free) => {
                        free.insert((range, node));
                    }
                }
            }
            _ => {}
        }
    }

    /// The bytes of the value at a path, or of the deepest part of the path that exists.
    pub(super) fn value(&self, path: &[Step]) -> Option<Range<usize>> {
        self.follow(path).map(|(node, key, _)| match self.nodes.get(node) {
            // An empty value has no bytes of its own; its key does.
            Some(node) if node.range.is_empty() => key.unwrap_or_else(|| node.range.clone()),
            Some(node) => node.range.clone(),
            None => 0..0,
        })
    }

    /// The bytes of the key at a path.
    pub(super) fn key(&self, path: &[Step]) -> Option<Range<usize>> {
        let (node, key, complete) = self.follow(path)?;
        if complete && let Some(key) = key {
            return Some(key);
        }
        self.nodes.get(node).map(|node| node.range.clone())
    }

    /// A scalar as it was written, and whether it stood without quotes.
    pub(super) fn raw(&self, path: &[Step]) -> Option<(&str, bool)> {
        let (node, _, complete) = self.follow(path)?;
        match self.nodes.get(node).map(|node| &node.kind) {
            Some(NodeKind::Scalar { raw, plain }) if complete => Some((raw, *plain)),
            _ => None,
        }
    }

    fn follow(&self, path: &[Step]) -> Option<(usize, Option<Range<usize>>, bool)> {
        let mut node = self.root?;
        let mut key = None;
        for step in path {
            match (step, self.nodes.get(node).map(|node| &node.kind)) {
                (Step::Key(name), Some(NodeKind::Map(items))) => {
                    let Some((range, next)) = items.get(name) else {
                        return Some((node, key, false));
                    };
                    key = Some(range.clone());
                    node = *next;
                }
                (Step::Index(index), Some(NodeKind::List(items))) => {
                    let Some(next) = items.get(*index) else { return Some((node, key, false)) };
                    key = None;
                    node = *next;
                }
                _ => return Some((node, key, false)),
            }
        }
        Some((node, key, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_keys_are_found() {
        let text = "name: クッキー\nmakers: [aka, {facility: 春, capacity: 3}]\nprice:\n";
        let marked = Marked::read(text);
        let path = [Step::Key("makers".into()), Step::Index(1), Step::Key("facility".into())];
        assert_eq!(marked.value(&path).map(|range| &text[range]), Some("春"));
        assert_eq!(marked.key(&path).map(|range| &text[range]), Some("facility"));
        assert_eq!(marked.value(&[Step::Key("price".into())]).map(|range| &text[range]), Some("price"));
        let beyond = [Step::Key("makers".into()), Step::Index(0), Step::Key("facility".into())];
        assert_eq!(marked.value(&beyond).map(|range| &text[range]), Some("aka"));
    }

    #[test]
    fn duplicates_are_told_with_the_first_line() {
        let marked = Marked::read("a: 1\nb: {x: 1, x: 2}\na: 2\n");
        let found: Vec<(&str, usize)> = marked.duplicates.iter().map(|(key, _, line)| (key.as_str(), *line)).collect();
        assert_eq!(found, [("x", 2), ("a", 1)]);
    }
}
