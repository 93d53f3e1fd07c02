; Colours, with the names of Zed. Later patterns win.

; Words
[
  "import"
  "as"
] @keyword

[
  "fn"
] @keyword

"pure" @keyword

[
  "effect"
  "test"
  "shell"
  "cleanup"
] @keyword

[
  "let"
  "start"
  "expect"
  "expose"
] @keyword

(expose kind: _ @keyword)

; Names
(import_path) @namespace
((import_name name: (identifier) @type)
  (#match? @type "^[A-Z]"))
((import_name name: (identifier) @function)
  (#match? @function "^[^A-Z]"))
((import_name alias: (identifier) @type)
  (#match? @type "^[A-Z]"))
((import_name alias: (identifier) @function)
  (#match? @function "^[^A-Z]"))
(function name: (identifier) @function)
(parameter) @variable.parameter
(effect name: (identifier) @type)
(test_name) @string.special
(unclosed_test_name) @string.special
(start effect: (identifier) @type)
(start alias: (identifier) @namespace)
(overlay_entry key: (identifier) @property)
(expect name: (identifier) @constant)
(shell_block name: (identifier) @label)
(expose target: (identifier) @label)
(expose alias: (identifier) @label)
(qualified_name
  qualifier: (identifier) @namespace
  name: (identifier) @label)
(let name: (identifier) @variable)
(assign name: (identifier) @variable)
(assign_or_assert name: (identifier) @variable)

; Expressions
(call function: (identifier) @function)
((call function: (identifier) @function.builtin)
  (#any-of? @function.builtin
    "annotate" "available_port" "ctrl_backslash" "ctrl_c" "ctrl_d" "ctrl_l" "ctrl_z" "default" "len" "log" "lower"
    "match_exit_code" "match_not_ok" "match_ok" "match_prompt" "mnemonic" "rand" "replace" "sha1" "sleep" "split"
    "timestamp" "trim" "upper" "uuid" "which"))
(variable) @variable
((variable) @constant
  (#match? @constant "^[A-Z_][A-Z0-9_]+$"))
(qualified_variable
  qualifier: (identifier) @namespace
  name: (identifier) @property)
(capture) @variable.special
(number) @number
(string) @string
(timeout
  sigil: _ @operator
  duration: (duration) @number)

; Payloads
(literal) @string
(regex) @string.regex
(escape) @string.escape
(escaped_dollar) @string.escape
(variable_interpolation) @variable
(qualified_interpolation) @property
(capture_interpolation) @variable.special

; Operators
[
  ">"
  "=>"
  "<?"
  "<="
  "<"
  "!?"
  "!="
  "!"
  "?"
  "="
  ":="
] @operator

[
  "("
  ")"
  "{"
  "}"
] @punctuation.bracket

[
  ","
  "."
] @punctuation.delimiter

; Markers, comments, docstrings
(marker "#" @preproc)
(marker_kind) @preproc
(marker_modifier) @keyword
(comment) @comment
(docstring) @comment.doc
(unclosed_docstring) @comment.doc
