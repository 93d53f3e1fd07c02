; Text objects: functions and shells with `f`, effects with `t`, tests with `T`, parameters with `a`, comments with `c`.

(function (body) @function.inside) @function.around

[
  (shell_block (body) @function.inside)
  (cleanup (body) @function.inside)
] @function.around

(effect (body) @class.inside) @class.around
(test (body) @test.inside) @test.around

(parameter) @parameter.inside
(overlay_entry) @parameter.inside
(argument_list (_) @parameter.inside)

(comment) @comment.inside
(comment)+ @comment.around

(overlay_entry) @entry.around
