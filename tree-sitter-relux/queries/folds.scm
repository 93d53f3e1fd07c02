; What can be folded: every body, lists in braces, docstrings.

[
  (body)
  (import_list)
  (overlay)
  (multimatch)
  (docstring)
] @fold
