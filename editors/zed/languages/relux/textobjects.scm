; Text objects of the Vim mode.

(function (body)? @function.inside) @function.around
(test (body)? @function.inside) @function.around
(effect (body)? @class.inside) @class.around
(comment)+ @comment.around
