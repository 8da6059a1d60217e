//! Workers that answer requests, behind a fence: what panics is answered as an internal error and told in the log, and the
//! worker goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};

use base::Cancel;
use crossbeam_channel::{Sender, unbounded};
use lsp_server::{ErrorCode, RequestId, Response};
use serde_json::Value;

/// Why a request is not answered with a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The client took it back.
    Cancelled,
    /// The text changed meanwhile.
    Stale,
    /// It cannot be done, with the reason.
    Failed(String),
    /// Its params are not as the protocol says.
    Malformed(String),
}

impl Refusal {
    /// As the protocol says it.
    pub fn response(&self, id: RequestId) -> Response {
        let (code, message) = match self {
            Refusal::Cancelled => (ErrorCode::RequestCanceled, "cancelled by the client".to_owned()),
            Refusal::Stale => (ErrorCode::ContentModified, "the text changed meanwhile".to_owned()),
            Refusal::Failed(reason) => (ErrorCode::RequestFailed, reason.clone()),
            Refusal::Malformed(reason) => (ErrorCode::InvalidParams, reason.clone()),
        };
        Response::new_err(id, code as i32, message)
    }
}

/// A request to answer.
pub struct Task {
    /// The request.
    pub id: RequestId,
    /// The method, for the log.
    pub method: String,
    /// Raised once nobody waits for the answer.
    pub cancel: Cancel,
    /// Raised once the text is another: what has not begun by then is not worth beginning.
    pub stale: Cancel,
    /// Computes the answer.
    pub work: Box<dyn FnOnce() -> Result<Value, Refusal> + Send>,
}

/// What comes out of a task.
pub struct Done {
    /// The answer.
    pub response: Response,
    /// What to tell in the log: a defect.
    pub defect: Option<String>,
}

/// The workers.
pub struct Pool {
    sender: Sender<Task>,
}

impl Pool {
    /// Starts as many workers; what they answer goes to `done`.
    pub fn new(workers: usize, done: &Sender<Done>) -> Pool {
        let (sender, receiver) = unbounded::<Task>();
        for _ in 0..workers.max(1) {
            let (receiver, done) = (receiver.clone(), done.clone());
            std::thread::spawn(move || {
                for task in receiver {
                    if done.send(run(task)).is_err() {
                        break;
                    }
                }
            });
        }
        Pool { sender }
    }

    /// Gives the workers a task.
    pub fn start(&self, task: Task) {
        // The workers live as long as the pool.
        let _ = self.sender.send(task);
    }
}

/// Answers one task.
pub fn run(task: Task) -> Done {
    let Task { id, method, cancel, stale, work } = task;
    if cancel.is_cancelled() {
        return Done { response: Refusal::Cancelled.response(id), defect: None };
    }
    if stale.is_cancelled() {
        return Done { response: Refusal::Stale.response(id), defect: None };
    }
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(_)) if cancel.is_cancelled() => Done { response: Refusal::Cancelled.response(id), defect: None },
        // As it is: `new_ok` would write it once more.
        Ok(Ok(value)) => Done { response: Response { id, response_result: Ok(value) }, defect: None },
        Ok(Err(refusal)) => Done { response: refusal.response(id), defect: None },
        Err(panic) => {
            let reason = panic.downcast_ref::<String>().cloned();
            let reason = reason.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            let reason = reason.unwrap_or_else(|| "no reason given".to_owned());
            let message =
                format!("internal error in {method}: {reason}; this is a defect of Lawbook, please report it");
            let response = Response::new_err(id, ErrorCode::InternalError as i32, message.clone());
            Done { response, defect: Some(message) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(work: impl FnOnce() -> Result<Value, Refusal> + Send + 'static, cancel: Cancel) -> (Option<i32>, bool) {
        staled(work, cancel, &Cancel::new())
    }

    fn staled(
        work: impl FnOnce() -> Result<Value, Refusal> + Send + 'static,
        cancel: Cancel,
        stale: &Cancel,
    ) -> (Option<i32>, bool) {
        let task = Task { id: 1.into(), method: "m".to_owned(), cancel, stale: stale.clone(), work: Box::new(work) };
        let done = run(task);
        (done.response.response_result.err().map(|error| error.code), done.defect.is_some())
    }

    #[test]
    fn a_defect_is_an_answer() {
        std::panic::set_hook(Box::new(|_| {}));
        assert_eq!(answer(|| panic!("a defect"), Cancel::new()), (Some(-32603), true));
        assert_eq!(answer(|| Ok(Value::Null), Cancel::new()), (None, false));
        let cancel = Cancel::new();
        cancel.cancel();
        assert_eq!(answer(|| Ok(Value::Null), cancel.clone()), (Some(-32800), false));
        // What is stale is not begun.
        assert_eq!(staled(|| panic!("begun"), Cancel::new(), &cancel), (Some(-32801), false));
    }
}
