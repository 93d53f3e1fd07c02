; Scopes, definitions and references inside of one file.

[
  (module)
  (function)
  (effect)
  (test)
  (shell_block)
  (cleanup)
] @local.scope

(function name: (identifier) @local.definition.function)
(effect name: (identifier) @local.definition.type)
(parameter) @local.definition.variable.parameter
(let name: (identifier) @local.definition.variable)
(expect name: (identifier) @local.definition.constant)
(start alias: (identifier) @local.definition.namespace)
(import_name !alias name: (identifier) @local.definition.namespace)
(import_name alias: (identifier) @local.definition.namespace)

(call function: (identifier) @local.reference)
(variable) @local.reference
(qualified_variable qualifier: (identifier) @local.reference)
(assign name: (identifier) @local.reference)
(assign_or_assert name: (identifier) @local.reference)
(start effect: (identifier) @local.reference)
