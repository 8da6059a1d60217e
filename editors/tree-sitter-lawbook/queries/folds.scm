[
  (control_block)
  (test_block)
  (criteria)
  (columns)
  (mappings)
  (rule)
  (fact)
  (input_declaration)
  (named_arguments)
  (aggregate)
  (group)
  (list)
  (raw_block)
] @fold

(comment)+ @fold
(doc_comment)+ @fold
(module_doc_comment)+ @fold
