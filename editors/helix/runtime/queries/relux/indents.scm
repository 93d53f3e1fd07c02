; Indentation: one step inside of braces.

[
  (body)
  (import_list)
  (overlay)
  (multimatch)
] @indent

"}" @outdent
