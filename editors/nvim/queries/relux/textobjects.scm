; Text objects for nvim-treesitter-textobjects: functions, tests and effects, shells as blocks, parameters, calls.

(function (body) @function.inner) @function.outer
(test (body) @function.inner) @function.outer
(effect (body) @class.inner) @class.outer

[
  (shell_block (body) @block.inner)
  (cleanup (body) @block.inner)
] @block.outer

(parameter) @parameter.inner
(overlay_entry) @parameter.inner
(call arguments: (argument_list) @call.inner) @call.outer
(comment) @comment.outer
