; An arrow beside every test; the task of the tag `relux-test` runs it.

((test
  name: (test_name) @run @name) @_test
  (#set! tag relux-test))
