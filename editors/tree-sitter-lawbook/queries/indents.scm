; Blocks, bodies and everything in brackets stand one step deeper.

[
  (control_block)
  (test_block)
  (criteria)
  (columns)
  (mappings)
  (arguments)
  (named_arguments)
  (aggregate)
  (group)
  (list)
  (rule)
  (source)
] @indent.begin

(rule "." @indent.end)
(fact "." @indent.end)

["}" ")" "]"] @indent.branch

(raw_block) @indent.ignore
[(comment) (doc_comment) (module_doc_comment)] @indent.auto
