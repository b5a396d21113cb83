/* Takes secrets out of lines: what follows a word such as "password=", and bearer tokens. The line
 * that it returns is its own until the next call of the same thread; NULL withholds the line. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *redact(const char *data, size_t length);

/* What stands before a secret, in any case of letters. */
static const char *const words[] = {"password=", "passwd=", "pwd=",    "token=",  "secret=",
                                    "api_key=",  "apikey=", "bearer ", "basic ",  "key ",
                                    "password:", "token:",  "secret:", "api_key:"};
static const char mark[] = "[redacted]";

/* Whether the word stands here, and no letter before it ("monkey "). */
static size_t word_at(const char *line, size_t at, size_t length) {
  if (at > 0 && isalnum((unsigned char)line[at - 1])) return 0;
  for (size_t each = 0; each < sizeof words / sizeof words[0]; each++) {
    size_t size = strlen(words[each]);
    if (size <= length - at && strncasecmp(line + at, words[each], size) == 0) return size;
  }
  return 0;
}

static int ends_secret(char character) {
  return isspace((unsigned char)character) || strchr("\"',;&)", character) != NULL;
}

/* How long the secret at the line's beginning is. After a mere word it looks like one: it is not
 * short, and has a digit ("key is" has no secret). */
static size_t secret_length(const char *line, size_t length, int is_certain) {
  size_t end = 0;
  int has_digit = 0;
  while (end < length && !ends_secret(line[end])) has_digit |= isdigit((unsigned char)line[end++]);
  return is_certain || (end >= 8 && has_digit) ? end : 0;
}

const char *redact(const char *data, size_t length) {
  static __thread char *line;
  static __thread size_t room;
  size_t from = 0, to = 0;
  /* Each secret has a word before it, so that the mark is longer than both by this at most. */
  size_t needed = length * sizeof mark + 1;
  if (needed > room) {
    char *larger = realloc(line, needed);
    if (larger == NULL) return NULL;
    line = larger;
    room = needed;
  }
  while (from < length) {
    size_t word = word_at(data, from, length);
    if (word == 0) {
      /* A NUL would end the line for C. */
      line[to++] = data[from] == '\0' ? ' ' : data[from];
      from++;
      continue;
    }
    memcpy(line + to, data + from, word);
    to += word;
    from += word;
    int is_certain = data[from - 1] != ' ';
    while (from < length && (data[from] == ' ' || data[from] == '"')) line[to++] = data[from++];
    size_t secret = secret_length(data + from, length - from, is_certain);
    if (secret == 0) continue;
    memcpy(line + to, mark, sizeof mark - 1);
    to += sizeof mark - 1;
    from += secret;
  }
  line[to] = '\0';
  return line;
}
