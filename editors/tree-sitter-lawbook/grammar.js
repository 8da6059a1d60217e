/**
 * The tree-sitter grammar of Lawbook's policies (`.law`).
 *
 * `grammar/law.pest` at the root of the project is what Lawbook itself reads; a test holds this grammar against it
 * (`crates/editors`). Three things differ on purpose:
 *
 * 1. pest reads an expression as a flat chain and settles precedence afterwards; here it is a tree at once.
 * 2. What pest reads and the next stage refuses by its form alone (a comparison as an argument, a head without
 *    arguments) need not be read here.
 * 3. Layout does not matter here: Lawbook cuts a file into pieces by lines before it parses them.
 *
 * Whatever depends on the characters around (the stop that ends a clause, words that are keywords only in front of a
 * name, numbers, strings and what they interpolate) is decided by `src/scanner.c`.
 */

// Words that cannot be names inside bodies. As columns and keys of documents they are free.
const RESERVED = [
  'not', 'or', 'in', 'as', 'else', 'none', 'true', 'false',
  'contains', 'starts_with', 'ends_with', 'matches', 'like',
];

const PREC = { comparison: 1, else: 2, sum: 3, product: 4, minus: 5, atom: 6 };

/** One or more, parted by commas; a comma at the end is allowed. */
const list = (rule) => seq(rule, repeat(seq(',', rule)), optional(','));

module.exports = grammar({
  name: 'lawbook',

  word: ($) => $.identifier,

  reserved: { global: () => RESERVED, free: () => [] },

  extras: ($) => [/[ \t\n\x0b\f\r]/, $.comment, $.doc_comment, $.module_doc_comment],

  externals: ($) => [
    $._if,
    $._stop,
    $._dot,
    $._colon,
    $._string_start,
    $._glob_start,
    $.string_content,
    $.escape_sequence,
    $._string_end,
    $._interpolation_start,
    $._raw_string_start,
    $.raw_content,
    $._raw_string_end,
    $._block_start,
    $.block_content,
    $._block_end,
    $.regex_pattern,
    $.number,
    $.duration,
    $.date,
    $._fields_start,
    $._not_operator,
    $._not_like,
    $._aggregate_function,
    $._use,
    $._entity,
    $._open,
    $._rel,
    $._param,
    $._framework,
    $._input,
    $._control,
    $._test,
    $._key,
    $._file,
    $._files,
    $._empty,
    $._no,
    $._violation,
    $.status,
    $.comment,
    $._doc_start,
    $._module_doc_start,
    $.doc_text,
    $._last_comma,
    $._unclosed,
    $._error_sentinel,
  ],

  supertypes: ($) => [$._item, $._member, $._statement, $._condition, $._value, $._text],

  // After a comma, one more marker of absence or the next column.
  conflicts: ($) => [[$.absent]],

  rules: {
    source_file: ($) => repeat($._item),

    _item: ($) =>
      choice(
        $.use_declaration,
        $.entity_declaration,
        $.relation_declaration,
        $.parameter_declaration,
        $.framework_declaration,
        $.input_declaration,
        $.control,
        $.test,
        $.rule,
        $.fact,
      ),

    // ---- Comments ----

    doc_comment: ($) => seq(alias($._doc_start, '///'), $.doc_text),
    module_doc_comment: ($) => seq(alias($._module_doc_start, '//!'), $.doc_text),

    // ---- Names ----

    identifier: () => /[A-Za-z_][A-Za-z0-9_]*/,
    // A name where any word is one.
    _any_name: ($) => choice($.identifier, alias(choice(...RESERVED), $.identifier)),

    path: ($) => choice($.identifier, $._dotted),
    _dotted: ($) => seq($.identifier, repeat1(seq(alias($._dot, '.'), $._any_name))),

    // `AI-CC9.2-02`, `soc2`, `nist-ai-rmf`
    id: () => /[A-Za-z0-9_]([A-Za-z0-9_\-]|\.[A-Za-z0-9])*/,

    _colon_: ($) => alias($._colon, ':'),
    _stop_: ($) => alias($._stop, '.'),

    // ---- Declarations ----

    use_declaration: ($) =>
      seq(alias($._use, 'use'), field('module', $.path), optional(seq('as', field('alias', $.identifier)))),

    entity_declaration: ($) =>
      seq(alias($._entity, 'entity'), field('name', $.identifier), optional(seq('<', field('supertype', $.path)))),

    relation_declaration: ($) =>
      seq(
        optional(alias($._open, 'open')),
        alias($._rel, 'rel'),
        field('name', $.identifier),
        field('columns', $.columns),
      ),

    columns: ($) => seq('(', optional(list($.column)), ')'),
    column: ($) =>
      seq(optional(alias($._key, 'key')), field('name', $._any_name), $._colon_, field('type', $.type)),
    type: ($) => seq($.path, optional(token.immediate('?'))),

    parameter_declaration: ($) =>
      seq(
        alias($._param, 'param'),
        field('name', $.identifier),
        $._colon_,
        field('type', $.type),
        '=',
        field('value', $._value),
      ),

    framework_declaration: ($) =>
      seq(
        alias($._framework, 'framework'),
        field('id', $.id),
        field('title', $._text),
        field('body', $.criteria),
      ),
    criteria: ($) => seq('{', repeat(seq($.criterion, optional(','))), '}'),
    criterion: ($) => seq(field('id', choice($.id, $._text)), $._colon_, field('wording', $._text)),

    // ---- Inputs ----

    input_declaration: ($) =>
      seq(
        alias($._input, 'input'),
        field('name', $.identifier),
        field('columns', $.columns),
        repeat(field('source', $.source)),
      ),

    source: ($) =>
      seq(
        'from',
        choice(
          seq('code', field('language', alias($._any_name, $.format)), field('query', $._text)),
          seq(
            alias(choice($._any_name, 'code'), $.format),
            repeat(seq(',', alias(choice($._any_name, 'code'), $.format))),
            field('pattern', $._text),
          ),
        ),
        optional(seq('matches', $.regex)),
        repeat(choice('headerless', $.incomplete_clause, $.where_clause, $.each_clause)),
        optional(field('mappings', $.mappings)),
      ),

    incomplete_clause: ($) => seq('incomplete', $.where_clause),
    where_clause: ($) => seq('where', $.document_condition, repeat(seq(',', $.document_condition))),
    document_condition: ($) =>
      seq($.document_path, optional(choice(seq('=', $._value), seq('matches', $.regex)))),
    each_clause: ($) => seq('each', $.iteration, repeat(seq(',', $.iteration))),
    iteration: ($) => seq($.document_path, optional(seq('as', field('alias', $.identifier)))),

    mappings: ($) => seq('{', optional(list($.mapping)), '}'),
    mapping: ($) =>
      seq(
        field('column', $._any_name),
        $._colon_,
        $._document_operand,
        repeat(seq('or', $._document_operand)),
        repeat(choice($.absent, $.conversion)),
      ),
    absent: ($) => seq('none', $._text, repeat(seq(',', $._text))),
    conversion: ($) => seq('as', choice($._text, alias($._any_name, $.format))),

    _document_operand: ($) =>
      choice(
        $._text,
        $.boolean,
        $.none,
        $._number,
        alias($._negative_number, $.unary_expression),
        $.capture,
        alias($._operand_path, $.document_path),
      ),
    _negative_number: ($) => seq(field('operator', '-'), $._number),

    capture: () => /@[A-Za-z0-9_]([A-Za-z0-9_\-]|\.[A-Za-z0-9_])*/,

    document_path: ($) =>
      seq(choice($._any_name, $.mark, $.anywhere, $.index), repeat($._path_step)),
    // Where constants can stand too, their words are no keys.
    _operand_path: ($) =>
      seq(
        choice(
          $.identifier,
          alias(choice(...RESERVED.filter((word) => !['none', 'true', 'false'].includes(word))), $.identifier),
          $.mark,
          $.anywhere,
          $.index,
        ),
        repeat($._path_step),
      ),
    _path_step: ($) =>
      choice(
        seq(alias($._dot, '.'), choice($._any_name, $.mark)),
        seq(alias($._dot, '.'), alias($._any_name, $.decoding), token.immediate('()')),
        alias(token.immediate('.*'), $.values),
        alias($._deeper, $.anywhere),
        alias($._subscript, $.index),
      ),
    mark: () => /\$[A-Za-z_][A-Za-z0-9_]*/,
    anywhere: ($) => seq('..', $._any_name),
    _deeper: ($) => seq(token.immediate('..'), $._any_name),
    index: ($) => seq('[', choice('*', alias(/[0-9]+/, $.number), $._text), ']'),
    _subscript: ($) => seq(token.immediate('['), choice('*', alias(/[0-9]+/, $.number), $._text), ']'),

    // ---- Controls ----

    control: ($) =>
      seq(
        alias($._control, 'control'),
        field('id', $.id),
        field('title', $._text),
        field('body', $.control_block),
      ),
    control_block: ($) => seq('{', repeat($._member), '}'),
    _member: ($) => choice($.relation_declaration, $.field, $.rule, $.fact),

    field: ($) =>
      seq(
        field('name', $.identifier),
        $._colon_,
        $._field_value,
        repeat(seq(',', $._field_value)),
        optional(alias($._last_comma, ',')),
      ),
    _field_value: ($) => choice($._text, $.id, $.criterion_reference),
    criterion_reference: ($) =>
      seq(field('framework', $.id), '/', field('criterion', choice($.id, $._text))),

    // ---- Tests ----

    test: ($) => seq(alias($._test, 'test'), field('name', $._text), field('body', $.test_block)),
    test_block: ($) => seq('{', repeat(seq($._statement, optional($._stop_))), '}'),
    _statement: ($) =>
      choice(
        $.as_of_statement,
        $.parameter_statement,
        $.given_file,
        $.given_files,
        $.given_empty,
        $.given_row,
        $.expect_violation,
        $.expect_no_violation,
        $.expect_status,
        $.expect_no_row,
        $.expect_condition,
      ),

    as_of_statement: ($) => seq('as_of', $._value),
    parameter_statement: ($) => seq('param', field('name', $.path), '=', field('value', $._value)),
    given_file: ($) => seq('given', alias($._file, 'file'), field('path', $._text), '=', field('text', $._text)),
    given_files: ($) => seq('given', alias($._files, 'files'), field('folder', $._text)),
    given_empty: ($) => seq('given', alias($._empty, 'empty'), field('relation', $.path)),
    given_row: ($) => seq('given', $.atom),

    expect_violation: ($) =>
      seq(
        'expect',
        alias($._violation, 'violation'),
        $._expected_violation,
        repeat(choice(seq('with', field('message', $._text)), seq('at', field('place', $._text)))),
      ),
    expect_no_violation: ($) =>
      seq('expect', alias($._no, 'no'), alias($._violation, 'violation'), $._expected_violation),
    _expected_violation: ($) =>
      seq(field('control', $.id), '(', field('subject', $._text), ')'),
    expect_status: ($) => seq('expect', $.status, field('control', $.id)),
    expect_no_row: ($) => seq('expect', alias($._no, 'no'), $.atom),
    expect_condition: ($) => seq('expect', $._condition),

    // ---- Clauses ----

    rule: ($) => seq(field('head', $.atom), alias($._if, ':-'), field('body', $.body), $._stop_),
    fact: ($) => seq(field('head', $.atom), $._stop_),
    body: ($) => $._conditions,
    _conditions: ($) => list($._condition),

    _condition: ($) => choice($.atom, $.negation, $.comparison, $._value),

    atom: ($) =>
      prec(PREC.atom, seq(field('relation', $.path), choice($.arguments, $.named_arguments))),
    arguments: ($) => seq(token.immediate('('), optional(list($._argument)), ')'),
    _argument: ($) => choice($._value, $.optional_variable),
    named_arguments: ($) => seq(alias($._fields_start, '{'), optional(list($._named_argument)), '}'),
    _named_argument: ($) =>
      choice(
        $.named_argument,
        alias($.variable, $.shorthand_argument),
        alias($.optional_variable, $.shorthand_argument),
      ),
    named_argument: ($) => seq(field('name', $._any_name), $._colon_, field('value', $._argument)),

    negation: ($) => seq('not', $._condition),

    comparison: ($) =>
      prec.left(
        PREC.comparison,
        choice(
          seq(
            field('left', $._value),
            field('operator', choice('=', '!=', '<', '<=', '>', '>=')),
            field('right', $._value),
          ),
          seq(
            field('left', $._value),
            field(
              'operator',
              choice('contains', 'starts_with', 'ends_with', 'matches', 'in', alias($._not_operator, $.not_operator)),
            ),
            field('right', $._value),
            optional($.groups),
          ),
          seq(
            field('left', $._value),
            field('operator', choice('like', alias($._not_like, $.not_operator))),
            field('right', choice(alias($.glob, $.string), $._value)),
          ),
        ),
      ),
    groups: ($) => seq('as', '(', list(choice($.variable, $.optional_variable)), ')'),

    // ---- Values ----

    _value: ($) =>
      choice(
        $.binary_expression,
        $.unary_expression,
        $.call,
        $.aggregate,
        $.variable,
        alias($._dotted, $.path),
        $._text,
        $._number,
        $.regex,
        $.list,
        $.group,
        $.boolean,
        $.none,
      ),

    binary_expression: ($) => {
      const level = (precedence, operator) =>
        prec.left(
          precedence,
          seq(field('left', $._value), field('operator', operator), field('right', $._value)),
        );
      return choice(
        level(PREC.else, 'else'),
        level(PREC.sum, choice('+', '-')),
        level(PREC.product, choice('*', '/')),
      );
    },
    unary_expression: ($) => prec(PREC.minus, seq(field('operator', '-'), field('operand', $._value))),

    call: ($) => seq(field('function', $.path), $.arguments),
    aggregate: ($) =>
      seq(
        field('function', alias($._aggregate_function, $.aggregate_function)),
        alias($._fields_start, '{'),
        field('listed', $.listed),
        $._colon_,
        field('body', $.body),
        '}',
      ),
    listed: ($) => seq($._value, repeat(seq(',', $._value))),

    variable: ($) => $.identifier,
    optional_variable: ($) => seq($.identifier, token.immediate('?')),

    // Alternatives, or a value in parentheses.
    group: ($) => seq('(', $._conditions, repeat(seq('or', $._conditions)), ')'),
    list: ($) => seq('[', optional(list($._value)), ']'),

    boolean: () => choice('true', 'false'),
    none: () => 'none',
    _number: ($) => choice($.number, $.duration, $.date),

    _text: ($) => choice($.string, $.raw_string, $.raw_block),
    string: ($) => seq(alias($._string_start, '"'), $._string_rest),
    // A string whose braces are those of a glob.
    glob: ($) => seq(alias($._glob_start, '"'), $._string_rest),
    _string_rest: ($) =>
      seq(
        repeat(choice($.string_content, $.escape_sequence, $.interpolation)),
        alias($._string_end, '"'),
      ),
    interpolation: ($) => seq(alias($._interpolation_start, '{'), $._value, '}'),
    raw_string: ($) => seq($._raw_string_start, optional($.raw_content), $._raw_string_end),
    raw_block: ($) => seq($._block_start, optional($.block_content), $._block_end),

    regex: ($) =>
      seq('/', $.regex_pattern, token.immediate('/'), optional(alias(token.immediate(/[A-Za-z]+/), $.regex_flags))),
  },
});
