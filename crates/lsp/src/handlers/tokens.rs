//! Semantic tokens: all, of a range, and what changed since.

use std::collections::VecDeque;
use std::sync::Mutex;

use base::{FileId, Span};
use ide::tokens;
use lsp_types::{
    SemanticToken, SemanticTokens, SemanticTokensDelta, SemanticTokensDeltaParams, SemanticTokensEdit,
    SemanticTokensFullDeltaResult, SemanticTokensParams, SemanticTokensRangeParams, SemanticTokensRangeResult,
    SemanticTokensResult,
};

use crate::context::Context;
use crate::tasks::Refusal;

/// Answers remembered, to tell what changed since.
const KEPT: usize = 32;

/// An answer and its id.
type Answer = (String, Vec<SemanticToken>);

/// The last answers, with their ids.
#[derive(Default)]
pub struct Answers {
    last: Mutex<(u64, VecDeque<Answer>)>,
}

impl Answers {
    fn keep(&self, tokens: &[SemanticToken]) -> String {
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        last.0 += 1;
        let id = last.0.to_string();
        last.1.push_back((id.clone(), tokens.to_vec()));
        if last.1.len() > KEPT {
            last.1.pop_front();
        }
        id
    }

    fn find(&self, id: &str) -> Option<Vec<SemanticToken>> {
        let last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        last.1.iter().find(|(known, _)| known == id).map(|(_, tokens)| tokens.clone())
    }
}

/// The tokens of a range, each by its distance from the one before.
fn encoded(context: &Context, file: FileId, range: Span) -> Vec<SemanticToken> {
    let lines = context.lines(file);
    let (mut line, mut start) = (0, 0);
    let found = tokens::tokens(&context.snapshot, file, range).into_iter();
    found
        .map(|token| {
            let at = lines.position(token.span.start as usize);
            let delta_line = at.line - line;
            let delta_start = if delta_line == 0 { at.character - start } else { at.character };
            (line, start) = (at.line, at.character);
            SemanticToken {
                delta_line,
                delta_start,
                length: lines.encoding.length(&lines.text[token.span.range()]) as u32,
                token_type: token.kind as u32,
                token_modifiers_bitset: token.modifiers,
            }
        })
        .collect()
}

fn whole(context: &Context, file: FileId) -> Vec<SemanticToken> {
    encoded(context, file, Span::new(0, context.snapshot.text(file).len()))
}

pub fn full(context: &Context, params: SemanticTokensParams) -> Result<Option<SemanticTokensResult>, Refusal> {
    let file = context.file(&params.text_document.uri)?;
    let data = whole(context, file);
    let result_id = Some(context.answers.keep(&data));
    Ok(Some(SemanticTokensResult::Tokens(SemanticTokens { result_id, data })))
}

pub fn range(
    context: &Context,
    params: SemanticTokensRangeParams,
) -> Result<Option<SemanticTokensRangeResult>, Refusal> {
    let file = context.file(&params.text_document.uri)?;
    let range = context.lines(file).span(params.range);
    let data = encoded(context, file, range);
    Ok(Some(SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data })))
}

pub fn delta(
    context: &Context,
    params: SemanticTokensDeltaParams,
) -> Result<Option<SemanticTokensFullDeltaResult>, Refusal> {
    let file = context.file(&params.text_document.uri)?;
    let data = whole(context, file);
    let before = context.answers.find(&params.previous_result_id);
    let result_id = Some(context.answers.keep(&data));
    let Some(before) = before else {
        return Ok(Some(SemanticTokensFullDeltaResult::Tokens(SemanticTokens { result_id, data })));
    };
    let edits = changed(&before, data).into_iter().collect();
    Ok(Some(SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta { result_id, edits })))
}

/// What lies between the tokens at the start and at the end that are the same.
fn changed(before: &[SemanticToken], mut after: Vec<SemanticToken>) -> Option<SemanticTokensEdit> {
    let start = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    if start == before.len() && start == after.len() {
        return None;
    }
    let most = before.len().min(after.len()) - start;
    let end = before.iter().rev().zip(after.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    after.truncate(after.len() - end);
    let data = after.split_off(start);
    Some(SemanticTokensEdit {
        start: 5 * start as u32,
        delete_count: 5 * (before.len() - end - start) as u32,
        data: (!data.is_empty()).then_some(data),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(number: u32) -> SemanticToken {
        SemanticToken { delta_line: number, delta_start: 0, length: 1, token_type: 0, token_modifiers_bitset: 0 }
    }

    #[test]
    fn only_what_changed_is_sent() {
        let tokens = |numbers: &[u32]| numbers.iter().map(|number| token(*number)).collect::<Vec<_>>();
        let edit = |before: &[u32], after: &[u32]| {
            changed(&tokens(before), tokens(after))
                .map(|edit| (edit.start, edit.delete_count, edit.data.unwrap_or_default().len()))
        };
        assert_eq!(edit(&[1, 2, 3], &[1, 2, 3]), None);
        assert_eq!(edit(&[1, 2, 3], &[1, 9, 3]), Some((5, 5, 1)));
        assert_eq!(edit(&[1, 1], &[1, 1, 1]), Some((10, 0, 1)));
        assert_eq!(edit(&[1, 2], &[]), Some((0, 10, 0)));
    }
}
