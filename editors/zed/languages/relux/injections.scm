; Other languages: what is sent is shell code, patterns are regular expressions.

((send payload: (literal) @injection.content)
  (#set! injection.language "bash"))

((send_raw payload: (literal) @injection.content)
  (#set! injection.language "bash"))

((regex) @injection.content
  (#set! injection.language "regex"))

((docstring) @injection.content
  (#set! injection.language "markdown"))
