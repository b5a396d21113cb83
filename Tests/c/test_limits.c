/* Answers without an end or without measure: too large, with little memory, and the client lives.
 */
#include <stdio.h>
#include <string.h>

#include "fixture.h"

static cjobs_error *error;

static cjobs_client *limited(int64_t response, int64_t entry) {
  cjobs_client_options options = plain_options();
  options.max_response_bytes = response;
  options.max_entry_bytes = entry;
  return open_client(&options);
}

/* More bytes than allowed, also once they are unpacked. */
static void too_many_bytes(void) {
  static const char *const guids[] = {"endless.list", "endless.text",   "endless.unknown-text",
                                      "endless.name", "endless.spaces", "endless.number",
                                      "bomb"};
  cjobs_client *client = limited(8 << 20, -1);
  int64_t before = peak_mib();
  for (size_t at = 0; at < sizeof guids / sizeof guids[0]; at++) {
    const struct failure *failure = list_fails(client, guids[at], CJOBS_E_TOO_LARGE, guids[at]);
    check_has(failure->message, "max_response_bytes", "%s: the option is named", guids[at]);
    check_int(failure->retryable, 0, "%s: another try would not help", guids[at]);
    check_usable(client, guids[at]);
  }
  int64_t more = peak_mib() - before;
  check(more < 100, "8 MiB of answer take less than 100 MiB (%d)", (int)more);
  cjobs_client_close(client);
}

static void one_text_too_long(void) {
  cjobs_client *client = limited(-1, 1 << 20);
  int64_t before = peak_mib();
  cjobs_table *table = NULL;
  check_fails(cjobs_job_log(client, "entry-of.64", "k1", 0, NULL, &table, &error),
              CJOBS_E_TOO_LARGE, &error, "an entry of 64 MiB");
  const struct failure *failure =
      list_fails(client, "endless.text", CJOBS_E_TOO_LARGE, "a text without an end");
  check_has(failure->message, "max_entry_bytes", "the option is named");
  check_usable(client, "such texts");
  int64_t more = peak_mib() - before;
  check(more < 50, "a refused entry takes little memory (%d MiB)", (int)more);
  /* A text that nobody wants is passed over, however long. */
  before = peak_mib();
  table = list_works(client, "unknown-of.64", "an unknown field of 64 MiB");
  check_cell_text(table, "key", 0, "k");
  cjobs_table_free(table);
  more = peak_mib() - before;
  check(more < 50, "an unknown field takes no memory (%d MiB)", (int)more);
  cjobs_client_close(client);
}

/* The default limits, and what is just within. */
static void defaults(void) {
  cjobs_client *client = open_client(NULL);
  cjobs_table *table = NULL;
  check_fails(cjobs_job_log(client, "entry-of.17", "k1", 0, NULL, &table, &error),
              CJOBS_E_TOO_LARGE, &error, "17 MiB are more than an entry may have");
  check_ok(cjobs_job_log(client, "entry-of.16", "k1", 0, NULL, &table, &error), &error,
           "16 MiB are not");
  check_int(cjobs_table_rows(table), 3, "its neighbours are there");
  check_cell_text(table, "data", 2, "line 2");
  const char *text = NULL;
  int64_t length = 0;
  cjobs_table_text(table, cjobs_table_index(table, "data"), 1, &text, &length, NULL);
  check_int(length, 16 << 20, "the entry is whole");
  cjobs_table_free(table);
  cjobs_client_close(client);
}

static void a_call_has_its_own(void) {
  cjobs_client *client = limited(1000, 0);
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_table *table = NULL;
  list_fails(client, "many-jobs.100", CJOBS_E_TOO_LARGE, "the client's limit");
  call.max_response_bytes = -1;
  check_ok(cjobs_jobs_list(client, "many-jobs.100", &call, &table, &error), &error, "no limit");
  check_int(cjobs_table_rows(table), 100, "all rows");
  cjobs_table_free(table);
  call.max_response_bytes = 100;
  check_fails(cjobs_jobs_list(client, "fine", &call, &table, &error), CJOBS_E_TOO_LARGE, &error,
              "the call's limit");
  cjobs_client_close(client);
}

/* A head is not a body, but has no end either. */
static void endless_headers(void) {
  cjobs_client *client = open_client(NULL);
  cjobs_table *table = NULL;
  cjobs_status got = cjobs_jobs_list(client, "endless-headers", NULL, &table, &error);
  check(got == CJOBS_E_NETWORK || got == CJOBS_E_PROTOCOL || got == CJOBS_E_TOO_LARGE,
        "a head without an end is an error (%s)", cjobs_status_name(got));
  cjobs_error_free(error);
  error = NULL;
  check_usable(client, "a head without an end");
  cjobs_client_close(client);
}

int main(void) {
  too_many_bytes();
  one_text_too_long();
  defaults();
  a_call_has_its_own();
  endless_headers();
  return finish_checks();
}
