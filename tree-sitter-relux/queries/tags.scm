; Symbols for code navigation.

(function name: (identifier) @name) @definition.function
(effect name: (identifier) @name) @definition.class
(test name: (test_name) @name) @definition.test
(call function: (identifier) @name) @reference.call
(start effect: (identifier) @name) @reference.class
(import path: (import_path) @name) @reference.module
