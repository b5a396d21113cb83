/* Following a job: entries as they come, each once and in order, and how it ends. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static cjobs_error *error;
static const char *const key = "k1";

static cjobs_tail *open_tail(cjobs_client *client, const char *guid,
                             const cjobs_tail_options *options) {
  cjobs_tail *tail = NULL;
  check_ok(cjobs_tail_open(client, &guid, &key, 1, options, NULL, &tail, &error), &error,
           "a tail of %s opens", guid);
  return tail;
}

/* Reads to the end, and looks at the number that each line has in its text and its time. */
static cjobs_status drain(cjobs_tail *tail, int64_t *rows, int64_t *largest) {
  cjobs_table *table = NULL;
  cjobs_status got;
  int64_t wrong = 0;
  while ((got = cjobs_tail_next(tail, 10000, &table, &error)) == CJOBS_OK) {
    int64_t data = cjobs_table_index(table, "data"), at = cjobs_table_index(table, "timestamp");
    if (cjobs_table_rows(table) > *largest) *largest = cjobs_table_rows(table);
    for (int64_t row = 0; row < cjobs_table_rows(table); row++, ++*rows) {
      char wanted[32];
      const char *text = NULL;
      int64_t length = 0, time = 0;
      snprintf(wanted, sizeof wanted, "line %d", (int)*rows);
      cjobs_table_text(table, data, row, &text, &length, NULL);
      cjobs_table_time(table, at, row, &time, NULL, NULL);
      if (length != (int64_t)strlen(wanted) || memcmp(text, wanted, (size_t)length) != 0) wrong++;
      if (time != 1733512169000000000 + *rows) wrong++;
    }
    cjobs_table_free(table);
  }
  check_int(wrong, 0, "every line is there once and in order");
  return got;
}

static void to_the_end(cjobs_client *client) {
  static const struct {
    const char *guid;
    int64_t rows;
  } tails[] = {
      {"tail.lines.1000", 1000}, {"tail.joined.1000", 1000},
      {"tail.blank.50", 50},     {"tail.bytes.20", 20},
      {"tail.halves.40", 40},    {"tail.slowly.10", 10},
      {"tail.lines.0", 0},       {"fine", 3},
  };
  for (size_t at = 0; at < sizeof tails / sizeof tails[0]; at++) {
    cjobs_tail *tail = open_tail(client, tails[at].guid, NULL);
    cjobs_table *table = NULL;
    int64_t rows = 0, largest = 0;
    check_int(drain(tail, &rows, &largest), CJOBS_DONE, "%s is done", tails[at].guid);
    check_int(rows, tails[at].rows, "%s: the entries", tails[at].guid);
    check_int(cjobs_tail_next(tail, 0, &table, &error), CJOBS_DONE, "and stays done");
    check(table == NULL && error == NULL, "without a table or an error");
    check_ok(cjobs_tail_summary(tail, &table, &error), &error, "%s: a summary", tails[at].guid);
    check_cell_text(table, "end_reason", 0, "finalized");
    check_cell_text(table, "content_guid", 0, tails[at].guid);
    check_cell_text(table, "job_key", 0, key);
    check_cell_int(table, "entries", 0, rows);
    check_cell_int(table, "gap_possible", 0, 0);
    if (strncmp(tails[at].guid, "tail", 4) == 0) check_cell_int(table, "exit_code", 0, 3);
    cjobs_table_free(table);
    cjobs_tail_close(tail);
  }
}

/* The first entry is given out when it comes, not when the job ends. */
static void at_once(cjobs_client *client) {
  cjobs_tail *tail = open_tail(client, "tail.lines.1.0.wait", NULL);
  cjobs_table *table = NULL;
  int64_t start = now_ms();
  check_ok(cjobs_tail_next(tail, 10000, &table, &error), &error, "the first entry");
  check(now_ms() - start < 2000, "comes %d ms after the tail began", (int)(now_ms() - start));
  check_cell_text(table, "data", 0, "line 0");
  cjobs_table_free(table);
  check_int(cjobs_tail_next(tail, 0, &table, &error), CJOBS_TIMEOUT, "nothing more at once");
  start = now_ms();
  check_int(cjobs_tail_next(tail, 300, &table, &error), CJOBS_TIMEOUT, "nor in 300 ms");
  check(now_ms() - start >= 280, "which are waited for");
  check(table == NULL, "without a table");
  cjobs_tail_cancel(tail);
  check_fails(cjobs_tail_next(tail, -1, &table, &error), CJOBS_E_CANCELLED, &error, "cancelled");
  check_fails(cjobs_tail_next(tail, -1, &table, &error), CJOBS_E_CANCELLED, &error, "again");
  check_ok(cjobs_tail_summary(tail, &table, &error), &error, "a summary of a cancelled tail");
  check_cell_text(table, "end_reason", 0, "cancelled");
  check_cell_int(table, "entries", 0, 1);
  cjobs_table_free(table);
  cjobs_tail_close(tail);
}

/* A host that waits by itself. */
static void with_poll(cjobs_client *client) {
  cjobs_tail *tail = open_tail(client, "tail.slowly.20", NULL);
  cjobs_table *table = NULL;
  struct pollfd wait = {cjobs_tail_fd(tail), POLLIN, 0};
  int64_t rows = 0;
  int wakes = 0, idle = 0;
  cjobs_status got = cjobs_tail_next(tail, 0, &table, &error);
  check(wait.fd >= 0, "a descriptor");
  for (; got != CJOBS_DONE && wakes < 1000; wakes++) {
    if (got < 0) break;
    if (got == CJOBS_OK) {
      rows += cjobs_table_rows(table);
      cjobs_table_free(table);
    } else {
      idle++;
    }
    check_int(cjobs_tail_fd(tail), wait.fd, "the descriptor stays");
    if (poll(&wait, 1, 5000) != 1) break;
    got = cjobs_tail_next(tail, 0, &table, &error);
  }
  check_int(got, CJOBS_DONE, "it wakes us to the end");
  check_int(rows, 20, "every entry came");
  check(idle < 100, "it is quiet in between (%d wake-ups for nothing)", idle);
  cjobs_tail_close(tail);
}

static void batches_are_bounded(cjobs_client *client) {
  cjobs_tail_options options = CJOBS_TAIL_OPTIONS_INIT;
  options.max_batch_rows = 10;
  cjobs_tail *tail = open_tail(client, "tail.lines.1000", &options);
  int64_t rows = 0, largest = 0;
  check_int(drain(tail, &rows, &largest), CJOBS_DONE, "done");
  check_int(rows, 1000, "every entry");
  check(largest <= 10, "no batch has more than max_batch_rows (%d)", (int)largest);
  cjobs_tail_close(tail);
}

/* A reader that is slow holds the sender back: memory does not grow. */
static void back_pressure(cjobs_client *client) {
  cjobs_tail *tail = open_tail(client, "tail-endless", NULL);
  cjobs_table *table = NULL;
  int64_t before = peak_mib(), rows = 0;
  for (int round = 0; round < 20; round++) {
    check_ok(cjobs_tail_next(tail, 5000, &table, &error), &error, "a batch of an endless tail");
    rows += cjobs_table_rows(table);
    cjobs_table_free(table);
    sleep_ms(20);
  }
  int64_t more = peak_mib() - before;
  check(more < 60, "an endless tail takes little memory (%d MiB)", (int)more);
  check(rows > 1000, "its entries come (%d)", (int)rows);
  int64_t start = now_ms();
  cjobs_tail_close(tail);
  check(now_ms() - start < 2000, "closing it is quick");
}

/* It is never silent about entries that may be missing. */
static void broken(cjobs_client *client) {
  static const struct {
    const char *guid;
    cjobs_status status;
  } tails[] = {

      {"tail.lines.3.0.garbage", CJOBS_E_PROTOCOL}, {"error.404.4", CJOBS_E_NOT_FOUND},
      {"error.403.22", CJOBS_E_FORBIDDEN},          {"html.502", CJOBS_E_SERVER},
      {"body.latin-1", CJOBS_E_PROTOCOL},
  };
  for (size_t at = 0; at < sizeof tails / sizeof tails[0]; at++) {
    cjobs_tail_options options = CJOBS_TAIL_OPTIONS_INIT;
    options.retry_budget_ms = 500;
    cjobs_tail *tail = open_tail(client, tails[at].guid, &options);
    cjobs_table *table = NULL;
    int64_t rows = 0, largest = 0;
    check_fails(drain(tail, &rows, &largest), tails[at].status, &error, "%s", tails[at].guid);
    check_ok(cjobs_tail_summary(tail, &table, &error), &error, "a summary");
    check_cell_text(table, "end_reason", 0, "lost");
    check_cell_int(table, "error_status", 0, tails[at].status);
    cjobs_table_free(table);
    cjobs_tail_close(tail);
  }
}

/* The rest comes, or an error does; an end that only looks like one is neither. */
static void cut_in_an_entry(cjobs_client *client) {
  cjobs_tail *tail = open_tail(client, marked("tail.lines.100.2.cut-once"), NULL);
  int64_t rows = 0, largest = 0;
  cjobs_status got = drain(tail, &rows, &largest);
  if (got == CJOBS_DONE)
    check_int(rows, 100, "a tail that was cut is done when all has come");
  else
    check_fails(got, CJOBS_E_NETWORK, &error, "a tail that was cut in an entry");
  cjobs_error_free(error);
  error = NULL;
  cjobs_tail_close(tail);
}

static void one_long_entry(void) {
  cjobs_client_options options = plain_options();
  options.max_entry_bytes = 1 << 20;
  cjobs_client *client = open_client(&options);
  cjobs_tail_options few = CJOBS_TAIL_OPTIONS_INIT;
  few.retry_budget_ms = 500;
  cjobs_tail *tail = open_tail(client, "tail-of.8", &few);
  cjobs_table *table = NULL;
  check_fails(cjobs_tail_next(tail, 10000, &table, &error), CJOBS_E_TOO_LARGE, &error,
              "an entry above max_entry_bytes");
  cjobs_tail_close(tail);
  cjobs_client_close(client);
}

/* One job that is not there does not end the others. */
static void one_unknown_among_many(cjobs_client *client) {
  const char *guids[] = {"tail.lines.5", "error.404.4", "tail.joined.7"}, *keys[] = {key, key, key};
  cjobs_tail *tail = NULL;
  cjobs_table *table = NULL;
  cjobs_status got;
  int64_t rows = 0;
  check_ok(cjobs_tail_open(client, guids, keys, 3, NULL, NULL, &tail, &error), &error,
           "a tail of three jobs, one of which is unknown");
  while ((got = cjobs_tail_next(tail, 10000, &table, &error)) == CJOBS_OK) {
    rows += cjobs_table_rows(table);
    cjobs_table_free(table);
  }
  check_int(got, CJOBS_DONE, "ends well");
  check_int(rows, 12, "with the entries of the others");
  check_ok(cjobs_tail_summary(tail, &table, &error), &error, "a summary");
  check_int(cjobs_table_rows(table), 3, "has a row each");
  check_cell_text(table, "end_reason", 0, "finalized");
  check_cell_text(table, "end_reason", 1, "lost");
  check_cell_int(table, "error_status", 1, CJOBS_E_NOT_FOUND);
  check_cell_text(table, "end_reason", 2, "finalized");
  check_cell_int(table, "entries", 2, 7);
  cjobs_table_free(table);
  cjobs_tail_close(tail);
}

/* One entry may be larger than a batch is wished to be. */
static void larger_than_a_batch(cjobs_client *client) {
  cjobs_tail *tail = open_tail(client, "tail-of.8", NULL);
  cjobs_table *table = NULL;
  const char *text = NULL;
  int64_t length = 0;
  check_ok(cjobs_tail_next(tail, 10000, &table, &error), &error, "an entry of 8 MiB");
  cjobs_table_text(table, cjobs_table_index(table, "data"), 0, &text, &length, NULL);
  check_int(length, 8 << 20, "is whole");
  cjobs_table_free(table);
  cjobs_tail_close(tail);
}

/* A tail keeps what it needs of its parents. */
static void outlives_its_client(void) {
  cjobs_client *client = open_client(NULL);
  cjobs_cancel *token = NULL;
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_tail *tail = NULL;
  const char *guid = "tail.lines.100";
  cjobs_cancel_new(&token, NULL);
  call.cancel = token;
  check_ok(cjobs_tail_open(client, &guid, &key, 1, NULL, &call, &tail, &error), &error, "a tail");
  cjobs_client_close(client);
  cjobs_cancel_free(token);
  int64_t rows = 0, largest = 0;
  check_int(drain(tail, &rows, &largest), CJOBS_DONE, "it works without its client and token");
  check_int(rows, 100, "every entry");
  cjobs_tail_close(tail);
}

static void asks_for_plain_bytes(cjobs_client *client) {
  const char *guid = marked("tail.lines.1");
  cjobs_tail *tail = open_tail(client, guid, NULL);
  check_int(count_requests(guid, ""), 0, "nothing is sent before the first next");
  int64_t rows = 0, largest = 0;
  drain(tail, &rows, &largest);
  cjobs_tail_close(tail);
  char *requests = requests_of(guid), *request = strstr(requests, "/jobs/k1/tail\n");
  check(request != NULL, "the tail is asked for");
  if (request != NULL) {
    strstr(request, "\n\n")[0] = '\0';
    check_lacks(request, "Accept-Encoding", "uncompressed: a compressor would hold lines back");
  }
  free(requests);
}

int main(void) {
  cjobs_client *client = open_client(NULL);
  to_the_end(client);
  at_once(client);
  with_poll(client);
  batches_are_bounded(client);
  back_pressure(client);
  broken(client);
  cut_in_an_entry(client);
  one_long_entry();
  one_unknown_among_many(client);
  larger_than_a_batch(client);
  outlives_its_client();
  asks_for_plain_bytes(client);
  check_usable(client, "tails");
  cjobs_client_close(client);
  return finish_checks();
}
