//! The two questions that are asked of history, each answered by one walk.
//!
//! Both walk from a commit towards the roots, the newest first. Where the commit-graph knows the
//! generations, the answers are exact and the walks stop as early as can be; where it does not,
//! commit times take their place, with a day of tolerance for clocks that were wrong.

use std::collections::BinaryHeap;

use pilotage_artifact::CommitId;

use crate::GitError;
use crate::graph::{Commits, Node, Rank};
use crate::history::commit_id;

/// How far a commit's time may be behind that of its parent.
const SKEW_SECONDS: i64 = 24 * 60 * 60;

const SEEN: u8 = 1;
/// It is contained in what is left out.
const HIDDEN: u8 = 2;
/// It was walked.
const DONE: u8 = 4;

/// A queue of commits, the newest first, each at most once in each colour.
struct Queue<'c, 'r> {
    commits: &'c mut Commits<'r>,
    heap: BinaryHeap<(Rank, Node)>,
    marks: Vec<u8>,
    parents: Vec<Node>,
}

impl<'c, 'r> Queue<'c, 'r> {
    fn new(commits: &'c mut Commits<'r>) -> Self {
        Self { commits, heap: BinaryHeap::new(), marks: Vec::new(), parents: Vec::new() }
    }

    fn mark(&mut self, node: Node) -> &mut u8 {
        let index = usize::try_from(node).unwrap_or(usize::MAX);
        if self.marks.len() <= index {
            self.marks.resize(index + 1, 0);
        }
        &mut self.marks[index]
    }

    fn push(&mut self, node: Node) -> Result<(), GitError> {
        let rank = self.commits.rank(node)?;
        self.heap.push((rank, node));
        Ok(())
    }

    fn parents(&mut self, node: Node) -> Result<Vec<Node>, GitError> {
        let mut parents = std::mem::take(&mut self.parents);
        parents.clear();
        self.commits.parents(node, &mut parents)?;
        Ok(parents)
    }

    fn not_cut(&self, node: Node) -> Result<(), GitError> {
        if self.commits.is_cut(node) {
            return Err(GitError::Shallow { at: commit_id(self.commits.id(node)) });
        }
        Ok(())
    }
}

/// The first of `wanted` that `head` contains; itself counts.
///
/// Every one that comes before the answer in the list is known not to be contained.
pub(crate) fn first_reached(
    commits: &mut Commits<'_>,
    head: Node,
    wanted: &[Node],
) -> Result<Option<usize>, GitError> {
    let mut queue = Queue::new(commits);
    let mut open = 0;
    *queue.mark(head) |= SEEN;
    queue.push(head)?;
    while open < wanted.len() {
        let Some((rank, node)) = queue.heap.pop() else { break };
        *queue.mark(node) |= DONE;
        // What is left has at most this generation, so whatever is above it was not reached.
        while let Some(&first) = wanted.get(open) {
            if *queue.mark(first) & DONE != 0 {
                return Ok(Some(open));
            }
            if queue.commits.generation(first) <= rank.generation {
                break;
            }
            open += 1;
        }
        queue.not_cut(node)?;
        let parents = queue.parents(node)?;
        for &parent in &parents {
            if *queue.mark(parent) & SEEN == 0 {
                *queue.mark(parent) |= SEEN;
                queue.push(parent)?;
            }
        }
        queue.parents = parents;
    }
    Ok((open..wanted.len()).find(|&at| wanted.get(at).is_some_and(|&n| *queue.mark(n) & DONE != 0)))
}

/// The commits that `head` contains and `base` does not, the newest first.
pub(crate) fn between(
    commits: &mut Commits<'_>,
    head: Node,
    base: Option<Node>,
) -> Result<Vec<CommitId>, GitError> {
    let mut walk = Between { queue: Queue::new(commits), visible: 0, oldest: i64::MAX };
    if let Some(base) = base {
        walk.reach(base, true)?;
    }
    walk.reach(head, false)?;
    let mut found = Vec::new();
    while let Some((rank, node)) = walk.queue.heap.pop() {
        if walk.step(rank, node)? {
            found.push(node);
        }
        if walk.is_over() {
            break;
        }
    }
    let Between { mut queue, .. } = walk;
    found.retain(|&node| *queue.mark(node) & HIDDEN == 0);
    Ok(found.into_iter().map(|node| commit_id(queue.commits.id(node))).collect())
}

struct Between<'c, 'r> {
    queue: Queue<'c, 'r>,
    /// How many commits in the queue are not hidden.
    visible: usize,
    /// The time of the oldest commit that was found.
    oldest: i64,
}

impl Between<'_, '_> {
    /// Queues a commit, unless nothing new is said of it.
    fn reach(&mut self, node: Node, hidden: bool) -> Result<(), GitError> {
        let mark = *self.queue.mark(node);
        let wanted = SEEN | if hidden { HIDDEN } else { 0 };
        if mark & wanted == wanted || mark & HIDDEN != 0 {
            return Ok(());
        }
        *self.queue.mark(node) |= wanted;
        let waits = mark & SEEN != 0 && mark & DONE == 0;
        match (waits, hidden) {
            // It is in the queue, as one that might have been found.
            (true, true) => self.visible -= 1,
            (false, false) => self.visible += 1,
            _ => {}
        }
        if waits { Ok(()) } else { self.queue.push(node) }
    }

    /// Walks one commit, and says whether it is found, as far as is known by now.
    fn step(&mut self, rank: Rank, node: Node) -> Result<bool, GitError> {
        let hidden = *self.queue.mark(node) & HIDDEN != 0;
        *self.queue.mark(node) |= DONE;
        if !hidden {
            self.visible -= 1;
            self.oldest = self.oldest.min(rank.time);
            self.queue.not_cut(node)?;
        }
        let parents = self.queue.parents(node)?;
        for &parent in &parents {
            self.reach(parent, hidden)?;
        }
        self.queue.parents = parents;
        Ok(!hidden)
    }

    /// Whether nothing that is still queued can be found, nor hide what was found.
    fn is_over(&self) -> bool {
        let Some(&(next, _)) = self.queue.heap.peek() else { return true };
        let late = next.is_exact() || next.time < self.oldest.saturating_sub(SKEW_SECONDS);
        self.visible == 0 && late
    }
}
