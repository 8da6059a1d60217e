; Texts in other languages: documentation is Markdown, patterns are regexes, queries are tree-sitter's own, and a file
; that a test gives is what its name says.

((doc_text) @injection.content
  (#set! injection.language "markdown_inline"))

((regex_pattern) @injection.content
  (#set! injection.language "regex"))

((source language: (format) query: (_ [(raw_content) (block_content) (string_content)] @injection.content))
  (#set! injection.language "query"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.pyi?$")
  (#set! injection.language "python"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.[cm]?jsx?$")
  (#set! injection.language "javascript"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.[cm]?ts$")
  (#set! injection.language "typescript"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.tsx$")
  (#set! injection.language "tsx"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.java$")
  (#set! injection.language "java"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.go$")
  (#set! injection.language "go"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.rb$")
  (#set! injection.language "ruby"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.rs$")
  (#set! injection.language "rust"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.cs$")
  (#set! injection.language "c_sharp"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.php$")
  (#set! injection.language "php"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.kts?$")
  (#set! injection.language "kotlin"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.(json|jsonl|ipynb)$")
  (#set! injection.language "json"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.ya?ml$")
  (#set! injection.language "yaml"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.toml$")
  (#set! injection.language "toml"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.(tf|hcl|tfvars)$")
  (#set! injection.language "hcl"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.xml$")
  (#set! injection.language "xml"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.(ini|cfg|conf)$")
  (#set! injection.language "ini"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.csv$")
  (#set! injection.language "csv"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.tsv$")
  (#set! injection.language "tsv"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.md$")
  (#set! injection.language "markdown"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.(sh|bash)$")
  (#set! injection.language "bash"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.sql$")
  (#set! injection.language "sql"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "(^|/)(Dockerfile|Containerfile)$")
  (#set! injection.language "dockerfile"))

((given_file
  path: (_ (string_content) @_path)
  text: (_ [(block_content) (raw_content) (string_content)] @injection.content))
  (#match? @_path "\\.law$")
  (#set! injection.language "lawbook"))
