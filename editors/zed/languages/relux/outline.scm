; The outline: tests, effects and functions, and the shells in them.

(comment) @annotation

(test
  "test" @context
  name: (test_name) @name) @item

(effect
  "effect" @context
  name: (identifier) @name) @item

(function
  "fn" @context
  name: (identifier) @name) @item

(shell_block
  "shell" @context
  name: (_) @name) @item

(cleanup
  "cleanup" @name) @item
