/* Option structs of an older, newer or careless caller: what is lacking is the default, what is
 * beyond is not read, and a size that no caller can have is an error. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static cjobs_error *error;

static void client_sizes(void) {
  cjobs_client_options options = plain_options();
  cjobs_client *client = NULL;
  const size_t bad[] = {0, 1, 7, (size_t)1 << 40, (size_t)-1, 0xa5a5a5a5a5a5a5a5u};
  for (size_t at = 0; at < sizeof bad / sizeof bad[0]; at++) {
    options.struct_size = bad[at];
    check_fails(cjobs_client_open(&options, &client, &error), CJOBS_E_INVALID_ARGUMENT, &error,
                "client options of %zu bytes", bad[at]);
    check(client == NULL, "no client of %zu bytes", bad[at]);
  }
  /* Half a pointer must not be followed: 12 bytes end in the middle of `server`. */
  for (size_t size = 9; size < sizeof options; size++) {
    if (size % sizeof(void *) == 0) continue;
    options.struct_size = size;
    if (cjobs_client_open(&options, &client, &error) == CJOBS_OK) {
      check(0, "client options of %zu bytes end in a member", size);
      cjobs_client_close(client);
    }
    cjobs_error_free(error);
    error = NULL;
  }
  check(1, "no size crashes");
}

/* An older caller: after api_key its struct ends. */
static void older_client(void) {
  struct {
    size_t struct_size;
    const char *server, *api_key;
  } older = {sizeof older, address_of("http", "HTTP_PORT"), TEST_KEY};
  cjobs_client *client = NULL;
  check_ok(cjobs_client_open((const cjobs_client_options *)(void *)&older, &client, &error), &error,
           "options of an older caller");
  cjobs_table_free(list_works(client, "fine", "an older caller's client works"));
  cjobs_client_close(client);
}

/* A newer caller: members that we do not know follow. */
static void newer_client(void) {
  struct {
    cjobs_client_options known;
    void *unknown[8];
  } newer;
  cjobs_client *client = NULL;
  memset(&newer, 0xff, sizeof newer);
  newer.known = plain_options();
  newer.known.struct_size = sizeof newer;
  check_ok(cjobs_client_open(&newer.known, &client, &error), &error, "options of a newer caller");
  cjobs_table_free(list_works(client, "fine", "a newer caller's client works"));
  cjobs_client_close(client);
}

static void call_sizes(cjobs_client *client) {
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_table *table = NULL;
  const size_t bad[] = {0, 4, 20, (size_t)-1, 100000};
  for (size_t at = 0; at < sizeof bad / sizeof bad[0]; at++) {
    const char *guid = marked("fine");
    call.struct_size = bad[at];
    check_fails(cjobs_jobs_list(client, guid, &call, &table, &error), CJOBS_E_INVALID_ARGUMENT,
                &error, "call options of %zu bytes", bad[at]);
    check_int(count_requests(guid, ""), 0, "nothing was sent");
  }
  /* Beyond the size lies something else; it is not read. */
  memset(&call, 0xa5, sizeof call);
  call.struct_size = 16;
  call.timeout_ms = 10000;
  check_ok(cjobs_jobs_list(client, "fine", &call, &table, &error), &error,
           "call options that end after the timeout");
  cjobs_table_free(table);
}

static void call_values(cjobs_client *client) {
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_table *table = NULL;
  call.timeout_ms = -1;
  check_fails(cjobs_jobs_list(client, "fine", &call, &table, &error), CJOBS_E_INVALID_ARGUMENT,
              &error, "a negative timeout of a call");
  call.timeout_ms = INT64_MAX;
  call.max_response_bytes = INT64_MIN;
  check_ok(cjobs_jobs_list(client, "fine", &call, &table, &error), &error,
           "the longest timeout and no limit");
  cjobs_table_free(table);
}

static void tail_options(cjobs_client *client) {
  cjobs_tail_options options = CJOBS_TAIL_OPTIONS_INIT;
  const char *guid = "fine", *key = "k1";
  cjobs_tail *tail = NULL;
  const size_t bad[] = {0, 7, 13, (size_t)-1};
  for (size_t at = 0; at < sizeof bad / sizeof bad[0]; at++) {
    options.struct_size = bad[at];
    check_fails(cjobs_tail_open(client, &guid, &key, 1, &options, NULL, &tail, &error),
                CJOBS_E_INVALID_ARGUMENT, &error, "tail options of %zu bytes", bad[at]);
  }
  const cjobs_tail_options wrong[] = {
      {sizeof options, 4, 0, 0, 0, 0, 0},
      {sizeof options, -1, 0, 0, 0, 0, 0},
      {sizeof options, CJOBS_START_LAST, 0, 0, 0, 0, 0},
      {sizeof options, CJOBS_START_LAST, -5, 0, 0, 0, 0},
      {sizeof options, CJOBS_START_FIRST, 0, 0, -1, 0, 0},
      {sizeof options, CJOBS_START_FIRST, 0, 0, 0, -1, 0},
  };
  for (size_t at = 0; at < sizeof wrong / sizeof wrong[0]; at++) {
    check_fails(cjobs_tail_open(client, &guid, &key, 1, &wrong[at], NULL, &tail, &error),
                CJOBS_E_INVALID_ARGUMENT, &error, "wrong tail options, number %zu", at);
    check(tail == NULL, "no tail of wrong options, number %zu", at);
  }
}

static void column_sizes(cjobs_client *client) {
  cjobs_table *table = list_works(client, "fine", "a table");
  struct {
    cjobs_column known;
    unsigned char beyond[64];
  } out;
  const size_t sizes[] = {0, 7, 16, sizeof out.known, sizeof out, (size_t)-1};
  for (size_t at = 0; at < sizeof sizes / sizeof sizes[0]; at++) {
    size_t size = sizes[at];
    int may = size >= 8 && size <= sizeof out;
    memset(&out, 0x5a, sizeof out);
    out.known.struct_size = size;
    cjobs_status got = cjobs_table_column(table, 0, &out.known, &error);
    if (may)
      check_ok(got, &error, "a column struct of %zu bytes", size);
    else
      check_fails(got, CJOBS_E_INVALID_ARGUMENT, &error, "a column struct of %zu bytes", size);
    const unsigned char *bytes = (const unsigned char *)&out;
    size_t first = may && size < sizeof out.known ? size : may ? sizeof out.known : sizeof size;
    size_t clean = first;
    while (clean < sizeof out && bytes[clean] == 0x5a) clean++;
    check_int((int64_t)clean, (int64_t)sizeof out, "nothing beyond %zu bytes is written", size);
  }
  cjobs_table_free(table);
}

/* The outermost numbers are limits like any other. */
static void extreme_values(void) {
  cjobs_client_options options = plain_options();
  options.max_retries = INT32_MIN;
  options.connect_timeout_ms = options.request_timeout_ms = options.idle_timeout_ms = INT64_MAX;
  options.max_response_bytes = options.max_entry_bytes = INT64_MAX;
  cjobs_client *client = open_client(&options);
  cjobs_table_free(list_works(client, "fine", "the largest limits"));
  cjobs_client_close(client);
  options.max_retries = INT32_MAX;
  options.connect_timeout_ms = options.request_timeout_ms = options.idle_timeout_ms = INT64_MIN;
  options.max_response_bytes = options.max_entry_bytes = INT64_MIN;
  options.insecure = INT32_MIN;
  client = open_client(&options);
  cjobs_table_free(list_works(client, "fine", "no limits"));
  cjobs_client_close(client);
}

int main(void) {
  client_sizes();
  older_client();
  newer_client();
  cjobs_client *client = open_client(NULL);
  call_sizes(client);
  call_values(client);
  tail_options(client);
  column_sizes(client);
  extreme_values();
  cjobs_client_close(client);
  return finish_checks();
}
