//! HCL (Terraform) into the document model, in the shape that Terraform's own JSON syntax has: `resource "aws_s3_bucket" "logs"
//! { … }` is `resource.aws_s3_bucket.logs`, blocks that repeat are a list. What would have to be evaluated (variables, function
//! calls, templates) is its text as written: `${var.region}`. Nothing is ever evaluated.

use std::borrow::Cow;
use std::ops::Range;

use base::Span;
use extract::{Data, Document, SyntaxError};
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::parser::parse_body;
use hcl_edit::structure::{Block, Body, Structure};

use crate::documents::Each;
use crate::merged::{Object, Value};

/// The most labels of a block; each is a level of objects.
const LABELS: usize = 16;

/// The document of a text.
pub(crate) fn documents(text: &str, each: Each<'_>) {
    each(document(text));
}

fn document(text: &str) -> Result<Document<'_>, SyntaxError> {
    // The parser bounds how deep expressions and blocks nest.
    let parsed = parse_body(text)
        .map_err(|error| SyntaxError::new(error.location().offset(), error.message().replace('\n', "; ")))?;
    let mut root = Object::new(Span::new(0, text.len()));
    Reader { text }.body(&parsed, &mut root)?;
    root.document()
}

struct Reader<'t> {
    text: &'t str,
}

impl<'t> Reader<'t> {
    fn body(&self, body: &Body, into: &mut Object<'t>) -> Result<(), SyntaxError> {
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    let near = place(attribute.span(), into.span);
                    into.add(owned(attribute.key.as_str()), self.expression(&attribute.value, near));
                }
                Structure::Block(block) => self.block(block, into)?,
            }
        }
        Ok(())
    }

    fn block(&self, block: &Block, around: &mut Object<'t>) -> Result<(), SyntaxError> {
        let span = place(block.span(), around.span);
        if block.labels.len() > LABELS {
            let message = format!("this block has more than {LABELS} labels");
            return Err(SyntaxError::new(span.start as usize, message));
        }
        let mut names: Vec<&str> = vec![block.ident.as_str()];
        names.extend(block.labels.iter().map(|label| label.as_str()));
        let last = names.pop().unwrap_or_default();
        let mut parent = around;
        for name in names {
            parent = parent.shared(owned(name), span);
        }
        let mut object = Object::new(span);
        self.body(&block.body, &mut object)?;
        parent.add(owned(last), Value::Object(object));
        Ok(())
    }

    fn expression(&self, expression: &Expression, near: Span) -> Value<'t> {
        let span = place(expression.span(), near);
        let data = match expression {
            Expression::Null(_) => Data::Null,
            Expression::Bool(value) => Data::Bool(*value.value()),
            Expression::Number(number) => Data::Number(Cow::Owned(number.value().to_string())),
            Expression::String(value) => Data::Text(Cow::Owned(value.value().clone())),
            Expression::HeredocTemplate(heredoc) => Data::Text(Cow::Owned(heredoc.template.to_string())),
            Expression::Parenthesis(inner) => return self.expression(inner.inner(), span),
            Expression::Array(array) => {
                return Value::List(span, array.iter().map(|value| self.expression(value, span)).collect());
            }
            Expression::Object(entries) => {
                let mut object = Object::new(span);
                for (key, value) in entries.iter() {
                    let key = self.key(key, span);
                    object.add(key, self.expression(value.expr(), span));
                }
                return Value::Object(object);
            }
            Expression::StringTemplate(_) => Data::Text(Cow::Owned(self.template(span))),
            Expression::Variable(_)
            | Expression::Conditional(_)
            | Expression::FuncCall(_)
            | Expression::Traversal(_)
            | Expression::UnaryOp(_)
            | Expression::BinaryOp(_)
            | Expression::ForExpr(_) => self.computed(span),
        };
        Value::Scalar(span, data)
    }

    fn key(&self, key: &ObjectKey, near: Span) -> Cow<'t, str> {
        match key {
            ObjectKey::Ident(name) => owned(name.as_str()),
            ObjectKey::Expression(Expression::String(text)) => Cow::Owned(text.value().clone()),
            ObjectKey::Expression(other) => Cow::Owned(self.source(place(other.span(), near)).to_owned()),
        }
    }

    /// What would have to be evaluated, as Terraform's JSON syntax writes it. A negative number is a number.
    fn computed(&self, span: Span) -> Data<'t> {
        let source = self.source(span);
        match source.strip_prefix('-').map(str::trim_start) {
            Some(digits) if digits.parse::<f64>().is_ok_and(f64::is_finite) => {
                Data::Number(format!("-{digits}").into())
            }
            _ => Data::Text(Cow::Owned(format!("${{{source}}}"))),
        }
    }

    /// A template's text between its quotes.
    fn template(&self, span: Span) -> String {
        let source = self.source(span);
        source.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(source).to_owned()
    }

    fn source(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or_default().trim()
    }
}

fn owned<'t>(text: &str) -> Cow<'t, str> {
    Cow::Owned(text.to_owned())
}

fn place(span: Option<Range<usize>>, near: Span) -> Span {
    span.map_or(near, |span| Span::new(span.start, span.end.max(span.start)))
}
