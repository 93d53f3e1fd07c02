; Where pairs are not closed.

(comment) @comment.inclusive

[
  (string)
  (test_name)
  (docstring)
] @string
