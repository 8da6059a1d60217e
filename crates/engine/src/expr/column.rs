//! Operands over whole blocks, one column at a time.
//!
//! Numbers stay numbers between operators and become codes only where they are kept; texts are codes throughout.

use std::borrow::Cow;

use facts::{Code, Type, Value, Values};
use ir::{ArithmeticOp, Comparison, Function};

use super::functions::World;
use super::scalar;
use crate::exec::Block;
use crate::plan::{Operand, OperandKind};

/// How a row has no value. The exact path tells more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bad {
    Good,
    Nothing,
    Fault,
}

/// Values of one operand, row by row.
#[derive(Debug)]
pub(crate) enum Data<'a> {
    /// Codes of the operand's type.
    Codes(Cow<'a, [u32]>),
    /// One code for all rows.
    Same(u32),
    /// Ints, times or durations.
    Whole(Vec<i64>),
    Floats(Vec<f64>),
}

/// A column, and which of its rows have no value; empty where all have one. What stands in the data for rows without means
/// nothing.
#[derive(Debug)]
pub(crate) struct Column<'a> {
    pub data: Data<'a>,
    pub bad: Vec<Bad>,
}

impl<'a> Column<'a> {
    /// Whether row `row` has a value.
    pub fn state(&self, row: usize) -> Bad {
        self.bad.get(row).copied().unwrap_or(Bad::Good)
    }

    fn mark(&mut self, row: usize, len: usize, state: Bad) {
        if self.bad.is_empty() {
            self.bad = vec![Bad::Good; len];
        }
        // Having no value goes before a fault, as on the exact path.
        if self.bad[row] != Bad::Nothing {
            self.bad[row] = state;
        }
    }

    fn inherit(&mut self, other: &Column, len: usize) {
        for (row, &state) in other.bad.iter().enumerate() {
            if state != Bad::Good {
                self.mark(row, len, state);
            }
        }
    }

    /// The codes of all rows.
    pub fn codes(self, ty: &Type, len: usize, values: &mut Values) -> (Cow<'a, [u32]>, Vec<Bad>) {
        let bad = self.bad;
        let good = |row: usize| bad.get(row).is_none_or(|state| *state == Bad::Good);
        let codes = match self.data {
            Data::Codes(codes) => codes,
            Data::Same(code) => Cow::Owned(vec![code; len]),
            Data::Whole(numbers) => {
                let code = |(row, &number): (usize, &i64)| match ty {
                    _ if !good(row) => 0,
                    Type::Time => values.encode(&Value::Time(number)).0,
                    Type::Duration => values.encode(&Value::Duration(number)).0,
                    _ => values.int(number).0,
                };
                Cow::Owned(numbers.iter().enumerate().map(code).collect())
            }
            Data::Floats(numbers) => {
                let code = |(row, &number): (usize, &f64)| match Value::float(number) {
                    Some(value) if good(row) => values.encode(&value).0,
                    _ => 0,
                };
                Cow::Owned(numbers.iter().enumerate().map(code).collect())
            }
        };
        (codes, bad)
    }

    /// Ints, times or durations of all rows.
    pub fn whole(&self, ty: &Type, len: usize, values: &Values) -> Cow<'_, [i64]> {
        let decode = |code: u32| match ty {
            Type::Int => values.decode_int(Code(code)),
            _ => match values.decode(ty, Code(code)) {
                Value::Time(number) | Value::Duration(number) => number,
                Value::Bool(truth) => truth.into(),
                _ => 0,
            },
        };
        match &self.data {
            Data::Whole(numbers) => Cow::Borrowed(numbers),
            Data::Same(code) => Cow::Owned(vec![decode(*code); len]),
            Data::Codes(codes) => {
                let number = |(row, &code)| if self.state(row) == Bad::Good { decode(code) } else { 0 };
                Cow::Owned(codes.iter().enumerate().map(number).collect())
            }
            Data::Floats(_) => Cow::Owned(vec![0; len]),
        }
    }

    /// Floats of all rows.
    pub fn floats(&self, len: usize, values: &Values) -> Cow<'_, [f64]> {
        let decode = |code: u32| match values.decode(&Type::Float, Code(code)) {
            Value::Float(number) => number,
            _ => 0.0,
        };
        match &self.data {
            Data::Floats(numbers) => Cow::Borrowed(numbers),
            Data::Same(code) => Cow::Owned(vec![decode(*code); len]),
            Data::Codes(codes) => {
                let number = |(row, &code)| if self.state(row) == Bad::Good { decode(code) } else { 0.0 };
                Cow::Owned(codes.iter().enumerate().map(number).collect())
            }
            Data::Whole(numbers) => Cow::Owned(numbers.iter().map(|&number| number as f64).collect()),
        }
    }

    /// The value of a row that has one.
    pub fn value(&self, ty: &Type, row: usize, values: &Values) -> Value {
        match &self.data {
            Data::Codes(codes) => values.decode(ty, Code(codes[row])),
            Data::Same(code) => values.decode(ty, Code(*code)),
            Data::Whole(numbers) => match ty {
                Type::Time => Value::Time(numbers[row]),
                Type::Duration => Value::Duration(numbers[row]),
                _ => Value::Int(numbers[row]),
            },
            Data::Floats(numbers) => Value::Float(numbers[row]),
        }
    }
}

/// The column of an operand over a block.
pub(crate) fn column<'a>(operand: &Operand, block: &'a Block, world: &mut World) -> Column<'a> {
    let good = |data| Column { data, bad: Vec::new() };
    let len = block.len;
    match &operand.kind {
        OperandKind::Const(code, _) => good(Data::Same(code.0)),
        OperandKind::Slot(slot) => good(Data::Codes(Cow::Borrowed(&block.columns[*slot]))),
        OperandKind::Else(slot, other) => {
            let present = |&code: &u32| if Code(code).is_none() { other.0 } else { code };
            good(Data::Codes(block.columns[*slot].iter().map(present).collect()))
        }
        OperandKind::Widen(inner) => {
            let inner = column(inner, block, world);
            let numbers = inner.whole(&Type::Int, len, &world.database.values);
            let floats = numbers.iter().map(|&number| number as f64).collect();
            Column { data: Data::Floats(floats), bad: inner.bad }
        }
        OperandKind::Negate(inner) => {
            let ty = &inner.ty;
            let inner = column(inner, block, world);
            if *ty == Type::Float {
                let floats = inner.floats(len, &world.database.values).iter().map(|number| 0.0 - number).collect();
                return Column { data: Data::Floats(floats), bad: inner.bad };
            }
            whole_column(&inner, inner.whole(ty, len, &world.database.values).iter().map(|n| n.checked_neg()), len)
        }
        OperandKind::Arithmetic(op, left, right) => arithmetic(*op, operand, left, right, block, world),
        OperandKind::Call(function, args) => call(*function, args, block, world),
        OperandKind::Concat(parts) => concat(parts, block, world),
    }
}

/// A column of whole numbers made from another; `None` is a fault.
fn whole_column<'a>(from: &Column, numbers: impl Iterator<Item = Option<i64>>, len: usize) -> Column<'a> {
    let mut out = Column { data: Data::Whole(Vec::new()), bad: from.bad.clone() };
    let mut data = Vec::with_capacity(len);
    for (row, number) in numbers.enumerate() {
        if number.is_none() && from.state(row) == Bad::Good {
            out.mark(row, len, Bad::Fault);
        }
        data.push(number.unwrap_or(0));
    }
    out.data = Data::Whole(data);
    out
}

fn arithmetic<'a>(
    op: ArithmeticOp,
    operand: &Operand,
    left: &Operand,
    right: &Operand,
    block: &'a Block,
    world: &mut World,
) -> Column<'a> {
    let len = block.len;
    let (a, b) = (column(left, block, world), column(right, block, world));
    let values = &world.database.values;
    let mut out = Column { data: Data::Whole(Vec::new()), bad: Vec::new() };
    out.inherit(&a, len);
    out.inherit(&b, len);
    if operand.ty == Type::Float {
        let floats = |column: &Column, ty: &Type| match ty {
            Type::Float => column.floats(len, values).into_owned(),
            ty => column.whole(ty, len, values).iter().map(|&number| number as f64).collect(),
        };
        let (left, right) = (floats(&a, &left.ty), floats(&b, &right.ty));
        let mut data = Vec::with_capacity(len);
        for (row, (a, b)) in left.into_iter().zip(right).enumerate() {
            let result = match op {
                ArithmeticOp::Add => a + b,
                ArithmeticOp::Subtract => a - b,
                ArithmeticOp::Multiply => a * b,
                ArithmeticOp::Divide => a / b,
            };
            if !result.is_finite() && out.state(row) == Bad::Good {
                out.mark(row, len, Bad::Fault);
            }
            // `-0.0` becomes `0.0`.
            data.push(result + 0.0);
        }
        out.data = Data::Floats(data);
        return out;
    }
    let (left, right) = (a.whole(&left.ty, len, values), b.whole(&right.ty, len, values));
    let numbers = left.iter().zip(right.iter()).map(|(&a, &b)| match op {
        ArithmeticOp::Add => a.checked_add(b),
        ArithmeticOp::Subtract => a.checked_sub(b),
        ArithmeticOp::Multiply => a.checked_mul(b),
        ArithmeticOp::Divide => a.checked_div(b),
    });
    whole_column(&out, numbers, len)
}

fn call<'a>(function: Function, args: &[Operand], block: &'a Block, world: &mut World) -> Column<'a> {
    let len = block.len;
    match (function, args) {
        (Function::Days | Function::Date | Function::Abs | Function::Round | Function::Min2 | Function::Max2, _) => {
            numbers(function, args, block, world)
        }
        _ => {
            let mut out = Column { data: Data::Same(0), bad: Vec::new() };
            let mut columns = Vec::with_capacity(args.len());
            for arg in args {
                let column = column(arg, block, world);
                out.inherit(&column, len);
                columns.push(column.codes(&arg.ty, len, &mut world.database.values).0);
            }
            let mut data = Vec::with_capacity(len);
            let mut codes: Vec<(&Type, u32)> = Vec::with_capacity(args.len());
            for row in 0..len {
                if out.state(row) != Bad::Good {
                    data.push(0);
                    continue;
                }
                codes.clear();
                codes.extend(args.iter().zip(&columns).map(|(arg, column)| (&arg.ty, column[row])));
                let code = world.call(function, &codes);
                if code.is_none() {
                    out.mark(row, len, Bad::Nothing);
                }
                data.push(code.unwrap_or(0));
            }
            out.data = Data::Codes(Cow::Owned(data));
            out
        }
    }
}

/// Functions of numbers and of ordered values go through the exact path's own definitions, value by value.
fn numbers<'a>(function: Function, args: &[Operand], block: &'a Block, world: &mut World) -> Column<'a> {
    let len = block.len;
    let columns: Vec<Column> = args.iter().map(|arg| column(arg, block, world)).collect();
    let mut out = Column { data: Data::Same(0), bad: Vec::new() };
    columns.iter().for_each(|column| out.inherit(column, len));
    let mut data = Vec::with_capacity(len);
    for row in 0..len {
        if out.state(row) != Bad::Good {
            data.push(0);
            continue;
        }
        let each = args.iter().zip(&columns);
        let values: Vec<Value> = each.map(|(arg, column)| column.value(&arg.ty, row, &world.database.values)).collect();
        data.push(match scalar::call(function, &values, world) {
            scalar::Outcome::Value(value) => world.database.values.encode(&value).0,
            scalar::Outcome::Nothing => {
                out.mark(row, len, Bad::Nothing);
                0
            }
            scalar::Outcome::Fault(_) => {
                out.mark(row, len, Bad::Fault);
                0
            }
        });
    }
    out.data = Data::Codes(Cow::Owned(data));
    out
}

fn concat<'a>(parts: &[Operand], block: &'a Block, world: &mut World) -> Column<'a> {
    let len = block.len;
    let columns: Vec<Column> = parts.iter().map(|part| column(part, block, world)).collect();
    let mut out = Column { data: Data::Same(0), bad: Vec::new() };
    columns.iter().for_each(|column| out.inherit(column, len));
    let mut data = Vec::with_capacity(len);
    let mut text = String::new();
    for row in 0..len {
        if out.state(row) != Bad::Good {
            data.push(0);
            continue;
        }
        text.clear();
        for (part, column) in parts.iter().zip(&columns) {
            match column.value(&part.ty, row, &world.database.values) {
                Value::Text(part) => text.push_str(&part),
                other => text.push_str(&other.to_string()),
            }
        }
        data.push(world.database.values.intern(&text).0);
    }
    out.data = Data::Codes(Cow::Owned(data));
    out
}

/// Compares two columns of one type; `f` is called with each row and whether it holds, or how it has no value.
pub(crate) fn compare(
    op: Comparison,
    ty: &Type,
    (a, b): (&Column, &Column),
    len: usize,
    values: &Values,
    f: &mut dyn FnMut(usize, Result<bool, Bad>),
) {
    let state = |row: usize| match (a.state(row), b.state(row)) {
        (Bad::Nothing, _) | (_, Bad::Nothing) => Bad::Nothing,
        (Bad::Fault, _) | (_, Bad::Fault) => Bad::Fault,
        _ => Bad::Good,
    };
    let mut say = |row: usize, holds: &dyn Fn() -> bool| match state(row) {
        Bad::Good => f(row, Ok(holds())),
        bad => f(row, Err(bad)),
    };
    match ty {
        Type::Int | Type::Time | Type::Duration | Type::Bool => {
            let (a, b) = (a.whole(ty, len, values), b.whole(ty, len, values));
            (0..len).for_each(|row| say(row, &|| ordered(op, a[row].cmp(&b[row]))));
        }
        Type::Float => {
            let (a, b) = (a.floats(len, values), b.floats(len, values));
            (0..len).for_each(|row| say(row, &|| ordered(op, a[row].total_cmp(&b[row]))));
        }
        Type::String | Type::Entity(_) => {
            let code = |column: &Column, row: usize| match &column.data {
                Data::Codes(codes) => codes[row],
                Data::Same(code) => *code,
                _ => 0,
            };
            (0..len).for_each(|row| {
                say(row, &|| {
                    let (a, b) = (Code(code(a, row)), Code(code(b, row)));
                    match op {
                        Comparison::Equal => a == b,
                        Comparison::NotEqual => a != b,
                        _ => ordered(op, values.text(a).cmp(values.text(b))),
                    }
                });
            });
        }
    }
}

fn ordered(op: Comparison, order: std::cmp::Ordering) -> bool {
    match op {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterEqual => order.is_ge(),
    }
}
