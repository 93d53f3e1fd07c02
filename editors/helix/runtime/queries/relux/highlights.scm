; Colours, with the names of Helix. Later patterns win.

; Words
[
  "import"
  "as"
] @keyword.control.import

[
  "fn"
] @keyword.function

"pure" @keyword.storage.modifier

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

(expose kind: _ @keyword.storage.modifier)

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
(overlay_entry key: (identifier) @variable.other.member)
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
  name: (identifier) @variable.other.member)
(capture) @variable.builtin
(number) @constant.numeric
(string) @string
(timeout
  sigil: _ @operator
  duration: (duration) @constant.numeric)

; Payloads
(literal) @string
(regex) @string.regexp
(escape) @constant.character.escape
(escaped_dollar) @constant.character.escape
(variable_interpolation) @variable
(qualified_interpolation) @variable.other.member
(capture_interpolation) @variable.builtin

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
(marker "#" @keyword.directive)
(marker_kind) @keyword.directive
(marker_modifier) @keyword.control.conditional
(comment) @comment.line
(docstring) @comment.block.documentation
(unclosed_docstring) @comment.block.documentation

; Mistakes
(unexpected) @error
(stray_open) @error
(stray_close) @error
(incomplete_operator) @error
(braced_reference) @error
