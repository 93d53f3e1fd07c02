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
(parameter) @local.definition.parameter
(let name: (identifier) @local.definition.var)
(expect name: (identifier) @local.definition.constant)
(start alias: (identifier) @local.definition.namespace)
(import_name !alias name: (identifier) @local.definition.import)
(import_name alias: (identifier) @local.definition.import)

(call function: (identifier) @local.reference)
(variable) @local.reference
(qualified_variable qualifier: (identifier) @local.reference)
(assign name: (identifier) @local.reference)
(assign_or_assert name: (identifier) @local.reference)
(start effect: (identifier) @local.reference)
