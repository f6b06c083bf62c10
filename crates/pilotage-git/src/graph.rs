//! Commits as numbers, so that a walk over half a million of them touches no object.
//!
//! A commit that is in the commit-graph has the number of its place there, and its parents come as
//! numbers too. Any other commit gets the next free number when it is first met, and is read once.

use std::collections::HashMap;

use gix::ObjectId;
use gix::commitgraph::{Graph, Position};

use crate::GitError;

/// The number of a commit.
pub(crate) type Node = u32;

/// When a commit is walked: by generation where it is known, otherwise by time.
///
/// A commit is always walked before its parents where both are in the commit-graph. One that is
/// not comes first, for nothing in the graph can have it as a parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    /// The longest way to a root, or the largest number where that is unknown.
    pub generation: u32,
    /// When it was committed, in seconds.
    pub time: i64,
}

impl Rank {
    /// Whether ancestors have a smaller rank for certain.
    pub(crate) const fn is_exact(self) -> bool {
        self.generation != u32::MAX
    }
}

/// The commits of a repository.
pub(crate) struct Commits<'r> {
    repo: &'r gix::Repository,
    graph: Option<Graph>,
    /// How many commits the graph holds.
    inside: Node,
    outside: Vec<Outside>,
    numbers: HashMap<ObjectId, Node>,
    boundary: Vec<ObjectId>,
}

/// A commit that is not in the graph.
struct Outside {
    id: ObjectId,
    read: Option<Read>,
}

struct Read {
    time: i64,
    parents: Vec<Node>,
}

impl<'r> Commits<'r> {
    pub(crate) fn new(repo: &'r gix::Repository) -> Result<Self, GitError> {
        let boundary = repo.shallow_commits().map_err(GitError::read("the shallow boundary"))?;
        let boundary: Vec<ObjectId> =
            boundary.map(|commits| commits.iter().copied().collect()).unwrap_or_default();
        let graph = if boundary.is_empty() { graph(repo)? } else { None };
        let inside = graph.as_ref().map_or(0, Graph::num_commits);
        let (outside, numbers) = (Vec::new(), HashMap::new());
        Ok(Self { repo, graph, inside, outside, numbers, boundary })
    }

    /// The number of a commit; it is not read for that.
    pub(crate) fn number(&mut self, id: ObjectId) -> Node {
        if let Some(position) = self.graph.as_ref().and_then(|graph| graph.lookup(id)) {
            return position.0;
        }
        let (inside, outside) = (self.inside, &mut self.outside);
        *self.numbers.entry(id).or_insert_with(|| {
            outside.push(Outside { id, read: None });
            inside + Node::try_from(outside.len() - 1).unwrap_or(Node::MAX)
        })
    }

    pub(crate) fn id(&self, node: Node) -> ObjectId {
        match (&self.graph, self.at(node)) {
            (_, Some(outside)) => outside.id,
            (Some(graph), None) => graph.id_at(Position(node)).to_owned(),
            (None, None) => ObjectId::null(gix::hash::Kind::Sha1),
        }
    }

    /// When the commit is walked.
    pub(crate) fn rank(&mut self, node: Node) -> Result<Rank, GitError> {
        if let (true, Some(graph)) = (node < self.inside, &self.graph) {
            let commit = graph.commit_at(Position(node));
            let time = i64::try_from(commit.committer_timestamp()).unwrap_or(i64::MAX);
            return Ok(Rank { generation: commit.generation(), time });
        }
        self.read(node)?;
        let time = self.at(node).and_then(|commit| commit.read.as_ref()).map_or(0, |r| r.time);
        Ok(Rank { generation: u32::MAX, time })
    }

    /// The generation, without reading anything.
    pub(crate) fn generation(&self, node: Node) -> u32 {
        match &self.graph {
            Some(graph) if node < self.inside => graph.commit_at(Position(node)).generation(),
            _ => u32::MAX,
        }
    }

    /// Adds the parents to the list.
    pub(crate) fn parents(&mut self, node: Node, list: &mut Vec<Node>) -> Result<(), GitError> {
        if let (true, Some(graph)) = (node < self.inside, &self.graph) {
            for parent in graph.commit_at(Position(node)).iter_parents() {
                list.push(parent.map_err(GitError::read("the commit-graph"))?.0);
            }
            return Ok(());
        }
        self.read(node)?;
        if let Some(read) = self.at(node).and_then(|commit| commit.read.as_ref()) {
            list.extend(&read.parents);
        }
        Ok(())
    }

    /// Whether the clone is cut off behind this commit.
    pub(crate) fn is_cut(&self, node: Node) -> bool {
        !self.boundary.is_empty() && self.boundary.contains(&self.id(node))
    }

    fn at(&self, node: Node) -> Option<&Outside> {
        let index = usize::try_from(node.checked_sub(self.inside)?).ok()?;
        self.outside.get(index)
    }

    fn read(&mut self, node: Node) -> Result<(), GitError> {
        let Some(Outside { id, read: None }) = self.at(node) else { return Ok(()) };
        let id = *id;
        let failed = || GitError::read(format!("commit {id}"));
        let commit = self.repo.find_commit(id).map_err(failed())?;
        let time = commit.time().map_err(failed())?.seconds;
        let parents: Vec<ObjectId> = commit.parent_ids().map(gix::Id::detach).collect();
        let cut = self.is_cut(node);
        let parents = if cut { Vec::new() } else { parents };
        let parents = parents.into_iter().map(|parent| self.number(parent)).collect();
        let index = usize::try_from(node - self.inside).unwrap_or(usize::MAX);
        if let Some(outside) = self.outside.get_mut(index) {
            outside.read = Some(Read { time, parents });
        }
        Ok(())
    }
}

/// The commit-graph, where there is one that git would use as well.
fn graph(repo: &gix::Repository) -> Result<Option<Graph>, GitError> {
    repo.commit_graph_if_enabled().map_err(GitError::read("the commit-graph"))
}
