// What no context-free grammar can tell: where a `.` ends a clause, when a word is a keyword, what a number is, and
// where strings, blocks and regexes end. Each rule here is one of `grammar/law.pest` or of the cutting into pieces in
// `crates/syntax/src/split.rs`; the names of the functions say which.
//
// The one idea: every decision looks ahead only. A token ends where `mark_end` was last called, however far the
// scanner has looked beyond; nothing is ever read twice.

#include "tree_sitter/alloc.h"
#include "tree_sitter/parser.h"

#include <string.h>

// In the order of `externals` in grammar.js.
enum TokenType {
    IF,
    STOP,
    DOT,
    COLON,
    STRING_START,
    GLOB_START,
    STRING_CONTENT,
    ESCAPE_SEQUENCE,
    STRING_END,
    INTERPOLATION_START,
    RAW_STRING_START,
    RAW_CONTENT,
    RAW_STRING_END,
    BLOCK_START,
    BLOCK_CONTENT,
    BLOCK_END,
    REGEX_PATTERN,
    NUMBER,
    DURATION,
    DATE,
    FIELDS_START,
    NOT_OPERATOR,
    NOT_LIKE,
    AGGREGATE_FUNCTION,
    USE,
    ENTITY,
    OPEN,
    REL,
    PARAM,
    FRAMEWORK,
    INPUT,
    CONTROL,
    TEST,
    KEY,
    FILE_WORD,
    FILES,
    EMPTY,
    NO,
    VIOLATION,
    STATUS,
    COMMENT,
    DOC_START,
    MODULE_DOC_START,
    DOC_TEXT,
    LAST_COMMA,
    UNCLOSED,
    ERROR_SENTINEL,
};

enum {
    // Strings nest through interpolations; deeper ones are plain texts.
    MAX_STRINGS = 64,
    // No word that matters here is longer.
    MAX_WORD = 16,
    // Bytes of a saved state before the open strings.
    HEADER = 4,
    // How far a string in a head looks for the `:-` that makes its braces interpolations.
    MAX_HEAD = 16384,
};

// What the last token has opened and left open.
enum Inside { CODE, STRING, RAW, BLOCK, UNCLOSED_BLOCK };

typedef struct {
    // Between `:-` and the stop: strings interpolate.
    bool in_body;
    // Open strings, outermost first: whether each interpolates.
    uint8_t depth;
    uint8_t interpolates[MAX_STRINGS];
    // The text that the scanner stands in: needed while the parser recovers and cannot tell.
    uint8_t inside;
    // Hashes of the open raw string or quotes of the open block.
    uint16_t fence;
} Scanner;

// ---- Characters ----

static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }

static bool is_letter(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool is_word(int32_t c) { return is_letter(c) || is_digit(c) || c == '_'; }

static bool is_blank(int32_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static bool at_line_end(TSLexer *lexer) { return lexer->lookahead == '\n' || lexer->eof(lexer); }

static void step(TSLexer *lexer) { lexer->advance(lexer, false); }

static bool found(TSLexer *lexer, enum TokenType token) {
    lexer->result_symbol = token;
    return true;
}

/// Where a clause or an item begins or ends no string is open, whatever went wrong before.
static void leave_clause(Scanner *scanner) {
    scanner->in_body = false;
    scanner->inside = CODE;
    scanner->depth = 0;
}

/// Skips blanks and comments; true if a line ended among them.
static bool look_past_blanks(TSLexer *lexer) {
    bool line = false;
    for (;;) {
        if (is_blank(lexer->lookahead)) {
            line |= lexer->lookahead == '\n';
            step(lexer);
        } else if (lexer->lookahead == '/') {
            step(lexer);
            if (lexer->lookahead != '/') return line;
            while (!at_line_end(lexer)) step(lexer);
        } else {
            return line;
        }
    }
}

/// Reads the rest of a word whose first `length` characters stand in `word`; one that does not fit ends up empty.
static void read_rest(TSLexer *lexer, char word[MAX_WORD], unsigned length) {
    while (is_word(lexer->lookahead)) {
        if (length + 1 < MAX_WORD) word[length] = (char)lexer->lookahead;
        length++;
        step(lexer);
    }
    word[length < MAX_WORD ? length : 0] = 0;
}

static void read_word(TSLexer *lexer, char word[MAX_WORD]) { read_rest(lexer, word, 0); }

static bool is(const char *word, const char *other) { return strcmp(word, other) == 0; }

// ---- Braces of strings ----

/// Whether the `{` behind which the lexer stands is closed on its line, and then the lexer stands behind the `}`.
static bool closes_interpolation(TSLexer *lexer) {
    unsigned depth = 1;
    bool in_string = false;
    while (!at_line_end(lexer)) {
        int32_t c = lexer->lookahead;
        step(lexer);
        if (c == '\\' && in_string) {
            if (!at_line_end(lexer)) step(lexer);
        } else if (c == '"') {
            in_string = !in_string;
        } else if (c == '{' && !in_string) {
            depth++;
        } else if (c == '}' && !in_string && --depth == 0) {
            return true;
        }
    }
    return false;
}

/// Looks past a string whose opening quote is behind the lexer; whether it holds braces that could interpolate.
static bool look_past_string(TSLexer *lexer) {
    bool braces = false;
    while (!at_line_end(lexer)) {
        int32_t c = lexer->lookahead;
        step(lexer);
        if (c == '"') break;
        if (c == '\\' && !at_line_end(lexer)) {
            bool unicode = lexer->lookahead == 'u';
            step(lexer);
            if (unicode && lexer->lookahead == '{') step(lexer);
        } else if (c == '{') {
            braces = true;
            if (!closes_interpolation(lexer)) break;
        }
    }
    return braces;
}

/// Looks for the quotes that close a block; whether they are there.
static bool look_past_block(TSLexer *lexer, unsigned quotes) {
    for (unsigned run = 0; !lexer->eof(lexer);) {
        run = lexer->lookahead == '"' ? run + 1 : 0;
        step(lexer);
        if (run == quotes) return true;
    }
    return false;
}

/// Looks past a text that begins with the quote behind the lexer, block or string.
static void look_past_text(TSLexer *lexer) {
    if (lexer->lookahead != '"') {
        look_past_string(lexer);
        return;
    }
    step(lexer);
    if (lexer->lookahead != '"') return;
    unsigned quotes = 2;
    for (; lexer->lookahead == '"'; quotes++) step(lexer);
    look_past_block(lexer, quotes);
}

/// Looks past a raw string whose `r` is behind the lexer.
static void look_past_raw(TSLexer *lexer) {
    unsigned hashes = 0, closing = 0;
    for (; lexer->lookahead == '#'; hashes++) step(lexer);
    if (lexer->lookahead != '"') return;
    step(lexer);
    while (!at_line_end(lexer)) {
        bool quote = lexer->lookahead == '"';
        step(lexer);
        if (!quote) continue;
        for (closing = 0; closing < hashes && lexer->lookahead == '#'; closing++) step(lexer);
        if (closing == hashes) return;
    }
}

/// Looks past a regex whose first slash is behind the lexer.
static void look_past_regex(TSLexer *lexer) {
    unsigned depth = 0;
    while (!at_line_end(lexer)) {
        int32_t c = lexer->lookahead;
        step(lexer);
        if (c == '/' && depth == 0) return;
        if (c == '\\' && !at_line_end(lexer)) step(lexer);
        if (c == '[') depth++;
        if (c == ']' && depth > 0) depth--;
    }
}

/// Whether the string just looked past stands in the head of a rule: the bracket around it is closed, and `:-` follows.
static bool in_head_of_rule(TSLexer *lexer) {
    int depth = 0, outermost = 0;
    // Whether the last sign closed a bracket that opened before the string, and whether it ended an operand.
    bool closed_outer = false, operand = true;
    for (unsigned steps = 0; steps < MAX_HEAD && !lexer->eof(lexer); steps++) {
        int32_t c = lexer->lookahead;
        step(lexer);
        if (is_blank(c)) continue;
        if (c == '/' && lexer->lookahead == '/') {
            while (!at_line_end(lexer)) step(lexer);
            continue;
        }
        if (c == ':' && lexer->lookahead == '-') return closed_outer;
        if (c == '.' && (is_blank(lexer->lookahead) || lexer->lookahead == '}' || lexer->lookahead == '/')) return false;
        closed_outer = false;
        if (c == '"') {
            look_past_text(lexer);
            operand = true;
        } else if (c == 'r' && (lexer->lookahead == '"' || lexer->lookahead == '#')) {
            look_past_raw(lexer);
            operand = true;
        } else if (is_word(c)) {
            while (is_word(lexer->lookahead)) step(lexer);
            operand = true;
        } else if (c == '/' && !operand) {
            look_past_regex(lexer);
            operand = true;
        } else if (c == '(' || c == '[' || c == '{') {
            depth++;
            operand = false;
        } else if (c == ')' || c == ']' || c == '}') {
            closed_outer = --depth < outermost;
            if (closed_outer) outermost = depth;
            operand = true;
        } else {
            operand = false;
        }
    }
    return false;
}

// ---- Texts ----

static bool open_string(Scanner *scanner, TSLexer *lexer, enum TokenType token, bool interpolates) {
    if (scanner->depth == MAX_STRINGS) return false;
    scanner->interpolates[scanner->depth++] = interpolates;
    scanner->inside = STRING;
    return found(lexer, token);
}

/// Three or more quotes, of which two are behind the lexer. A block that is never closed ends with its line, so that
/// the rest of the file stays what it is.
static bool scan_block_opener(Scanner *scanner, TSLexer *lexer, const bool *valid) {
    unsigned quotes = 2;
    for (; lexer->lookahead == '"'; quotes++) step(lexer);
    if (!valid[BLOCK_START] || quotes > UINT16_MAX) return false;
    lexer->mark_end(lexer);
    scanner->fence = (uint16_t)quotes;
    scanner->inside = look_past_block(lexer, quotes) ? BLOCK : UNCLOSED_BLOCK;
    return found(lexer, BLOCK_START);
}

/// `"`, or three and more that open a block.
static bool scan_quotes(Scanner *scanner, TSLexer *lexer, const bool *valid) {
    bool glob = valid[GLOB_START] && !valid[ERROR_SENTINEL];
    enum TokenType token = glob ? GLOB_START : STRING_START;
    step(lexer);
    lexer->mark_end(lexer);
    if (lexer->lookahead == '"') {
        step(lexer);
        if (lexer->lookahead == '"') return scan_block_opener(scanner, lexer, valid);
        return valid[token] && open_string(scanner, lexer, token, false);
    }
    if (!valid[token]) return false;
    bool interpolates = false;
    if (scanner->depth > 0) {
        interpolates = scanner->interpolates[scanner->depth - 1];
    } else if (!glob) {
        interpolates = scanner->in_body || (look_past_string(lexer) && in_head_of_rule(lexer));
    }
    return open_string(scanner, lexer, token, interpolates && !glob);
}

/// A text is open at the end of its line. The token that says so is valid nowhere: the line is wrong, and the next one
/// is read as what it is.
static bool unclosed(Scanner *scanner, TSLexer *lexer) {
    lexer->mark_end(lexer);
    scanner->inside = CODE;
    if (scanner->depth > 0) scanner->depth--;
    return found(lexer, UNCLOSED);
}

/// `\n`, `\u{e9}`; whether there is such an escape is for others to say.
static bool scan_escape(TSLexer *lexer, const bool *valid) {
    step(lexer);
    if (at_line_end(lexer) || !valid[ESCAPE_SEQUENCE]) return false;
    bool unicode = lexer->lookahead == 'u';
    step(lexer);
    lexer->mark_end(lexer);
    if (unicode && lexer->lookahead == '{') {
        do step(lexer);
        while (is_word(lexer->lookahead));
        if (lexer->lookahead == '}') {
            step(lexer);
            lexer->mark_end(lexer);
        }
    }
    return found(lexer, ESCAPE_SEQUENCE);
}

static bool scan_string(Scanner *scanner, TSLexer *lexer, const bool *valid) {
    bool interpolates = scanner->interpolates[scanner->depth - 1];
    bool content = false;
    while (!at_line_end(lexer)) {
        int32_t c = lexer->lookahead;
        if (c == '\\' && !content) return scan_escape(lexer, valid);
        if (c == '\\' || (content && (c == '"' || (c == '{' && interpolates)))) break;
        step(lexer);
        lexer->mark_end(lexer);
        if (c == '"') {
            scanner->depth--;
            scanner->inside = CODE;
            return valid[STRING_END] && found(lexer, STRING_END);
        }
        content = true;
        if (c != '{') continue;
        // What lies between plain braces may hold quotes; a brace that is never closed is a plain character.
        bool closed = closes_interpolation(lexer);
        if (closed && interpolates) {
            scanner->inside = CODE;
            return valid[INTERPOLATION_START] && found(lexer, INTERPOLATION_START);
        }
        if (!closed) break;
        lexer->mark_end(lexer);
    }
    if (content) {
        scanner->inside = STRING;
        return valid[STRING_CONTENT] && found(lexer, STRING_CONTENT);
    }
    return unclosed(scanner, lexer);
}

/// `r"…"`, `r##"…"##`: the opener.
static bool scan_raw_opener(Scanner *scanner, TSLexer *lexer) {
    unsigned hashes = 0;
    for (; lexer->lookahead == '#'; hashes++) step(lexer);
    if (lexer->lookahead != '"' || hashes > UINT16_MAX) return false;
    step(lexer);
    lexer->mark_end(lexer);
    scanner->fence = (uint16_t)hashes;
    scanner->inside = RAW;
    return found(lexer, RAW_STRING_START);
}

static bool scan_raw(Scanner *scanner, TSLexer *lexer, const bool *valid) {
    bool content = false;
    while (!at_line_end(lexer)) {
        lexer->mark_end(lexer);
        bool quote = lexer->lookahead == '"';
        step(lexer);
        if (quote) {
            unsigned hashes = 0;
            for (; hashes < scanner->fence && lexer->lookahead == '#'; hashes++) step(lexer);
            if (hashes == scanner->fence) {
                if (content) return valid[RAW_CONTENT] && found(lexer, RAW_CONTENT);
                lexer->mark_end(lexer);
                scanner->inside = CODE;
                return valid[RAW_STRING_END] && found(lexer, RAW_STRING_END);
            }
        }
        content = true;
    }
    lexer->mark_end(lexer);
    if (content) return valid[RAW_CONTENT] && found(lexer, RAW_CONTENT);
    return unclosed(scanner, lexer);
}

static bool scan_block(Scanner *scanner, TSLexer *lexer, const bool *valid) {
    bool content = false;
    if (scanner->inside == UNCLOSED_BLOCK) {
        for (; !at_line_end(lexer); content = true) step(lexer);
        if (!content) return unclosed(scanner, lexer);
        lexer->mark_end(lexer);
        return valid[BLOCK_CONTENT] && found(lexer, BLOCK_CONTENT);
    }
    for (unsigned run = 0; !lexer->eof(lexer);) {
        if (lexer->lookahead != '"') {
            content = true;
            run = 0;
            step(lexer);
            continue;
        }
        // The content ends before the first of as many quotes as opened the block.
        if (run++ == 0) lexer->mark_end(lexer);
        step(lexer);
        if (run < scanner->fence) continue;
        if (content) return valid[BLOCK_CONTENT] && found(lexer, BLOCK_CONTENT);
        lexer->mark_end(lexer);
        scanner->inside = CODE;
        return valid[BLOCK_END] && found(lexer, BLOCK_END);
    }
    return false;
}

static bool scan_regex(TSLexer *lexer) {
    unsigned depth = 0;
    bool content = false;
    // A star would begin a comment of other languages, a slash one of this.
    if (lexer->lookahead == '*' || lexer->lookahead == '/') return false;
    while (!at_line_end(lexer)) {
        int32_t c = lexer->lookahead;
        if (c == '/' && depth == 0) return content && found(lexer, REGEX_PATTERN);
        step(lexer);
        if (c == '\\') {
            if (!at_line_end(lexer)) step(lexer);
        } else if (c == '[') {
            depth++;
            if (lexer->lookahead == '^') step(lexer);
            if (lexer->lookahead == ']') step(lexer);
        } else if (c == ']' && depth > 0) {
            depth--;
        }
        content = true;
        lexer->mark_end(lexer);
    }
    return false;
}

// ---- Numbers ----

static unsigned digits(TSLexer *lexer) {
    unsigned count = 0;
    for (; is_digit(lexer->lookahead); count++) step(lexer);
    return count;
}

/// The rest of a date, behind its year and the dash: `11-20`, `11-20T08:30:00Z`.
static bool scan_date(TSLexer *lexer) {
    if (digits(lexer) == 0 || lexer->lookahead != '-') return false;
    step(lexer);
    if (digits(lexer) == 0) return false;
    lexer->mark_end(lexer);
    if (lexer->lookahead == 'T') {
        step(lexer);
        lexer->mark_end(lexer);
        bool time = false;
        for (;;) {
            if (is_digit(lexer->lookahead) || lexer->lookahead == ':') {
                step(lexer);
            } else if (lexer->lookahead == '.') {
                step(lexer);
                if (!is_digit(lexer->lookahead)) return true;
            } else {
                break;
            }
            time = true;
            lexer->mark_end(lexer);
        }
        if (time && (lexer->lookahead == '+' || lexer->lookahead == '-')) {
            step(lexer);
            if (!is_digit(lexer->lookahead) && lexer->lookahead != ':') return true;
            while (is_digit(lexer->lookahead) || lexer->lookahead == ':') step(lexer);
            lexer->mark_end(lexer);
        }
    }
    while (is_word(lexer->lookahead)) step(lexer);
    lexer->mark_end(lexer);
    return true;
}

static bool is_unit(int32_t c) { return c == 'w' || c == 'd' || c == 'h' || c == 'm' || c == 's'; }

/// Further parts of a duration, each behind blanks: ` 3h 20m`.
static void scan_time_parts(TSLexer *lexer) {
    for (;;) {
        lexer->mark_end(lexer);
        if (lexer->lookahead != ' ') return;
        while (lexer->lookahead == ' ') step(lexer);
        if (digits(lexer) == 0) return;
        if (lexer->lookahead == '.') {
            step(lexer);
            if (digits(lexer) == 0) return;
        }
        if (!is_unit(lexer->lookahead)) return;
        step(lexer);
        if (is_word(lexer->lookahead)) return;
    }
}

static bool scan_number(TSLexer *lexer) {
    unsigned count = digits(lexer);
    lexer->mark_end(lexer);
    if (count == 4 && lexer->lookahead == '-') {
        step(lexer);
        return found(lexer, scan_date(lexer) ? DATE : NUMBER);
    }
    bool plain = true;
    for (; is_digit(lexer->lookahead) || lexer->lookahead == '_'; step(lexer)) plain = false;
    lexer->mark_end(lexer);
    if (lexer->lookahead == '.') {
        step(lexer);
        if (!is_digit(lexer->lookahead)) return found(lexer, NUMBER);
        for (; is_digit(lexer->lookahead) || lexer->lookahead == '_'; step(lexer)) plain &= lexer->lookahead != '_';
        lexer->mark_end(lexer);
    }
    if (is_unit(lexer->lookahead)) {
        step(lexer);
        lexer->mark_end(lexer);
        if (!is_word(lexer->lookahead)) {
            if (lexer->lookahead != '%') {
                if (plain) scan_time_parts(lexer);
                return found(lexer, DURATION);
            }
        }
    } else if (lexer->lookahead == 'e' || lexer->lookahead == 'E') {
        step(lexer);
        lexer->mark_end(lexer);
        if (lexer->lookahead == '+' || lexer->lookahead == '-') {
            step(lexer);
            if (digits(lexer) == 0) return found(lexer, NUMBER);
        }
    }
    while (is_word(lexer->lookahead)) step(lexer);
    if (lexer->lookahead == '%') step(lexer);
    lexer->mark_end(lexer);
    return found(lexer, NUMBER);
}

// ---- Words ----

/// What begins an item, a member or a column, if a name, an id or a string follows on the line.
static bool is_leading(TSLexer *lexer, bool names_only) {
    if (!is_blank(lexer->lookahead)) return false;
    while (is_blank(lexer->lookahead)) {
        if (lexer->lookahead == '\n' && !names_only) return false;
        step(lexer);
    }
    return is_word(lexer->lookahead) || (!names_only && lexer->lookahead == '"');
}

static const struct {
    const char *word;
    enum TokenType token;
} ITEMS[] = {
    {"use", USE},     {"entity", ENTITY},       {"rel", REL},     {"param", PARAM},
    {"input", INPUT}, {"framework", FRAMEWORK}, {"test", TEST},   {"control", CONTROL},
};

static bool scan_item_word(Scanner *scanner, TSLexer *lexer, const bool *valid, const char *word) {
    if (is(word, "open")) {
        if (!valid[OPEN] || !is_leading(lexer, false)) return false;
        char next[MAX_WORD];
        read_word(lexer, next);
        return is(next, "rel") && found(lexer, OPEN);
    }
    for (unsigned at = 0; at < sizeof ITEMS / sizeof ITEMS[0]; at++) {
        if (!is(word, ITEMS[at].word)) continue;
        if (!valid[ITEMS[at].token] || !is_leading(lexer, false)) return false;
        leave_clause(scanner);
        return found(lexer, ITEMS[at].token);
    }
    return false;
}

static bool is_status(const char *word) {
    return is(word, "pass") || is(word, "fail") || is(word, "waived") || is(word, "not_applicable") ||
           is(word, "no_evidence") || is(word, "error");
}

static bool is_aggregate(const char *word) {
    return is(word, "count") || is(word, "sum") || is(word, "min") || is(word, "max") || is(word, "avg") ||
           is(word, "join");
}

static bool is_word_operator(const char *word) {
    return is(word, "contains") || is(word, "starts_with") || is(word, "ends_with") || is(word, "matches") ||
           is(word, "in");
}

/// `not in`, `not like`: an operator, where one can stand.
static bool scan_not_operator(TSLexer *lexer, const bool *valid) {
    if (!is_blank(lexer->lookahead)) return false;
    while (is_blank(lexer->lookahead)) step(lexer);
    char word[MAX_WORD];
    read_word(lexer, word);
    lexer->mark_end(lexer);
    if (is(word, "like")) return valid[NOT_LIKE] && found(lexer, NOT_LIKE);
    return valid[NOT_OPERATOR] && is_word_operator(word) && found(lexer, NOT_OPERATOR);
}

static bool scan_word(Scanner *scanner, TSLexer *lexer, const bool *valid) {
    char word[MAX_WORD] = {0};
    unsigned length = 0;
    if (lexer->lookahead == 'r') {
        step(lexer);
        word[length++] = 'r';
        if (lexer->lookahead == '"' || lexer->lookahead == '#') {
            return valid[RAW_STRING_START] && scan_raw_opener(scanner, lexer);
        }
    }
    read_rest(lexer, word, length);
    lexer->mark_end(lexer);
    if (valid[ERROR_SENTINEL]) return scan_item_word(scanner, lexer, valid, word);
    if (is(word, "not") && (valid[NOT_OPERATOR] || valid[NOT_LIKE])) return scan_not_operator(lexer, valid);
    if (valid[AGGREGATE_FUNCTION] && is_aggregate(word)) {
        while (lexer->lookahead == ' ' || lexer->lookahead == '\t') step(lexer);
        return lexer->lookahead == '{' && found(lexer, AGGREGATE_FUNCTION);
    }
    if (valid[KEY] && is(word, "key")) {
        look_past_blanks(lexer);
        return is_word(lexer->lookahead) && found(lexer, KEY);
    }
    if (valid[FILE_WORD] && (is(word, "file") || is(word, "files"))) {
        while (is_blank(lexer->lookahead)) step(lexer);
        bool raw = lexer->lookahead == 'r';
        if (raw) step(lexer);
        bool text = lexer->lookahead == '"' || (raw && lexer->lookahead == '#');
        return text && found(lexer, is(word, "file") ? FILE_WORD : FILES);
    }
    if (valid[EMPTY] && is(word, "empty")) return is_leading(lexer, true) && found(lexer, EMPTY);
    if (valid[NO] && is(word, "no")) return is_leading(lexer, true) && found(lexer, NO);
    if (valid[VIOLATION] && is(word, "violation")) return is_leading(lexer, true) && found(lexer, VIOLATION);
    if (valid[STATUS] && is_status(word)) return is_leading(lexer, true) && found(lexer, STATUS);
    return scan_item_word(scanner, lexer, valid, word);
}

// ---- Signs ----

static bool scan_dot(Scanner *scanner, TSLexer *lexer, const bool *valid, bool blanks) {
    step(lexer);
    lexer->mark_end(lexer);
    int32_t next = lexer->lookahead;
    bool stop = is_blank(next) || next == '}' || lexer->eof(lexer);
    if (next == '/') {
        step(lexer);
        stop = lexer->lookahead == '/';
    }
    if (stop) {
        if (!valid[STOP]) return false;
        leave_clause(scanner);
        return found(lexer, STOP);
    }
    return valid[DOT] && !blanks && (is_word(next) || next == '$') && found(lexer, DOT);
}

static bool scan_colon(Scanner *scanner, TSLexer *lexer, const bool *valid) {
    step(lexer);
    if (lexer->lookahead == '-') {
        if (!valid[IF]) return false;
        step(lexer);
        lexer->mark_end(lexer);
        leave_clause(scanner);
        scanner->in_body = true;
        return found(lexer, IF);
    }
    lexer->mark_end(lexer);
    return valid[COLON] && lexer->lookahead != '=' && found(lexer, COLON);
}

/// Marks the end of the line, without its line break.
static void mark_line(TSLexer *lexer) {
    lexer->mark_end(lexer);
    while (!at_line_end(lexer)) {
        bool carriage = lexer->lookahead == '\r';
        step(lexer);
        if (!carriage) lexer->mark_end(lexer);
    }
}

static bool scan_comment(const Scanner *scanner, TSLexer *lexer, const bool *valid) {
    step(lexer);
    if (lexer->lookahead != '/') return false;
    step(lexer);
    lexer->mark_end(lexer);
    if (scanner->depth > 0) {
        // What is interpolated ends at its brace, whatever stands before it.
        if (!valid[COMMENT]) return false;
        while (!at_line_end(lexer) && lexer->lookahead != '}' && lexer->lookahead != '"') step(lexer);
        lexer->mark_end(lexer);
        return found(lexer, COMMENT);
    }
    if (lexer->lookahead == '!' && valid[MODULE_DOC_START]) {
        step(lexer);
        lexer->mark_end(lexer);
        return found(lexer, MODULE_DOC_START);
    }
    if (lexer->lookahead == '/' && valid[DOC_START]) {
        step(lexer);
        if (lexer->lookahead != '/') {
            lexer->mark_end(lexer);
            return found(lexer, DOC_START);
        }
    }
    if (!valid[COMMENT]) return false;
    mark_line(lexer);
    return found(lexer, COMMENT);
}

static bool scan_doc_text(TSLexer *lexer) {
    mark_line(lexer);
    return found(lexer, DOC_TEXT);
}

/// The comma at the end of a field: the block ends behind it, or another member begins on a line of its own.
static bool scan_last_comma(TSLexer *lexer) {
    step(lexer);
    lexer->mark_end(lexer);
    bool line = look_past_blanks(lexer);
    if (lexer->lookahead == '}') return found(lexer, LAST_COMMA);
    if (!line || !(is_letter(lexer->lookahead) || lexer->lookahead == '_')) return false;
    char word[MAX_WORD];
    read_word(lexer, word);
    if (is(word, "rel") || is(word, "open")) return is_leading(lexer, false) && found(lexer, LAST_COMMA);
    while (lexer->lookahead == '.') {
        step(lexer);
        read_word(lexer, word);
    }
    bool adjacent = lexer->lookahead == '(' || lexer->lookahead == '{';
    while (lexer->lookahead == ' ' || lexer->lookahead == '\t') step(lexer);
    return (adjacent || lexer->lookahead == ':' || lexer->lookahead == '{') && found(lexer, LAST_COMMA);
}

static bool scan(Scanner *scanner, TSLexer *lexer, const bool *valid) {
    // While the parser recovers everything counts as valid: then the scanner goes by where it stands.
    bool recovers = valid[ERROR_SENTINEL];
    bool in_string = recovers ? scanner->inside == STRING : valid[STRING_CONTENT] || valid[STRING_END];
    bool in_raw = recovers ? scanner->inside == RAW : valid[RAW_CONTENT] || valid[RAW_STRING_END];
    bool in_block = recovers ? scanner->inside >= BLOCK : valid[BLOCK_CONTENT] || valid[BLOCK_END];
    if (in_string && scanner->depth > 0) return scan_string(scanner, lexer, valid);
    if (in_raw) return scan_raw(scanner, lexer, valid);
    if (in_block) return scan_block(scanner, lexer, valid);
    if (valid[DOC_TEXT] && !recovers) return scan_doc_text(lexer);
    if (valid[REGEX_PATTERN] && !recovers) return scan_regex(lexer);
    bool blanks = false, line = false;
    while (is_blank(lexer->lookahead)) {
        blanks = true;
        line |= lexer->lookahead == '\n';
        lexer->advance(lexer, true);
    }
    int32_t c = lexer->lookahead;
    switch (c) {
        case '.':
            return (valid[STOP] || valid[DOT]) && scan_dot(scanner, lexer, valid, blanks);
        case ':':
            return (valid[COLON] || valid[IF]) && scan_colon(scanner, lexer, valid);
        case '/':
            return scan_comment(scanner, lexer, valid);
        case ',':
            return valid[LAST_COMMA] && !recovers && scan_last_comma(lexer);
        case '"':
            return scan_quotes(scanner, lexer, valid);
        case '{':
            if (!valid[FIELDS_START] || line || recovers) return false;
            step(lexer);
            lexer->mark_end(lexer);
            return found(lexer, FIELDS_START);
        default:
            if (is_digit(c)) return (valid[NUMBER] || valid[DATE]) && scan_number(lexer);
            return (is_letter(c) || c == '_') && scan_word(scanner, lexer, valid);
    }
}

// ---- What tree-sitter calls ----

void *tree_sitter_lawbook_external_scanner_create(void) { return ts_calloc(1, sizeof(Scanner)); }

void tree_sitter_lawbook_external_scanner_destroy(void *payload) { ts_free(payload); }

unsigned tree_sitter_lawbook_external_scanner_serialize(void *payload, char *buffer) {
    Scanner *scanner = payload;
    buffer[0] = (char)scanner->in_body;
    buffer[1] = (char)scanner->inside;
    buffer[2] = (char)(scanner->fence & 0xff);
    buffer[3] = (char)(scanner->fence >> 8);
    memcpy(buffer + HEADER, scanner->interpolates, scanner->depth);
    return HEADER + scanner->depth;
}

void tree_sitter_lawbook_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
    Scanner *scanner = payload;
    memset(scanner, 0, sizeof *scanner);
    if (length < HEADER) return;
    scanner->in_body = buffer[0];
    scanner->inside = (uint8_t)buffer[1];
    scanner->fence = (uint16_t)((uint8_t)buffer[2] | ((uint8_t)buffer[3] << 8));
    scanner->depth = (uint8_t)(length - HEADER);
    memcpy(scanner->interpolates, buffer + HEADER, scanner->depth);
}

bool tree_sitter_lawbook_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid_symbols) {
    return scan(payload, lexer, valid_symbols);
}
