//! The register that the workers change, and what became of their changes.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A chain of changes, each made to the one before it that its maker had read.
#[derive(Debug, Default)]
pub(super) struct Register {
    head: String,
    fence: u64,
    parents: HashMap<String, String>,
    acknowledged: HashSet<String>,
    /// How often the lease was taken.
    pub(super) owned: u64,
    /// How many writes and claims were refused as stale.
    pub(super) refused: u64,
    /// How often something was accepted under a lower fence than before.
    pub(super) went_back: u64,
}

impl Register {
    /// Answers one line.
    fn answer(&mut self, line: &str, fenced: bool) -> String {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["owned"] => {
                self.owned += 1;
                "ok".into()
            }
            ["claim", fence] => self.accept(fence, fenced).to_owned(),
            ["read"] => {
                if self.head.is_empty() {
                    "none".into()
                } else {
                    self.head.clone()
                }
            }
            ["write", fence, change, parent] => {
                let answer = self.accept(fence, fenced);
                if answer == "ok" {
                    self.parents.insert((*change).to_owned(), (*parent).to_owned());
                    (*change).clone_into(&mut self.head);
                }
                answer.to_owned()
            }
            ["acknowledged", change] => {
                self.acknowledged.insert((*change).to_owned());
                "ok".into()
            }
            _ => "what?".into(),
        }
    }

    fn accept(&mut self, fence: &str, fenced: bool) -> &'static str {
        let fence = fence.parse().unwrap_or(0);
        if fence < self.fence {
            if fenced {
                self.refused += 1;
                return "stale";
            }
            self.went_back += 1;
        }
        self.fence = self.fence.max(fence);
        "ok"
    }

    pub(super) fn acknowledged(&self) -> u64 {
        self.acknowledged.len() as u64
    }

    /// How many acknowledged changes are not in what is there now.
    pub(super) fn lost(&self) -> u64 {
        let mut there = HashSet::new();
        let mut change = &self.head;
        while let Some(parent) = self.parents.get(change) {
            if !there.insert(change) {
                break;
            }
            change = parent;
        }
        self.acknowledged.iter().filter(|change| !there.contains(change)).count() as u64
    }
}

/// Serves the register for as long as it is polled.
pub(super) async fn serve(listener: TcpListener, register: Rc<RefCell<Register>>, fenced: bool) {
    while let Ok((stream, _)) = listener.accept().await {
        let register = register.clone();
        tokio::task::spawn_local(async move {
            // A worker that is killed leaves half a line, which is nobody's loss.
            let _ended = talk(stream, &register, fenced).await;
        });
    }
}

async fn talk(
    stream: TcpStream,
    register: &RefCell<Register>,
    fenced: bool,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    while lines.read_line(&mut line).await? > 0 && line.ends_with('\n') {
        let answer = format!("{}\n", register.borrow_mut().answer(&line, fenced));
        lines.get_mut().write_all(answer.as_bytes()).await?;
        line.clear();
    }
    Ok(())
}
