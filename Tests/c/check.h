/* Named checks. Each prints "ok NAME" or "not ok NAME"; a program ends with finish_checks(). */
#ifndef CHECK_H
#define CHECK_H

#include <connectjobs.h>

#if defined(__GNUC__)
#define CHECK_FORMAT(text, first) __attribute__((__format__(__printf__, text, first)))
#else
#define CHECK_FORMAT(text, first)
#endif

/* The key that every client of the tests has. No part of it may show in any text for a person. */
#define TEST_KEY "k3yThatMustNeverShowUpAnywhere99"

/* What an error said; valid until the next check of a failure. */
struct failure {
  cjobs_status status;
  int http_status;
  int64_t api_code;
  int retryable;
  char message[4096];
  char url[2048];
  char operation[64];
};

void check(int holds, const char *name, ...) CHECK_FORMAT(2, 3);
void check_int(int64_t got, int64_t wanted, const char *name, ...) CHECK_FORMAT(3, 4);
void check_text(const char *got, const char *wanted, const char *name, ...) CHECK_FORMAT(3, 4);
/* The text has that part in it, or has not. */
void check_has(const char *text, const char *part, const char *name, ...) CHECK_FORMAT(3, 4);
void check_lacks(const char *text, const char *part, const char *name, ...) CHECK_FORMAT(3, 4);

/* A call that worked: the error is untouched. */
void check_ok(cjobs_status got, cjobs_error **error, const char *name, ...) CHECK_FORMAT(3, 4);

/* A call that failed: with this status, an error object that agrees, and a sentence without the
 * key. Frees the error. */
const struct failure *check_fails(cjobs_status got, cjobs_status wanted, cjobs_error **error,
                                  const char *name, ...) CHECK_FORMAT(4, 5);

/* No eight characters in a row of the key are in the text. */
int holds_key(const char *text);

/* Prints the summary; what main returns. */
int finish_checks(void);

#endif /* CHECK_H */
