; Indentation: one step inside of braces.

[
  (body)
  (import_list)
  (overlay)
  (multimatch)
] @indent.begin

"}" @indent.end @indent.branch
(stray_close) @indent.branch

(docstring) @indent.ignore
