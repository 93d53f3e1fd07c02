; Symbols of a file without the server.

(function name: (identifier) @definition.function)
(effect name: (identifier) @definition.class)
(test name: (test_name) @definition.function)
