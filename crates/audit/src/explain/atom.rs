//! Atoms: the proofs of the rows that match, or why none does.

use engine::{Pattern, RowRef};
use ir::RelId;
use lang::Query;

use super::ExplainOptions;
use super::question::Question;
use super::tree::{Explanation, NodeKind};
use super::writer::Writer;
use crate::{Evaluated, Failure, Project};

impl Project {
    /// Why the rows hold that an evaluated query for one relation asks for; where there are none, why not.
    pub fn explain_query(
        &self,
        atom: &str,
        query: &Query,
        evaluated: &Evaluated,
        options: ExplainOptions,
    ) -> Result<Explanation, Failure> {
        let question = question(atom, query, evaluated)?;
        let mut excerpts = self.excerpts();
        let mut writer = Writer::new(self, evaluated, &mut excerpts);
        let mut explanation = Explanation { title: atom.trim().to_owned(), ..Explanation::default() };
        explanation.summary.extend(question.notes.iter().cloned());
        if question.rows.is_empty() {
            absent(&mut writer, &question, options, &mut explanation);
        } else {
            explanation.holds = true;
            let (total, shown) = (question.rows.len(), options.rows.max(1));
            explanation.summary.push(match total {
                1 => "holds for one row".to_owned(),
                total if total <= shown => format!("holds for {total} rows"),
                total => {
                    let first = if shown == 1 { "the first".to_owned() } else { format!("the first {shown}") };
                    let verb = if shown == 1 { "is" } else { "are" };
                    format!("holds for {total} rows, of which {first} by value {verb} shown: `--all` shows all, `--limit N` N")
                }
            });
            for row in question.rows.iter().take(shown) {
                let root = writer.proof(*row);
                explanation.roots.push(root);
            }
        }
        explanation.nodes = writer.nodes;
        Ok(explanation)
    }

    /// Why a row holds.
    pub(crate) fn explain_row(&self, row: RowRef, evaluated: &Evaluated) -> Explanation {
        let mut excerpts = self.excerpts();
        let mut writer = Writer::new(self, evaluated, &mut excerpts);
        let root = writer.proof(row);
        // The rule of a question is what was typed: what it rests on is the proof.
        let roots = std::mem::take(&mut writer.nodes[root].children);
        Explanation { holds: true, roots, nodes: writer.nodes, ..Explanation::default() }
    }

    /// Why no row is as an evaluated query for one relation asks; where there are some, how to see why.
    pub fn query_why_not(
        &self,
        atom: &str,
        query: &Query,
        evaluated: &Evaluated,
        options: ExplainOptions,
    ) -> Result<Explanation, Failure> {
        let question = question(atom, query, evaluated)?;
        let mut excerpts = self.excerpts();
        let mut writer = Writer::new(self, evaluated, &mut excerpts);
        let mut explanation = Explanation { title: atom.trim().to_owned(), ..Explanation::default() };
        explanation.summary.extend(question.notes.iter().cloned());
        match question.rows.as_slice() {
            [] => absent(&mut writer, &question, options, &mut explanation),
            [first, others @ ..] => {
                explanation.holds = true;
                explanation.summary.push(match others.len() {
                    0 => "it holds: this row is there".to_owned(),
                    others => format!("it holds: {} rows are there, this is the first by value", others + 1),
                });
                let spots = writer.row_spots(*first);
                let row = writer.add_row(NodeKind::Text, *first, spots, Vec::new());
                let command = self.command("explain", atom.trim());
                let ask = writer.text(NodeKind::Ask, command);
                explanation.roots = vec![row, ask];
            }
        }
        explanation.nodes = writer.nodes;
        Ok(explanation)
    }
}

impl Writer<'_, '_> {
    /// Why a query has no answer.
    pub fn unanswered(&mut self, answers: RelId) -> Vec<usize> {
        let width = self.decl(answers).columns.len();
        let roots = self.why_not(answers, &Pattern::any(width), 0);
        for root in &roots {
            if self.nodes[*root].kind == NodeKind::Attempt {
                self.nodes[*root].text = "no answer".to_owned();
            }
        }
        roots
    }
}

fn question(atom: &str, query: &Query, evaluated: &Evaluated) -> Result<Question, Failure> {
    Question::read(query, evaluated)
        .ok_or_else(|| Failure::plain("E0940", format!("`{}` could not be evaluated", atom.trim())))
}

fn absent(writer: &mut Writer<'_, '_>, question: &Question, options: ExplainOptions, explanation: &mut Explanation) {
    explanation.summary.push("does not hold: no row matches".to_owned());
    explanation.roots = match question.rule {
        None => writer.why_not(question.relation, &question.pattern, options.depth),
        Some(rule) => {
            let answers = writer.evaluated.program.rule(rule).head;
            writer.unanswered(answers)
        }
    };
}
