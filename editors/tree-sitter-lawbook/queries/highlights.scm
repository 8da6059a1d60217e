; What is told apart: words of the language, relations and their columns, variables, functions, values, texts.
; The later of two patterns for one node wins.

(identifier) @variable
(path (identifier) @variable)

; ---- Comments ----

(comment) @comment
(doc_comment) @comment.documentation
(module_doc_comment) @comment.documentation

; ---- Declarations ----

["use" "entity" "rel" "param" "framework" "input" "control" "test" "open"] @keyword

["from" "code" "matches" "where" "each" "incomplete" "headerless" "key"] @keyword

["as_of" "given" "file" "files" "empty" "expect" "no" "violation" "with" "at"] @keyword

(use_declaration module: (path (identifier) @module))
(use_declaration alias: (identifier) @module)
(entity_declaration name: (identifier) @type)
(entity_declaration supertype: (path (identifier) @type))
(relation_declaration name: (identifier) @function)
(input_declaration name: (identifier) @function)
(parameter_declaration name: (identifier) @constant)
(parameter_statement name: (path (identifier) @constant))
(column name: (identifier) @property)
(column type: (type (path (identifier) @type)))
((column type: (type (path (identifier) @type.builtin)))
  (#any-of? @type.builtin "string" "int" "float" "bool" "time" "duration"))
(type "?" @operator)

(framework_declaration id: (id) @constant)
(criterion id: (id) @constant)
(criterion_reference framework: (id) @module)
(criterion_reference criterion: (id) @constant)

(control id: (id) @constant)
(control title: (string) @markup.heading)
(test name: (string) @markup.heading)
(field name: (identifier) @property)
(field (id) @string.special)
((field name: (identifier) @_name (id) @constant.builtin)
  (#eq? @_name "severity"))

; ---- Inputs ----

(format) @type.builtin
(mapping column: (identifier) @property)
(document_path (identifier) @variable.member)
(iteration alias: (identifier) @variable)
(anywhere (identifier) @variable.member)
(mark) @variable.builtin
(decoding) @function.builtin
(values) @operator
(index "*" @operator)
(capture) @label

; ---- Tests ----

(status) @constant.builtin
(expect_violation control: (id) @constant)
(expect_no_violation control: (id) @constant)
(expect_status control: (id) @constant)
(given_empty relation: (path (identifier) @function))

; ---- Clauses ----

(atom relation: (path (identifier) @module (identifier) @function .))
(atom relation: (path (identifier) @function .))
((atom relation: (path . (identifier) @function.special .))
  (#any-of? @function.special "scope" "violation" "note"))
(named_argument name: (identifier) @property)
(shorthand_argument (identifier) @variable)
(shorthand_argument "?" @operator)
(optional_variable "?" @operator)

(variable (identifier) @variable)
((variable (identifier) @character.special)
  (#eq? @character.special "_"))
(path (identifier) @module (identifier) @constant .)
(atom relation: (path (identifier) @module (identifier) @function .))
(call function: (path (identifier) @function.call .))
((call function: (path . (identifier) @function.builtin .))
  (#any-of? @function.builtin
    "today" "lower" "upper" "trim" "length" "replace" "split" "basename" "dirname" "parse_int" "parse_float"
    "parse_time" "days" "date" "abs" "min2" "max2" "round" "entropy" "sha256" "label" "path" "line"))
(use_declaration module: (path (identifier) @module))
(aggregate_function) @function.builtin

["as" "or" "not" "else" "contains" "starts_with" "ends_with" "like" "in"] @keyword.operator
(comparison operator: "matches" @keyword.operator)
(not_operator) @keyword.operator

["=" "!=" "<" "<=" ">" ">=" "+" "-" "*" "/" ":-"] @operator

; ---- Values ----

(number) @number
(duration) @number
(date) @number
(boolean) @boolean
(none) @constant.builtin

(string) @string
(raw_string) @string
(raw_block) @string
(escape_sequence) @string.escape
(interpolation ["{" "}"] @punctuation.special)
(regex) @string.regexp
(regex "/" @string.regexp)
(regex_flags) @character.special

; ---- Marks ----

["," "." ":"] @punctuation.delimiter
["(" ")" "[" "]" "{" "}"] @punctuation.bracket
(interpolation ["{" "}"] @punctuation.special)
