//! The one shape that JSON, YAML, TOML and `.env` are read into: a tree in an arena, every node with the bytes
//! it stands at. Nothing here recurses, and a [`Builder`] bounds depth and size, so that hostile files end in
//! an error instead of a full stack or memory.

use std::borrow::Cow;

use base::Span;

/// How deep documents may nest.
pub const MAX_DEPTH: usize = 256;

/// How many nodes a document may have.
pub const MAX_NODES: usize = 1 << 26;

/// A node of a [`Document`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Data<'t> {
    /// Null, or nothing at all.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number in decimal or exponential notation, as written.
    Number(Cow<'t, str>),
    /// Text, escapes undone.
    Text(Cow<'t, str>),
    /// Entries in order.
    List(Vec<NodeId>),
    /// Values in order; each knows its key.
    Object(Vec<NodeId>),
}

impl Data<'_> {
    /// What people call it.
    pub fn kind(&self) -> &'static str {
        match self {
            Data::Null => "null",
            Data::Bool(_) => "a boolean",
            Data::Number(_) => "a number",
            Data::Text(_) => "a text",
            Data::List(_) => "a list",
            Data::Object(_) => "an object",
        }
    }

    fn into_owned(self) -> Data<'static> {
        match self {
            Data::Null => Data::Null,
            Data::Bool(value) => Data::Bool(value),
            Data::Number(text) => Data::Number(Cow::Owned(text.into_owned())),
            Data::Text(text) => Data::Text(Cow::Owned(text.into_owned())),
            Data::List(nodes) => Data::List(nodes),
            Data::Object(nodes) => Data::Object(nodes),
        }
    }
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'t> {
    /// Bytes it stands at.
    pub span: Span,
    /// The key it stands under in an object.
    pub key: Option<Cow<'t, str>>,
    /// Its place in a list, from 0.
    pub index: Option<u32>,
    /// What it holds.
    pub data: Data<'t>,
}

/// A document as a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Document<'t> {
    nodes: Vec<Node<'t>>,
    root: NodeId,
}

impl<'t> Document<'t> {
    /// The outermost value.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// Makes another node of the document the outermost one.
    pub fn set_root(&mut self, root: NodeId) {
        self.root = root;
    }

    /// A node. Ids are only ever made by this document.
    pub fn node(&self, id: NodeId) -> &Node<'t> {
        &self.nodes[id.0 as usize]
    }

    /// The values of an object, the entries of a list, nothing for anything else.
    pub fn children(&self, id: NodeId) -> &[NodeId] {
        match &self.node(id).data {
            Data::List(nodes) | Data::Object(nodes) => nodes,
            _ => &[],
        }
    }

    /// The value under a key of an object; the last one where the key is written twice.
    pub fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        match &self.node(id).data {
            Data::Object(nodes) => {
                nodes.iter().rev().copied().find(|&child| self.node(child).key.as_deref() == Some(key))
            }
            _ => None,
        }
    }

    /// The same, holding its texts itself.
    pub fn into_owned(self) -> Document<'static> {
        let owned = |node: Node<'t>| Node {
            span: node.span,
            key: node.key.map(|key| Cow::Owned(key.into_owned())),
            index: node.index,
            data: node.data.into_owned(),
        };
        Document { nodes: self.nodes.into_iter().map(owned).collect(), root: self.root }
    }

    /// Gives a node another place.
    pub fn set_span(&mut self, id: NodeId, span: Span) {
        self.nodes[id.0 as usize].span = span;
    }

    /// Number of nodes, to [`Document::truncate`] to.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Forgets nodes that were added since there were `len`.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.nodes.truncate(len);
    }

    /// Adds a node that no other one leads to.
    pub(crate) fn add(&mut self, node: Node<'t>) -> NodeId {
        self.nodes.push(node);
        NodeId((self.nodes.len() - 1) as u32)
    }

    /// Takes in another document (text decoded out of a node of this one), its places changed by `place`;
    /// returns where its root is now.
    pub(crate) fn adopt(&mut self, other: Document<'_>, place: impl Fn(Span) -> Span) -> NodeId {
        let by = self.nodes.len() as u32;
        let root = NodeId(other.root.0 + by);
        for mut node in other.nodes {
            if let Data::List(nodes) | Data::Object(nodes) = &mut node.data {
                nodes.iter_mut().for_each(|id| id.0 += by);
            }
            self.nodes.push(Node {
                span: place(node.span),
                key: node.key.map(|key| Cow::Owned(key.into_owned())),
                index: node.index,
                data: node.data.into_owned(),
            });
        }
        root
    }
}

/// Why a text is no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Byte at which it shows.
    pub at: usize,
    /// One lower-case sentence.
    pub message: String,
}

impl SyntaxError {
    /// An error at a byte.
    pub fn new(at: usize, message: impl Into<String>) -> Self {
        SyntaxError { at, message: message.into() }
    }
}

/// Builds a [`Document`] from the events of a parser: `key` before each value of an object, `scalar`, `open`
/// and `close`.
#[derive(Debug, Default)]
pub struct Builder<'t> {
    nodes: Vec<Node<'t>>,
    stack: Vec<NodeId>,
    key: Option<Cow<'t, str>>,
    root: Option<NodeId>,
}

impl<'t> Builder<'t> {
    /// A builder without nodes.
    pub fn new() -> Self {
        Self::default()
    }

    /// A builder with room for so many nodes.
    pub fn with_capacity(nodes: usize) -> Self {
        Builder { nodes: Vec::with_capacity(nodes), ..Self::default() }
    }

    /// How many containers are open.
    pub fn depth(&self) -> usize {
        self.stack.len()
    }

    /// The innermost open container.
    pub fn open_node(&self) -> Option<&Node<'t>> {
        self.stack.last().map(|id| &self.nodes[id.0 as usize])
    }

    /// The node of an id that the builder gave.
    pub fn node(&self, id: NodeId) -> &Node<'t> {
        &self.nodes[id.0 as usize]
    }

    /// Whether the value of a key is due.
    pub fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// The key of the value that comes next.
    pub fn key(&mut self, key: Cow<'t, str>) {
        self.key = Some(key);
    }

    /// A value without parts.
    pub fn scalar(&mut self, span: Span, data: Data<'t>) -> Result<NodeId, SyntaxError> {
        if self.nodes.len() >= MAX_NODES {
            return Err(SyntaxError::new(
                span.start as usize,
                format!("the document has more than {MAX_NODES} values"),
            ));
        }
        let id = NodeId(self.nodes.len() as u32);
        let index = match self.stack.last().map(|parent| &mut self.nodes[parent.0 as usize].data) {
            Some(Data::List(nodes)) => {
                nodes.push(id);
                Some(nodes.len() as u32 - 1)
            }
            Some(Data::Object(nodes)) => {
                nodes.push(id);
                None
            }
            _ => {
                self.root.get_or_insert(id);
                None
            }
        };
        self.nodes.push(Node { span, key: self.key.take(), index, data });
        Ok(id)
    }

    /// A list or object begins; `data` is an empty one.
    pub fn open(&mut self, span: Span, data: Data<'t>) -> Result<NodeId, SyntaxError> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(SyntaxError::new(span.start as usize, format!("values nest deeper than {MAX_DEPTH}")));
        }
        let id = self.scalar(span, data)?;
        self.stack.push(id);
        Ok(id)
    }

    /// The innermost open list or object ends before byte `end`.
    pub fn close(&mut self, end: usize) -> Option<NodeId> {
        let id = self.stack.pop()?;
        let span = &mut self.nodes[id.0 as usize].span;
        *span = Span::new(span.start as usize, end.max(span.start as usize));
        Some(id)
    }

    /// Replaces the values of an object that is no longer being filled.
    pub fn set_children(&mut self, id: NodeId, children: Vec<NodeId>) {
        if let Data::Object(nodes) | Data::List(nodes) = &mut self.nodes[id.0 as usize].data {
            *nodes = children;
        }
    }

    /// The document; null if nothing was added.
    pub fn finish(mut self) -> Document<'t> {
        let root = match self.root {
            Some(root) => root,
            None => {
                self.nodes.push(Node { span: Span::default(), key: None, index: None, data: Data::Null });
                NodeId(0)
            }
        };
        Document { nodes: self.nodes, root }
    }
}
