#include "check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int passed, failed;
static struct failure last;

static void report(int holds, const char *name, va_list arguments) {
  if (holds)
    passed++;
  else
    failed++;
  fputs(holds ? "ok " : "not ok ", stdout);
  vprintf(name, arguments);
  putchar('\n');
  fflush(stdout);
}

void check(int holds, const char *name, ...) {
  va_list arguments;
  va_start(arguments, name);
  report(holds, name, arguments);
  va_end(arguments);
}

void check_int(int64_t got, int64_t wanted, const char *name, ...) {
  va_list arguments;
  va_start(arguments, name);
  report(got == wanted, name, arguments);
  va_end(arguments);
  if (got != wanted) printf("  is %" PRId64 ", not %" PRId64 "\n", got, wanted);
}

void check_text(const char *got, const char *wanted, const char *name, ...) {
  int same = got != NULL && strcmp(got, wanted) == 0;
  va_list arguments;
  va_start(arguments, name);
  report(same, name, arguments);
  va_end(arguments);
  if (!same) printf("  is \"%s\", not \"%s\"\n", got == NULL ? "(NULL)" : got, wanted);
}

void check_has(const char *text, const char *part, const char *name, ...) {
  int holds = strstr(text, part) != NULL;
  va_list arguments;
  va_start(arguments, name);
  report(holds, name, arguments);
  va_end(arguments);
  if (!holds) printf("  \"%s\" is not in \"%s\"\n", part, text);
}

void check_lacks(const char *text, const char *part, const char *name, ...) {
  int holds = strstr(text, part) == NULL;
  va_list arguments;
  va_start(arguments, name);
  report(holds, name, arguments);
  va_end(arguments);
  if (!holds) printf("  \"%s\" is in \"%s\"\n", part, text);
}

static void copy(char *target, size_t size, const char *text) {
  snprintf(target, size, "%s", text);
}

/* Takes over the error. */
static void remember(cjobs_status got, cjobs_error **taken) {
  cjobs_error *error = *taken;
  memset(&last, 0, sizeof last);
  last.status = got;
  last.http_status = cjobs_error_http_status(error);
  last.api_code = cjobs_error_api_code(error);
  last.retryable = cjobs_error_retryable(error);
  copy(last.message, sizeof last.message, cjobs_error_message(error));
  copy(last.url, sizeof last.url, cjobs_error_url(error));
  copy(last.operation, sizeof last.operation, cjobs_error_operation(error));
  cjobs_error_free(error);
  *taken = NULL;
}

void check_ok(cjobs_status got, cjobs_error **error, const char *name, ...) {
  int holds = got == CJOBS_OK && *error == NULL;
  va_list arguments;
  va_start(arguments, name);
  report(holds, name, arguments);
  va_end(arguments);
  if (holds) return;
  remember(got, error);
  printf("  %s: %s\n", cjobs_status_name(got), last.message);
}

/* What is wrong with an error that every error should have; NULL: nothing. */
static const char *shortcoming(cjobs_status got, const cjobs_error *error) {
  const char *message = cjobs_error_message(error);
  size_t length = strlen(message);
  if (error == NULL) return "there is no error object";
  if (cjobs_error_status(error) != got) return "the error has another status than the call";
  if (length < 15 || message[length - 1] != '.') return "the message is no sentence";
  if (strpbrk(message, "\r\n\t\x1b") != NULL) return "the message has control characters";
  if (cjobs_error_operation(error)[0] == '\0') return "the error names no operation";
  if (holds_key(message)) return "the message holds the key";
  if (holds_key(cjobs_error_url(error))) return "the address holds the key";
  return NULL;
}

const struct failure *check_fails(cjobs_status got, cjobs_status wanted, cjobs_error **error,
                                  const char *name, ...) {
  const char *problem = got == wanted ? shortcoming(got, *error) : "the status is another";
  va_list arguments;
  va_start(arguments, name);
  report(problem == NULL, name, arguments);
  va_end(arguments);
  remember(got, error);
  if (problem != NULL)
    printf("  %s: is %s, not %s: %s [%s]\n", problem, cjobs_status_name(got),
           cjobs_status_name(wanted), last.message, last.url);
  return &last;
}

int holds_key(const char *text) {
  static const char key[] = TEST_KEY;
  char part[9];
  for (size_t at = 0; at + 8 < sizeof key; at++) {
    memcpy(part, key + at, 8);
    part[8] = '\0';
    if (strstr(text, part) != NULL) return 1;
  }
  return 0;
}

int finish_checks(void) {
  printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
