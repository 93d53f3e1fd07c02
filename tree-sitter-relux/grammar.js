/**
 * @file Tree-sitter grammar of Relux: the union of the 2026-04 and 2026-08 editions.
 *
 * It accepts far more than the language, so that every text has a tree without ERROR nodes: operands and closing
 * brackets are optional, `unexpected` takes whatever is left of a line, misplaced items have nodes of their own. What
 * is not Relux is reported by the validation pass of `relux-syntax`, never here.
 *
 * The language is line oriented: the newline is an ordinary token, blanks and tabs are extras. What ends a line
 * stands beside the statement that it ends, so that a statement's range is its own text.
 */
/* eslint-disable arrow-parens */
/* global grammar, seq, choice, optional, repeat, repeat1, prec, token, alias, field, RustRegex */

/** What is left of a line, after everything else failed to match. */
const JUNK = -10;

/** Items behind an opening brace; `_in_list` only tells the scanner that `}` belongs here. */
const open_list = ($, ...item) => seq("{", repeat(choice($._in_list, ...item)));

module.exports = grammar({
  name: "relux",

  word: $ => $.identifier,

  extras: _ => [/[ \t]/],

  // In the order of `enum TokenType` in src/scanner.c.
  externals: $ => [
    $.docstring,
    $.unclosed_docstring,
    $._string_continues,
    $.missing_quote,
    $._end_of_file,
    $.missing_newline,
    $._in_list,
    $._error_sentinel,
  ],

  supertypes: $ => [$.expression],

  inline: $ => [$._line_end, $._end, $._payload_end, $._string, $._bind, $._bound_value, $._as_name, $._payload],

  rules: {
    module: $ => repeat($._module_item),

    _module_item: $ => choice(
      $._section_item,
      seq($.import, $._end),
      alias($._unclosed_import, $.import),
      $.function,
      $.effect,
      $.test,
      $.stray_close,
    ),

    // ---------------------------------------------------------------------------------------------- line ends

    _newline: $ => alias(/\r*\n/, "\n"),
    _line_end: $ => choice($._newline, $._end_of_file, $.missing_newline),
    _end: $ => seq(optional(choice($.comment, $.unexpected)), $._line_end),
    _payload_end: $ => choice($._newline, $._end_of_file),

    comment: _ => token(/\/\/([^\r\n]|\r+[^\r\n])*/),

    // The word token has to be an alternative: where a keyword is possible the lexer reads words first.
    unexpected: $ => prec.right(-1, choice($._junk, seq($.identifier, optional($._junk)))),
    // A carriage return at its end is not part of it, otherwise it would reach further than the comment of such a line.
    _junk: _ => token(prec(JUNK, /([^ \t\r\n]|\r+[^\r\n])([^\r\n]|\r+[^\r\n])*|\r+/)),

    _unexpected_in_header: $ => prec.right(-1, choice($._header_junk, seq($.identifier, optional($._header_junk)))),
    _header_junk: _ => token(prec(JUNK, /([^ \t\r\n{]|\r+[^\r\n{])([^\r\n{]|\r+[^\r\n{])*|\r+/)),

    // Values must not end an unclosed list in the middle of a line.
    _list_value: $ => choice($._string, $.number, $.capture, $.braced_reference),
    _list_junk: _ => token(prec(JUNK + 1, /([^ \t\r\n,}]|\r+[^\r\n,}])([^\r\n,}]|\r+[^\r\n,}])*|\r+/)),

    stray_open: _ => "{",
    stray_close: _ => "}",

    // -------------------------------------------------------------------------------------------------- items

    import: $ => prec.right(seq(
      "import",
      field("path", optional($.import_path)),
      field("list", optional($.import_list)),
    )),

    import_path: _ => /[^ \t\r\n{},"]+/,

    // A list without its brace ends where something else begins, not with a line.
    _unclosed_import: $ => seq(
      "import",
      field("path", optional($.import_path)),
      field("list", alias($._unclosed_import_list, $.import_list)),
    ),

    import_list: $ => seq($._open_import_list, "}"),
    _unclosed_import_list: $ => prec.right($._open_import_list),
    _open_import_list: $ => prec.right(open_list(
      $,
      $._newline,
      ",",
      $.import_name,
      $.comment,
      alias($._list_junk, $.unexpected),
      alias($._list_value, $.unexpected),
    )),

    import_name: $ => prec.right(seq(
      field("name", $.identifier),
      optional(seq("as", field("alias", optional($.identifier)))),
    )),

    function: $ => prec.right(seq(
      $._function_head,
      optional(alias($._unexpected_in_header, $.unexpected)),
      choice(field("body", alias($._section_body, $.body)), $._no_body),
    )),
    _function_head: $ => prec.right(seq(
      choice(seq(field("pure", "pure"), optional("fn")), "fn"),
      field("name", optional($.identifier)),
      field("parameters", optional($.parameter_list)),
    )),

    parameter_list: $ => prec.right(seq(
      "(",
      repeat(choice(",", alias($.identifier, $.parameter))),
      optional(")"),
    )),

    effect: $ => prec.right(seq(
      $._effect_head,
      optional(alias($._unexpected_in_header, $.unexpected)),
      choice(field("body", alias($._section_body, $.body)), $._no_body),
    )),
    _effect_head: $ => prec.right(seq(
      "effect",
      field("name", optional($.identifier)),
    )),

    test: $ => prec.right(seq(
      $._test_head,
      optional(alias($._unexpected_in_header, $.unexpected)),
      choice(field("body", alias($._section_body, $.body)), $._no_body),
    )),
    _test_head: $ => prec.right(seq(
      "test",
      field("name", optional(choice($.test_name, $.unclosed_test_name))),
      field("timeout", optional($.timeout)),
    )),

    test_name: _ => token(/"([^"\\\r\n]|\r[^\r\n"]|\\[^\r\n])*"/),
    unclosed_test_name: _ => token(prec(-1, /"[^"\r\n{]*/)),

    marker: $ => $._marker,
    _marker: $ => prec.right(seq(
      "#",
      field("kind", optional(alias($.identifier, $.marker_kind))),
      optional(seq(
        field("modifier", alias(choice("if", "unless"), $.marker_modifier)),
        field("condition", optional($.condition)),
      )),
    )),
    _regex_marker: $ => prec.right(seq(
      "#",
      field("kind", optional(alias($.identifier, $.marker_kind))),
      field("modifier", alias(choice("if", "unless"), $.marker_modifier)),
      field("condition", alias($._regex_condition, $.condition)),
    )),

    condition: $ => prec.right(seq(
      field("left", $.expression),
      optional(seq(
        field("operator", choice("=", "==", ":=")),
        field("right", optional($.expression)),
      )),
    )),
    _regex_condition: $ => seq(
      field("left", $.expression),
      field("operator", "?"),
      field("pattern", optional($.regex)),
    ),

    // ------------------------------------------------------------------------------------------------- bodies

    // Behind a header stands a brace or the end of its line, nothing else: the rest is `unexpected`.
    _no_body: $ => choice($._end_of_file, $.missing_newline),

    // A header may lack its brace; then the body begins with the newline behind the header.
    _section_body: $ => prec.right(choice(
      seq("{", repeat($._section_item), optional("}")),
      seq($._newline, repeat($._section_item), optional("}")),
    )),

    body: $ => prec.right(choice(
      seq("{", repeat($._statement_item), optional("}")),
      seq($._newline, repeat($._statement_item), optional("}")),
    )),

    _section_item: $ => choice(
      $._statement_item,
      seq($.expect, $._end),
      seq($.expose, $._end),
      seq(alias($._start_bare, $.start), optional($.comment), $._line_end),
      seq($.start, $._end),
      alias($._unclosed_start, $.start),
      $.shell_block,
      $.cleanup,
    ),

    _statement_item: $ => choice(
      $._newline,
      $.comment,
      $.docstring,
      $.unclosed_docstring,
      $.stray_open,
      $.multimatch,
      seq($.marker, $._end),
      seq(alias($._regex_marker, $.marker), $._payload_end),
      seq($.let, $._end),
      seq($.assign, $._end),
      seq($.expression_statement, $._end),
      seq($.timeout_statement, $._end),
      seq($.incomplete_operator, $._end),
      seq(alias($._junk, $.unexpected), $._line_end),
      seq(
        choice(
          $.send,
          $.send_raw,
          $.match_regex,
          $.match_literal,
          $.fail_regex,
          $.fail_literal,
          $.assign_or_assert,
          $.assert_equal,
          $.assert_regex,
        ),
        $._payload_end,
      ),
    ),

    expect: $ => prec.right(seq("expect", repeat(choice(",", field("name", $.identifier))))),

    expose: $ => prec.right(choice(
      seq(
        "expose",
        field("kind", optional(choice("shell", "var"))),
        field("target", optional(choice($.identifier, $.qualified_name))),
        optional($._as_name),
      ),
      seq("expose", field("target", alias($._var_qualified_name, $.qualified_name)), optional($._as_name)),
    )),

    _as_name: $ => prec.right(seq("as", field("alias", optional($.identifier)))),

    qualified_name: $ => prec.right(seq(
      field("qualifier", $.identifier),
      ".",
      field("name", optional($.identifier)),
    )),
    _var_qualified_name: $ => prec.right(seq(
      field("qualifier", alias("var", $.identifier)),
      ".",
      field("name", optional($.identifier)),
    )),

    _start_bare: $ => seq($._start_head, optional(alias($._unexpected_in_header, $.unexpected))),

    start: $ => prec.right(seq(
      $._start_head,
      optional(alias($._unexpected_in_header, $.unexpected)),
      field("overlay", $.overlay),
      optional(seq("as", field("late_alias", optional($.identifier)))),
    )),

    _start_head: $ => prec.right(seq(
      "start",
      field("effect", optional($.identifier)),
      optional($._as_name),
    )),

    _unclosed_start: $ => seq(
      $._start_head,
      optional(alias($._unexpected_in_header, $.unexpected)),
      field("overlay", alias($._unclosed_overlay, $.overlay)),
    ),

    overlay: $ => seq($._open_overlay, "}"),
    _unclosed_overlay: $ => prec.right($._open_overlay),
    _open_overlay: $ => prec.right(open_list(
      $,
      $._newline,
      ",",
      $.overlay_entry,
      $.comment,
      alias($._list_junk, $.unexpected),
      alias($._list_value, $.unexpected),
    )),

    overlay_entry: $ => prec.right(choice(
      seq(field("key", $.identifier), optional($._bound_value)),
      $._bound_value,
    )),

    _bound_value: $ => prec.right(seq($._bind, field("value", optional($.expression)))),

    _bind: $ => field("operator", choice("=", ":=", "==")),

    shell_block: $ => prec.right(seq(
      $._shell_block_head,
      optional(alias($._unexpected_in_header, $.unexpected)),
      choice(field("body", $.body), $._no_body),
    )),
    _shell_block_head: $ => prec.right(seq(
      "shell",
      field("name", optional(choice($.identifier, $.qualified_name))),
    )),

    cleanup: $ => prec.right(seq(
      "cleanup",
      optional(alias($._unexpected_in_header, $.unexpected)),
      choice(field("body", $.body), $._no_body),
    )),

    // --------------------------------------------------------------------------------------------- statements

    let: $ => prec.right(seq(
      "let",
      field("name", optional($.identifier)),
      optional(seq($._bind, field("value", optional($.expression)))),
    )),

    assign: $ => prec.right(seq(
      field("name", $.identifier),
      field("operator", ":="),
      field("value", optional($.expression)),
    )),

    // `name = rest`: 2026-04 assigns an expression, 2026-08 compares with the text. The tree keeps the text;
    // relux-syntax reads it as an expression on demand.
    assign_or_assert: $ => seq(
      field("name", $.identifier),
      field("operator", choice("=", "==")),
      field("value", optional($.literal)),
    ),

    assert_equal: $ => seq(
      field("subject", $._compound_expression),
      field("operator", choice("=", "==")),
      field("pattern", optional($.literal)),
    ),

    assert_regex: $ => seq(
      field("subject", $.expression),
      field("operator", "?"),
      field("pattern", optional($.regex)),
    ),

    expression_statement: $ => field("expression", $.expression),

    send: $ => seq(field("operator", ">"), field("payload", optional($.literal))),
    send_raw: $ => seq(
      choice(field("operator", "=>"), seq(field("operator", "="), ">")),
      field("payload", optional($.literal)),
    ),

    match_regex: $ => seq(
      choice(
        field("operator", "<?"),
        seq(field("operator", "<"), field("timeout", optional($.timeout)), "?"),
      ),
      field("pattern", optional($.regex)),
    ),
    match_literal: $ => seq(
      choice(
        field("operator", "<="),
        seq(field("operator", "<"), field("timeout", optional($.timeout)), "="),
      ),
      field("pattern", optional($.literal)),
    ),

    fail_regex: $ => seq(
      choice(
        field("operator", "!?"),
        seq(field("operator", "!"), field("timeout", optional($.timeout)), "?"),
      ),
      field("pattern", optional($.regex)),
    ),
    fail_literal: $ => seq(
      choice(
        field("operator", "!="),
        seq(field("operator", "!"), field("timeout", optional($.timeout)), "="),
      ),
      field("pattern", optional($.literal)),
    ),

    // An operator that somebody is still typing.
    incomplete_operator: $ => choice(
      seq("<", field("timeout", optional($.timeout))),
      $._incomplete_fail,
      "=",
    ),
    _incomplete_fail: $ => seq("!", field("timeout", optional($.timeout))),

    multimatch: $ => prec.right(seq(
      field("operator", "<"),
      field("timeout", optional($.timeout)),
      open_list(
        $,
        $._newline,
        $.comment,
        seq($.multimatch_regex, $._payload_end),
        seq($.multimatch_literal, $._payload_end),
        $._misplaced_in_multimatch,
      ),
      optional("}"),
    )),
    // A broken pattern line must not end the multimatch. Lines that begin like a pattern are not among these.
    _misplaced_in_multimatch: $ => choice(
      $.stray_open,
      seq($.marker, $._end),
      seq(alias($._regex_marker, $.marker), $._payload_end),
      seq($.let, $._end),
      seq($.assign, $._end),
      seq($.expression_statement, $._end),
      seq($.timeout_statement, $._end),
      seq(alias($._incomplete_fail, $.incomplete_operator), $._end),
      seq(alias($._junk, $.unexpected), $._line_end),
      seq(
        choice($.send, $.fail_regex, $.fail_literal, $.assign_or_assert, $.assert_equal, $.assert_regex),
        $._payload_end,
      ),
    ),

    multimatch_regex: $ => seq(
      field("operator", choice("?", "<?")),
      field("pattern", optional($.regex)),
    ),
    multimatch_literal: $ => seq(
      field("operator", choice("=", "<=")),
      field("pattern", optional($.literal)),
    ),

    timeout_statement: $ => field("timeout", $.timeout),

    timeout: $ => prec.right(seq(
      field("sigil", choice("~", "@")),
      field("duration", optional($.duration)),
    )),
    duration: _ => token(prec(1, new RustRegex("[0-9A-Za-z_.+\\-\\u{80}-\\u{10FFFF}]+"))),

    // -------------------------------------------------------------------------------------------- expressions

    expression: $ => choice($._compound_expression, alias($.identifier, $.variable)),

    _compound_expression: $ => choice(
      $.call,
      $._string,
      $.capture,
      $.number,
      $.qualified_variable,
      $.braced_reference,
    ),

    call: $ => prec.right(seq(
      field("function", $.identifier),
      field("arguments", $.argument_list),
    )),

    argument_list: $ => prec.right(seq("(", repeat(choice(",", $.expression)), optional(")"))),

    qualified_variable: $ => prec.right(seq(
      field("qualifier", $.identifier),
      ".",
      field("name", optional($.identifier)),
    )),

    capture: _ => /\$[0-9]+/,
    number: _ => /[0-9]+/,

    // `${x}` is a reference in text only; here it is a mistake with a name.
    braced_reference: _ => /\$\{[^}\r\n]*\}/,

    // Most strings hold nothing to take apart; such a one is a single token, and a node without children. Text behind
    // the opening quote belongs to that token in any case: it has no node.
    _string: $ => choice($.string, alias($._plain_string, $.string)),
    _plain_string: _ => token(/"[^"$\\\r\n]*"/),
    _string_start: _ => token(/"[^"$\\\r\n]*/),

    string: $ => seq(
      $._string_start,
      repeat(choice(
        alias(token.immediate(/[^$\\"\r\n]+/), $.text),
        alias(token.immediate("$"), $.text),
        alias(token.immediate("\\"), $.text),
        alias(token.immediate("\r"), $.text),
        $._piece,
        seq($._string_continues, alias(token.immediate(/\r*\n/), $.line_break)),
      )),
      choice(token.immediate('"'), $.missing_quote),
    ),

    // ------------------------------------------------------------------------------------------------ payloads

    // Blanks before the first piece are dropped; everything behind it is immediate and kept.
    literal: $ => $._payload,
    regex: $ => $._payload,

    _payload: $ => seq(
      choice(
        alias(/[^$\\ \t\r\n][^$\\\r\n]*/, $.text),
        alias("$", $.text),
        alias("\\", $.text),
        alias("\r", $.text),
        alias($._escape_first, $.escape),
        alias("$$", $.escaped_dollar),
        alias($._variable_first, $.variable_interpolation),
        alias($._qualified_first, $.qualified_interpolation),
        alias($._capture_first, $.capture_interpolation),
      ),
      repeat(choice(
        alias(token.immediate(/[^$\\\r\n]+/), $.text),
        alias(token.immediate("$"), $.text),
        alias(token.immediate("\\"), $.text),
        alias(token.immediate("\r"), $.text),
        $._piece,
      )),
    ),

    _escape_first: _ => /\\[^\r\n]/,
    _variable_first: _ => /\$\{[A-Za-z_][A-Za-z0-9_]*\}/,
    _qualified_first: _ => /\$\{[A-Z][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*\}/,
    _capture_first: _ => /\$\{[0-9]+\}/,

    _piece: $ => choice(
      $.escape,
      $.escaped_dollar,
      $.variable_interpolation,
      $.qualified_interpolation,
      $.capture_interpolation,
    ),

    escape: _ => token.immediate(/\\[^\r\n]/),
    escaped_dollar: _ => token.immediate("$$"),
    variable_interpolation: _ => token.immediate(/\$\{[A-Za-z_][A-Za-z0-9_]*\}/),
    qualified_interpolation: _ => token.immediate(/\$\{[A-Z][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*\}/),
    capture_interpolation: _ => token.immediate(/\$\{[0-9]+\}/),

    identifier: _ => new RustRegex("[A-Za-z_\\u{80}-\\u{10FFFF}][A-Za-z0-9_\\u{80}-\\u{10FFFF}]*"),
  },
});
