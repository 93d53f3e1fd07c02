// The tokens that a regular expression cannot find: where a construct that spans lines was never closed, it must
// end with its line instead of taking the rest of the file with it.
//
// The only state is how many more lines of the string at hand hold no quote: looking for the closing quote again from
// each of its lines would take quadratic time. It is zero everywhere but inside of strings that span three lines or
// more, so that trees are shared between versions of a file as if there were none.

#include <string.h>

#include "tree_sitter/alloc.h"
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

static bool is_letter(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

static bool is_word(int32_t c) { return is_letter(c) || (c >= '0' && c <= '9') || c >= 0x80; }

// Whether what stands behind a quote can stand behind a string: the end of a value or line, an operator, or behind a
// blank the next key of an overlay.
static bool follows_string(TSLexer *lexer) {
  bool blank = is_blank(lexer->lookahead);
  skip_blanks(lexer);
  bool key = blank && is_letter(lexer->lookahead);
  if (key) {
    while (is_word(lexer->lookahead)) advance(lexer);
    skip_blanks(lexer);
  }
  int32_t next = lexer->lookahead;
  if (next == ',' || next == '}' || next == '=' || next == ':') return true;
  return !key && (at_line_end(lexer) || next == ')' || next == '?');
}

// Whether a string that reached the end of its line goes on: the next line that holds a quote must hold an odd number
// of them, and the first must be followed by what can follow a string. Elsewhere the quote was forgotten. Counts the
// line ends before that line.
static bool string_continues(TSLexer *lexer, uint32_t *lines) {
  unsigned quotes = 0;
  *lines = 0;
  while (!lexer->eof(lexer)) {
    int32_t c = lexer->lookahead;
    if (c == '\n') {
      if (quotes > 0) break;
      ++*lines;
    }
    advance(lexer);
    if (c == '\\') {
      if (!at_line_end(lexer)) advance(lexer);
    } else if (c == '"') {
      quotes++;
      if (quotes == 1 && !follows_string(lexer)) return false;
    }
  }
  return quotes % 2 == 1;
}

static bool scan_in_string(TSLexer *lexer, uint32_t *lines) {
  lexer->mark_end(lexer);
  lexer->result_symbol = MISSING_QUOTE;
  bool ends = lexer->eof(lexer);
  if (!ends) {
    while (lexer->lookahead == '\r') advance(lexer);
    if (lexer->lookahead != '\n') return false;
    advance(lexer);
    if (*lines > 0) {
      --*lines;
    } else {
      ends = !string_continues(lexer, lines);
    }
  }
  if (ends) {
    *lines = 0;
  } else {
    lexer->result_symbol = STRING_CONTINUES;
  }
  return true;
}

static bool word(TSLexer *lexer, const char *text) {
  for (; *text; text++) {
    if (lexer->lookahead != *text) return false;
    advance(lexer);
  }
  return true;
}

// The beginning of a line without its repeated blanks, and its last character that is none.
typedef struct {
  char start[8];
  unsigned length;
  int32_t last;
} Line;

static void add_to_line(Line *line, int32_t c) {
  bool blank = is_blank(c);
  if (line->length < sizeof line->start) {
    bool repeated = blank && line->length > 0 && line->start[line->length - 1] == ' ';
    if (!repeated) line->start[line->length++] = (char)(blank ? ' ' : c < 0x80 ? c : '?');
  }
  if (!blank) line->last = c;
}

static bool line_starts(const Line *line, const char *text) {
  unsigned length = (unsigned)strlen(text);
  return line->length >= length && memcmp(line->start, text, length) == 0;
}

// Whether a line is the complete header of an item, from its first column to the brace: prose may well begin with the
// same words.
static bool is_header(const Line *line) {
  if (line->last != '{') return false;
  if (line_starts(line, "effect ")) return line->length == 8 && line->start[7] >= 'A' && line->start[7] <= 'Z';
  return line_starts(line, "test \"") || line_starts(line, "test\"") || line_starts(line, "fn ") ||
         line_starts(line, "pure fn ");
}

// A docstring ends at the next three quotes, unless an item begins before them.
static bool scan_docstring(TSLexer *lexer) {
  if (!word(lexer, "\"\"\"")) return false;
  unsigned quotes = 0;
  bool first_line = true;
  Line line = {.length = 0, .last = 0};
  lexer->result_symbol = UNCLOSED_DOCSTRING;
  while (!lexer->eof(lexer)) {
    int32_t c = lexer->lookahead;
    if (c == '\n') {
      if (first_line) {
        lexer->mark_end(lexer);
        first_line = false;
      } else if (is_header(&line)) {
        return true;
      }
      line.length = 0;
      line.last = 0;
    } else {
      add_to_line(&line, c);
    }
    advance(lexer);
    quotes = c == '"' ? quotes + 1 : 0;
    if (quotes == 3) {
      lexer->mark_end(lexer);
      lexer->result_symbol = DOCSTRING;
      return true;
    }
    if (c == '\\' && !at_line_end(lexer)) {
      add_to_line(&line, lexer->lookahead);
      advance(lexer);
    }
  }
  if (first_line) lexer->mark_end(lexer);
  return true;
}

static bool scan(TSLexer *lexer, const bool *valid) {
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

bool tree_sitter_relux_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  uint32_t *lines = payload;
  if (valid[ERROR_SENTINEL]) return false;
  if (valid[MISSING_QUOTE]) return scan_in_string(lexer, lines);
  *lines = 0;
  return scan(lexer, valid);
}

void *tree_sitter_relux_external_scanner_create(void) { return ts_calloc(1, sizeof(uint32_t)); }

void tree_sitter_relux_external_scanner_destroy(void *payload) { ts_free(payload); }

unsigned tree_sitter_relux_external_scanner_serialize(void *payload, char *buffer) {
  uint32_t *lines = payload;
  if (*lines == 0) return 0;
  memcpy(buffer, lines, sizeof *lines);
  return sizeof *lines;
}

void tree_sitter_relux_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  uint32_t *lines = payload;
  *lines = 0;
  if (length == sizeof *lines) memcpy(lines, buffer, sizeof *lines);
}
