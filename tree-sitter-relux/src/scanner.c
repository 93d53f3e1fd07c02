// The tokens that a regular expression cannot find: where a construct that spans lines was never closed, it must
// end with its line instead of taking the rest of the file with it. The scanner has no state.

#include "tree_sitter/parser.h"

// In the order of `externals` in grammar.js.
enum TokenType {
  DOCSTRING,
  UNCLOSED_DOCSTRING,
  STRING_CONTINUES,
  MISSING_QUOTE,
  END_OF_FILE,
  MISSING_NEWLINE,
  IN_LIST, // never found: it is valid where a closing brace ends a list, not a block
  ERROR_SENTINEL,
};

static void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

static bool at_line_end(TSLexer *lexer) { return lexer->lookahead == '\n' || lexer->eof(lexer); }

static bool is_blank(int32_t c) { return c == ' ' || c == '\t' || c == '\r'; }

static void skip_blanks(TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) advance(lexer);
}

// Whether a string that reached the end of its line goes on: the next line that holds a quote must hold an odd number
// of them, and the first must be followed by what can follow a string. Elsewhere the quote was forgotten.
static bool string_continues(TSLexer *lexer) {
  unsigned quotes = 0;
  while (!lexer->eof(lexer)) {
    int32_t c = lexer->lookahead;
    if (c == '\n' && quotes > 0) break;
    advance(lexer);
    if (c == '\\') {
      if (!at_line_end(lexer)) advance(lexer);
    } else if (c == '"') {
      quotes++;
      if (quotes > 1) continue;
      skip_blanks(lexer);
      int32_t next = lexer->lookahead;
      if (!at_line_end(lexer) && next != ')' && next != ',' && next != '}') return false;
    }
  }
  return quotes % 2 == 1;
}

static bool scan_in_string(TSLexer *lexer) {
  lexer->mark_end(lexer);
  lexer->result_symbol = MISSING_QUOTE;
  if (lexer->eof(lexer)) return true;
  while (lexer->lookahead == '\r') advance(lexer);
  if (lexer->lookahead != '\n') return false;
  advance(lexer);
  if (string_continues(lexer)) lexer->result_symbol = STRING_CONTINUES;
  return true;
}

static bool word(TSLexer *lexer, const char *text) {
  for (; *text; text++) {
    if (lexer->lookahead != *text) return false;
    advance(lexer);
  }
  return true;
}

// Whether a line begins with the header of an item, in its first column.
static bool at_item(TSLexer *lexer) {
  switch (lexer->lookahead) {
    case 't':
      if (!word(lexer, "test")) return false;
      skip_blanks(lexer);
      return lexer->lookahead == '"';
    case 'e':
      if (!word(lexer, "effect ")) return false;
      skip_blanks(lexer);
      return lexer->lookahead >= 'A' && lexer->lookahead <= 'Z';
    case 'p':
      if (!word(lexer, "pure ")) return false;
      skip_blanks(lexer);
      return word(lexer, "fn ");
    case 'f':
      return word(lexer, "fn ");
    default:
      return false;
  }
}

// A docstring ends at the next three quotes, unless an item begins before them.
static bool scan_docstring(TSLexer *lexer) {
  if (!word(lexer, "\"\"\"")) return false;
  unsigned quotes = 0;
  bool first_line = true;
  lexer->result_symbol = UNCLOSED_DOCSTRING;
  while (!lexer->eof(lexer)) {
    int32_t c = lexer->lookahead;
    if (c == '\n' && first_line) {
      lexer->mark_end(lexer);
      first_line = false;
    }
    advance(lexer);
    quotes = c == '"' ? quotes + 1 : 0;
    if (quotes == 3) {
      lexer->mark_end(lexer);
      lexer->result_symbol = DOCSTRING;
      return true;
    }
    if (c == '\\' && !at_line_end(lexer)) advance(lexer);
    if (c == '\n' && at_item(lexer)) return true;
  }
  if (first_line) lexer->mark_end(lexer);
  return true;
}

bool tree_sitter_relux_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  if (valid[ERROR_SENTINEL]) return false;
  if (valid[MISSING_QUOTE]) return scan_in_string(lexer);

  while (is_blank(lexer->lookahead)) lexer->advance(lexer, true);
  if (valid[END_OF_FILE] && lexer->eof(lexer)) {
    lexer->result_symbol = END_OF_FILE;
    return true;
  }
  if (valid[MISSING_NEWLINE] && !valid[IN_LIST] && lexer->lookahead == '}') {
    lexer->mark_end(lexer);
    lexer->result_symbol = MISSING_NEWLINE;
    return true;
  }
  return valid[DOCSTRING] && lexer->lookahead == '"' && scan_docstring(lexer);
}

void *tree_sitter_relux_external_scanner_create(void) { return 0; }

void tree_sitter_relux_external_scanner_destroy(void *payload) { (void)payload; }

unsigned tree_sitter_relux_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}

void tree_sitter_relux_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}
