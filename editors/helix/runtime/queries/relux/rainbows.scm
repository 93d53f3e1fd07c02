; Brackets whose colour tells how deep they stand.

[
  (body)
  (import_list)
  (overlay)
  (multimatch)
  (argument_list)
  (parameter_list)
] @rainbow.scope

[
  "("
  ")"
  "{"
  "}"
] @rainbow.bracket
