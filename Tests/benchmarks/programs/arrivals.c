/* Stamps entries as they arrive: `arrivals follow` by the library, `arrivals read` from stdin, as
 * from curl -N. Prints the entry's number (its text) and nanoseconds of the monotonic clock. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connectjobs.h"
#include "measure.h"

enum { most = 100000 };
static long numbers[most];
static long long stamps[most];
static int count = 0;

/* `number`: digits, not terminated. */
static void stamp(const char *number, int64_t length) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (count == most) return;
  stamps[count] = now.tv_sec * 1000000000LL + now.tv_nsec;
  numbers[count] = 0;
  for (int64_t at = 0; at < length; at++) numbers[count] = numbers[count] * 10 + (number[at] - '0');
  count++;
}

static int follow(void) {
  const char *guid = "g", *key = "k";
  cjobs_client *client = NULL;
  cjobs_tail *tail = NULL;
  cjobs_table *batch = NULL;
  cjobs_error *error = NULL;
  cjobs_status status = cjobs_client_open(NULL, &client, &error);
  if (status == CJOBS_OK)
    status = cjobs_tail_open(client, &guid, &key, 1, NULL, NULL, &tail, &error);
  while (status == CJOBS_OK && (status = cjobs_tail_next(tail, -1, &batch, &error)) == CJOBS_OK) {
    int64_t data = cjobs_table_index(batch, "data");
    for (int64_t row = 0; row < cjobs_table_rows(batch); row++) {
      const char *text;
      int64_t length;
      if (cjobs_table_text(batch, data, row, &text, &length, NULL) == CJOBS_OK) stamp(text, length);
    }
    cjobs_table_free(batch);
  }
  if (status != CJOBS_DONE) fprintf(stderr, "%s\n", cjobs_error_message(error));
  cjobs_tail_close(tail);
  cjobs_client_close(client);
  return status == CJOBS_DONE ? 0 : 1;
}

static int read_lines(void) {
  static char buffer[1 << 16];
  size_t kept = 0;
  ssize_t got;
  while ((got = read(0, buffer + kept, sizeof buffer - 1 - kept)) > 0) {
    char *line = buffer, *end;
    buffer[kept + (size_t)got] = 0;
    while ((end = strchr(line, '\n')) != NULL) {
      const char *text = strstr(line, "\"data\":\"");
      if (text != NULL) stamp(text + 8, (int64_t)strspn(text + 8, "0123456789"));
      line = end + 1;
    }
    kept = strlen(line);
    memmove(buffer, line, kept);
  }
  return 0;
}

int main(int arguments, char **argument) {
  int result = arguments > 1 && strcmp(argument[1], "follow") == 0 ? follow() : read_lines();
  for (int at = 0; at < count; at++) printf("%ld %lld\n", numbers[at], stamps[at]);
  return result;
}
