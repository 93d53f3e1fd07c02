; Indentation: one step inside of braces.

(_ "{" "}" @end) @indent
(_ "(" ")" @end) @indent
